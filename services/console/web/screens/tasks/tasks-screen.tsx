// Chapter 5, tasks (交办单): the lists, one task beside them, a new one, and the templates that alerts give work from.
import { roleMay, type Officer } from '@laba/domain/officer';
import { Button } from 'antd';
import { useState } from 'react';
import { session } from '../../api/session.ts';
import { hrefOf, useRoute } from '../../app/route.ts';
import { useStore } from '../../app/store.ts';
import { useWords } from '../../i18n/language.ts';
import { OneTask } from './one-task.tsx';
import { TaskFilter } from './task-filter.tsx';
import { TaskForm } from './task-form.tsx';
import { TaskLists } from './task-lists.tsx';
import { Templates } from './templates.tsx';
import { NO_FILTER } from './tasks.ts';
import { tasksWords } from './words.ts';

function NewTask() {
  const say = useWords(tasksWords);
  return (
    <aside className="panel" aria-labelledby="new-task-title">
      <div className="spread">
        <h2 id="new-task-title">{say('newTask')}</h2>
        <Button href={hrefOf('tasks')}>{say('close')}</Button>
      </div>
      <TaskForm onGiven={({ id }) => location.assign(hrefOf('tasks', id))} />
    </aside>
  );
}

function Tasks({ officer, openId }: { officer: Officer; openId: string | undefined }) {
  const say = useWords(tasksWords);
  const [filter, setFilter] = useState(NO_FILTER);
  const mayAct = roleMay(officer.role, 'task.act');
  const isNew = openId === 'new';
  return (
    <>
      <p className="acts">
        {mayAct ? (
          <Button type="primary" href={hrefOf('tasks', 'new')}>
            {say('create')}
          </Button>
        ) : (
          <span className="small">{say('readOnly')}</span>
        )}
        <Button href={hrefOf('tasks', 'templates')}>{say('templates')}</Button>
      </p>
      <div className={openId === undefined ? 'board' : 'board split'}>
        <div>
          <TaskFilter filter={filter} officer={officer} onChange={setFilter} />
          <TaskLists filter={filter} openId={openId} />
        </div>
        {isNew && mayAct ? <NewTask /> : null}
        {openId === undefined || isNew ? null : <OneTask key={openId} id={openId} officer={officer} />}
      </div>
    </>
  );
}

export function TasksScreen() {
  const say = useWords(tasksWords);
  const standing = useStore(session);
  const [openId, templateId] = useRoute().rest;
  if (!('officer' in standing)) return null;
  return (
    <>
      <h1>{say('title')}</h1>
      <p className="lead">{say('lead')}</p>
      {openId === 'templates' ? <Templates officer={standing.officer} openId={templateId} /> : <Tasks officer={standing.officer} openId={openId} />}
    </>
  );
}
