// A template is changed or made: exactly the version that was seen.
import { EVENT_CODES, LEVELS, ORDERS } from '@laba/domain/alert';
import { LIMITS } from '@laba/domain/limits';
import { TASK_KIND_NAMES, TASK_KINDS, type TaskAction, type TaskKind } from '@laba/domain/task';
import type { TaskTemplateView } from '@laba/domain/task-view';
import { Button, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { put } from '../../api/client.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { queries } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { degreeWords } from './degree-name.ts';
import { TEMPLATES } from './tasks.ts';
import { tasksWords } from './words.ts';

const NEW: TaskTemplateView = { id: '', eventCodes: [], degrees: [], stage: '', zh: '', en: '', actions: [], version: 0 };
const TEXT_FIELDS = ['zh', 'en', 'stage'] as const;
const ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

function ActionFields({
  action,
  taken,
  onChange,
  onRemove,
}: {
  action: TaskAction;
  taken: readonly TaskKind[];
  onChange: (action: TaskAction) => void;
  onRemove: () => void;
}) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  const kinds = TASK_KIND_NAMES.filter((kind) => kind === action.kind || !taken.includes(kind)).map((kind) => ({
    value: kind,
    label: TASK_KINDS[kind][language],
  }));
  const tiers = (['village', 'group'] as const).map((tier) => ({ value: tier, label: say(`tier.${tier}`) }));
  return (
    <fieldset className="template-action">
      <legend>{TASK_KINDS[action.kind][language]}</legend>
      <Select aria-label={say('action.kind')} value={action.kind} options={kinds} onChange={(kind: TaskKind) => onChange({ ...action, kind })} />
      <Select aria-label={say('action.tier')} value={action.tier} options={tiers} onChange={(tier: TaskAction['tier']) => onChange({ ...action, tier })} />
      <label className="field">
        {say('action.minutes')}
        <InputNumber min={1} max={LIMITS.taskMinutes} value={action.minutes} onChange={(minutes) => onChange({ ...action, minutes: minutes ?? 1 })} />
      </label>
      {(['zh', 'en'] as const).map((tongue) => (
        <label key={tongue} className="field">
          {say(`action.${tongue}`)}
          <Input
            lang={tongue === 'zh' ? 'zh-CN' : 'en'}
            maxLength={LIMITS.noteChars}
            value={action[tongue]}
            onChange={(event) => onChange({ ...action, [tongue]: event.target.value })}
          />
        </label>
      ))}
      <Button onClick={onRemove} aria-label={`${say('removeAction')} ${TASK_KINDS[action.kind][language]}`}>
        {say('removeAction')}
      </Button>
    </fieldset>
  );
}

function Actions({ actions, onChange }: { actions: readonly TaskAction[]; onChange: (actions: TaskAction[]) => void }) {
  const say = useWords(tasksWords);
  const taken = actions.map(({ kind }) => kind);
  const free = TASK_KIND_NAMES.find((kind) => !taken.includes(kind));
  return (
    <>
      <h3>{say('actions')}</h3>
      {actions.map((action, at) => (
        <ActionFields
          key={action.kind}
          action={action}
          taken={taken}
          onChange={(changed) => onChange(actions.with(at, changed))}
          onRemove={() => onChange(actions.toSpliced(at, 1))}
        />
      ))}
      {free === undefined ? null : (
        <Button onClick={() => onChange([...actions, { kind: free, tier: 'village', zh: '', en: '', minutes: 60 }])}>{say('addAction')}</Button>
      )}
    </>
  );
}

function Chosen({ draft, set }: { draft: TaskTemplateView; set: (part: Partial<TaskTemplateView>) => void }) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  const hazards = Object.entries(EVENT_CODES).map(([value, words]) => ({ value, label: words[language] }));
  const degrees = [...LEVELS, ...ORDERS].map((value) => ({ value, label: degreeWords(value, language) }));
  return (
    <div className="two">
      <div className="field">
        <span>{say('field.eventCodes')}</span>
        <Select
          mode="multiple"
          aria-label={say('field.eventCodes')}
          value={draft.eventCodes}
          options={hazards}
          onChange={(eventCodes: string[]) => set({ eventCodes })}
        />
      </div>
      <div className="field">
        <span>{say('field.degrees')}</span>
        <Select
          mode="multiple"
          aria-label={say('field.degrees')}
          value={draft.degrees}
          options={degrees}
          onChange={(chosen: string[]) => set({ degrees: chosen })}
        />
      </div>
    </div>
  );
}

function useSaving() {
  const [told, tell] = useState<{ error?: unknown; isSaved: boolean }>({ isSaved: false });
  const save = async ({ id, ...template }: TaskTemplateView) => {
    try {
      await put(`${TEMPLATES}/${encodeURIComponent(id)}`, template);
      tell({ isSaved: true });
      await queries.invalidateQueries({ queryKey: [TEMPLATES] });
      location.assign(hrefOf('tasks', 'templates'));
    } catch (error) {
      tell({ error, isSaved: false });
    }
  };
  return { ...told, save };
}

export function TemplateForm({ template }: { template: TaskTemplateView | undefined }) {
  const say = useWords(tasksWords);
  // What he changes is what he saw when he began; somebody else's change meanwhile is told when he saves.
  const [draft, setDraft] = useState(template ?? NEW);
  const { save, error, isSaved } = useSaving();
  const set = (part: Partial<TaskTemplateView>) => setDraft((before) => ({ ...before, ...part }));
  const isWhole = ID.test(draft.id) && draft.degrees.length > 0 && TEXT_FIELDS.every((field) => draft[field].trim() !== '');
  return (
    <section aria-label={draft.id === '' ? say('addTemplate') : say('edit')}>
      <form
        className="template-form act-window"
        onSubmit={(event) => {
          event.preventDefault();
          if (isWhole) void save(draft);
        }}
      >
        <div className="two">
          <label className="field">
            {say('field.id')}
            <Input name="id" disabled={template !== undefined} value={draft.id} onChange={(event) => set({ id: event.target.value })} autoComplete="off" />
          </label>
          {TEXT_FIELDS.map((field) => (
            <label key={field} className="field">
              {say(`field.${field}`)}
              <Input
                name={field}
                maxLength={LIMITS.alertTitleChars}
                value={draft[field]}
                onChange={(event) => set({ [field]: event.target.value })}
                autoComplete="off"
              />
            </label>
          ))}
        </div>
        <Chosen draft={draft} set={set} />
        <Actions actions={draft.actions} onChange={(actions) => set({ actions })} />
        {error === undefined ? null : <ProblemNote error={error} />}
        <p className="acts">
          <Button type="primary" htmlType="submit" disabled={!isWhole} aria-describedby="why-not-save">
            {say('save')}
          </Button>
          <Button href={hrefOf('tasks', 'templates')}>{say('close')}</Button>
          <span id="why-not-save" className="small" role="status">
            {isSaved ? say('saved') : isWhole ? '' : say('why.noName')}
          </span>
        </p>
      </form>
    </section>
  );
}
