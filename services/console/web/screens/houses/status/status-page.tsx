// Villages from which nothing comes by the line: six lines by telephone, and beside the form what was said before.
import { roleMay } from '@laba/domain/officer';
import type { StatusesView } from '@laba/domain/status-view';
import { Button } from 'antd';
import { useState } from 'react';
import { session } from '../../../api/session.ts';
import { AsOf } from '../../../app/age.tsx';
import { placeName, usePlaces } from '../../../app/places.ts';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { useRead } from '../../../app/queries.ts';
import { useRoute } from '../../../app/route.ts';
import { Said } from '../../../app/said.tsx';
import { useStore } from '../../../app/store.ts';
import { frameWords } from '../../../i18n/frame-words.ts';
import { useWords } from '../../../i18n/language.ts';
import { SixLines } from './six-lines.tsx';
import { StatusCard } from './status-card.tsx';
import { CHANGED_BY, listPath, statusHref } from './statuses.ts';
import { statusWords } from './words.ts';

interface ListProps {
  code: string | undefined;
  mayWrite: boolean;
}

/** One page of the list; `onNext`: of the last one that stands. */
function Cards({ code, mayWrite, after, onNext }: ListProps & { after: string; onNext: ((next: string) => void) | undefined }) {
  const say = useWords(statusWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useRead<StatusesView>(listPath(code, after), { changedBy: CHANGED_BY });
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const { statuses, next, asOf } = data;
  return (
    <>
      <p className="small">
        <AsOf atMs={data.asOfMs} />
      </p>
      {after === '' && statuses.length === 0 ? <p className="empty">{say('none')}</p> : null}
      {statuses.map((status) => (
        <StatusCard key={status.id} {...{ status, asOf, mayWrite }} isOwnList={code === status.gridCode} />
      ))}
      {next === null || onNext === undefined ? null : <Button onClick={() => onNext(next)}>{say('older')}</Button>}
    </>
  );
}

function Statuses({ code, mayWrite }: ListProps) {
  const say = useWords(statusWords);
  const places = usePlaces();
  const [pages, setPages] = useState(['']);
  return (
    <section aria-labelledby="said-title" className="statuses">
      <div className="spread">
        <h2 id="said-title">{code === undefined ? say('newest') : <Said>{say('ofPlace', { place: placeName(places, code) })}</Said>}</h2>
        {code === undefined ? null : <a href={statusHref()}>{say('allPlaces')}</a>}
      </div>
      {pages.map((after, at) => (
        <Cards key={after} {...{ code, mayWrite, after }} onNext={at === pages.length - 1 ? (next) => setPages([...pages, next]) : undefined} />
      ))}
    </section>
  );
}

export function StatusPage() {
  const say = useWords(statusWords);
  const standing = useStore(session);
  const named = useRoute().rest[1];
  if (!('officer' in standing)) return null;
  const mayWrite = roleMay(standing.officer.role, 'status.write');
  // A village or a group speaks; no township.
  const code = /^\d{12,14}$/.test(named ?? '') ? named : undefined;
  return (
    <div className="reports">
      <section aria-labelledby="six-title">
        <h2 id="six-title">{say('six')}</h2>
        <p className="lead small">{say('lead')}</p>
        {mayWrite ? <SixLines code={code} /> : <p role="note">{say('mayNot')}</p>}
      </section>
      <Statuses key={code ?? ''} code={code} mayWrite={mayWrite} />
    </div>
  );
}
