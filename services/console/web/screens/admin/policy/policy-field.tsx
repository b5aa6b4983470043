// One value of the policy: its name, what it does, its unit, limits and start; to be changed, or only read.
import { Button, Input, InputNumber, Select, Switch } from 'antd';
import { Fragment, useId, type ReactNode } from 'react';
import { Said } from '../../../app/said.tsx';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { at, defaultOf, freshRow, type Field, type Group, type Path, type Value, type Wrong } from './fields.ts';
import { choiceWords, labelOf, meaningOf, unitOf, valueWords } from './spoken.ts';
import { policyWords } from './words.ts';

export interface Editing {
  draft: Value;
  wrong: ReadonlyMap<string, Wrong>;
  /** Undefined: it is only read. */
  set: ((path: Path, value: Value) => void) | undefined;
}

interface Of<F extends Field = Field> {
  field: F;
  path: Path;
  editing: Editing;
}

type Single = Exclude<Field, { kind: 'rows' } | { kind: 'group' }>;

function Editor({ field, path, value, set, id, about }: { field: Single; path: Path; value: Value; set: (value: Value) => void; id: string; about: string }) {
  const language = useLanguage();
  const common = { id, 'aria-describedby': about };
  const options = 'options' in field ? field.options.map((one) => ({ value: one, label: choiceWords(one, path, language) })) : [];
  switch (field.kind) {
    case 'number':
      return <InputNumber {...common} precision={0} value={value as number | null} onChange={(n) => set(n)} />;
    case 'choice':
      return (
        <Select
          {...common}
          allowClear={field.mayBeOff}
          value={value as string | number | null}
          options={options}
          onChange={(one: string | number | undefined) => set(one ?? null)}
        />
      );
    case 'choices':
      return <Select {...common} mode="multiple" value={value as (string | number)[]} options={options} onChange={(some: (string | number)[]) => set(some)} />;
    case 'texts':
      return (
        <Select
          {...common}
          mode="tags"
          open={false}
          suffixIcon={null}
          tokenSeparators={[' ', ',', '，', '、']}
          value={value as string[]}
          onChange={(some: string[]) => set(some)}
        />
      );
    case 'yes':
      return <Switch {...common} checked={value === true} onChange={(is) => set(is)} />;
    case 'text':
      return (
        <Input
          {...common}
          value={(value as string | null) ?? ''}
          maxLength={field.most ?? 200}
          autoComplete="off"
          onChange={({ target }) => set(field.mayBeOff && target.value === '' ? null : target.value)}
        />
      );
  }
}

/** The first thing that is wrong at a place, or inside it. */
export function wrongAt(wrong: ReadonlyMap<string, Wrong>, path: Path): Wrong | undefined {
  const key = path.join('.');
  return wrong.get(key) ?? [...wrong].find(([place]) => place.startsWith(`${key}.`))?.[1];
}

export function useWrongWords(): (wrong: Wrong) => string {
  const say = useWords(policyWords);
  return ({ code, n }) => (code === 'small' || code === 'big' ? say(`wrong.${code}`, { n: n ?? '' }) : say(`wrong.${code}`));
}

function Single({ field, path, editing }: Of<Single>) {
  const say = useWords(policyWords);
  const language = useLanguage();
  const id = useId();
  const wrongWords = useWrongWords();
  const value = at(editing.draft, path);
  const wrong = wrongAt(editing.wrong, path);
  const begins = defaultOf(path);
  const more = [
    field.kind === 'number' ? say('limits', { least: field.least, most: field.most }) : '',
    begins === undefined ? '' : say('start', { value: valueWords(begins, path, language, say) }),
  ].filter((one) => one !== '');
  const { set } = editing;
  return (
    <div className="field policy-field" data-value={path.join('.')} data-wrong={wrong?.code}>
      <label htmlFor={id}>{labelOf(path, language)}</label>
      {set === undefined ? (
        <b id={id}>
          <Said>{valueWords(value, path, language, say)}</Said>
        </b>
      ) : (
        <span className="with-unit">
          <Editor field={field} path={path} value={value} set={(becomes) => set(path, becomes)} id={id} about={`${id}-about`} />
          <span>{unitOf(path, say)}</span>
        </span>
      )}
      <small id={`${id}-about`}>
        {wrong === undefined ? null : (
          <span className="bad block" role="alert">
            ✕ {wrongWords(wrong)}
          </span>
        )}
        {meaningOf(path, language)}
        {more.length === 0 ? null : <span className="block">{more.join(' · ')}</span>}
      </small>
    </div>
  );
}

function RowActs({ path, at: index, rows, set }: { path: Path; at: number; rows: readonly Value[]; set: (path: Path, value: Value) => void }) {
  const say = useWords(policyWords);
  const language = useLanguage();
  const name = say('row', { name: labelOf(path, language), n: index + 1 });
  const button = (words: string, becomes: Value[], isOff = false) => (
    <Button size="small" disabled={isOff} aria-label={`${words} ${name}`} onClick={() => set(path, becomes)}>
      {words}
    </Button>
  );
  const moved = (to: number) => rows.toSpliced(index, 1).toSpliced(to, 0, rows[index]);
  return (
    <p className="acts">
      {index === 0 ? null : button(say('up'), moved(index - 1))}
      {index === rows.length - 1 ? null : button(say('down'), moved(index + 1))}
      {rows.length === 1 ? null : button(say('removeRow'), rows.toSpliced(index, 1))}
    </p>
  );
}

function Rows({ field, path, editing }: Of<{ kind: 'rows'; row: Group }>) {
  const say = useWords(policyWords);
  const language = useLanguage();
  const rows = (at(editing.draft, path) ?? []) as Value[];
  const { set } = editing;
  return (
    <div className="policy-rows" data-value={path.join('.')}>
      {rows.map((_, index) => (
        // A row has no name of its own: it is known by its place.
        <fieldset key={index} className="policy-row">
          <legend>{say('row', { name: labelOf(path, language), n: index + 1 })}</legend>
          <Fields group={field.row} path={[...path, index]} editing={editing} />
          {set === undefined ? null : <RowActs path={path} at={index} rows={rows} set={set} />}
        </fieldset>
      ))}
      {set === undefined ? null : (
        <Button aria-label={`${say('newRow')} ${labelOf(path, language)}`} onClick={() => set(path, [...rows, freshRow(field.row)])}>
          {say('newRow')}
        </Button>
      )}
    </div>
  );
}

function Inner({ path, children }: { path: Path; children: ReactNode }) {
  const language = useLanguage();
  return (
    <fieldset className="policy-row">
      <legend>{labelOf(path, language)}</legend>
      <p className="small">{meaningOf(path, language)}</p>
      {children}
    </fieldset>
  );
}

function Fields({ group, path, editing }: { group: Group; path: Path; editing: Editing }) {
  return (
    <div className="policy-fields">
      {group.fields.map(([name, field]) => (
        <Fragment key={name}>
          <FieldOf field={field} path={[...path, name]} editing={editing} isInner />
        </Fragment>
      ))}
    </div>
  );
}

/** `isInner`: inside another part, and so with a frame of its own. */
export function FieldOf({ field, path, editing, isInner = false }: Of & { isInner?: boolean }) {
  if (field.kind !== 'rows' && field.kind !== 'group') return <Single field={field} path={path} editing={editing} />;
  const inside = field.kind === 'rows' ? <Rows field={field} path={path} editing={editing} /> : <Fields group={field} path={path} editing={editing} />;
  return isInner ? <Inner path={path}>{inside}</Inner> : inside;
}
