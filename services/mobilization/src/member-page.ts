// Chapter 5, member: the page behind the personal link. Plain HTML and plain forms: it works on any phone, without JavaScript.
import { LEVEL_WORDS, MODE_WORDS, ORDER_WORDS, type AlertText, type Level, type Order } from '@laba/domain/alert';
import { ANSWERS, type Answer } from '@laba/domain/member';
import type { Alert, AlertRevision, Call } from './call-store.ts';

export interface MemberPage {
  token: string;
  name: string;
  call: Call;
  alert: Alert;
  revision: AlertRevision | undefined;
  areaNames: readonly string[];
  utcOffsetMinutes: number;
}

/** What a level or an order looks like: colour by class, a shape for who cannot tell colours, a word. */
const LEVEL_ICONS: Record<Level, string> = { red: '▲', orange: '◆', yellow: '●', blue: '■' };
const ORDER_ICONS: Record<Order, string> = { 'move-now': '▲', prepare: '◆' };

const BUTTONS: Record<Answer, { icon: string; zh: string; en: string; done: string }> = {
  coming: { icon: '✓', zh: '收到，我来', en: 'Got it, I am coming', done: '收到，我来' },
  'on-the-way': { icon: '➜', zh: '出发了', en: 'On the way', done: '已出发' },
  arrived: { icon: '⚑', zh: '到位了', en: 'Arrived', done: '已到位' },
  cannot: { icon: '✕', zh: '来不了', en: 'Cannot come', done: '来不了' },
};

interface Words {
  zh: string;
  en: string;
}

const OVER_WORDS: Record<string, Words> = {
  ended: { zh: '险情已解除，本次集结结束', en: 'All clear: this call-out is over' },
  cancelled: { zh: '本次预警已取消，无需前往', en: 'This alert was cancelled: no need to come' },
  expired: { zh: '本次预警已到期，未宣布解除，请听通知', en: 'This alert has expired. That is not an all-clear: listen for news' },
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** The whole page, UTF-8. Holds the member's own name and nothing of anybody else. */
export function memberPage(page: MemberPage): string {
  const { alert } = page;
  const drill = alert.mode === 'drill';
  const title = drill ? '【演练】集结' : '集结';
  const over = alert.state === 'raised' ? undefined : (OVER_WORDS[alert.state] ?? OVER_WORDS['ended']);
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${title} · Laba</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/member/member.css"></head>
<body class="mode-${alert.mode}">
${drill ? '<div class="drill" role="note">演练 演练 演练<small lang="en">DRILL — this is an exercise, not a real alert</small></div>' : ''}
<main>
<p class="who">${escapeHtml(page.name)}${page.areaNames.length > 0 ? ` · ${escapeHtml(page.areaNames.join('、'))}` : ''}</p>
${over === undefined ? running(page) : after(page, over)}
</main></body></html>`;
}

const CLOSED =
  '<p class="hint">不再接收回答。有急事请打电话给值班员。<small lang="en">Answers are no longer taken. If it is urgent, telephone the duty officer.</small></p>';

function running(page: MemberPage): string {
  const texts = page.revision?.texts ?? [];
  return [badge(page.alert, page.revision), spoken(texts), held(page), page.call.state === 'closed' ? CLOSED : buttons(page), inOtherLanguages(texts)].join(
    '\n',
  );
}

// What was told before must not be taken for what holds now: it is folded away, without its colour.
function after(page: MemberPage, over: Words): string {
  const mode = page.alert.mode === 'live' ? '' : `${MODE_WORDS[page.alert.mode].zh} · `;
  const before = (page.revision?.texts ?? []).map(words).join('\n');
  return `<h1 class="over ${page.alert.state}">${mode}${over.zh}<small lang="en">${over.en}</small></h1>
${held(page)}
${CLOSED}
<details><summary>此前的通知（已失效） <span lang="en">What was said before (no longer holds)</span></summary>${before}</details>`;
}

function badge(alert: Alert, revision: AlertRevision | undefined): string {
  const level = revision?.level ?? alert.level;
  const order = revision?.order ?? alert.order;
  const mode = alert.mode === 'live' ? '' : `${MODE_WORDS[alert.mode].zh} · `;
  const modeEn = alert.mode === 'live' ? '' : `${MODE_WORDS[alert.mode].en} · `;
  if (order !== null) {
    const look = order === 'move-now' ? 'red' : 'orange';
    return `<h1 class="badge ${look}"><span aria-hidden="true">${ORDER_ICONS[order]}</span> ${mode}${ORDER_WORDS[order].zh}<small lang="en">${modeEn}${ORDER_WORDS[order].en}</small></h1>`;
  }
  const colour = level ?? 'blue';
  return `<h1 class="badge ${colour}"><span aria-hidden="true">${LEVEL_ICONS[colour]}</span> ${mode}${LEVEL_WORDS[colour].zh}预警<small lang="en">${modeEn}${LEVEL_WORDS[colour].en} warning</small></h1>`;
}

// What most can read comes first; the rest must not push the buttons off a small screen: it comes after them.
const isRead = (text: AlertText) => /^(zh|en)(-|$)/i.test(text.language);

function spoken(texts: readonly AlertText[]): string {
  return texts.filter(isRead).map(words).join('\n');
}

function inOtherLanguages(texts: readonly AlertText[]): string {
  const others = texts.filter((text) => !isRead(text));
  if (others.length === 0) return '';
  return `<details><summary>其他语言 <span lang="en">Other languages</span></summary>${others.map(words).join('\n')}</details>`;
}

function words(text: AlertText): string {
  const audio =
    text.clipSha256 === undefined
      ? ''
      : `<audio controls preload="none" aria-label="听播报 Listen" src="/audio/${encodeURIComponent(text.clipSha256)}.wav"></audio>`;
  return `<section class="words" lang="${escapeHtml(text.language)}"><h2>${escapeHtml(text.title)}</h2><p>${escapeHtml(text.text)}</p>${audio}</section>`;
}

/** What the county has actually received, never what the phone only tried to send. */
function held(page: MemberPage): string {
  const { call } = page;
  if (call.answer === null)
    return '<p class="held none" role="status">县里还没有收到您的回答<small lang="en">The county has no answer from you yet</small></p>';
  const by = call.answeredBy?.startsWith('officer:') ? '（由值班员代记）' : '';
  const at = call.answeredAtMs === null ? '' : ` <time>${clockTime(call.answeredAtMs, page.utcOffsetMinutes)}</time>`;
  return `<p class="held" role="status">县里已收到：<b>${BUTTONS[call.answer].done}</b>${at}${by}<small lang="en">The county has received: ${BUTTONS[call.answer].en}</small></p>`;
}

function buttons(page: MemberPage): string {
  const button = (answer: Answer) => {
    const chosen = page.call.answer === answer;
    const { icon, zh, en } = BUTTONS[answer];
    return `<button class="answer ${answer}${chosen ? ' chosen' : ''}" name="answer" value="${answer}"${chosen ? ' aria-current="true"' : ''}><span aria-hidden="true">${chosen ? '✓' : icon}</span> ${zh}<small lang="en">${en}</small></button>`;
  };
  return `<form method="post" action="/m/${encodeURIComponent(page.token)}">${ANSWERS.map(button).join('\n')}</form>`;
}

function clockTime(ms: number, utcOffsetMinutes: number): string {
  return new Date(ms + utcOffsetMinutes * 60_000).toISOString().slice(11, 16);
}
