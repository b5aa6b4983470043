// Chapter 5, member: the page behind the personal link. Plain HTML and plain forms: it works on any phone, without JavaScript.
import { LEVEL_WORDS, MODE_WORDS, ORDER_WORDS, type Level, type Order } from '@laba/domain/alert';
import type { PhoneState, PhoneText, Saying } from '@laba/domain/phone-page';

interface MemberPage {
  token: string;
  state: PhoneState;
  /** Where the script lies that takes the page over; without one the page stays as it is. */
  script: string | undefined;
}

/** What a level or an order looks like: colour by class, a shape for who cannot tell colours, a word. */
const LEVEL_ICONS: Record<Level, string> = { red: '▲', orange: '◆', yellow: '●', blue: '■' };
const ORDER_ICONS: Record<Order, string> = { 'move-now': '▲', prepare: '◆' };

const BUTTONS: Record<Saying, { icon: string; zh: string; en: string; done: string }> = {
  coming: { icon: '✓', zh: '收到，我来', en: 'Got it, I am coming', done: '收到，我来' },
  'on-the-way': { icon: '➜', zh: '出发了', en: 'On the way', done: '已出发' },
  arrived: { icon: '⚑', zh: '到位了', en: 'Arrived', done: '已到位' },
  cannot: { icon: '✕', zh: '来不了', en: 'Cannot come', done: '来不了' },
  help: { icon: '!', zh: '需要支援', en: 'I need support', done: '需要支援' },
  'help-over': { icon: '✓', zh: '不需要支援了', en: 'Support is not needed any more', done: '不需要支援了' },
};
const ANSWER_BUTTONS = ['coming', 'on-the-way', 'arrived', 'cannot'] as const;

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

