// The page that says what is wrong to whoever followed a link: Chinese first, no script, large enough for any phone.
import { ERRORS } from '@laba/domain/errors';

const safe = (text: unknown) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const WHAT_TO_DO: Record<string, { zh: string; en: string }> = {
  'link-invalid': {
    zh: '请检查链接是否完整，或向村干部、值班员要一个新链接。',
    en: 'See that the whole link was copied, or ask the village cadre or the duty officer for a new one.',
  },
  'not-found': { zh: '请检查网址是否完整。', en: 'See that the whole address was copied.' },
  'too-many-requests': { zh: '请等一分钟再试。', en: 'Wait a minute and try again.' },
};
const URGENT = { zh: '有紧急情况请直接打电话给值班员。', en: 'If it is urgent, telephone the duty officer.' };

/** `body`: the problem as a program would get it. `followed`: the page was only looked at, so what cannot be read is the link itself. */
export function problemPage(body: Record<string, unknown>, followed: boolean): string {
  const isBadLink = followed && body['code'] === 'bad-input';
  const { titleZh, title, code } = isBadLink ? { titleZh: ERRORS['link-invalid'].zh, title: ERRORS['link-invalid'].en, code: 'link-invalid' } : body;
  const todo = WHAT_TO_DO[String(code)];
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${safe(titleZh)}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/plain-page.css"></head><body><main><h1>${safe(titleZh)} <span lang="en">${safe(title)}</span></h1>
${todo === undefined ? '' : `<p>${todo.zh} <span lang="en">${todo.en}</span></p>`}
<p>${URGENT.zh} <span lang="en">${URGENT.en}</span></p></main></body></html>`;
}

export const PLAIN_PAGE_CSS = `:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:1.15rem/1.5 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;background:#fff;color:#141414}
main{max-width:36rem;margin:0 auto;padding:1rem}h1{font-size:1.8rem;line-height:1.25;margin:.5em 0}
[lang=en]{display:block;font-size:.8em;font-weight:400}
input,select{display:block;width:100%;min-height:3rem;padding:.6rem;font:inherit;border:2px solid #595959;border-radius:.6rem;background:#fff;color:#141414}
button,.button{display:block;width:100%;min-height:4rem;padding:.8rem;border:0;border-radius:.6rem;background:#0958d9;color:#fff;font:inherit;font-size:1.4rem;font-weight:700;text-align:center;text-decoration:none}
.digits{font:700 2.2rem/1.4 ui-monospace,monospace;letter-spacing:.08em}label{display:block}
.problem{padding:.6rem 1rem;border:3px solid #cf1322;border-radius:.6rem}:focus-visible{outline:4px solid #000;outline-offset:3px}
@media print{a{display:none}}
`;
