// Chapter 5, ladder: the page behind a rung's link. Plain HTML, two big buttons: 收到, and 已开始转移 with how many.
import { LIMITS } from '@laba/domain/limits';
import type { Alert, AlertRevision } from '../call-out/call-store.ts';
import type { Ladder } from './climb.ts';
import { badge, clockTime, escapeHtml, spoken } from '../phone/member-page.ts';
import { phoneTexts } from '../phone/phone-state.ts';

export interface LadderPage {
  token: string;
  ladder: Ladder;
  alert: Alert;
  revision: AlertRevision | undefined;
  place: string;
  utcOffsetMinutes: number;
}

/** The whole page, UTF-8. Names the village and nobody. */
export function ladderPage(page: LadderPage): string {
  const { alert, place } = page;
  const drill = alert.mode === 'drill';
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${drill ? '【演练】' : ''}叫应 · Laba</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/phone/phone.css"></head>
<body class="mode-${alert.mode}">
${drill ? '<div class="drill" role="note">演练 演练 演练<small lang="en">DRILL — this is an exercise, not a real alert</small></div>' : ''}
<main>
<p class="who">${escapeHtml(place)}</p>
${alert.state === 'raised' ? running(page) : OVER}
${held(page)}
${alert.state === 'raised' ? buttons(page) : ''}
</main></body></html>`;
}

const OVER = `<h1 class="over">本次预警已结束<small lang="en">This alert is over</small></h1>`;

function running({ alert, revision }: LadderPage): string {
  const { level, order } = revision ?? alert;
  return `${badge({ mode: alert.mode, level, order })}
${spoken(phoneTexts(revision?.texts ?? []))}`;
}

/** What the county has, for the village: also when somebody else answered. */
function held({ ladder, utcOffsetMinutes }: LadderPage): string {
  const at = (ms: number | null) => (ms === null ? '' : ` <time>${clockTime(ms, utcOffsetMinutes)}</time>`);
  if (ladder.movingAtMs !== null)
    return `<p class="held" role="status">县里已收到：<b>已开始转移，${ladder.persons ?? 0} 人</b>${at(ladder.movingAtMs)}<small lang="en">The county has: people are moving, ${ladder.persons ?? 0}</small></p>`;
  if (ladder.answeredAtMs !== null)
    return `<p class="held" role="status">县里已收到：<b>收到</b>${at(ladder.answeredAtMs)}。开始转移后请报人数<small lang="en">The county has your answer. Say so when people set out, and how many</small></p>`;
  return '<p class="held none" role="status">县里还没有收到本村的回答<small lang="en">The county has no answer from this village yet</small></p>';
}

function buttons({ token, ladder }: LadderPage): string {
  const action = `/l/${encodeURIComponent(token)}`;
  const gotIt =
    ladder.answeredAtMs === null
      ? `<form method="post" action="${action}"><button class="answer coming" name="said" value="got-it"><span aria-hidden="true">✓</span> 收到<small lang="en">Got it</small></button></form>`
      : '';
  return `${gotIt}
<form method="post" action="${action}">
<label class="persons">转移人数 <small lang="en">How many people</small><input name="persons" type="number" inputmode="numeric" min="1" max="${LIMITS.headCount}" required></label>
<button class="answer" name="said" value="moving"><span aria-hidden="true">➜</span> 已开始转移<small lang="en">People are on the move</small></button></form>`;
}
