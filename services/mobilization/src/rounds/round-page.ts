// Peacetime: the page behind a monitor's or helper's link. Plain HTML and plain forms: it works on any phone, without JavaScript.
import { LIMITS } from '@laba/domain/limits';
import { ANSWERS_OF, ROUND_RESULTS, type RoundResult } from '@laba/domain/round';
import type { RoundRow } from '@laba/domain/round-view';
import { escapeHtml } from '../phone/member-page.ts';

export interface RoundPage {
  token: string;
  walker: string | null;
  rows: readonly RoundRow[];
  /** One for each form: what is sent twice is one round. */
  formId: () => string;
  time: (ms: number) => string;
  problem?: { zh: string; en: string } | undefined;
}

const both = (zh: string, en: string) => `${zh}<small lang="en">${en}</small>`;
const LOOKS: Partial<Record<RoundResult, string>> = { calm: 'safe', met: 'safe', wrong: 'help', need: 'help', 'not-met': 'cannot' };
const ICONS: Partial<Record<RoundResult, string>> = { calm: '✓', met: '✓', wrong: '!', need: '!', 'not-met': '✕' };

/** The whole page, UTF-8. */
export function roundPage(page: RoundPage): string {
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>巡查走访 · Laba</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/phone/phone.css"></head>
<body class="mode-live"><main>
${page.walker === null ? '' : `<p class="who">${escapeHtml(page.walker)}</p>`}
<h1>${both('巡查和走访', 'Patrols and visits')}</h1>
${page.problem === undefined ? '' : `<p class="held none" role="alert">${both(page.problem.zh, page.problem.en)}</p>`}
<p class="hint">${both('有危险先离开，再打电话。', 'In danger leave first, then telephone.')}</p>
${page.rows.map((row) => section(page, row)).join('\n')}
</main></body></html>`;
}

function section(page: RoundPage, row: RoundRow): string {
  const { hazardWords: hazard } = row;
  const kind = row.kind === 'visit' ? both('走访', 'Visit') : both('巡查隐患点', 'Patrol');
  const what = hazard === null ? kind : `${escapeHtml(hazard.zh)}<small lang="en">${escapeHtml(hazard.en)}</small>`;
  return `<section class="words" id="${row.planId}"><h2>${escapeHtml(row.name)}</h2><p>${what}</p>
${standing(page, row)}
${form(page, row)}</section>`;
}

/** What the county has: never what the phone only tried to send. */
function standing({ time }: RoundPage, { last, dueAtMs, missed }: RoundRow): string {
  const told =
    last === null
      ? both('县里记录：<b>还没有巡查记录</b>', 'As the county has it: no round yet')
      : both(
          `县里记录：<b>${time(last.atMs)} ${ROUND_RESULTS[last.result].zh}</b>`,
          `As the county has it: ${ROUND_RESULTS[last.result].en}, ${time(last.atMs)}`,
        );
  const due = dueAtMs === null ? '' : `<p>${both(`下一次：${time(dueAtMs)} 以前`, `Next one: before ${time(dueAtMs)}`)}</p>`;
  const late = missed === 0 ? '' : `<p class="held none">${both(`漏了 ${missed} 次`, `Missed: ${missed}`)}</p>`;
  return `<p class="held${last === null ? ' none' : ''}" role="status">${told}</p>${late}${due}`;
}

function form(page: RoundPage, { planId, kind, name }: RoundRow): string {
  const button = (result: RoundResult) =>
    `<button class="answer ${LOOKS[result] ?? ''}" name="result" value="${result}"><span aria-hidden="true">${ICONS[result] ?? ''}</span> ${both(ROUND_RESULTS[result].zh, ROUND_RESULTS[result].en)}</button>`;
  const ask =
    kind === 'visit'
      ? both('需要什么（需要帮助时必填）', 'What is needed (must be said when it is)')
      : both('看到了什么（有情况时写）', 'What was seen, when something is wrong');
  return `<form method="post" action="/w/${encodeURIComponent(page.token)}" aria-label="${escapeHtml(name)}">
<input type="hidden" name="plan" value="${planId}"><input type="hidden" name="form" value="${page.formId()}">
<label>${ask}<textarea name="words" rows="2" maxlength="${LIMITS.noteChars}"></textarea></label>
${ANSWERS_OF[kind].map(button).join('\n')}</form>`;
}
