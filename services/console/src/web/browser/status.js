// The six lines (口头情况): what a village says by telephone is typed in a minute, read back, kept beside what is proven, and reconciled.
import { get, post } from './api.js';
import { DOMAIN } from './domain.js';
import { age, field, h, listOf, showProblem, whyOf } from './dom.js';
import { loadGrid, placeName, placeSearch } from './places.js';
import { lang, t } from './words.js';

const NEEDS = 4;
/** What the house reads is asked for when the typing pauses. */
const READ_AFTER_MS = 250;

/** The form, and what was said so far. `code`: of this place. */
export function statusView(view, house, code) {
  const formBox = h('div');
  const list = h('div.cards.reports');
  let left = false;
  view.replaceChildren(
    h(
      'div.columns',
      null,
      h('section.status-form', null, h('h2', null, t('sixLines')), formBox),
      h('section.figures', null, h('h2', null, t('statuses')), list),
    ),
  );
  const refresh = async () => {
    const [grid, { statuses }] = await Promise.all([loadGrid(house), get('/api/v1/statuses')]);
    if (!left) list.replaceChildren(...(statuses.length === 0 ? [h('p.empty', null, t('noStatuses'))] : statuses.map((one) => card(one, grid, refresh))));
  };
  const open = (grid, given) => {
    const form = sixLines(grid, given, async () => {
      open(grid, null);
      await refresh();
    });
    formBox.replaceChildren(form);
    form.querySelector(given === null ? '.search input' : 'input[name=line1]').focus();
  };
  const onEvent = (event) => /^(status|contact|person|rollcall)\./.test(event.type) && refresh().catch(showProblem);
  house.listeners.add(onEvent);
  loadGrid(house).then((grid) => !left && open(grid, grid.byCode.has(code) ? code : null), showProblem);
  refresh().catch(showProblem);
  return () => {
    left = true;
    house.listeners.delete(onEvent);
  };
}

function sixLines(grid, given, saved) {
  let place = given;
  let timer;
  let asked = 0;
  const lines = DOMAIN.statusLines.map((line, i) => lineField(line, i));
  const needs = tick('asNeed', t('asNeed'));
  const confirmed = tick('confirmed', t('confirmMore'));
  const expected = h('p.note', { role: 'status', hidden: true });
  const body = () => ({ gridCode: place, lines: lines.map(({ input }) => input.value) });
  const readBack = async () => {
    const mine = ++asked;
    const read = await post('/api/v1/statuses/read', body());
    if (mine !== asked) return;
    expected.hidden = false;
    expected.replaceChildren(h('b', null, t('listHas', read.expected)), read.alert === null ? '' : ` · ${read.alert.title}`);
    lines.forEach((line, i) => sayRead(line, read, i));
    confirmed.box.hidden = read.doubts.length === 0;
    needs.box.hidden = lines[NEEDS].input.value.trim() === '';
  };
  const typed = () => {
    clearTimeout(timer);
    if (place !== null) timer = setTimeout(() => void readBack().catch(showProblem), READ_AFTER_MS);
  };
  const send = async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    if (place === null) return showProblem(Object.assign(new Error(t('choosePlace')), { said: t('choosePlace') }));
    try {
      await post('/api/v1/statuses', { ...body(), asNeed: needs.input.checked && !needs.box.hidden, confirmed: confirmed.input.checked });
      await saved();
    } catch (error) {
      const line = lines[(error.problem?.lines?.[0]?.line ?? 0) - 1];
      if (line === undefined) return showProblem(error);
      await readBack().catch(showProblem);
      saySo(line.note, whyOf(error));
      (confirmed.box.hidden ? line.input : confirmed.input).focus();
    }
  };
  lines.forEach(({ input }, i) => {
    input.addEventListener('input', typed);
    input.addEventListener('keydown', goOn(lines[i + 1]?.input));
  });
  const choose = (code) => {
    place = code;
    expected.hidden = true;
    if (code !== null) {
      lines[0].input.focus();
      typed();
    }
  };
  if (given !== null) typed();
  return h(
    'form.six',
    { onsubmit: send },
    h('div.field', null, h('span', null, t('place')), placeSearch(grid, given, choose)),
    expected,
    lines.slice(0, NEEDS + 1).map(({ node }) => node),
    needs.box,
    lines.slice(NEEDS + 1).map(({ node }) => node),
    confirmed.box,
    h('button.primary', { type: 'submit' }, t('writeStatus')),
  );
}

