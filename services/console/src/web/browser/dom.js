// The page's few building blocks: elements, badges, ages, the button that must be held.
import { DOMAIN } from './domain.js';
import { languageName } from './language-names.js';
import { lang, t } from './words.js';

/** An element: h('p.note', {title: …}, 'text', child…). Null children are left out; text is never read as HTML. */
export function h(kind, props, ...children) {
  const [tag, ...classes] = kind.split('.');
  const node = document.createElement(tag || 'div');
  if (classes.length > 0) node.className = classes.join(' ');
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (name === 'class') node.classList.add(...value.split(' ').filter(Boolean));
    else if (name in node && name !== 'list' && name !== 'role' && !name.startsWith('aria')) node[name] = value;
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function field(label, input, hint) {
  return h('label.field', null, h('span', null, label), input, hint ? h('small', null, hint) : null);
}

/** The server's clock, so that ages are right on a machine whose own clock is not. */
let skewMs = 0;
export const serverNow = () => Date.now() + skewMs;
export function learnTime(serverMs) {
  skewMs = serverMs - Date.now();
}

export function span(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return t('seconds', { n: s });
  if (s < 3600) return t('minutes', { n: Math.floor(s / 60) });
  return s < 172800 ? t('hours', { n: Math.floor(s / 3600) }) : t('days', { n: Math.floor(s / 86400) });
}

/** "3 s ago", going on by itself; `old` after 30 s when `fresh` is said. */
export function age(atMs, { fresh = false } = {}) {
  if (atMs === null || atMs === undefined) return h('span.age.old', null, t('never'));
  const node = h('span.age', { 'data-at': atMs, 'data-fresh': fresh });
  tick(node);
  return node;
}

export const OLD_MS = 30_000;

function tick(node) {
  const ms = serverNow() - Number(node.dataset.at);
  const old = node.hasAttribute('data-fresh') && ms > OLD_MS;
  const text = `${old ? `${t('old')} · ` : ''}${t('ago', { age: span(ms) })}`;
  if (node.textContent !== text) node.textContent = text;
  node.classList.toggle('old', old);
  if (node.hasAttribute('data-fresh')) node.closest('.figures')?.classList.toggle('stale', old);
}

function timer(node) {
  const s = Math.max(0, Math.floor((Number(node.dataset.until ?? serverNow()) - Number(node.dataset.since)) / 1000));
  const two = (n) => String(n).padStart(2, '0');
  node.textContent = `${s >= 3600 ? `${Math.floor(s / 3600)}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

/** A running clock since `sinceMs`; stands still at `untilMs`. */
export function clock(sinceMs, untilMs) {
  const node = h('span.timer', { 'data-since': sinceMs, 'data-until': untilMs ?? null, role: 'timer' });
  timer(node);
  return node;
}

setInterval(() => {
  document.querySelectorAll('[data-at]').forEach(tick);
  document.querySelectorAll('[data-since]').forEach(timer);
}, 1000);

/** A word of the domain as a title or a list's entry begins it. */
export const titled = (words) => words.slice(0, 1).toUpperCase() + words.slice(1);
export const listOf = (names) => names.join(lang() === 'zh' ? '、' : ', ');

/** Why a speaker does not sound, in words. While it plays, the codes name the languages that it has no voice for. */
export function reasonText({ state, reason }) {
  if (!reason) return '';
  if (['playing', 'played'].includes(state)) return `${t('noVoice')}${t('colon')}${listOf(reason.split(',').map(languageName))}`;
  return DOMAIN.reasons[reason]?.[lang()] ?? reason;
}

const LOOKS = { red: '▲', orange: '◆', yellow: '●', blue: '■' };

/** Level or order, always colour + icon + word; whether it is real is said first. */
export function badge({ mode, kind, level, order }) {
  const colour = order ? (order === 'move-now' ? 'red' : 'orange') : (level ?? 'blue');
  const words = order ? DOMAIN.orders[order][lang()] : t('warningOf', { level: DOMAIN.levels[level ?? 'blue'][lang()] });
  const tag = mode ? h(`span.mode.${mode}`, null, DOMAIN.modes[mode][lang()]) : null;
  return h('span.badges', null, tag, h(`span.badge.${colour}`, { title: kind }, h('span', { 'aria-hidden': 'true' }, LOOKS[colour]), ' ', words));
}

const SPEAKER_LOOKS = {
  queued: ['○', 'idle'],
  sent: ['➤', 'idle'],
  received: ['✓', 'good'],
  playing: ['♪', 'good'],
  played: ['✓✓', 'good'],
  sounded: ['◉', 'good'],
  stopped: ['■', 'idle'],
  refused: ['⊘', 'bad'],
  failed: ['✕', 'bad'],
  expired: ['◌', 'bad'],
};
const MEMBER_LOOKS = {
  waiting: ['○', 'idle'],
  read: ['◔', 'idle'],
  coming: ['✓', 'good'],
  onTheWay: ['➜', 'good'],
  arrived: ['⚑', 'good'],
  cannot: ['✕', 'bad'],
  closed: ['■', 'idle'],
  joined: ['＋', 'good'],
};

function chip([icon, look], word, n) {
  return h(`span.chip.${look}`, null, h('span', { 'aria-hidden': 'true' }, icon), ` ${word}`, n === undefined ? null : h('b', null, ` ${n}`));
}
export const speakerChip = (state, n) => chip(SPEAKER_LOOKS[state] ?? ['?', 'idle'], t(`speaker.${state}`), n);
export const memberChip = (state, n) => chip(MEMBER_LOOKS[state], t(`member.${state}`), n);
export const speakerChips = (states) =>
  Object.keys(SPEAKER_LOOKS)
    .filter((state) => states[state] > 0)
    .map((state) => speakerChip(state, states[state]));
export const memberChips = (members) =>
  Object.keys(MEMBER_LOOKS)
    .filter((state) => members[state] > 0)
    .map((state) => memberChip(state, members[state]));

/** A button that stands in many rows, told apart by `row`: read aloud with whose it is, and found again when the rows are painted anew. */
export function rowButton(label, { row, whom = '', look = '', done }) {
  const props = { type: 'button', 'data-cell': `${row} ${label}`, 'aria-label': `${label} ${whom}`.trim(), onclick: () => done().catch(showProblem) };
  return h(`button${look}`, props, label);
}

const HOLD_MS = 1200;

/** Does it only when held for 1.2 s, by pointer, Space or Enter. `why`: what keeps it from being pressed, said under it. */
export function holdButton(label, { look = 'danger', why = null, done }) {
  const note = h('small.why', { id: `why-${crypto.getRandomValues(new Uint32Array(1))[0]}`, role: 'status' }, why ?? t('holdHint'));
  const button = h(
    `button.hold.${look}`,
    { type: 'button', 'aria-disabled': why ? 'true' : null, 'aria-describedby': note.id },
    h('span.fill', { 'aria-hidden': 'true' }),
    h('span.label', null, label),
  );
  let timeout;
  const stop = () => {
    clearTimeout(timeout);
    timeout = undefined;
    button.classList.remove('holding');
  };
  const act = async () => {
    stop();
    button.classList.add('busy');
    try {
      await done();
    } catch (error) {
      showProblem(error);
    } finally {
      button.classList.remove('busy');
    }
  };
  const start = () => {
    if (why || timeout !== undefined || button.classList.contains('busy')) return;
    button.classList.add('holding');
    timeout = setTimeout(() => void act(), HOLD_MS);
  };
  const isKey = (event) => event.key === ' ' || event.key === 'Enter';
  button.addEventListener('pointerdown', (event) => event.button === 0 && start());
  for (const name of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) button.addEventListener(name, stop);
  button.addEventListener('keydown', (event) => {
    if (isKey(event)) event.preventDefault();
    if (isKey(event) && !event.repeat) start();
  });
  button.addEventListener('keyup', (event) => isKey(event) && stop());
  button.addEventListener('contextmenu', (event) => event.preventDefault());
  return h('div.holder', null, button, note);
}

/** What the county refused, in the reader's language. */
export function whyOf(error) {
  const body = error.problem;
  if (!body) return lang() === 'zh' ? t('unexpected') : error.message;
  return body.why?.[lang()] ?? (lang() === 'zh' ? body.titleZh : body.detail || body.title);
}

/** What went wrong, in the reader's language, with what to do; stays until it is closed. */
export function showProblem(error) {
  const body = error.problem ?? { title: error.message, titleZh: error.said ?? t('unexpected'), detail: error.said ? '' : error.message };
  const why = body.why?.[lang()] ?? (lang() === 'zh' ? body.titleZh : body.title);
  const box = h(
    'div.problem',
    { role: 'alert' },
    h('b', null, why),
    body.detail && body.detail !== why ? h('small', { lang: 'en' }, body.detail) : null,
    h('button.plain', { type: 'button', onclick: () => box.remove() }, t('close')),
  );
  document.querySelectorAll('.problem').forEach((old) => old.remove());
  // A modal dialog lies over everything else: what went wrong in it is said in it.
  (document.querySelector('dialog[open]') ?? document.body).append(box);
}

/** A dialog with a form; resolves with its values, or undefined when it is left. */
export function ask(title, fields, { confirm, look = 'primary', note } = {}) {
  return new Promise((resolve) => {
    const form = h(
      'form',
      { method: 'dialog' },
      h('h2', null, title),
      note ? h('p', null, note) : null,
      ...fields,
      h(
        'div.row',
        null,
        h(`button.${look}`, { type: 'submit', value: 'yes' }, confirm ?? t('confirm')),
        h('button', { type: 'submit', value: 'no', formNoValidate: true }, t('back')),
      ),
    );
    const dialog = h(
      'dialog',
      {
        onclose: () => {
          resolve(dialog.returnValue === 'yes' ? Object.fromEntries(new FormData(form)) : undefined);
          dialog.remove();
        },
      },
      form,
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** So many are seen at once; of more one is looked for by name. */
const SEARCHED_FROM = 12;

/** `above`: what stands over the list. */
export function showList(title, rows, above = null) {
  const search = h('input', { type: 'search', 'aria-label': t('searchList'), placeholder: t('searchList'), autocomplete: 'off' });
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
  const dialog = h(
    'dialog.wide',
    { onclose: () => dialog.remove() },
    h('h2', null, title),
    above,
    rows.length > SEARCHED_FROM ? search : null,
    h('div.list', { tabindex: '0', 'aria-label': title }, rows),
    h('form', { method: 'dialog' }, h('button', null, t('close'))),
  );
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
