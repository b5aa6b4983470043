// Chapter 6, look back: which alert or drill, its measures, and the half-year's stars.
import type { ListedAlertView } from '@laba/domain/alert-view';
import { Button } from 'antd';
import { useState } from 'react';
import { AsOf } from '../../app/age.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useRead } from '../../app/queries.ts';
import { hrefOf, useRoute } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { serverTimeOf } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { clockOf, Measures } from './measures.tsx';
import { HalfYear } from './stars.tsx';
import { lookBackWords } from './words.ts';

interface Listed {
  alerts: ListedAlertView[];
  next: string | null;
}

function AlertRow({ alert, isOpen }: { alert: ListedAlertView; isOpen: boolean }) {
  const say = useWords(lookBackWords);
  const { id, mode, title, raisedAt, overAt } = alert;
  return (
    <li className={isOpen ? 'open' : undefined}>
      <a href={hrefOf('look-back', id)} aria-current={isOpen ? 'true' : undefined}>
        <ModeTag mode={mode} /> <Said>{title}</Said>
      </a>
      <span className="block small">
        {say('raisedAt', { at: clockOf(raisedAt ?? '') })} · {overAt === null ? say('standing') : say('over', { at: clockOf(overAt) })}
      </span>
    </li>
  );
}

function AlertList({ openId }: { openId: string | undefined }) {
  const say = useWords(lookBackWords);
  const frame = useWords(frameWords);
  const [after, turnTo] = useState<string>();
  const path = after === undefined ? '/api/v1/alerts' : `/api/v1/alerts?after=${encodeURIComponent(after)}`;
  const { data, error, dataUpdatedAt, refetch } = useRead<Listed>(path, { changedBy: /^alert\./ });
  if (data === undefined) return <section>{error === null ? frame('loading') : <ProblemNote error={error} onRetry={() => void refetch()} />}</section>;
  const { next } = data;
  const raised = data.alerts.filter(({ raisedAt, mode }) => raisedAt !== null && mode !== 'test');
  return (
    <section aria-labelledby="alerts-title" className="alert-list">
      <div className="spread">
        <h2 id="alerts-title">{say('alerts')}</h2>
        <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
      </div>
      {raised.length === 0 ? <p className="empty">{say('noAlerts')}</p> : null}
      <ul>
        {raised.map((alert) => (
          <AlertRow key={alert.id} alert={alert} isOpen={alert.id === openId} />
        ))}
      </ul>
      <p className="acts">
        {after === undefined ? null : <Button onClick={() => turnTo(undefined)}>{say('newest')}</Button>}
        {next === null ? null : <Button onClick={() => turnTo(next)}>{say('older')}</Button>}
      </p>
    </section>
  );
}

export function LookBackScreen() {
  const say = useWords(lookBackWords);
  const [openId] = useRoute().rest;
  return (
    <>
      <h1>{say('title')}</h1>
      <p className="lead">{say('lead')}</p>
      <div className="look-back">
        <AlertList openId={openId} />
        <div>
          {openId === undefined ? (
            <>
              <section>
                <p className="empty">{say('choose')}</p>
              </section>
              <HalfYear />
            </>
          ) : (
            <Measures key={openId} id={openId} />
          )}
        </div>
      </div>
    </>
  );
}
