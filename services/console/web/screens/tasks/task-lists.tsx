// The lists, the worst first: overdue, waiting for a sign-off, open; the closed ones on demand. Each says how many it has in all.
import type { TasksView } from '@laba/domain/task-view';
import { Button } from 'antd';
import { useState } from 'react';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { columnsOf, WideTable } from '../../app/wide-table.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { TaskRow } from './task-row.tsx';
import { CHANGED_BY, listPath, type Filter, type ListName } from './tasks.ts';
import { tasksWords } from './words.ts';

interface ListProps {
  list: ListName;
  filter: Filter;
  openId: string | undefined;
}

const BAD: readonly ListName[] = ['overdue', 'waiting'];

function Tasks({ view, list, openId }: { view: TasksView; list: ListName; openId: string | undefined }) {
  const say = useWords(tasksWords);
  const columns = columnsOf(['what', 'owner', 'within'] as const, say);
  if (view.tasks.length === 0) return <p className="empty">{say(`none.${list}`)}</p>;
  return (
    <WideTable name={say(`list.${list}`)} columns={columns} look="task-list">
      {view.tasks.map((task) => (
        <TaskRow key={task.id} task={task} isOpen={task.id === openId} />
      ))}
    </WideTable>
  );
}

function TaskList({ list, filter, openId }: ListProps) {
  const say = useWords(tasksWords);
  const frame = useWords(frameWords);
  const [after, turnTo] = useState<string>();
  const { data, error, refetch } = useRead<TasksView>(listPath(list, filter, after), { changedBy: CHANGED_BY });
  if (data === undefined) return <section>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</section>;
  const isBad = BAD.includes(list) && data.counts.total > 0;
  const { next } = data;
  return (
    <section aria-labelledby={`list-${list}`} data-list={list}>
      <div className="spread">
        <h2 id={`list-${list}`} className={isBad ? 'bad' : undefined}>
          {say(`list.${list}`)} {data.counts.total}
        </h2>
        <AsOf atMs={data.asOfMs} />
      </div>
      <Tasks view={data} list={list} openId={openId} />
      {after === undefined && next === null ? null : (
        <p className="acts">
          {after === undefined ? null : <Button onClick={() => turnTo(undefined)}>{say('firstPage')}</Button>}
          {next === null ? null : <Button onClick={() => turnTo(next)}>{say('nextPage')}</Button>}
        </p>
      )}
    </section>
  );
}

export function TaskLists({ filter, openId }: Omit<ListProps, 'list'>) {
  const say = useWords(tasksWords);
  const [isClosedShown, showClosed] = useState(false);
  // Another filter begins on its first page.
  const asked = JSON.stringify(filter);
  return (
    <>
      {(['overdue', 'waiting', 'open'] as const).map((list) => (
        <TaskList key={`${list} ${asked}`} list={list} filter={filter} openId={openId} />
      ))}
      <p>
        <Button aria-expanded={isClosedShown} onClick={() => showClosed(!isClosedShown)}>
          {say(isClosedShown ? 'hideClosed' : 'showClosed')}
        </Button>
      </p>
      {isClosedShown ? <TaskList key={`closed ${asked}`} list="closed" filter={filter} openId={openId} /> : null}
    </>
  );
}
