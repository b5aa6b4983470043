// One task in a list: where, what, whose, and its clock.
import type { TaskView } from '@laba/domain/task-view';
import { spanWords } from '../../app/age.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { clockOf } from './tasks.ts';
import { tasksWords } from './words.ts';

export function TaskClock({ task }: { task: Pick<TaskView, 'state' | 'dueAt' | 'doneAt' | 'closedAt'> }) {
  const say = useWords(tasksWords);
  const frame = useWords(frameWords);
  const nowMs = useServerNow();
  const { state, dueAt, doneAt, closedAt } = task;
  const age = (at: string) => spanWords(Math.abs(nowMs - Date.parse(at)), frame);
  if (closedAt !== null) return <span>{say('closedAgo', { age: age(closedAt) })}</span>;
  if (state === 'done' && doneAt !== null) return <b className="bad">{say('doneAgo', { age: age(doneAt) })}</b>;
  return nowMs > Date.parse(dueAt) ? <b className="bad">✕ {say('late', { age: age(dueAt) })}</b> : <b>{say('left', { age: age(dueAt) })}</b>;
}

export function OwnerName({ task: { owner } }: { task: TaskView }) {
  const say = useWords(tasksWords);
  return owner === null ? <b className="bad">{say('nobodys')}</b> : <Said>{owner.name}</Said>;
}

export function TaskRow({ task, isOpen }: { task: TaskView; isOpen: boolean }) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  return (
    <tr data-task={task.id} className={isOpen ? 'open' : undefined}>
      <th scope="row">
        <ModeTag mode={task.mode} />{' '}
        <a href={hrefOf('tasks', task.id)} aria-current={isOpen ? 'true' : undefined}>
          <Said>{task.gridName}</Said> · {task.kindWords[language]}
        </a>
        <span className="block small">
          <Said>{task.title[language]}</Said> {task.source === 'finding' ? <span className="chip">{say('fromFinding')}</span> : null}
        </span>
      </th>
      <td>
        <OwnerName task={task} />
        {task.reminders === 0 ? null : <span className="block small">{say('reminded', { n: task.reminders })}</span>}
      </td>
      <td>
        <TaskClock task={task} />
        <span className="block small">
          {say('dueAt', { at: clockOf(task.dueAt) })} · {task.stateWords[language]}
        </span>
      </td>
    </tr>
  );
}
