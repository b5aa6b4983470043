// The page behind a one-time link: plain HTML, no script, Chinese first. It sets a password and nothing else.
import { LIMITS } from '@laba/domain/limits';

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escaped(title)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/plain-page.css"></head><body><main>${body}</main></body></html>`;
}

/** `wrong`: what the last try lacked, in both languages. */
export function passwordForm(username: string, wrong?: { zh: string; en: string }): string {
  const rule = `minlength="${LIMITS.passwordMinChars}" maxlength="${LIMITS.passwordMaxChars}" required autocomplete="new-password"`;
  return page(
    '喇叭：设置密码 / Laba: set your password',
    `
<h1>设置密码 <span lang="en">Set your password</span></h1>
${wrong === undefined ? '' : `<p class="problem" role="alert"><strong>${escaped(wrong.zh)}</strong> <span lang="en">${escaped(wrong.en)}</span></p>`}
<p>用户名：<strong>${escaped(username)}</strong> <span lang="en">User name</span></p>
<form method="post" autocomplete="off">
<input type="hidden" name="username" value="${escaped(username)}" autocomplete="username">
<p><label for="password">新密码（至少 ${LIMITS.passwordMinChars} 个字符，至少 5 种不同的字符，不含用户名） <span lang="en">New password (at least ${LIMITS.passwordMinChars} characters, 5 different ones, without your user name)</span></label>
<input type="password" id="password" name="password" ${rule}></p>
<p><label for="again">再输入一次 <span lang="en">The same again</span></label>
<input type="password" id="again" name="again" ${rule}></p>
<p><button type="submit">保存 <span lang="en">Save</span></button></p>
</form>
<p>此链接只能用一次，24 小时内有效。 <span lang="en">This link works once, within 24 hours.</span></p>`,
  );
}

export function passwordSetPage(username: string): string {
  return page(
    '喇叭：密码已设置 / Laba: password set',
    `
<h1>密码已设置 <span lang="en">Your password is set</span></h1>
<p>请用用户名 <strong>${escaped(username)}</strong> 登录。 <span lang="en">Sign in with this user name.</span></p>
<p><a class="button" href="/">去登录 <span lang="en">Sign in</span></a></p>`,
  );
}