/** Return goes to the next line, so that nobody looks for the mouse; after the last the form is sent. */
const goOn = (next) => (event) => {
  if (event.key !== 'Enter' || next === undefined) return;
  event.preventDefault();
  next.focus();
};

function saySo(note, wrong) {
  note.textContent = `✕ ${wrong}`;
  note.classList.add('bad');
}

/** Under a line stands what is wrong with it, or what it was taken for. */
function sayRead({ input, note }, { said, problems, doubts }, i) {
  const wrong = input.value === '' ? [] : [...problems, ...doubts].filter(({ line }) => line === i + 1);
  note.classList.remove('bad');
  if (wrong.length > 0) saySo(note, wrong.map((one) => one[lang()]).join(' '));
  else note.textContent = input.value === '' ? '' : understood(said, i);
}

function lineField(line, i) {
  const note = h('small.readback-line', { id: `read-${i + 1}`, role: 'status' });
  const input = h('input', {
    name: `line${i + 1}`,
    autocomplete: 'off',
    required: i === 0,
    maxLength: DOMAIN.limits.statusLineChars,
    'aria-describedby': note.id,
    placeholder: line.example[lang()],
  });
  return { input, note, node: h('div', null, field(`${i + 1}. ${line[lang()]}`, input), note) };
}

function tick(name, words) {
  const input = h('input', { type: 'checkbox', name });
  return { input, box: h('label.tick', { hidden: true }, input, h('span', null, words)) };
}

/** What the house took a line for. */
function understood(said, i) {
  const means = DOMAIN.statusMeans[said.means][lang()];
  const order = said.order === null ? '' : DOMAIN.ordersSaid[said.order][lang()];
  const sounded = said.sounded === null ? '' : said.sounded ? t('didSound') : t('didNotSound');
  const read = [
    [`${means} ${clockOf(said.saidAt)}`],
    [order, said.orderAt === null ? '' : clockOf(said.orderAt), sounded],
    Object.entries(DOMAIN.countedWords).map(([what, words]) => (said[what] === null ? '' : `${words[lang()]} ${said[what]}`)),
    [],
    [],
    [said.nextContactAt === null ? '' : clockOf(said.nextContactAt)],
  ][i].filter(Boolean);
  return read.length === 0 ? `✓ ${t('asSaid')}` : `✓ ${read.join(' · ')}`;
}

const clockOf = (time) => time.slice(11, 16);

/** "by satellite phone 03:12: 60 of 65 households, 188 of 199 people …", and how old that is. */
export function spokenLine(one) {
  const { counts, expected } = one;
  const said = [
    counts.households === null ? '' : t('householdsOf', { n: counts.households, total: expected.households }),
    counts.persons === null ? '' : t('peopleOf', { n: counts.persons, total: expected.persons }),
    ...['moved', 'missing', 'injured'].map((what) => (counts[what] === null ? '' : `${DOMAIN.countedWords[what][lang()]} ${counts[what]}`)),
  ].filter(Boolean);
  return h(
    'span',
    null,
    h('b', null, `${one.meansWords[lang()]} ${clockOf(one.saidAt)}`),
    `${t('colon')}${said.length === 0 ? t('nothingCounted') : listOf(said)} `,
    age(one.saidAtMs),
  );
}

/** What was said and what is marked since, and the tick that settles it; nothing where they agree. */
export function differs(one, again) {
  const { differences, reconciled } = one;
  if (reconciled !== null) return h('span.good', null, ` ✓ ${t('reconciledBy', { by: reconciled.by, at: clockOf(reconciled.at) })}`);
  if (differences.length === 0 && !one.isGrave) return null;
  const settle = () => post(`/api/v1/statuses/${one.id}/reconcile`, { version: one.version }).then(again).catch(showProblem);
  const told = differences.map(({ words, said, marked }) => t('saidButMarked', { what: words[lang()], said, marked }));
  return h(
    'span.differs',
    null,
    differences.length === 0 ? null : h('b', null, ` ≠ ${told.join(lang() === 'zh' ? '；' : '; ')} `),
    one.isNewest
      ? h('button', { type: 'button', 'aria-label': `${t('reconcile')} ${one.gridName}`, 'data-cell': `${one.id} reconcile`, onclick: settle }, t('reconcile'))
      : null,
  );
}

