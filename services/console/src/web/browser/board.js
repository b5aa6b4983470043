// The live board of one alert: the clock, the figures per village and group, what is wrong by name, the timeline, and what can be done.
import { get, getTagged } from './api.js';
import { actionBar, decisionPanel } from './decide.js';
import { DOMAIN } from './domain.js';
import { age, badge, clock, h, listOf, memberChips, reasonText, showProblem, speakerChip, speakerChips } from './dom.js';
import { listMembers, listSpeakers } from './lists.js';
import { readWords } from './compose.js';
import { paintJoining } from './joining.js';
import { paintLadders } from './ladders.js';
import { paintTasks } from './tasks.js';
import { silentSite } from './now.js';
import { loadGrid, placeName } from './places.js';
import { householdsUnder, listRollCall, rollCallTile } from './roll-call.js';
import { paintStatuses, readStatuses } from './status.js';
import { paintTimeline, readTimeline } from './timeline.js';
import { paintSections } from './sections.js';
import { t } from './words.js';

/** Figures are asked anew after an event, at most this often: what happened is on the screen within 300 ms. */
const REFRESH_MS = 250;
const VILLAGES_OPEN = 8;
const OF_THE_SITES = /^(site|speaker|house|status)\./;

export function boardView(view, house, id) {
  const board = {
    id,
    house,
    alert: null,
    etag: null,
    coverage: null,
    rollCall: undefined,
    statuses: [],
    alone: [],
    events: new Map(),
    opened: new Set(),
    left: false,
  };
  const head = h('section.head');
  const figures = h('div.figures');
  const timeline = h('ol.timeline', { 'aria-live': 'off', tabindex: '0', 'aria-label': t('timeline') });
  const ladders = h('section.ladders', { hidden: true });
  const tasks = h('section.tasks', { hidden: true });
  const statuses = h('section.statuses', { hidden: true });
  const sections = h('section.ladders', { hidden: true });
  const joining = h('section.joining', { hidden: true });
  view.replaceChildren(head, figures, statuses, ladders, sections, joining, tasks, h('section', null, h('h2', null, t('timeline')), timeline));
  const again = throttle(REFRESH_MS, async () => {
    const [coverage] = await Promise.all([get(`/api/v1/alerts/${id}/coverage`), readStatuses(board)]);
    if (board.left) return;
    board.coverage = coverage;
    await keepingFocus(view, async () => {
      paintFigures(figures, board);
      paintStatuses(statuses, board);
      await Promise.all([paintLadders(ladders, board), paintSections(sections, board), paintJoining(joining, board), paintTasks(tasks, board)]);
    });
  });
  // Of a county's people it is the dearest question: asked when the page opens, every five seconds and after each mark, not after every event.
  board.count = throttle(REFRESH_MS, async () => {
    if (!board.alert?.raisedAt) return;
    const rollCall = await get(`/api/v1/alerts/${id}/rollcall?totals=true`);
    if (board.left) return;
    board.rollCall = rollCall;
    if (board.coverage) await keepingFocus(view, async () => paintFigures(figures, board));
  });
  const reload = async () => {
    const [{ data, etag }, grid] = await Promise.all([getTagged(`/api/v1/alerts/${id}`), loadGrid(house)]);
    if (board.left) return;
    Object.assign(board, { alert: data, etag, grid });
    for (const mode of ['drill', 'test']) document.body.classList.toggle(mode, data.mode === mode);
    paintHead(head, board, reload);
    figures.hidden = data.state === 'draft' || data.state === 'discarded';
    again();
    board.count();
  };
  const paintLater = throttle(REFRESH_MS, async () => {
    if (!board.left) paintTimeline(timeline, board);
  });
  const tell = (events) => {
    for (const event of events) board.events.set(event.seq, event);
    paintLater();
  };
  const onEvent = (event) => {
    if (event.alertId === id) tell([event]);
    if (event.alertId === id || OF_THE_SITES.test(event.type)) again();
    if (event.alertId === id && event.type.startsWith('alert.')) reload().catch(showProblem);
  };
  house.listeners.add(onEvent);
  house.onNow.add(again);
  house.onNow.add(board.count);
  reload().catch(showProblem);
  readTimeline(board, tell).catch(showProblem);
  return () => {
    board.left = true;
    house.listeners.delete(onEvent);
    house.onNow.delete(again);
    house.onNow.delete(board.count);
  };
}

const nameOf = (button) => button.dataset.cell ?? button.textContent;

/** Who walks the board by keyboard stays where he was. */
async function keepingFocus(view, paint) {
  const focused = view.contains(document.activeElement) ? nameOf(document.activeElement) : null;
  await paint();
  if (focused !== null && document.activeElement === document.body)
    [...view.querySelectorAll('button, a, summary')].find((button) => nameOf(button) === focused)?.focus({ preventScroll: true });
}

