// Chapter 5, tasks: what alerts give people to do, by hazard, degree and stage; changed by the county's administrator alone.
import { EVENT_CODES } from '@laba/domain/alert';
import { roleMay, type Officer } from '@laba/domain/officer';
import { TASK_KINDS } from '@laba/domain/task';
import type { TaskTemplateView } from '@laba/domain/task-view';
import { Button } from 'antd';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { degreeWords } from './degree-name.ts';
import { TemplateForm } from './template-form.tsx';
import { TEMPLATES } from './tasks.ts';
import { tasksWords } from './words.ts';

const READ_AGAIN_MS = 30_000;

function Actions({ template }: { template: TaskTemplateView }) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  return (
    <ul>
      {template.actions.map((action) => (
        <li key={action.kind}>
          <b>{TASK_KINDS[action.kind][language]}</b> · {say(`tier.${action.tier}`)} · {say('minutes', { n: action.minutes })}
          <span className="block small">
            <Said>{action[language]}</Said>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Card({ template, why }: { template: TaskTemplateView; why: string | undefined }) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  const { id, eventCodes, degrees, version } = template;
  const between = language === 'zh' ? '、' : ', ';
  const hazards = eventCodes.length === 0 ? say('anyEvent') : eventCodes.map((code) => EVENT_CODES[code]?.[language] ?? code).join(between);
  return (
    <section data-template={id} aria-labelledby={`template-${id}`}>
      <div className="spread">
        <h2 id={`template-${id}`}>
          <Said>{template[language]}</Said> · {hazards}
        </h2>
        <Button
          {...(why === undefined ? { href: hrefOf('tasks', 'templates', id) } : { disabled: true })}
          aria-label={`${say('edit')} ${id}`}
          aria-describedby="why-not-edit"
        >
          {say('edit')}
        </Button>
      </div>
      <p className="small">
        <code translate="no">{id}</code> · {degrees.map((degree) => degreeWords(degree, language)).join(between)} · {say('version', { n: version })}
      </p>
      <Actions template={template} />
    </section>
  );
}

export function Templates({ officer, openId }: { officer: Officer; openId: string | undefined }) {
  const say = useWords(tasksWords);
  const frame = useWords(frameWords);
  const { data, error, dataUpdatedAt, refetch } = useRead<{ templates: TaskTemplateView[] }>(TEMPLATES, { changedBy: /^task\.template/, every: READ_AGAIN_MS });
  if (data === undefined) return <section>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</section>;
  const why = roleMay(officer.role, 'officer.manage') ? undefined : say('templatesReadOnly');
  const open = data.templates.find(({ id }) => id === openId);
  const isEdited = why === undefined && (open !== undefined || openId === 'new');
  return (
    <>
      <p className="spread">
        <a href={hrefOf('tasks')}>← {say('backToTasks')}</a>
        <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
      </p>
      <p>{say('templatesLead')}</p>
      <p className="acts">
        <Button {...(why === undefined ? { href: hrefOf('tasks', 'templates', 'new') } : { disabled: true })} aria-describedby="why-not-edit">
          {say('addTemplate')}
        </Button>
        <span id="why-not-edit" className="small">
          {why}
        </span>
      </p>
      {isEdited ? <TemplateForm key={openId} template={open} /> : null}
      {data.templates.length === 0 ? <p className="empty">{say('noTemplates')}</p> : null}
      <div className="template-cards">
        {data.templates.map((template) => (
          <Card key={template.id} template={template} why={why} />
        ))}
      </div>
    </>
  );
}