/** The whole page, UTF-8. Holds the member's own name and nothing of anybody else. What the script needs to take over lies beside it. */
export function memberPage({ token, state, script }: MemberPage): string {
  const drill = state.mode === 'drill';
  const title = drill ? '【演练】集结' : '集结';
  const over = state.alertState === 'raised' ? undefined : (OVER_WORDS[state.alertState] ?? OVER_WORDS['ended']);
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${title} · Laba</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/phone/phone.css"></head>
<body class="mode-${state.mode}">
${drill ? '<div class="drill" role="note">演练 演练 演练<small lang="en">DRILL — this is an exercise, not a real alert</small></div>' : ''}
<main>
<p class="who">${escapeHtml(state.name)}${state.areaNames.length > 0 ? ` · ${escapeHtml(state.areaNames.join('、'))}` : ''}</p>
${outThere(token, state)}${over === undefined ? running(token, state) : after(state, over)}
</main>
${script === undefined ? '' : takeover(state, script)}
</body></html>`;
}

const SAFETY_BUTTONS = {
  safe: { icon: '✓', zh: '我们平安', en: 'We are safe' },
  back: { icon: '⌂', zh: '我已返回', en: 'I am back' },
};

/** Why he must be heard of; `at`: until when. */
function outWords({ kind, with: others }: PhoneState['out'][number], at: string): Words {
  if (kind === 'withdrawal') return { zh: `全体撤离！请立即返回，${at} 前报告`, en: `Everybody back at once! Report by ${at}` };
  return { zh: `您与${others.join('、')}外出，${at} 前报平安`, en: `You are out with ${others.join(', ')}: report by ${at}` };
}

// Also when the alert is over: whoever is out is waited for.
function outThere(token: string, { out, utcOffsetMinutes }: PhoneState): string {
  if (out.length === 0) return '';
  const lines = out.map((one) => {
    const { zh, en } = outWords(one, clockTime(one.dueAtMs, utcOffsetMinutes));
    return `<p><b>${escapeHtml(zh)}</b><small lang="en">${escapeHtml(en)}</small></p>`;
  });
  const button = (safety: 'safe' | 'back') => {
    const { icon, zh, en } = SAFETY_BUTTONS[safety];
    return `<button class="answer ${safety}" name="safety" value="${safety}"><span aria-hidden="true">${icon}</span> ${zh}<small lang="en">${en}</small></button>`;
  };
  const buttons = [...(out.some(({ kind }) => kind === 'pair') ? [button('safe')] : []), button('back')];
  return `<section class="out">${lines.join('')}<form method="post" action="/m/${encodeURIComponent(token)}">${buttons.join('')}</form></section>`;
}

function takeover(state: PhoneState, script: string): string {
  return `<script type="application/json" id="state">${JSON.stringify(state).replaceAll('<', '\\u003c')}</script><script defer src="${script}"></script>`;
}

const CLOSED =
  '<p class="hint">不再接收回答。有急事请打电话给值班员。<small lang="en">Answers are no longer taken. If it is urgent, telephone the duty officer.</small></p>';

function running(token: string, state: PhoneState): string {
  return [badge(state), spoken(state.texts), held(state), state.isOpen ? buttons(token, state) : CLOSED, inOtherLanguages(state.texts)].join('\n');
}

// What was told before must not be taken for what holds now: it is folded away, without its colour.
function after(state: PhoneState, over: Words): string {
  const mode = state.mode === 'live' ? '' : `${MODE_WORDS[state.mode].zh} · `;
  return `<h1 class="over ${state.alertState}">${mode}${over.zh}<small lang="en">${over.en}</small></h1>
${held(state)}
${CLOSED}
<details><summary>此前的通知（已失效） <span lang="en">What was said before (no longer holds)</span></summary>${state.texts.map(words).join('\n')}</details>`;
}

export function badge({ mode: of, level, order }: Pick<PhoneState, 'mode' | 'level' | 'order'>): string {
  const mode = of === 'live' ? '' : `${MODE_WORDS[of].zh} · `;
  const modeEn = of === 'live' ? '' : `${MODE_WORDS[of].en} · `;
  if (order !== null) {
    const look = order === 'move-now' ? 'red' : 'orange';
    return `<h1 class="badge ${look}"><span aria-hidden="true">${ORDER_ICONS[order]}</span> ${mode}${ORDER_WORDS[order].zh}<small lang="en">${modeEn}${ORDER_WORDS[order].en}</small></h1>`;
  }
  const colour = level ?? 'blue';
  return `<h1 class="badge ${colour}"><span aria-hidden="true">${LEVEL_ICONS[colour]}</span> ${mode}${LEVEL_WORDS[colour].zh}预警<small lang="en">${modeEn}${LEVEL_WORDS[colour].en} warning</small></h1>`;
}

// What most can read comes first; the rest must not push the buttons off a small screen: it comes after them.
const isRead = (text: PhoneText) => /^(zh|en)(-|$)/i.test(text.language);

export function spoken(texts: readonly PhoneText[]): string {
  return texts.filter(isRead).map(words).join('\n');
}

function inOtherLanguages(texts: readonly PhoneText[]): string {
  const others = texts.filter((text) => !isRead(text));
  if (others.length === 0) return '';
  return `<details><summary>其他语言 <span lang="en">Other languages</span></summary>${others.map(words).join('\n')}</details>`;
}

function words(text: PhoneText): string {
  const audio = text.clip === null ? '' : `<audio controls preload="none" aria-label="听播报 Listen" src="${escapeHtml(text.clip)}"></audio>`;
  return `<section class="words" lang="${escapeHtml(text.language)}"><h2>${escapeHtml(text.title)}</h2><p>${escapeHtml(text.text)}</p>${audio}</section>`;
}

/** What the county has actually received, never what the phone only tried to send. */
function held({ answer, helpAtMs, utcOffsetMinutes }: PhoneState): string {
  const time = (ms: number) => `<time>${clockTime(ms, utcOffsetMinutes)}</time>`;
  const help =
    helpAtMs === null
      ? ''
      : `<p class="held help" role="status">县里已知道您需要支援 ${time(helpAtMs)}<small lang="en">The county knows that you need support</small></p>`;
  if (answer === null)
    return `<p class="held none" role="status">县里还没有收到您的回答<small lang="en">The county has no answer from you yet</small></p>${help}`;
  const { done, en } = BUTTONS[answer.answer];
  return `<p class="held" role="status">县里已收到：<b>${done}</b> ${time(answer.atMs)}${answer.byOfficer ? '（由值班员代记）' : ''}<small lang="en">The county has received: ${en}</small></p>${help}`;
}

function buttons(token: string, { answer, helpAtMs }: PhoneState): string {
  const button = (saying: Saying) => {
    const chosen = answer?.answer === saying;
    const { icon, zh, en } = BUTTONS[saying];
    return `<button class="answer ${saying}${chosen ? ' chosen' : ''}" name="answer" value="${saying}"${chosen ? ' aria-current="true"' : ''}><span aria-hidden="true">${chosen ? '✓' : icon}</span> ${zh}<small lang="en">${en}</small></button>`;
  };
  const sayings = [...ANSWER_BUTTONS, helpAtMs === null ? 'help' : 'help-over'] as const;
  return `<form method="post" action="/m/${encodeURIComponent(token)}">${sayings.map(button).join('\n')}</form>`;
}

export function clockTime(ms: number, utcOffsetMinutes: number): string {
  return new Date(ms + utcOffsetMinutes * 60_000).toISOString().slice(11, 16);
}
