// Chapter 6, reporting upward: what no machine knows, in an officer's words; what he typed is lost by nothing that others do meanwhile.
import { LIMITS } from '@laba/domain/limits';
import { SITUATION_FIELD_NAMES, SITUATION_FIELDS, type SituationField } from '@laba/domain/situation';
import type { SituationSheet } from '@laba/domain/situation-view';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { put } from '../../api/client.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { dropWords, hasWords, isSame, paths, readReportsAnew, typedWords, typeWords, type InBoth, type Typed } from './upward.ts';
import { upwardWords } from './words.ts';

function Clash({ sheet, field, typed }: { sheet: SituationSheet; field: SituationField; typed: Typed }) {
  const say = useWords(upwardWords);
  const given = typed[field];
  const now = sheet.words[field];
  if (given === undefined || isSame(given.base, now) || isSame(given.mine, now)) return null;
  const words = [now.zh, now.en].filter(Boolean).join('\n');
  return (
    <div className="clash" role="alert">
      <p>
        <b className="bad">! {say('clash')}</b> {words === '' ? say('emptyNow') : <Said block>{words}</Said>}
      </p>
      <p>
        {say('clashAlso')}{' '}
        <Button size="small" onClick={() => dropWords(sheet.id, [field])}>
          {say('useTheirs')}
        </Button>
      </p>
    </div>
  );
}

function Field({ sheet, field, typed }: { sheet: SituationSheet; field: SituationField; typed: Typed }) {
  const say = useWords(upwardWords);
  const name = SITUATION_FIELDS[field][useLanguage()];
  const shown = typed[field]?.mine ?? sheet.words[field];
  const box = (language: keyof InBoth, label: string) => (
    <label className="field">
      {label}
      <Input.TextArea
        name={`${field}.${language}`}
        rows={3}
        lang={language === 'zh' ? 'zh-CN' : 'en'}
        maxLength={LIMITS.situationWordsChars}
        value={shown[language]}
        onChange={(event) => typeWords(sheet, field, { ...shown, [language]: event.target.value })}
      />
    </label>
  );
  return (
    <>
      <div className="two">
        {box('zh', say('inChinese', { field: name }))}
        {box('en', say('inEnglish', { field: name }))}
      </div>
      <Clash sheet={sheet} field={field} typed={typed} />
    </>
  );
}

/** What was typed while it was saved stays. */
function settle(id: string, sent: Typed): void {
  const now = typedWords.value[id] ?? {};
  dropWords(
    id,
    SITUATION_FIELD_NAMES.filter((field) => now[field]?.mine === sent[field]?.mine),
  );
}

function useSave({ id, version }: SituationSheet, typed: Typed) {
  const [told, setTold] = useState<{ error?: unknown; isSaved: boolean }>({ isSaved: false });
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      await put(paths.words(id), { version, words: Object.fromEntries(Object.entries(typed).map(([field, { mine }]) => [field, mine])) });
      await readReportsAnew();
      settle(id, typed);
      setTold({ isSaved: true });
    } catch (error) {
      setTold({ error, isSaved: false });
      await readReportsAnew();
    }
    setBusy(false);
  };
  return { ...told, isBusy, save };
}

export function WordsForm({ sheet }: { sheet: SituationSheet }) {
  const say = useWords(upwardWords);
  const typed = useStore(typedWords)[sheet.id] ?? {};
  const { error, isSaved, isBusy, save } = useSave(sheet, typed);
  const isTyped = hasWords(typed);
  return (
    <form
      className="words-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {SITUATION_FIELD_NAMES.map((field) => (
        <Field key={field} sheet={sheet} field={field} typed={typed} />
      ))}
      {error === undefined ? null : <ProblemNote error={error} />}
      <p className="acts">
        <Button type="primary" htmlType="submit" disabled={!isTyped} loading={isBusy} aria-describedby="why-not-save">
          {say('save')}
        </Button>
        <span id="why-not-save" role="status">
          {isTyped ? '' : say(isSaved ? 'saved' : 'nothingToSave')}
        </span>
      </p>
    </form>
  );
}

/** Of a report that somebody signed while he was typing. */
export function WordsLeft({ id }: { id: string }) {
  const say = useWords(upwardWords);
  const language = useLanguage();
  const typed = useStore(typedWords)[id];
  if (!hasWords(typed)) return null;
  return (
    <div className="clash" role="alert">
      <p>
        <b className="bad">! {say('notIn')}</b>
      </p>
      {Object.entries(typed ?? {}).map(([field, { mine }]) => (
        <div key={field}>
          {SITUATION_FIELDS[field as SituationField][language]}
          <Said block>{[mine.zh, mine.en].filter(Boolean).join('\n')}</Said>
        </div>
      ))}
      <Button size="small" onClick={() => dropWords(id)}>
        {say('drop')}
      </Button>
    </div>
  );
}