// A button that is painted anew between press and release would swallow the click.
let pressed = false;
document.addEventListener('pointerdown', () => (pressed = true), true);
for (const name of ['pointerup', 'pointercancel']) document.addEventListener(name, () => (pressed = false), true);

// At once when it was quiet, and once more after the last call of a burst.
function throttle(ms, run) {
  let timer;
  let lastMs = 0;
  let running = false;
  const go = async () => {
    timer = undefined;
    if (running || pressed) {
      timer = setTimeout(() => void go(), ms);
      return;
    }
    running = true;
    lastMs = Date.now();
    await run().catch((error) => error.status !== 0 && showProblem(error));
    running = false;
  };
  return () => {
    timer ??= setTimeout(() => void go(), Math.max(0, lastMs + ms - Date.now()));
  };
}

function paintHead(head, board, reload) {
  const { alert, grid } = board;
  const raisedAt = alert.raisedAt && Date.parse(alert.raisedAt);
  const over = alert.overAt && Date.parse(alert.overAt);
  const shown = alert.revisions.filter((revision) => revision.raisedAt !== null).at(-1) ?? alert.revisions.at(-1);
  head.replaceChildren(
    ...[
      // That it is over comes before what it once ordered.
      alert.state === 'raised'
        ? null
        : h(
            `p.state.${alert.state}`,
            { role: 'status' },
            h('b', null, t(`state.${alert.state}`)),
            alert.overReason ? `${t('colon')}${alert.overReason}` : '',
            alert.slopeCheckedBy ? ` · ${t('slopeChecked')}${t('colon')}${alert.slopeCheckedBy}` : '',
          ),
      h(
        'div.row.spread',
        null,
        h('div', null, badge(alert), h('h1', null, alert.title), h('p.areas', null, listOf(shown.areaCodes.map((code) => placeName(grid, code))))),
        raisedAt
          ? h(
              'div.since',
              null,
              h('small', null, over ? t('lasted') : t('sinceRaise')),
              clock(raisedAt, over),
              h('small', null, t('endsAt', { at: alert.endTime.slice(11, 16) })),
            )
          : null,
      ),
      alert.quiet && alert.state === 'raised' ? h('p.state', { role: 'status' }, `■ ${t('quiet')}`) : null,
      h(
        'details',
        { open: alert.state === 'draft' },
        h('summary', null, t('words')),
        shown.texts.map((text) => readWords(text)),
      ),
      alert.waiting ? decisionPanel(board, reload) : null,
      alert.state === 'raised' ? actionBar(board, reload) : null,
    ].filter(Boolean),
  );
}

function paintFigures(figures, board) {
  const { coverage, house } = board;
  const { totals } = coverage;
  const fresh = Math.max(coverage.asOfMs, house.line ? house.newsAtMs : 0);
  const tile = (title, big, chips, foot) => h('div.tile', null, h('h3', null, title), h('p.bigger', null, big), h('div.chips', null, chips), foot);
  // What was proven at least once does not become less when the speaker falls silent; a test makes no sound and proves receipt.
  const done = (coverage.mode === 'test' ? totals.speakers.ever.received : totals.speakers.ever.playing) ?? 0;
  const came = totals.members.coming + totals.members.onTheWay + totals.members.arrived;
  const ever = DOMAIN.everStates.map((state) => `${t(`speaker.${state}`)} ${totals.speakers.ever[state] ?? 0}`).join(' · ');
  const all = { code: undefined, name: t('all') };
  const counted = rollCallTile(board);
  figures.replaceChildren(
    h('div.row.spread', null, h('h2', null, t('board')), age(fresh, { fresh: true })),
    h(
      'div.tiles',
      null,
      tile(
        coverage.mode === 'test' ? t('speakersSayTest') : t('speakersSay'),
        `${done} / ${totals.speakers.total}`,
        speakerChips(totals.speakers.states),
        h(
          'small',
          null,
          `${t('ever')}${t('colon')}${ever}`,
          totals.speakers.changedAtMs ? h('span', null, ' · ', t('lastChange'), ' ', age(totals.speakers.changedAtMs)) : '',
        ),
      ),
      tile(
        t('membersSay'),
        `${came} / ${totals.members.total}`,
        memberChips(totals.members),
        h(
          'div',
          null,
          h('button.plain', { type: 'button', onclick: () => listMembers(board, all).catch(showProblem) }, t('openMembers')),
          totals.members.changedAtMs ? h('small', null, ' ', t('lastChange'), ' ', age(totals.members.changedAtMs)) : null,
        ),
      ),
      counted === undefined
        ? tile(t('households'), String(totals.households.total), [], h('small', null, t('householdsNote')))
        : tile(t('rollCallSays'), counted.big, counted.chips, counted.foot),
      tile(
        t('sitesSay'),
        `${totals.sites.total - totals.sites.silent} / ${totals.sites.total}`,
        totals.sites.silent > 0 ? [h('span.chip.bad', null, `✕ ${t('silent')} `, h('b', null, totals.sites.silent))] : [],
        null,
      ),
    ),
    troubles(coverage),
    h(
      'div.grid',
      null,
      worstFirst(coverage).map((node, _, all) => village(node, board, all.length > VILLAGES_OPEN)),
    ),
    ...(coverage.announcements.length === 0
      ? []
      : [
          h(
            'section',
            null,
            h('h3', null, t('announcement')),
            h(
              'div.chips',
              null,
              summed(coverage.announcements).map((one) => h('span', null, `${t(`purpose.${one.purpose}`)} `, speakerChip(one.state, one.count))),
            ),
          ),
        ]),
  );
}

