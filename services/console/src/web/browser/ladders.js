// Ladders (叫应) on the screen: which villages are overdue, both clocks of each, and an officer writing down what he heard by telephone.
import { get, post } from './api.js';
import { DOMAIN } from './domain.js';
import { age, ask, field, h, rowButton } from './dom.js';
import { lang, t } from './words.js';

const LOOKS = { asked: ['…', 'idle'], answered: ['◐', 'idle'], moving: ['✓', 'good'], closed: ['■', 'idle'] };

/** The overdue ones of all alerts, worst first, and how old the proof is that the rest goes on. */
export function overdueList({ ladders, asOfMs }) {
  const proof = h('small', null, t('ladderProof'), ' ', age(ladders.proofAgeMs === null ? null : asOfMs - ladders.proofAgeMs, { fresh: true }));
  if (ladders.overdue.length === 0)
    return h('div', null, h('p.empty', null, ladders.waiting > 0 ? t('laddersWaiting', { n: ladders.waiting }) : t('noOverdueLadders')), proof);
  return h(
    'div',
    null,
    h('p', null, h('b.bad', null, t('overdueLadders', { n: ladders.overdue.length }))),
    h(
      'ul.names',
      null,
      ladders.overdue.map((one) =>
        h(
          'li',
          null,
          h('a', { href: `#/alert/${one.alertId}` }, h('b', null, `✕ ${one.gridName}`)),
          ` ${t(one.question === 'answer' ? 'noAnswerYet' : 'notMovingYet')}${one.mode === 'drill' ? ` · ${DOMAIN.modes.drill[lang()]}` : ''} · `,
          age(one.overdueAtMs),
        ),
      ),
    ),
    proof,
  );
}

/** Reads the alert's ladders and paints them; nothing where the alert asks nobody. */
export async function paintLadders(section, board) {
  const { ladders, counts } = await get(`/api/v1/alerts/${board.id}/ladders`);
  if (board.left) return;
  section.hidden = ladders.length === 0;
  const open = board.alert?.state === 'raised';
  section.replaceChildren(
    h('h2', null, t('ladders')),
    h('p', null, t('ladderSums', counts), counts.overdue > 0 ? h('b.bad', null, ` · ${t('overdueLadders', { n: counts.overdue })}`) : ''),
    h(
      'table.village.ladder',
      null,
      h('thead', null, h('tr', null, ...['place', 'gotIt', 'onTheMove', 'lastAsked'].map((key) => h('th', { scope: 'col' }, t(key))))),
      h(
        'tbody',
        null,
        ladders.map((ladder) => row(ladder, board, open)),
      ),
    ),
  );
}

function row(ladder, board, open) {
  const [icon, look] = ladder.overdue ? ['✕', 'bad'] : LOOKS[ladder.state];
  return h(
    `tr${ladder.overdue ? '.late' : ''}`,
    null,
    h('th', { scope: 'row' }, h(`span.chip.${look}`, null, `${icon} ${t(`ladder.${ladder.state}`)}`), ` ${ladder.gridName}`),
    h('td', null, clockCell(ladder.answer)),
    h('td', null, clockCell(ladder.moving), ladder.moving.persons === null ? '' : h('b', null, ` ${t('people', { n: ladder.moving.persons })}`)),
    h(
      'td',
      null,
      lastAsked(ladder.asked.at(-1)),
      open ? rowButton(t('writeAnswer'), { row: ladder.gridCode, whom: ladder.gridName, done: () => writeDown(ladder, board) }) : null,
    ),
  );
}

/** When it was said; else since when it is overdue; else until when it is due. */
function clockCell({ at, dueAt, overdueSince }) {
  if (at !== null) return h('span', null, `✓ ${at.slice(11, 16)}`);
  if (overdueSince !== null) return h('b.bad', null, `✕ ${t('overdue')} `, age(Date.parse(overdueSince)));
  return h('span', null, dueAt === null ? '–' : t('dueBy', { at: dueAt.slice(11, 16) }));
}

function lastAsked(step) {
  if (step === undefined) return null;
  const who = step.rungCode === null ? t('ownScreen') : [DOMAIN.duties[step.duty]?.[lang()], step.name].filter(Boolean).join(' ');
  const skipped = step.skipped === null ? '' : ` (${DOMAIN.skips[step.skipped][lang()]})`;
  return h('small', null, `${who}${skipped} · `, age(Date.parse(step.at)), ' ');
}

async function writeDown(ladder, board) {
  const names = `names-${ladder.gridCode}`;
  const people = new Map(ladder.asked.filter((step) => step.name !== null).map((step) => [step.name, step.memberId]));
  const given = await ask(
    `${ladder.gridName} · ${t('writeAnswer')}`,
    [
      field(
        t('whoAnswered'),
        h('input', { name: 'name', required: true, maxLength: DOMAIN.limits.nameChars, autocomplete: 'off', list: names }),
        h(
          'datalist',
          { id: names },
          [...people.keys()].map((name) => h('option', { value: name })),
        ),
      ),
      field(t('whatWasSaid'), h('textarea', { name: 'words', rows: 2 })),
      field(t('movingPersons'), h('input', { name: 'persons', type: 'number', min: 1, inputMode: 'numeric' }), t('movingHint')),
    ],
    { confirm: t('saveAnswer') },
  );
  if (!given) return;
  const memberId = people.get(given.name);
  await post(`/api/v1/alerts/${board.id}/ladders/${ladder.gridCode}/answer`, {
    means: 'telephone',
    by: memberId ? { memberId } : { name: given.name },
    version: ladder.version,
    ...(given.words ? { words: given.words } : {}),
    ...(given.persons ? { moving: { persons: Number(given.persons) } } : {}),
  });
}
