// The roll-call (清点) on the screen: how many of how many are accounted for, who is not by name, and an officer writing down what he heard.
import { get, post } from './api.js';
import { DOMAIN } from './domain.js';
import { age, h, showList, showProblem } from './dom.js';
import { spokenUnder } from './status.js';
import { lang, t } from './words.js';

const LISTED_PAGES = 10;
/** Words about places that the tile has room for; all of them stand below the figures. */
const SPOKEN_SHOWN = 3;
const isOpen = (status) => DOMAIN.openStatuses.includes(status);
const WAITS = ['refused', 'needs-help'];
const lookOf = (status) => (isOpen(status) ? 'bad' : WAITS.includes(status) || ['injured', 'dead'].includes(status) ? 'idle' : 'good');
const ICONS = { bad: '✕', idle: '!', good: '✓' };
const wordsOf = (status) => DOMAIN.personStatuses[status][lang()];

function chip(status, n) {
  return h(`span.chip.${lookOf(status)}`, null, `${ICONS[lookOf(status)]} ${wordsOf(status)}`, n === undefined ? null : h('b', null, ` ${n}`));
}

/** The tile of the board; undefined until the list is frozen. */
export function rollCallTile(board) {
  const { rollCall } = board;
  if (rollCall === undefined || rollCall.persons.total + rollCall.places.total === 0) return undefined;
  const { households, persons, places } = rollCall;
  const chips = Object.entries(persons.byStatus)
    .filter(([, n]) => n > 0)
    .map(([status, n]) => chip(status, n));
  const guests = places.total === 0 ? '' : ` · ${t('guestsCounted', places)}`;
  const again = persons.unconfirmed === 0 ? '' : ` · ${t('countAgain', { n: persons.unconfirmed })}`;
  return {
    big: `${persons.accounted} / ${persons.total}`,
    chips,
    foot: h(
      'div',
      null,
      h('p', null, `${rollCall.complete ? '✓ ' : ''}${t('householdsCounted', households)}${guests}${again}`),
      // Beside what is proven, never in it.
      ...spokenUnder(board).slice(0, SPOKEN_SHOWN),
      h('button.plain', { type: 'button', onclick: () => listRollCall(board, { name: t('all') }).catch(showProblem) }, t('openRollCall')),
      h('small', null, ' ', age(rollCall.asOfMs)),
    ),
  };
}

/** Households accounted for and listed under one grid node; undefined where none are. */
export function householdsUnder({ rollCall }, code) {
  const groups = (rollCall?.groups ?? []).filter((group) => group.code.startsWith(code));
  const sum = (field) => groups.reduce((n, group) => n + group.households[field], 0);
  return groups.length === 0 ? undefined : `${sum('accounted')}/${sum('total')}`;
}

async function wholeList(path, field) {
  const all = [];
  for (let next = '', pages = 0; next !== null && pages < LISTED_PAGES; pages++) {
    const page = await get(`${path}${next ? `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(next)}` : ''}`);
    all.push(...page[field]);
    next = page.next;
  }
  return all;
}

const urgency = ({ persons }) => (persons.some(({ status }) => isOpen(status)) ? 0 : persons.some(({ status }) => WAITS.includes(status)) ? 1 : 2);

/** The households and places of a grid node, those to be found first. */
export async function listRollCall(board, node) {
  const of = node.code ? `?group=${node.code}` : '';
  const path = `/api/v1/alerts/${board.id}/rollcall`;
  const [households, places] = await Promise.all([wholeList(path + of, 'list'), wholeList(`${path}/places${of}`, 'places')]);
  const means = h(
    'select',
    { name: 'means' },
    Object.entries(DOMAIN.heardMeans).map(([value, words]) => h('option', { value, selected: value === 'telephone' }, words[lang()])),
  );
  const marking = { path, means, open: board.alert.state === 'raised', after: board.count };
  const rows = [
    ...households.sort((a, b) => urgency(a) - urgency(b)).map((household) => householdLine(household, marking)),
    ...places.map((place) => placeLine(place, marking)),
  ];
  const asked = marking.open ? h('label.field', null, h('span', null, t('heardBy')), means) : '';
  showList(`${node.name} · ${t('rollCall')}`, rows, h('div', null, spokenUnder(board, node.code), asked));
}

function householdLine(household, marking) {
  const line = h('div.line-item');
  const { householdId, persons } = household;
  const change = (write) => async () => {
    try {
      await write();
      paint();
      marking.after();
    } catch (error) {
      showProblem(error);
    }
  };
  const markPerson = (person, status) =>
    change(async () => {
      const given = { status, means: marking.means.value, version: person.version };
      const marked = await post(`${marking.path}/persons/${encodeURIComponent(person.personId)}/mark`, given);
      household.version += marked.version - person.version;
      Object.assign(person, { status: marked.status, version: marked.version });
    });
  const markAll = change(async () => {
    const given = { status: 'moved', means: marking.means.value, version: household.version };
    const marked = await post(`${marking.path}/households/${encodeURIComponent(householdId)}/mark`, given);
    household.version = marked.version;
    for (const { personId, status, version } of marked.persons) Object.assign(persons.find((one) => one.personId === personId) ?? {}, { status, version });
  });
  const paint = () => {
    line.replaceChildren(
      h('b', null, [household.doorplate, household.headName].filter(Boolean).join(' ') || t('onNoList')),
      marking.open && householdId !== null && persons.some(({ status }) => status !== 'moved')
        ? h('button', { type: 'button', onclick: markAll }, t('allMoved'))
        : '',
      h(
        'div.persons',
        null,
        persons.map((person) => h('span', null, `${person.name ?? ''} `, marking.open ? statusOf(person, markPerson) : chip(person.status))),
      ),
    );
  };
  paint();
  return line;
}

function statusOf(person, mark) {
  const name = person.name ?? person.personId;
  return h(
    `select.${lookOf(person.status)}`,
    { 'aria-label': `${name} ${t('rollCall')}`, onchange: (event) => void mark(person, event.target.value)() },
    Object.keys(DOMAIN.personStatuses).map((value) =>
      h('option', { value, selected: value === person.status, disabled: value === 'unreached' }, wordsOf(value)),
    ),
  );
}

function placeLine(place, { path, means, open, after }) {
  const counted = h('span', null);
  const say = () => {
    const full = (place.counted ?? 0) >= place.expected;
    counted.replaceChildren(h(`span.chip.${full ? 'good' : 'bad'}`, null, `${full ? '✓' : '✕'} ${place.counted ?? 0} / ${place.expected}`));
  };
  const input = h('input', { type: 'number', min: 0, value: place.counted ?? place.expected, 'aria-label': `${place.name} ${t('headCount')}` });
  const write = async () => {
    try {
      Object.assign(
        place,
        await post(`${path}/places/${encodeURIComponent(place.placeId)}/count`, { counted: Number(input.value), means: means.value, version: place.version }),
      );
      say();
      after();
    } catch (error) {
      showProblem(error);
    }
  };
  say();
  return h(
    'div.line-item',
    null,
    h('b', null, place.name ?? place.placeId),
    counted,
    place.contactName ? h('span', null, place.contactName) : null,
    place.isExpectedOld ? h('small', null, t('oldHeadCount')) : null,
    open ? h('span.count-of', null, input, h('button', { type: 'button', onclick: write }, t('writeCount'))) : null,
  );
}