// Counted per group by the county; who watches the whole wants one figure for each state.
function summed(announcements) {
  const sums = new Map();
  for (const { purpose, state, count } of announcements) {
    const key = `${purpose} ${state}`;
    sums.set(key, { purpose, state, count: (sums.get(key)?.count ?? 0) + count });
  }
  return [...sums.values()];
}

/** Accounted for of all, opening the list; before it is frozen those of the register. */
function householdsCell(one, board) {
  const counted = householdsUnder(board, one.code);
  if (counted === undefined) return String(one.households.total);
  return h(
    'button.cell',
    {
      type: 'button',
      onclick: () => listRollCall(board, one).catch(showProblem),
      'aria-label': `${one.name} ${t('rollCall')} ${counted}`,
      'data-cell': `${one.code} roll-call`,
    },
    counted,
  );
}

// What a cell's button is called holds what is seen in it.
const told = (chips) => chips.map((chip) => chip.lastChild.previousSibling.textContent.trim() + chip.lastChild.textContent).join(' ');

function troubles({ failed, silent }) {
  if (failed.length + silent.length === 0) return h('p.good', null, `✓ ${t('noTroubles')}`);
  return h(
    'section.troubles',
    // A long list scrolls in itself, and must do so for who has no mouse.
    { tabindex: '0', 'aria-label': t('troubles', { n: failed.length + silent.length }) },
    h('h3', null, t('troubles', { n: failed.length + silent.length })),
    h(
      'ul.names',
      null,
      failed.map((one) =>
        h(
          'li',
          null,
          speakerChip(one.state),
          h('b', null, ` ${one.name}`),
          ` ${one.gridName}${one.reason ? ` · ${reasonText(one)}` : ''} · `,
          age(one.changedAtMs),
        ),
      ),
      silent.map(silentSite),
    ),
  );
}

const troubleOf = ({ speakers, sites }) => (speakers.states.failed ?? 0) + (speakers.states.refused ?? 0) + (speakers.states.expired ?? 0) + sites.silent;

function worstFirst({ nodes }) {
  const villages = nodes.filter((node) => node.tier === 'village' || (node.parentCode === null && node.tier !== 'county'));
  return villages.sort((a, b) => troubleOf(b) - troubleOf(a) || a.code.localeCompare(b.code));
}

// A village with its groups; each cell opens its list. Of many villages only the sums are shown until one is opened.
function village(node, board, folded) {
  const groups = board.coverage.nodes.filter((one) => one.parentCode === node.code);
  const open = !folded || board.opened.has(node.code);
  const fold = () => {
    if (!board.opened.delete(node.code)) board.opened.add(node.code);
    table.replaceWith(village(node, board, folded));
  };
  const name =
    folded && groups.length > 0
      ? h('button.cell', { type: 'button', 'aria-expanded': String(open), onclick: fold }, `${open ? '▾' : '▸'} ${node.name}`)
      : node.name;
  const row = (one, kind, title) =>
    h(
      `tr.${kind}`,
      null,
      h('th', { scope: 'row' }, title),
      h(
        'td',
        null,
        one.speakers.total === 0
          ? '–'
          : h(
              'button.cell',
              {
                type: 'button',
                onclick: () => listSpeakers(board, one).catch(showProblem),
                'aria-label': `${one.name} ${t('speakers')} ${told(speakerChips(one.speakers.states))}`,
                'data-cell': `${one.code} speakers`,
              },
              speakerChips(one.speakers.states),
            ),
      ),
      h(
        'td',
        null,
        one.members.total + one.members.joined === 0
          ? '–'
          : h(
              'button.cell',
              {
                type: 'button',
                onclick: () => listMembers(board, one).catch(showProblem),
                'aria-label': `${one.name} ${t('members')} ${told(memberChips(one.members))}`,
                'data-cell': `${one.code} members`,
              },
              memberChips(one.members),
            ),
      ),
      h('td.n', null, householdsCell(one, board)),
    );
  const table = h(
    'table.village',
    null,
    h('thead', null, h('tr', null, h('th', null, t('place')), h('th', null, t('speakers')), h('th', null, t('members')), h('th.n', null, t('households')))),
    h('tbody', null, row(node, 'sum', name), open ? groups.map((group) => row(group, 'group', group.name)) : null),
  );
  return table;
}
