// A task is given out: by hand or out of a template, to a real person or by post, with a deadline. Also what an after-action has found.
import { LIMITS } from '@laba/domain/limits';
import { TASK_KIND_NAMES, TASK_KINDS, type TaskKind } from '@laba/domain/task';
import type { TaskDetail, TaskTemplateView } from '@laba/domain/task-view';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { PlaceSelect } from '../../app/place-select.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { serverNow } from '../../app/server-time.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { OwnerSelect, type Owner } from './owner-select.tsx';
import { SpanSelect } from './span-select.tsx';
import { readTasksAnew, TASKS, TEMPLATES } from './tasks.ts';
import { tasksWords } from './words.ts';

interface Draft {
  kind: TaskKind;
  gridCode: string | undefined;
  title: string;
  words: string;
  minutes: number;
  owner: Owner | undefined;
}

const MINUTE_MS = 60_000;
const NOTHING: Draft = { kind: 'finding', gridCode: undefined, title: '', words: '', minutes: 12 * 60, owner: undefined };
const WEEK_MINUTES = 7 * 24 * 60;
const titled = (words: string) => words.slice(0, 1).toUpperCase() + words.slice(1);

function TemplateSelect({ onChoose }: { onChoose: (part: Pick<Draft, 'kind' | 'title' | 'words' | 'minutes'>) => void }) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  const { data } = useRead<{ templates: TaskTemplateView[] }>(TEMPLATES, { changedBy: /^task\.template/, every: 60_000 });
  const all = (data?.templates ?? []).flatMap((template) => template.actions.map((action) => ({ template, action, value: `${template.id} ${action.kind}` })));
  const options = all.map(({ template, action, value }) => ({
    value,
    label: `${template.id} · ${template[language]} · ${titled(TASK_KINDS[action.kind][language])}`,
  }));
  return (
    <Select
      aria-label={say('fromTemplate')}
      placeholder={say('byHand')}
      showSearch={{ optionFilterProp: 'label' }}
      options={options}
      optionRender={({ label }) => <Said>{label}</Said>}
      labelRender={({ label }) => <Said>{label}</Said>}
      onChange={(value: string) => {
        const { action } = all.find((one) => one.value === value)!;
        onChoose({ kind: action.kind, title: TASK_KINDS[action.kind].zh, words: action[language], minutes: action.minutes });
      }}
    />
  );
}

function useGiving(draft: Draft, findingOf: string | undefined, onGiven: (task: TaskDetail) => void) {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const give = async () => {
    setBusy(true);
    setError(undefined);
    const { minutes, owner, words, title, kind, gridCode } = draft;
    const dueAt = new Date(serverNow() + minutes * MINUTE_MS).toISOString();
    const said = words.trim() === '' ? {} : { words: words.trim() };
    try {
      onGiven(
        await post<TaskDetail>(TASKS, { kind, gridCode, title: title.trim(), dueAt, ...said, ...owner, ...(findingOf === undefined ? {} : { findingOf }) }),
      );
    } catch (refused) {
      setError(refused);
    }
    await readTasksAnew();
    setBusy(false);
  };
  return { give, isBusy, problem: error === undefined ? null : <ProblemNote error={error} /> };
}

function Fields({ draft, set }: { draft: Draft; set: (part: Partial<Draft>) => void }) {
  const say = useWords(tasksWords);
  const { gridCode } = draft;
  return (
    <>
      <div className="field">
        <span>{say('place')}</span>
        <PlaceSelect
          label={say('place')}
          {...(gridCode === undefined ? {} : { value: gridCode })}
          onChange={(code) => set({ gridCode: code, owner: undefined })}
          tiers={['township', 'village', 'group']}
        />
      </div>
      <label className="field">
        {say('titleField')}
        <Input
          name="title"
          maxLength={LIMITS.alertTitleChars}
          value={draft.title}
          onChange={(event) => set({ title: event.target.value })}
          autoComplete="off"
        />
      </label>
      <label className="field">
        {say('wordsField')}
        <Input.TextArea name="words" rows={3} maxLength={LIMITS.noteChars} value={draft.words} onChange={(event) => set({ words: event.target.value })} />
      </label>
      <div className="field">
        <span>{say('within')}</span>
        <SpanSelect label={say('within')} minutes={draft.minutes} onChange={(minutes) => set({ minutes })} />
      </div>
      {gridCode === undefined ? null : (
        <div className="field">
          <span>{say('chooseOwner')}</span>
          <OwnerSelect key={gridCode} grid={gridCode} owner={draft.owner} onChange={(owner) => set({ owner })} mayBeNobody />
        </div>
      )}
    </>
  );
}

/** `findingOf`: the alert that was looked back at; then it is a finding, without templates. */
export function TaskForm({ findingOf, onGiven }: { findingOf?: string; onGiven: (task: TaskDetail) => void }) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  const begin = findingOf === undefined ? NOTHING : { ...NOTHING, minutes: WEEK_MINUTES };
  const [draft, setDraft] = useState(begin);
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const { give, isBusy, problem } = useGiving(draft, findingOf, (task) => {
    setDraft(begin);
    onGiven(task);
  });
  const why = draft.gridCode === undefined ? say('why.noPlace') : draft.title.trim() === '' ? say('why.noTitle') : undefined;
  const kinds = TASK_KIND_NAMES.map((kind) => ({ value: kind, label: titled(TASK_KINDS[kind][language]) }));
  return (
    <form
      className="task-form act-window"
      onSubmit={(event) => {
        event.preventDefault();
        if (why === undefined) void give();
      }}
    >
      {findingOf === undefined ? (
        <div className="two">
          <div className="field">
            <span>{say('fromTemplate')}</span>
            <TemplateSelect onChoose={set} />
          </div>
          <div className="field">
            <span>{say('kind')}</span>
            <Select aria-label={say('kind')} value={draft.kind} options={kinds} onChange={(kind: TaskKind) => set({ kind })} />
          </div>
        </div>
      ) : null}
      <Fields draft={draft} set={set} />
      {problem}
      <p className="acts">
        <Button type="primary" htmlType="submit" disabled={why !== undefined} loading={isBusy} aria-describedby="why-not-give">
          {say('give')}
        </Button>
        <span id="why-not-give" className="small" role="status">
          {why}
        </span>
      </p>
    </form>
  );
}
