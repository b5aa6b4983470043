// Chapter 6, look back: what happened, in the order in which it did; what is told once per loudspeaker or member is in the figures.
import type { TimelineView } from '@laba/domain/measures-view';
import { Button } from 'antd';
import { useState } from 'react';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { Said } from '../../app/said.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { lookBackWords } from './words.ts';

const READ_AGAIN_MS = 30_000;

function Rows({ id, after, onNext }: { id: string; after: number; onNext: ((next: number) => void) | undefined }) {
  const say = useWords(lookBackWords);
  const frame = useWords(frameWords);
  const language = useLanguage();
  const path = `/api/v1/alerts/${encodeURIComponent(id)}/timeline?after=${after}&calm=true`;
  const { data, error, refetch } = useRead<TimelineView>(path, { every: READ_AGAIN_MS });
  if (data === undefined) return <li>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</li>;
  const { next } = data;
  return (
    <>
      {data.events.map((event) => (
        <li key={event.seq}>
          <time dateTime={event.at}>{event.at.slice(5, 19).replace('T', ' ')}</time> <Said>{event[language]}</Said>{' '}
          <small>
            <Said>{event.whoName}</Said>
          </small>
        </li>
      ))}
      {next === null || onNext === undefined ? null : (
        <li>
          <Button onClick={() => onNext(next)}>{say('more')}</Button>
        </li>
      )}
    </>
  );
}

export function Timeline({ id }: { id: string }) {
  const [pages, setPages] = useState([0]);
  return (
    <ol className="timeline">
      {pages.map((after, at) => (
        <Rows key={after} id={id} after={after} onNext={at === pages.length - 1 ? (next) => setPages([...pages, next]) : undefined} />
      ))}
    </ol>
  );
}
