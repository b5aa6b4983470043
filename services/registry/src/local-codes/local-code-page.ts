// The officer's plain page of local codes: who has one for which house, and the slip that is printed when one is made. No script.
import { LIMITS } from '@laba/domain/limits';

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const both = (zh: string, en: string) => `${zh} <span lang="en">${en}</span>`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escaped(title)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/plain-page.css"></head><body><main>${body}</main></body></html>`;
}

export interface CodesPage {
  csrfToken: string;
  /** Whose codes are made here. */
  chosen: { id: string; name: string };
  /** Whom he may choose; himself alone when he is no administrator. */
  officers: readonly { id: string; name: string }[];
  /** Where the chosen one may have a code, with the code that is there. */
  places: readonly { code: string; name: string; codeId: string | null }[];
  codes: readonly { id: string; name: string; gridName: string; madeAt: string }[];
}

const option = (value: string, text: string, isChosen = false) => `<option value="${escaped(value)}"${isChosen ? ' selected' : ''}>${escaped(text)}</option>`;

export function codesPage({ csrfToken, chosen, officers, places, codes }: CodesPage): string {
  const csrf = `<input type="hidden" name="csrfToken" value="${escaped(csrfToken)}">`;
  const choice = `<form method="get" action="/codes"><p><label>${both('给谁', 'For whom')}<select name="officer">${officers
    .map(({ id, name }) => option(id, name, id === chosen.id))
    .join('')}</select></label></p><p><button>${both('选择', 'Choose')}</button></p></form>`;
  const list = codes
    .map(
      ({ id, name, gridName, madeAt }) => `<form method="post" action="/codes/${escaped(id)}/revoke">${csrf}
<p><strong>${escaped(name)}</strong> · ${escaped(gridName)} · ${escaped(madeAt)}</p><p><button>${both(`作废：${escaped(name)}，${escaped(gridName)}`, 'Revoke')}</button></p></form>`,
    )
    .join('');
  return page(
    '喇叭：本地码 / Laba: local codes',
    `<p><a href="/">${both('返回', 'Back')}</a></p><h1>${both('本地码', 'Local codes')}</h1>
<p>${both('与县里断线时，凭本地码登录村里自己的系统：只能管本村。', 'When the line to the county is cut, this code signs in at the village’s own house, for that village only.')}</p>
${officers.length > 1 ? choice : ''}
<form method="post" action="/codes">${csrf}<input type="hidden" name="officerId" value="${escaped(chosen.id)}">
<p><label>${both(`${escaped(chosen.name)} 在哪里用`, 'For which house')}<select name="place" required>${places
      .map(({ code, name, codeId }) => option(`${code}.${codeId ?? ''}`, `${name}${codeId === null ? '' : '（换新码 · a new one）'}`))
      .join('')}</select></label></p>
<p><button>${both('生成本地码', 'Make a code')}</button></p></form>
<h2>${both('现有的码', 'Codes that are good now')}</h2>${codes.length === 0 ? `<p>${both('没有', 'None')}</p>` : list}`,
  );
}

export interface Slip {
  name: string;
  gridName: string;
  code: string;
  madeAt: string;
}

/** What is handed to the officer: shown once, kept nowhere. */
export function slipPage({ name, gridName, code, madeAt }: Slip): string {
  return page(
    '喇叭：本地码 / Laba: local code',
    `<h1>${escaped(gridName)} ${both('本地码', 'Local code')}</h1>
<p><strong>${escaped(name)}</strong> · ${escaped(madeAt)}</p>
<p class="digits">${escaped(code)}</p>
<p>${both('只显示这一次：请现在打印或抄下来。旧的码已经作废。', 'Shown this once: print it or write it down now. The code before it is void.')}</p>
<ol><li>${both('连上村活动室的无线网络，打开墙上写的网址。', 'Join the network of the village’s activity room and open the address on its wall.')}</li>
<li>${both(`选自己的名字，输入这 ${LIMITS.localCodeDigits} 位数字。`, `Choose your name and type these ${LIMITS.localCodeDigits} digits.`)}</li>
<li>${both('输错 5 次要等 2 分钟。', 'After five wrong tries wait two minutes.')}</li></ol>
<p>${both('像钥匙一样保管，不要发微信。丢了马上告诉县里作废。', 'Keep it like a key and send it to nobody. If it is lost, have the county revoke it at once.')}</p>
<p><a href="/codes">${both('返回', 'Back')}</a></p>`,
  );
}

export interface DoorPage {
  gridName: string;
  names: readonly { username: string; name: string }[];
  chosen?: string;
  problem?: { zh: string; en: string };
}

/** The door of a village's own house: a name from the list, and digits. */
export function doorPage({ gridName, names, chosen, problem }: DoorPage): string {
  const options = names.map(({ username, name }) => option(username, name, username === chosen || names.length === 1)).join('');
  const form = `<form method="post" action="/sign-in" autocomplete="off">
<p><label>${both('您是谁', 'Who are you')}<select name="username" required><option value="">—</option>${options}</select></label></p>
<p><label>${both(`本地码（${LIMITS.localCodeDigits} 位数字）`, `Local code (${LIMITS.localCodeDigits} digits)`)}
<input class="digits" name="code" inputmode="numeric" maxlength="20" required autocomplete="off"></label></p>
<p><button>${both('登录', 'Sign in')}</button></p></form>`;
  return page(
    '喇叭：登录 / Laba: sign in',
    `<h1>${escaped(gridName)} <span lang="en">Sign in</span></h1>
${problem === undefined ? '' : `<p class="problem" role="alert"><strong>${problem.zh}</strong> <span lang="en">${problem.en}</span></p>`}
${names.length === 0 ? `<p>${both('这里还没有人有本地码：请县里或乡镇生成。', 'Nobody has a local code here yet: the county or the township makes them.')}</p>` : form}
<p>${both('没有码也能用活动室的按钮响喇叭。', 'Without a code the button in the activity room still sounds the loudspeaker.')}</p>`,
  );
}
