// Number by number: whose, by which channel, what is proven of it, and why not more.
import { CHANNELS } from '@laba/domain/message';
import type { NumberResult } from '@laba/domain/number-check';
import type { NumbersView, NumberView } from '@laba/domain/number-view';
import { reasonWords } from '@laba/domain/reason-words';
import { Button } from 'antd';
import { useState } from 'react';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { useRead } from '../../../app/queries.ts';
import { Said } from '../../../app/said.tsx';
import { frameWords } from '../../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { CHANGED_BY, numbersPath, type Shown } from './numbers.ts';
import { numbersWords } from './words.ts';

const LOOKS: Record<NumberResult, [look: string, icon: string]> = {
  proven: ['chip good', '✓'],
  waiting: ['chip', '…'],
  delivered: ['chip warn', '◐'],
  unconfirmed: ['chip warn', '○'],
  old: ['chip warn', '○'],
  never: ['chip warn', '○'],
  dead: ['chip bad', '✕'],
  none: ['chip bad', '✕'],
};

function Row({ number }: { number: NumberView }) {
  const say = useWords(numbersWords);
  const language = useLanguage();
  const { name, gridName, channel, result, resultWords, reason, tries, askedAt, provenAt, provenDaysAgo } = number;
  const [look, icon] = LOOKS[result];
  const beside = [
    channel === null ? '' : CHANNELS[channel][language],
    reason === null ? '' : reasonWords(reason)[language],
    tries > 1 ? say('tried', { n: tries }) : '',
    provenAt === null ? '' : say('provenOn', { day: provenAt.slice(0, 10), n: provenDaysAgo ?? 0 }),
    askedAt === null || provenAt !== null ? '' : say('askedAt', { at: askedAt.slice(5, 16).replace('T', ' ') }),
  ].filter((words) => words !== '');
  return (
    <li className="number-row" data-result={result}>
      <span className={look}>
        <span aria-hidden="true">{icon}</span> {resultWords[language]}
      </span>
      <b>
        <Said>{name}</Said>
      </b>
      <span>
        <Said>{gridName}</Said> {beside.length === 0 ? '' : `· ${beside.join(' · ')}`}
      </span>
    </li>
  );
}

interface PageProps {
  shown: Shown;
  after: string;
  /** Of the last page that stands. */
  onNext: ((next: string) => void) | undefined;
}

function Page({ shown, after, onNext }: PageProps) {
  const say = useWords(numbersWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useRead<NumbersView>(numbersPath(shown, after), { changedBy: CHANGED_BY });
  if (data === undefined) return <li>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</li>;
  const { numbers, next } = data;
  return (
    <>
      {after === '' && numbers.length === 0 ? <li className="empty">{say('none')}</li> : null}
      {numbers.map((number) => (
        <Row key={`${number.memberId} ${number.channel ?? ''}`} number={number} />
      ))}
      {next === null || onNext === undefined ? null : (
        <li>
          <Button onClick={() => onNext(next)}>{say('more')}</Button>
        </li>
      )}
    </>
  );
}

export function NumberList({ shown }: { shown: Shown }) {
  const say = useWords(numbersWords);
  const [pages, setPages] = useState(['']);
  return (
    <div className="number-list" role="region" aria-label={say('list')} tabIndex={0}>
      <ul className="plain-list">
        {pages.map((after, at) => (
          <Page key={after} {...{ shown, after }} onNext={at === pages.length - 1 ? (next) => setPages([...pages, next]) : undefined} />
        ))}
      </ul>
    </div>
  );
}
