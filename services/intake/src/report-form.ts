// Chapter 1, report: the village's web form as plain HTML, without JavaScript: it must work on any phone.
import { HAZARDS, type Hazard } from '@laba/domain/report';
import { LIMITS } from '@laba/domain/limits';
import type { ReceivedReport } from './receive-report.ts';

const safe = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${safe(title)}</title><link rel="stylesheet" href="/report-form.css"></head>
<body><main>${body}</main></body></html>
`;
}

const choice = ([id, words]: [string, { zh: string; en: string }]) =>
  `<label class="choice"><input type="radio" name="hazard" value="${id}" required><span>${words.zh} <small lang="en">${words.en}</small></span></label>`;

/** `once` makes a form that is sent twice one report. */
export function formPage(token: string, placeName: string, once: string, problem?: { zh: string; en: string }): string {
  const said = problem === undefined ? '' : `<p class="problem" role="alert">${safe(problem.zh)}<br><span lang="en">${safe(problem.en)}</span></p>`;
  return page(
    `险情报告 ${placeName}`,
    `<h1>险情报告 <small lang="en">Report a hazard</small></h1>
<p class="place">${safe(placeName)}</p>
<p class="first">有生命危险时先撤离，再报告。 <span lang="en">If lives are in danger, leave first, then report.</span></p>${said}
<form method="post" action="/r/${safe(token)}">
<input type="hidden" name="once" value="${safe(once)}">
<fieldset><legend>看到了什么？ <span lang="en">What did you see?</span></legend>${Object.entries(HAZARDS).map(choice).join('')}</fieldset>
<label class="field">在哪里、什么情况？ <span lang="en">Where, and what is happening?</span><textarea name="text" rows="4" maxlength="${LIMITS.reportTextChars}"></textarea></label>
<label class="field">您的姓名（可不填） <span lang="en">Your name (optional)</span><input name="reporterName" maxlength="${LIMITS.nameChars}" autocomplete="name"></label>
<label class="field">您的电话（可不填） <span lang="en">Your telephone (optional)</span><input name="reporterPhone" type="tel" maxlength="${LIMITS.nameChars}" autocomplete="tel"></label>
<button type="submit">报告 <span lang="en">Send the report</span></button>
</form>`,
  );
}

/** Says what was received, and its number. */
export function receivedPage(token: string, placeName: string, hazard: Hazard, text: string, report: ReceivedReport, receivedAt: string): string {
  const more =
    report.mergedInto === null ? '' : '<p>别人也报告了同一险情，已合并。 <span lang="en">Others reported the same hazard; yours was added to it.</span></p>';
  return page(
    '已收到',
    `<h1>已收到 <small lang="en">Received</small></h1>
<p class="number">编号 <span lang="en">Number</span> <strong>${safe(report.number)}</strong></p>
<dl><dt>地点 <span lang="en">Place</span></dt><dd>${safe(placeName)}</dd>
<dt>险情 <span lang="en">Hazard</span></dt><dd>${HAZARDS[hazard].zh} <span lang="en">${HAZARDS[hazard].en}</span></dd>
<dt>内容 <span lang="en">Words</span></dt><dd>${safe(text) || '—'}</dd>
<dt>时间 <span lang="en">Time</span></dt><dd>${safe(receivedAt.slice(0, 10))} ${safe(receivedAt.slice(11, 16))}</dd></dl>${more}
<p>值班员会核实。这还不是预警：请听村干部和喇叭的安排。 <span lang="en">The duty officer will check it. This is not an alert yet: follow the village cadres and the loudspeaker.</span></p>
<a class="button" href="/r/${safe(token)}">再报告一条 <span lang="en">Report another</span></a>`,
  );
}

export const FORM_CSS = `:root{color-scheme:light}
body{margin:0;font:1.15rem/1.5 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;background:#fff;color:#141414}
main{max-width:36rem;margin:0 auto;padding:1rem}
h1{margin:.2em 0;font-size:1.8rem;line-height:1.2}h1 small{display:block;font-size:1rem;font-weight:400}small,[lang=en]{font-size:.8em}label [lang=en],legend [lang=en]{display:block;font-weight:400}
.place{font-size:1.3rem;font-weight:bold;margin:.3em 0}.first{padding:.6rem 1rem;border:3px solid #874d00;border-radius:.6rem;background:#fffbe6;color:#613400}
fieldset{border:0;margin:1rem 0;padding:0}legend{font-weight:bold;padding:0}
.choice{display:block;position:relative;margin:.5rem 0}.choice input{position:absolute;opacity:0}
.choice span{display:block;min-height:2.2rem;padding:.8rem 1rem;border:2px solid;border-radius:.6rem;font-size:1.25rem}
.choice span small{font-size:.75em}
.choice input:checked+span{background:#0958d9;color:#fff}.choice input:checked+span::before{content:"✓ ";font-weight:bold}.choice input:focus-visible+span,:focus-visible{outline:4px solid #000;outline-offset:3px}
.field{display:block;margin:1rem 0}.field input,.field textarea{display:block;box-sizing:border-box;width:100%;min-height:3rem;padding:.6rem;font:inherit;border:2px solid #595959;border-radius:.6rem;background:#fff;color:#141414}
button,.button{display:block;box-sizing:border-box;width:100%;min-height:6rem;padding:1.5rem;border:0;border-radius:.6rem;background:#cf1322;color:#fff;font:inherit;font-size:1.5rem;font-weight:bold;text-align:center;text-decoration:none}a.button{background:#fff;color:#003eb3;border:3px solid #003eb3;min-height:4rem;padding:1rem;font-size:1.2rem}
.number strong{font-size:1.8rem;letter-spacing:.08em}
.problem{padding:1rem;border:3px solid #cf1322;border-radius:.6rem}
dt{font-weight:bold}dd{margin:0 0 .6rem}
`;
