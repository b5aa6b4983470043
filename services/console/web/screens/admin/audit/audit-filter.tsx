// What is looked for: who, which kind, where, when, which words.
import { AUDIT_KINDS, AUDIT_KIND_NAMES, type AuditKind } from '@laba/domain/audit-view';
import { LIMITS } from '@laba/domain/limits';
import type { OfficersView } from '@laba/domain/officer-view';
import { Button, Checkbox, Input, Select } from 'antd';
import { PlaceSelect } from '../../../app/place-select.tsx';
import { useRead } from '../../../app/queries.ts';
import { Said } from '../../../app/said.tsx';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { OFFICERS } from '../officers/officers.ts';
import { NO_SEARCH, type Search, type Span } from './audit.ts';
import { auditWords } from './words.ts';

const ALL = '';
const SPANS: readonly Span[] = ['day', 'week', 'month', 'all', 'own'];

interface FieldProps {
  search: Search;
  set: (part: Partial<Search>) => void;
}

function OfficerField({ search: { officer }, set }: FieldProps) {
  const say = useWords(auditWords);
  const language = useLanguage();
  const { data } = useRead<OfficersView>(OFFICERS, { changedBy: /^officer\./, every: false });
  const options = [
    { value: ALL, label: say('anybody') },
    ...(data?.officers ?? []).map(({ id, name, username }) => ({ value: id, label: `${name} ${username}` })),
  ];
  return (
    <label className="field" htmlFor="audit-officer">
      {say('officer')}
      <Select
        key={language}
        id="audit-officer"
        showSearch={{ optionFilterProp: 'label' }}
        value={officer ?? ALL}
        options={options}
        optionRender={({ label, value }) => (value === ALL ? label : <Said>{label}</Said>)}
        labelRender={({ label, value }) => (value === ALL ? label : <Said>{label}</Said>)}
        onChange={(id: string) => set({ officer: id === ALL ? undefined : id })}
      />
    </label>
  );
}

function KindField({ search: { kind }, set }: FieldProps) {
  const say = useWords(auditWords);
  const language = useLanguage();
  const options = [{ value: ALL, label: say('anyKind') }, ...AUDIT_KIND_NAMES.map((name) => ({ value: name, label: AUDIT_KINDS[name][language] }))];
  return (
    <label className="field" htmlFor="audit-kind">
      {say('kind')}
      <Select
        key={language}
        id="audit-kind"
        value={kind ?? ALL}
        options={options}
        onChange={(name: string) => set({ kind: name === ALL ? undefined : (name as AuditKind) })}
      />
    </label>
  );
}

function SpanField({ search: { span, from, until }, set }: FieldProps) {
  const say = useWords(auditWords);
  const language = useLanguage();
  return (
    <>
      <label className="field" htmlFor="audit-span">
        {say('span')}
        <Select
          key={language}
          id="audit-span"
          value={span}
          options={SPANS.map((one) => ({ value: one, label: say(`span.${one}`) }))}
          onChange={(one) => set({ span: one })}
        />
      </label>
      {span === 'own' ? (
        <div className="two">
          <label className="field">
            {say('from')}
            <Input type="date" name="from" value={from} onChange={({ target }) => set({ from: target.value })} />
          </label>
          <label className="field">
            {say('until')}
            <Input type="date" name="until" value={until} onChange={({ target }) => set({ until: target.value })} />
          </label>
        </div>
      ) : null}
      {span === 'own' && from !== '' && until !== '' && until < from ? <p className="bad">! {say('clash')}</p> : null}
    </>
  );
}

export function AuditFilter({ search, onChange }: { search: Search; onChange: (search: Search) => void }) {
  const say = useWords(auditWords);
  const set = (part: Partial<Search>) => onChange({ ...search, ...part });
  const isAll = JSON.stringify(search) === JSON.stringify(NO_SEARCH);
  return (
    <div className="audit-filter" role="search" aria-label={say('find')}>
      <label className="field">
        {say('words')}
        <Input
          type="search"
          name="words"
          placeholder={say('wordsHint')}
          maxLength={LIMITS.nameChars}
          value={search.words}
          onChange={({ target }) => set({ words: target.value })}
        />
      </label>
      <OfficerField search={search} set={set} />
      <KindField search={search} set={set} />
      <div className="field">
        <span aria-hidden="true">{say('area')}</span>
        <PlaceSelect
          key={search.area ?? ALL}
          label={say('area')}
          {...(search.area === undefined ? {} : { value: search.area })}
          onChange={(area) => set({ area })}
        />
      </div>
      <SpanField search={search} set={set} />
      <Checkbox checked={search.everybody} onChange={({ target }) => set({ everybody: target.checked })}>
        {say('everybody')}
      </Checkbox>
      {isAll ? null : <Button onClick={() => onChange(NO_SEARCH)}>{say('clear')}</Button>}
    </div>
  );
}
