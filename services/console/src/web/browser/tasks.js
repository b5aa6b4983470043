// Tasks (交办单) on the screen: what is late and whose it is, the list of one alert with its deadlines, and an officer who says done or signs off.
import { get, post } from './api.js';
import { DOMAIN } from './domain.js';
import { age, ask, field, h, rowButton } from './dom.js';
import { lang, t } from './words.js';

/** The late ones of all alerts, worst first, each with its sheet to print. */
export function lateTasks({ tasks }) {
  const sums = h('p', null, t('taskSums', tasks));
  if (tasks.late.length === 0) return h('div', null, h('p.empty', null, t('noLateTasks')), sums);
  return h(
    'div',
    null,
    h('p', null, h('b.bad', null, t('lateTasks', { n: tasks.overdue }))),
    h(
      'ul.names',
      null,
      tasks.late.map((one) =>
        h(
          'li',
          null,
          h('b', null, `✕ ${one.gridName} · ${one.kindWords[lang()]}`),
          ` ${one.ownerName ?? t('nobodys')}${one.mode === 'drill' ? ` · ${DOMAIN.modes.drill[lang()]}` : ''} · `,
          age(one.dueAtMs),
          ' ',
          printLink(one.id),
        ),
      ),
    ),
    sums,
  );
}

/** Reads the alert's tasks and paints them; nothing where it gave no work. */
export async function paintTasks(section, board) {
  const { tasks, counts } = await get(`/api/v1/tasks?alertId=${board.id}`);
  if (board.left) return;
  section.hidden = counts.total === 0;
  section.replaceChildren(
    h('h2', null, t('tasks')),
    h(
      'p',
      null,
      t('taskSums', { ...counts, waiting: counts.byStatus.done }),
      counts.overdue > 0 ? h('b.bad', null, ` · ${t('lateTasks', { n: counts.overdue })}`) : '',
    ),
    h(
      'table.village.tasks',
      null,
      h(
        'thead',
        null,
        h('tr', null, h('th', { scope: 'col' }, t('taskWhat')), h('th', { scope: 'col' }, t('taskWhose')), h('th', { scope: 'col' }, t('taskDue'))),
      ),
      h(
        'tbody',
        null,
        tasks.map((task) => row(task, () => paintTasks(section, board))),
      ),
    ),
  );
}

function row(task, again) {
  const { id, state } = task;
  const whom = `${task.gridName} ${task.kindWords[lang()]}`;
  const button = (label, act) => rowButton(label, { row: id, whom, done: () => act().then(again) });
  return h(
    `tr${task.isOverdue ? '.late' : ''}`,
    null,
    h('th', { scope: 'row' }, `${task.gridName} · ${task.kindWords[lang()]}`),
    h('td', null, task.owner === null ? h('b.bad', null, t('nobodys')) : task.owner.name),
    h(
      'td',
      null,
      `${task.stateWords[lang()]} · ${task.dueAt.slice(11, 16)} `,
      task.isOverdue ? printLink(id) : null,
      state === 'open' || state === 'taken' ? button(t('taskDone'), () => sayDone(task)) : null,
      state === 'done' ? [button(t('taskSignOff'), () => signOff(task)), button(t('taskSendBack'), () => sendBack(task))] : null,
    ),
  );
}

const about = (task, label) => `${task.gridName} · ${task.kindWords[lang()]} · ${label}`;
const words = (name, label, required) => field(label, h('textarea', { name, rows: 2, required, maxLength: DOMAIN.limits.noteChars }));

async function sayDone(task) {
  const late = task.isOverdue ? [words('lateReason', t('lateReason'), true)] : [];
  const given = await ask(about(task, t('taskDone')), [...late, words('words', t('whatWasDone'), false)], { confirm: t('taskDone') });
  if (given) await post(`/api/v1/tasks/${task.id}/done`, { version: task.version, ...said(given) });
}

/** Whoever signs sees first what its owner says and shows. */
async function signOff(task) {
  const { version, doneWords, lateReason, photos } = await get(`/api/v1/tasks/${task.id}`);
  const picture = (photo) => {
    const src = `/api/v1/tasks/${task.id}/photos/${photo}`;
    return h('a', { href: src, target: '_blank', rel: 'noopener', 'aria-label': t('photo') }, h('img.photo', { src, alt: t('photo') }));
  };
  const lines = [
    h('p', null, `${t('whatWasDone')}${t('colon')}${doneWords ?? '–'}`),
    lateReason ? h('p', null, `${t('lateReason')}${t('colon')}${lateReason}`) : '',
  ];
  const given = await ask(about(task, t('taskSignOff')), [...lines, ...photos.map(picture)], { confirm: t('taskSignOff'), look: 'good' });
  if (given) await post(`/api/v1/tasks/${task.id}/sign-off`, { version });
}

async function sendBack(task) {
  const given = await ask(about(task, t('taskSendBack')), [words('words', t('whatIsMissing'), true)], { confirm: t('taskSendBack') });
  if (given) await post(`/api/v1/tasks/${task.id}/send-back`, { version: task.version, ...said(given) });
}

/** What was left empty is not said. */
const said = (given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value.trim() !== ''));

function printLink(id) {
  return h('a', { href: `/api/v1/tasks/${id}/reminder`, target: '_blank', rel: 'noopener', 'data-cell': `${id} reminder` }, t('printReminder'));
}
