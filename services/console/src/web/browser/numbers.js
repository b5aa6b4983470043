// Numbers: which of them work, village by village and by name, and a round that an officer starts now.
import { get, post } from './api.js';
import { DOMAIN } from './domain.js';
import { age, field, h, showProblem } from './dom.js';
import { loadGrid, placeName, placeSearch } from './places.js';
import { lang, t } from './words.js';

const LOOKS = { proven: '✓', waiting: '…', delivered: '◐', unconfirmed: '○', old: '○', never: '○', dead: '✕', none: '✕' };
const IS_BAD = ['dead', 'none'];
/** A county's round tells of each number: the figures are asked anew this often at most. */
const REFRESH_MS = 2_000;

export function numbersView(view, house) {
  const figures = h('section.figures');
  const formBox = h('div');
  const state = { result: '', left: false, house };
  let timer;
  view.replaceChildren(h('div.columns', null, h('section', null, h('h2', null, t('numberRound')), formBox), figures));
  const refresh = async () => {
    const query = state.result === '' ? '' : `?result=${state.result}`;
    const [grid, numbers] = await Promise.all([loadGrid(house), get(`/api/v1/numbers${query}`)]);
    if (!state.left) paint(figures, { state, grid, numbers, refresh });
  };
  const onEvent = (event) => {
    if (!/^(number|numbers|reply)\./.test(event.type)) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      refresh().catch(showProblem);
    }, REFRESH_MS);
  };
  house.listeners.add(onEvent);
  loadGrid(house).then((grid) => formBox.replaceChildren(roundForm(grid, refresh)), showProblem);
  refresh().catch(showProblem);
  return () => {
    state.left = true;
    clearTimeout(timer);
    house.listeners.delete(onEvent);
  };
}

function roundForm(grid, refresh) {
  let place = null;
  const who = h('select', { name: 'who' }, h('option', { value: '' }, t('roundDue')), h('option', { value: '0' }, t('roundAll')));
  const said = h('p', { role: 'status' });
  const start = async (event) => {
    event.preventDefault();
    if (place === null) return showProblem(Object.assign(new Error(t('choosePlace')), { said: t('choosePlace') }));
    try {
      const round = await post('/api/v1/numbers/rounds', { gridCode: place, ...(who.value === '' ? {} : { olderThanDays: Number(who.value) }) });
      said.textContent = t('roundStarted', { place: placeName(grid, place), people: round.people, numbers: round.numbers });
      await refresh();
    } catch (error) {
      showProblem(error);
    }
  };
  return h(
    'form',
    { onsubmit: start },
    h('p', null, t('roundLead')),
    h(
      'div.field',
      null,
      h('span', null, t('place')),
      placeSearch(grid, null, (code) => {
        place = code;
      }),
    ),
    field(t('roundWho'), who),
    h('button.primary', { type: 'submit' }, t('roundStart')),
    said,
  );
}

function paint(figures, { state, grid, numbers, refresh }) {
  const { counts, villages, rounds, provenForDays } = numbers;
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const filter = h(
    'select',
    {
      name: 'result',
      onchange: () => {
        state.result = filter.value;
        refresh().catch(showProblem);
      },
    },
    h('option', { value: '' }, `${t('all')} ${total}`),
    Object.entries(DOMAIN.numbers).map(([result, words]) =>
      h('option', { value: result, selected: result === state.result }, `${words[lang()]} ${counts[result]}`),
    ),
  );
  const list = h('div.list', { tabindex: '0', 'aria-label': t('numbers') }, numbers.numbers.map(item));
  figures.replaceChildren(
    h('div.row.spread', null, h('h2', null, t('numbers')), age(numbers.asOfMs, { fresh: false })),
    h('p', null, h('b.big', null, t('provenOf', { n: counts.proven, total, days: provenForDays }))),
    ...rounds.map((round) =>
      h('p.note', null, t('roundGoesOn', { place: placeName(grid, round.gridCode), at: round.startedAt.slice(0, 16).replace('T', ' ') })),
    ),
    villageTable(villages),
    field(t('numberResult'), filter),
    list,
    ...(numbers.next === null ? [] : [moreButton(list, state, numbers.next)]),
  );
}

function villageTable(villages) {
  const doubt = ({ unconfirmed, delivered, old, waiting }) => unconfirmed + delivered + old + waiting;
  const columns = [
    [t('numberProven'), (counts) => counts.proven],
    [t('numberDoubt'), doubt],
    [t('numberNever'), (counts) => counts.never],
    [t('numberDead'), (counts) => counts.dead + counts.none],
  ];
  const heads = [t('place'), ...columns.map(([words]) => words)];
  const row = ({ name, counts }) =>
    h(
      `tr${counts.dead + counts.none > 0 ? '.late' : ''}`,
      null,
      h('th', { scope: 'row' }, name),
      columns.map(([, of]) => h('td.n', null, String(of(counts)))),
    );
  return h(
    'div.ladders',
    null,
    h(
      'table.village.numbers',
      null,
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          heads.map((words, i) => h(i === 0 ? 'th' : 'th.n', { scope: 'col' }, words)),
        ),
      ),
      h('tbody', null, villages.map(row)),
    ),
  );
}

function item(one) {
  const reason = one.reason === null ? '' : ` · ${DOMAIN.reasons[one.reason]?.[lang()] ?? one.reason}`;
  return h(
    'div.line-item',
    null,
    h(`span.chip.${IS_BAD.includes(one.result) ? 'bad' : one.result === 'proven' ? 'good' : 'idle'}`, null, `${LOOKS[one.result]} ${one.resultWords[lang()]}`),
    h('b', null, one.name),
    h(
      'span',
      null,
      ` ${one.gridName}${one.channel === null ? '' : ` · ${DOMAIN.channels[one.channel][lang()]}`}${reason}${one.tries > 1 ? ` · ${t('triedTimes', { n: one.tries })}` : ''}`,
    ),
    one.provenAt === null ? null : h('span', null, `${t('provenAt')} `, age(Date.parse(one.provenAt))),
  );
}

function moreButton(list, state, after) {
  const button = h('button', { type: 'button' }, t('more'));
  button.addEventListener('click', async () => {
    try {
      const page = await get(`/api/v1/numbers?after=${encodeURIComponent(after)}${state.result === '' ? '' : `&result=${state.result}`}`);
      list.append(...page.numbers.map(item));
      if (page.next === null) button.remove();
      else button.replaceWith(moreButton(list, state, page.next));
    } catch (error) {
      showProblem(error);
    }
  });
  return button;
}