function card(one, grid, again) {
  const state = one.isGrave && one.reconciled === null && one.isNewest ? '.grave' : '';
  return h(
    `article.card.spoken${state}`,
    null,
    h('div.row.spread', null, h('b', null, placeName(grid, one.gridCode)), one.isGrave ? h('b.bad', null, `✕ ${t('graveStatus')}`) : null),
    h('p', null, spokenLine(one), one.isNewest ? differs(one, again) : null),
    h(
      'ol.six-said',
      null,
      one.lines.map((line) => h('li', null, line === '' ? '–' : line)),
    ),
    h(
      'small',
      null,
      [
        one.orderWords === null ? '' : `${t('orderThere')}${t('colon')}${one.orderWords[lang()]}${one.orderAt === null ? '' : ` ${clockOf(one.orderAt)}`}`,
        one.contact === null ? '' : `${t(`contact.${one.contact}`)} ${clockOf(one.nextContactAt)}`,
        t('writtenBy', { by: one.writtenBy, at: clockOf(one.writtenAt) }),
      ]
        .filter(Boolean)
        .join(' · '),
    ),
  );
}

/** The board's part: the newest word of each place of the alert, and where somebody was alone. Asked before the figures, which stand beside it. */
export async function readStatuses(board) {
  const [{ statuses }, { alone }] = await Promise.all([get(`/api/v1/statuses?alertId=${board.id}&newest=true`), get(`/api/v1/alone?alertId=${board.id}`)]);
  Object.assign(board, { statuses, alone });
}

/** The words about the places under a grid node; about all of them when it is not given. */
export const spokenUnder = ({ statuses }, code = '') =>
  (statuses ?? []).filter(({ gridCode }) => gridCode.startsWith(code)).map((one) => h('p.spoken-line', null, `${one.gridName} `, spokenLine(one)));

export function paintStatuses(section, board) {
  const { statuses, alone } = board;
  section.hidden = statuses.length + alone.length === 0;
  const again = async () => {
    await readStatuses(board);
    if (!board.left) paintStatuses(section, board);
  };
  section.replaceChildren(
    h('div.row.spread', null, h('h2', null, t('statuses')), h('a.button', { href: '#/status' }, t('sixLines'))),
    h(
      'ul.names',
      null,
      statuses.map((one) =>
        h(
          `li${one.isGrave && one.reconciled === null ? '.grave' : ''}`,
          null,
          h('b', null, `${one.isGrave ? '✕ ' : ''}${one.gridName} `),
          spokenLine(one),
          differs(one, again),
          // What is dangerous there and what they need, as they said it.
          one.lines.slice(NEEDS - 1, NEEDS + 1).map((line) => (line === '' ? null : h('div', null, line))),
        ),
      ),
      alone.map((one) => h('li', null, aloneLink(one))),
    ),
  );
}

/** "打所 03:02–05:40 独自", leading to what happened there. */
export function aloneLink({ code, name, from, back }) {
  return h(
    'a',
    { href: `#/alone/${code}` },
    `${name} ${clockOf(from)}–${back === null ? '' : clockOf(back)} ${t('alone')}${back === null ? ` · ${t('still')}` : ''}`,
  );
}

/** On the first screen: who did not call, and where people are missing or hurt. */
export function spokenAlarms({ statuses, houses }) {
  const to = (code) => h('a', { href: `#/status/${code}` }, t('sixLines'));
  return h(
    'ul.names',
    null,
    statuses.grave.map((one) => h('li', null, h('b.bad', null, `✕ ${one.gridName} · ${t('graveCounts', one)}`), ' ', age(one.saidAtMs), ' ', to(one.gridCode))),
    statuses.overdue.map((one) =>
      h(
        'li',
        null,
        h('b.bad', null, `✕ ${one.gridName} · ${t('notCalled', { at: clockOf(one.nextContactAt) })}`),
        ' ',
        age(one.nextContactAtMs),
        ' ',
        to(one.gridCode),
      ),
    ),
    houses.silent.map((one) =>
      h('li', null, h('b.bad', null, `✕ ${one.gridName} · ${t('houseSilent')}`), ' ', t('lastHeard'), ' ', age(one.sinceMs), ' ', to(one.gridCode)),
    ),
  );
}
