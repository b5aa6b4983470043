// Chapter 5, tasks: one task whole: what people wrote about it, its photos, what happened to it, and what an officer does with it.
import type { TimelineView } from '@laba/domain/measures-view';
import { roleMay, type Officer } from '@laba/domain/officer';
import type { TaskDetail } from '@laba/domain/task-view';
import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { AsOf } from '../../app/age.tsx';
import { useFrameMode } from '../../app/mode-frame.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { Photos } from './photos.tsx';
import { Told, TaskActs } from './task-acts.tsx';
import { OwnerName, TaskClock } from './task-row.tsx';
import { CHANGED_BY, clockOf, paths } from './tasks.ts';
import { tasksWords } from './words.ts';

function History({ id }: { id: string }) {
  const say = useWords(tasksWords);
  const frame = useWords(frameWords);
  const language = useLanguage();
  const { data, error, refetch } = useRead<TimelineView>(paths.timeline(id), { changedBy: CHANGED_BY });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  return (
    <ol className="timeline" aria-label={say('history')}>
      {data.events.map((event) => (
        <li key={event.seq} data-event={event.type}>
          <time dateTime={event.at}>{event.at.slice(5, 19).replace('T', ' ')}</time> <Said>{event[language]}</Said>{' '}
          <small>{event.who === 'system' ? say('whoSystem') : <Said>{event.whoName}</Said>}</small>
        </li>
      ))}
    </ol>
  );
}

function Facts({ task }: { task: TaskDetail }) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  return (
    <table className="pairs">
      <tbody>
        <Told label={say('what')} words={task.title[language]} />
        <Told label={say('said')} words={task.words} />
        <Told label={say('door')} words={task.door} />
        <tr>
          <th scope="row">{say('owner')}</th>
          <td>
            <OwnerName task={task} /> {task.reminders === 0 ? '' : `· ${say('reminded', { n: task.reminders })}`}
          </td>
        </tr>
        <tr>
          <th scope="row">{say('within')}</th>
          <td>
            {clockOf(task.dueAt)} · <TaskClock task={task} />
          </td>
        </tr>
        <Told label={say('doneWords')} words={task.doneWords} />
        <Told label={say('lateReason')} words={task.lateReason} />
        <Told label={say('dropReason')} words={task.dropReason} />
      </tbody>
    </table>
  );
}

function Whole({ task, officer }: { task: TaskDetail; officer: Officer }) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  const title = useRef<HTMLHeadingElement>(null);
  useFrameMode(task.mode === 'drill' ? 'drill' : undefined);
  useEffect(() => title.current?.focus(), [task.id]);
  return (
    <>
      <div className="spread">
        <h2 id="task-title" ref={title} tabIndex={-1}>
          <ModeTag mode={task.mode} /> <Said>{task.gridName}</Said> · {task.kindWords[language]} · {task.stateWords[language]}
        </h2>
        <Button href={hrefOf('tasks')}>{say('close')}</Button>
      </div>
      <TaskActs task={task} officer={officer} />
      <Facts task={task} />
      {task.alertId === null ? null : (
        <p>
          <a href={hrefOf('board', task.alertId)}>{say('board')}</a>
        </p>
      )}
      {task.source === 'finding' ? (
        <p>
          <a href={hrefOf('look-back', task.sourceId)}>{say('fromFinding')}</a>
        </p>
      ) : null}
      <Photos task={task} mayAct={roleMay(officer.role, 'task.act')} />
      <h3>{say('history')}</h3>
      <History id={task.id} />
    </>
  );
}

export function OneTask({ id, officer }: { id: string; officer: Officer }) {
  const frame = useWords(frameWords);
  const { data, error, dataUpdatedAt, refetch } = useRead<TaskDetail>(paths.one(id), { changedBy: CHANGED_BY });
  return (
    <aside className="panel" aria-labelledby={data === undefined ? undefined : 'task-title'} data-open-task={id}>
      <AsOf atMs={data === undefined ? undefined : serverTimeOf(dataUpdatedAt)} />
      {error === null ? null : <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? error === null ? <p>{frame('loading')}</p> : null : <Whole task={data} officer={officer} />}
    </aside>
  );
}
