// Alone (独自): what happened at a place while nobody here could hear it, in its own order, with where that begins and ends.
import { get } from './api.js';
import { age, h, showProblem } from './dom.js';
import { aloneLink } from './status.js';
import { lang, t } from './words.js';

const clockOf = (time) => time.slice(11, 16);
const dayOf = (time) => time.slice(0, 10);

export function aloneView(view, house, code) {
  let left = false;
  let shown = null;
  const refresh = async () => {
    const read = code ? await get(`/api/v1/alone/${code}${shown === null ? '' : `?from=${shown}`}`) : await get('/api/v1/alone');
    if (left) return;
    view.replaceChildren(code ? place(read, choose) : places(read));
  };
  const choose = (fromMs) => {
    shown = fromMs;
    refresh().catch(showProblem);
  };
  const onEvent = (event) => /^(site|house)\./.test(event.type) && refresh().catch(showProblem);
  house.listeners.add(onEvent);
  view.replaceChildren(h('p', null, t('loading')));
  refresh().catch(showProblem);
  return () => {
    left = true;
    house.listeners.delete(onEvent);
  };
}

function places({ asOfMs, alone }) {
  return h(
    'section',
    null,
    h('div.row.spread', null, h('h1', null, t('aloneTitle')), age(asOfMs)),
    alone.length === 0
      ? h('p.empty', null, t('nobodyAlone'))
      : h(
          'ul.names',
          null,
          alone.map((one) => h('li', null, aloneLink(one), ` · ${dayOf(one.from)} · ${one.of.map(({ name }) => name).join(' ')}`)),
        ),
  );
}

function place({ name, code, asOfMs, spells, spell, events, more }, choose) {
  const when = (one) => `${dayOf(one.from)} ${clockOf(one.from)}–${one.back === null ? t('still') : clockOf(one.back)}`;
  const others = h(
    'select',
    { 'aria-label': t('aloneTitle'), onchange: () => choose(others.value) },
    spells.map((one) => h('option', { value: one.fromMs, selected: one.fromMs === spell?.fromMs }, when(one))),
  );
  return h(
    'section',
    null,
    h(
      'div.row.spread',
      null,
      h('h1', null, spell === null ? name : `${name} ${clockOf(spell.from)}–${spell.back === null ? t('still') : clockOf(spell.back)} ${t('alone')}`),
      age(asOfMs),
    ),
    h('div.row', null, h('a.button', { href: `#/status/${code}` }, t('sixLines')), spells.length > 1 ? others : null),
    spell === null
      ? h('p.empty', null, t('neverAlone'))
      : h(
          'div',
          null,
          h('p.note', null, t('aloneLead')),
          h('ol.timeline.whole', { tabindex: '0', 'aria-label': t('aloneTitle') }, [
            mark(spell.from, t('aloneBegins')),
            ...events.map(row),
            spell.back === null ? null : mark(spell.back, t('aloneEnds')),
          ]),
          events.length === 0 ? h('p.empty', null, t('nothingTold')) : null,
          more ? h('p.note', null, t('moreThanShown')) : null,
        ),
  );
}

const mark = (time, words) => h('li.mark', null, h('time', { dateTime: time }, time.slice(11, 19)), h('b', null, words), h('small', null, ''));

function row(event) {
  return h(
    `li${event.isFromThere ? '.there' : ''}`,
    null,
    h('time', { dateTime: event.happenedAt }, event.happenedAt.slice(11, 19)),
    h('span', null, event[lang()], event.isClockOff ? h('b.bad', null, ` ⚠ ${t('clockOff')}`) : null),
    h('small', null, `${event.gridName} · ${event.isFromThere ? t('fromThere') : t('fromHere')}`),
  );
}
