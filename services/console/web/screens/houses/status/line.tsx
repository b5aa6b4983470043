// One of the six lines as it is typed: what is asked, and under it what is wrong with it or what it was taken for.
import { LIMITS } from '@laba/domain/limits';
import { STATUS_LINES } from '@laba/domain/spoken-status';
import { Input, type InputRef } from 'antd';
import type { KeyboardEvent } from 'react';
import { ModeTag } from '../../../app/mode-tag.tsx';
import { Said } from '../../../app/said.tsx';
import { useLanguage, useWords, type Language, type Say } from '../../../i18n/language.ts';
import { understood, wrongWith, type ReadBack } from './read-back.ts';
import { statusWords } from './words.ts';

interface LineProps {
  /** From 0. */
  i: number;
  value: string;
  back: ReadBack | undefined;
  /** What the house said of it when it was to be written down. */
  refused: string;
  onType: (i: number, words: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  take: (input: InputRef | null) => void;
}

type Noted = Pick<LineProps, 'i' | 'value' | 'back' | 'refused'>;

function noteOf({ i, value, back, refused }: Noted, language: Language, say: Say<'didSound' | 'didNotSound' | 'asSaid'>) {
  // What was typed since was not read yet.
  const read = value !== '' && back?.of[i] === value ? back.read : undefined;
  const wrong = refused === '' && read !== undefined ? wrongWith(read, i, language) : refused;
  if (wrong !== '') return { isWrong: true, words: `✕ ${wrong}` };
  return { isWrong: false, words: read === undefined ? '' : `✓ ${understood(read, i, language, say) || say('asSaid')}` };
}

export function Line({ onType, onKeyDown, take, ...noted }: LineProps) {
  const say = useWords(statusWords);
  const language = useLanguage();
  const { i, value } = noted;
  const asked = STATUS_LINES[i]!;
  const note = noteOf(noted, language, say);
  return (
    <div className="status-line">
      <label className="field">
        <span>
          {i + 1}. {asked[language]}
        </span>
        <Input
          ref={take}
          name={`line${i + 1}`}
          value={value}
          autoComplete="off"
          required={i === 0}
          maxLength={LIMITS.statusLineChars}
          aria-describedby={`read-${i + 1}`}
          aria-invalid={note.isWrong}
          placeholder={asked.example[language]}
          onChange={({ target }) => onType(i, target.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <small id={`read-${i + 1}`} className={note.isWrong ? 'read-back bad' : 'read-back'} role="status">
        {note.words}
      </small>
    </div>
  );
}

/** How many the list has there, and what is in force there. */
export function Expected({ back }: { back: ReadBack | undefined }) {
  const say = useWords(statusWords);
  if (back === undefined) return null;
  if (back.read === undefined) return <p role="status">! {say('notRead')}</p>;
  const { expected, alert } = back.read;
  return (
    <p className="expected" role="status">
      <b>{say('listHas', { households: expected.households, persons: expected.persons })}</b>
      {alert === null ? null : (
        <>
          {' · '}
          {say('underAlert')} <ModeTag mode={alert.mode} always /> <Said>{alert.title}</Said>
        </>
      )}
    </p>
  );
}
