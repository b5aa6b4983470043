// What the house refuses of a broadcast, in the reader's language with its figures.
import type { BulletinWrong } from '@laba/domain/bulletin-view';
import { problemOf } from '../../api/problem.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useWords } from '../../i18n/language.ts';
import { refusalWords } from './refusal-words.ts';

/** What is wrong, in the reader's language. */
export function useWrongWords(): (wrong: BulletinWrong) => string {
  const say = useWords(refusalWords);
  return ({ wrong, figures }) => say(`wrong.${wrong}`, figures);
}

function wrongOf(error: unknown): BulletinWrong | undefined {
  const { wrong, figures } = problemOf(error) as Partial<BulletinWrong>;
  return wrong === undefined || figures === undefined ? undefined : { wrong, figures };
}

export function WrongNote({ error }: { error: unknown }) {
  const say = useWrongWords();
  const wrong = wrongOf(error);
  if (wrong === undefined) return <ProblemNote error={error} />;
  return (
    <p role="alert" className="bad">
      ✕ {say(wrong)}
    </p>
  );
}
