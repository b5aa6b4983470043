// Tasks (交办单) on the screen: what is late and whose it is, and the list of one alert with its deadlines.
import { get } from './api.js';
import { DOMAIN } from './domain.js';
import { age, h } from './dom.js';
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
      h('tbody', null, tasks.map(row)),
    ),
  );
}

function row(task) {
  return h(
    `tr${task.isOverdue ? '.late' : ''}`,
    null,
    h('th', { scope: 'row' }, `${task.gridName} · ${task.kindWords[lang()]}`),
    h('td', null, task.owner === null ? h('b.bad', null, t('nobodys')) : task.owner.name),
    h('td', null, `${task.stateWords[lang()]} · ${task.dueAt.slice(11, 16)} `, task.isOverdue ? printLink(task.id) : null),
  );
}

function printLink(id) {
  return h('a', { href: `/api/v1/tasks/${id}/reminder`, target: '_blank', rel: 'noopener' }, t('printReminder'));
}
