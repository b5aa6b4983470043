// After a power cut (断电): a village's house does not know what time it is. An officer says so, by his phone or by hand, and what is in force goes on.
import { get, post } from './api.js';
import { DOMAIN } from './domain.js';
import { field, h, showProblem } from './dom.js';
import { lang, t } from './words.js';

/** As the village's clocks show it: 2026-07-01 03:00. */
const wallOf = (ms, offsetMinutes) => new Date(ms + offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');
const msOf = (wall, offsetMinutes) => Date.parse(`${wall}Z`) - offsetMinutes * 60_000;

let shown = '';

/** Asked only where a house may have lost the time; what somebody is typing there is left alone. */
export async function paintHouseTime(panel) {
  if (!DOMAIN.node || !panel) return;
  const clock = await get('/api/v1/clock', 4_000);
  const kind = `${clock.state} ${lang()}`;
  if (kind !== shown || (clock.state !== 'known' && panel.childElementCount === 0)) {
    shown = kind;
    panel.hidden = clock.state === 'known';
    panel.replaceChildren(...(clock.state === 'known' ? [] : asks(clock, panel)));
  }
  if (clock.state !== 'known') paintTimes(panel, clock);
}

function asks(clock, panel) {
  const say = async (ms) => {
    try {
      await post('/api/v1/clock/confirm', { time: new Date(ms).toISOString() });
      await paintHouseTime(panel);
    } catch (error) {
      showProblem(error);
    }
  };
  const typed = h('input', { type: 'datetime-local', name: 'time', required: true });
  const submit = (event) => {
    event.preventDefault();
    void say(msOf(typed.value, clock.utcOffsetMinutes));
  };
  const ways = [
    h('button.primary', { type: 'button', onclick: () => say(Date.now()) }, h('span', { 'data-time': 'phone' })),
    h('form.row', { onsubmit: submit }, field(t('clockTyped'), typed), h('button', { type: 'submit' }, t('clockConfirm'))),
  ];
  const guess = h('p', { 'data-time': 'guess' });
  return clock.state === 'unknown'
    ? [h('h2', { role: 'alert' }, `⚠ ${t('clockAsk')}`), guess, ...ways]
    : [h('details', null, h('summary', { 'data-time': 'guess' }), ...ways)];
}

function paintTimes(panel, { state, nowMs, waiting, utcOffsetMinutes }) {
  const write = (name, words) => {
    const node = panel.querySelector(`[data-time=${name}]`);
    if (node && node.textContent !== words) node.textContent = words;
  };
  const said = { time: wallOf(nowMs, utcOffsetMinutes), n: waiting };
  write('guess', state === 'unknown' ? t('clockGuess', said) : t('clockByHand', said));
  write('phone', t('clockPhone', { time: wallOf(Date.now(), utcOffsetMinutes) }));
}
