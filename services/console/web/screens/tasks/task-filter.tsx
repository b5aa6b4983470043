// What the lists are narrowed to: a place, an alert or none, whose, and words.
import type { ListedAlertView } from '@laba/domain/alert-view';
import type { Officer } from '@laba/domain/officer';
import { Button, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { PlaceSelect } from '../../app/place-select.tsx';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { NO_FILTER, type Filter } from './tasks.ts';
import { tasksWords } from './words.ts';

const SETTLE_MS = 300;
const ALL = '';

function AlertSelect({ alert, onChange }: { alert: string | undefined; onChange: (alert: string | undefined) => void }) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  const { data } = useRead<{ alerts: ListedAlertView[] }>('/api/v1/alerts', { changedBy: /^alert\./, every: 60_000 });
  const raised = (data?.alerts ?? []).filter(({ raisedAt, mode }) => raisedAt !== null && mode !== 'test');
  const own = [
    { value: ALL, label: say('allAlerts') },
    { value: 'none', label: say('noAlert') },
  ];
  const options = [...own, ...raised.map(({ id, title, raisedAt }) => ({ value: id, label: `${title} ${(raisedAt ?? '').slice(5, 16).replace('T', ' ')}` }))];
  const isOurs = (value: unknown) => value === ALL || value === 'none';
  return (
    // A list that was open keeps its words: in the other language it is another list.
    <Select
      key={language}
      aria-label={say('alert')}
      value={alert ?? ALL}
      options={options}
      optionRender={({ label, value }) => (isOurs(value) ? label : <Said>{label}</Said>)}
      labelRender={({ label, value }) => (isOurs(value) ? label : <Said>{label}</Said>)}
      onChange={(value: string) => onChange(value === ALL ? undefined : value)}
      popupMatchSelectWidth={false}
    />
  );
}

/** Words are looked for when they have stood still for a moment. */
function TextField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const say = useWords(tasksWords);
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => typed !== text && onChange(typed), SETTLE_MS);
    return () => window.clearTimeout(timer);
  }, [typed, text, onChange]);
  return (
    <Input name="text" aria-label={say('text')} placeholder={say('text')} value={typed} allowClear={false} onChange={(event) => setTyped(event.target.value)} />
  );
}

export function TaskFilter({ filter, officer, onChange }: { filter: Filter; officer: Officer; onChange: (filter: (before: Filter) => Filter) => void }) {
  const say = useWords(tasksWords);
  const language = useLanguage();
  const owners = [
    { value: ALL, label: say('allOwners') },
    { value: officer.id, label: say('mine') },
    { value: 'none', label: say('nobodys') },
  ];
  const set = (part: Partial<Filter>) => onChange((before) => ({ ...before, ...part }));
  const [cleared, setCleared] = useState(0);
  const [setText] = useState(() => (text: string) => onChange((before) => ({ ...before, text })));
  const isAll = JSON.stringify(filter) === JSON.stringify(NO_FILTER);
  return (
    <div className="task-filter" role="search" aria-label={say('filter')}>
      <PlaceSelect
        key={filter.grid ?? 'all'}
        {...(filter.grid === undefined ? {} : { value: filter.grid })}
        onChange={(grid) => set({ grid })}
        label={say('village')}
      />
      <AlertSelect alert={filter.alert} onChange={(alert) => set({ alert })} />
      <Select
        key={language}
        aria-label={say('owner')}
        value={filter.owner ?? ALL}
        options={owners}
        onChange={(value: string) => set({ owner: value === ALL ? undefined : value })}
        popupMatchSelectWidth={false}
      />
      <TextField key={cleared} text={filter.text} onChange={setText} />
      {isAll ? null : (
        <Button
          onClick={() => {
            onChange(() => NO_FILTER);
            setCleared(cleared + 1);
          }}
        >
          {say('showAll')}
        </Button>
      )}
    </div>
  );
}
