// Joining on the spot (现场加入) on the screen: codes to open, print and close, and who joined by them, to be kept or let go.
import { get, post } from './api.js';
import { h, memberChip, rowButton, showProblem } from './dom.js';
import { lang, t } from './words.js';

const ANSWERS = { 'on-the-way': 'onTheWay' };
const TIERS = ['village', 'group'];

/** Reads the codes and who joined and paints them; nothing for who may not admit anybody, or where there is nothing to join. */
export async function paintJoining(section, board) {
  const isOpen = board.alert.state === 'raised' && board.alert.mode !== 'test';
  const view = await readAll(board.id).catch(() => null);
  // Whoever is about to choose a place is not disturbed.
  if (board.left || section.querySelector('select')?.matches(':focus')) return;
  section.hidden = view === null || (!isOpen && view.joined.length === 0);
  if (section.hidden) return;
  const again = () => paintJoining(section, board);
  section.replaceChildren(
    ...[
      h('div.row.spread', null, h('h2', null, t('joining')), h('b', null, t('people', { n: view.joined.length }))),
      isOpen ? opening(board, again) : null,
      view.codes.length === 0
        ? null
        : h(
            'ul.names',
            null,
            view.codes.map((code) => codeItem(code, again)),
          ),
      view.joined.length === 0
        ? null
        : h(
            'ul.names',
            null,
            view.joined.map((one) => joinedItem(one, board.alert.state !== 'raised', again)),
          ),
    ].filter(Boolean),
  );
}

async function readAll(alertId) {
  const joined = [];
  let codes = [];
  for (let next = ''; next !== null;) {
    const page = await get(`/api/v1/alerts/${alertId}/join-codes${next ? `?after=${encodeURIComponent(next)}` : ''}`);
    joined.push(...page.joined);
    ({ codes, next } = page);
  }
  return { codes, joined };
}

function opening(board, again) {
  const places = board.coverage.nodes.filter((node) => TIERS.includes(node.tier));
  const select = h(
    'select',
    { name: 'gridCode', required: true },
    places.map((node) => h('option', { value: node.code }, node.name)),
  );
  const open = (event) => {
    event.preventDefault();
    post(`/api/v1/alerts/${board.id}/join-codes`, { gridCode: select.value }).then(again).catch(showProblem);
  };
  return places.length === 0 ? null : h('form.row', { onsubmit: open }, h('label', null, `${t('joinPlace')} `, select), h('button', null, t('openJoinCode')));
}

function codeItem(code, again) {
  const close = () => post(`/api/v1/join-codes/${code.id}/close`, {}).then(again);
  const isOpen = code.state === 'open';
  return h(
    'li',
    null,
    `${code.gridName} `,
    h('b', null, code.code),
    ` · ${code.stateWords[lang()]} · ${code.joins}/${code.mostJoins} · ${t('dueBy', { at: code.expiresAt.slice(11, 16) })} `,
    isOpen
      ? h('a', { href: `/api/v1/join-codes/${code.id}/sheet`, target: '_blank', rel: 'noopener', 'data-cell': `${code.id} sheet` }, t('printJoinCode'))
      : null,
    isOpen ? rowButton(t('closeJoinCode'), { row: code.id, whom: code.code, look: '.plain', done: close }) : null,
  );
}

function joinedItem(one, isOver, again) {
  const button = (way, words) =>
    rowButton(words, { row: one.memberId, whom: one.name, look: '.plain', done: () => post(`/api/v1/members/${one.memberId}/${way}`, {}).then(again) });
  return h(
    'li',
    null,
    one.answer ? memberChip(ANSWERS[one.answer] ?? one.answer) : null,
    h('b', null, ` ${one.name}`),
    ` · ${one.gridName}${one.household ? ` · ${one.household}` : ''} `,
    one.kept ? t('keptMember') : button('keep', t('keepMember')),
    isOver && !one.kept ? button('let-go', t('letGo')) : null,
  );
}
