// Chapter 6, look back: what was found becomes a task with an owner and a deadline; those that were made of it stand here until they are signed off.
import { roleMay } from '@laba/domain/officer';
import type { TasksView } from '@laba/domain/task-view';
import { Button } from 'antd';
import { useState } from 'react';
import { session } from '../../api/session.ts';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { TaskForm } from '../tasks/task-form.tsx';
import { OwnerName, TaskClock } from '../tasks/task-row.tsx';
import { CHANGED_BY, clockOf, TASKS } from '../tasks/tasks.ts';
import { lookBackWords } from './words.ts';

function List({ view }: { view: TasksView }) {
  const say = useWords(lookBackWords);
  const language = useLanguage();
  if (view.tasks.length === 0) return <p className="empty">{say('noFindings')}</p>;
  return (
    <ul className="plain-list">
      {view.tasks.map((task) => (
        <li key={task.id} data-finding={task.id}>
          <a href={hrefOf('tasks', task.id)}>
            <Said>{task.gridName}</Said> · <Said>{task.title[language]}</Said>
          </a>
          <span className="block small">
            <OwnerName task={task} /> · {clockOf(task.dueAt)} · <TaskClock task={task} /> · {task.stateWords[language]}
          </span>
        </li>
      ))}
    </ul>
  );
}

export function Findings({ alertId }: { alertId: string }) {
  const say = useWords(lookBackWords);
  const frame = useWords(frameWords);
  const standing = useStore(session);
  const [isOpen, setOpen] = useState(false);
  const { data, error, refetch } = useRead<TasksView>(`${TASKS}?findingOf=${encodeURIComponent(alertId)}`, { changedBy: CHANGED_BY });
  const mayAct = 'officer' in standing && roleMay(standing.officer.role, 'task.act');
  return (
    <section aria-labelledby="findings-title" className="findings">
      <div className="spread">
        <h2 id="findings-title">{say('findings')}</h2>
        <AsOf atMs={data?.asOfMs} />
      </div>
      <p>{say('findingsLead')}</p>
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? frame('loading') : <List view={data} />}
      {mayAct ? (
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {say('addFinding')}
        </Button>
      ) : null}
      {isOpen && mayAct ? <TaskForm findingOf={alertId} onGiven={() => setOpen(false)} /> : null}
    </section>
  );
}
