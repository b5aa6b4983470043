// What comes next, by the house or by somebody: the last line of every row.
import type { ReactNode } from 'react';
import { useWords } from '../../i18n/language.ts';
import { boardWords } from './words.ts';

export function NextStep({ words }: { words: ReactNode }) {
  const say = useWords(boardWords);
  return (
    <small className="next-step">
      <b>{say('next')}</b> {words}
    </small>
  );
}
