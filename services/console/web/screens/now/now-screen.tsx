// Chapter 6, watch: the screen an officer looks at first: alerts in force, and everything that waits, worst first, each with its age.
import type { NowAlert, NowView } from '@laba/domain/now-view';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { Age, AsOf } from '../../app/age.tsx';
import { useFrameMode } from '../../app/mode-frame.tsx';
import { useNow } from '../../app/now.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { AlertCard } from './alert-card.tsx';
import { rowsOf, type Kind } from './rank.ts';
import { ShiftNotes } from './shift-note.tsx';
import { Tiles } from './tiles.tsx';
import { nowWords } from './words.ts';
import { WorstFirst } from './worst-first.tsx';

function Cards({ alerts }: { alerts: readonly NowAlert[] }) {
  return (
    <div className="cards">
      {alerts.map((alert) => (
        <AlertCard key={`${alert.id} ${alert.raisedAtMs === null ? 'waits' : 'raised'}`} alert={alert} />
      ))}
    </div>
  );
}

function Alerts({ now }: { now: NowView }) {
  const say = useWords(nowWords);
  return (
    <section aria-labelledby="alerts-title">
      <div className="spread">
        <h2 id="alerts-title">{say('alerts')}</h2>
        <AsOf atMs={now.asOfMs} />
      </div>
      {now.alerts.length === 0 ? <p className="empty">{say('noAlerts')}</p> : <Cards alerts={now.alerts} />}
      {now.waiting.length === 0 ? null : (
        <>
          <h2>{say('drafts')}</h2>
          <Cards alerts={now.waiting} />
        </>
      )}
    </section>
  );
}

function Waiting({ now }: { now: NowView }) {
  const say = useWords(nowWords);
  const [kind, choose] = useState<Kind>();
  const rows = useMemo(() => rowsOf(now).filter((row) => kind === undefined || row.kind === kind), [now, kind]);
  return (
    <section aria-labelledby="waiting-title">
      <div className="spread">
        <h2 id="waiting-title">{say('worstFirst')}</h2>
        <AsOf atMs={now.asOfMs} />
      </div>
      <Tiles now={now} chosen={kind} choose={choose} />
      <p className="spread small">
        <span>
          {say('row', { n: rows.length })} · {say('proof')} <Age atMs={now.ladders.proofAgeMs === null ? null : now.asOfMs - now.ladders.proofAgeMs} />
        </span>
        {kind === undefined ? null : (
          <Button size="small" onClick={() => choose(undefined)}>
            {say('showAll')}
          </Button>
        )}
      </p>
      {rows.length === 0 ? (
        <p className="empty">{say(kind === undefined ? 'nothing' : 'nothingOfKind')}</p>
      ) : (
        <WorstFirst rows={rows} label={say('worstFirst')} />
      )}
    </section>
  );
}

export function NowScreen() {
  const say = useWords(nowWords);
  const frame = useWords(frameWords);
  const { data, error, refetch } = useNow();
  // Beside what is real a drill is only tagged: a purple frame here would make the rest look unreal.
  useFrameMode(data?.alerts.some(({ mode }) => mode === 'live') === true ? 'live' : undefined);
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <h1>{say('title')}</h1>
      <ShiftNotes shifts={data.shifts} />
      <div className="now">
        <Alerts now={data} />
        <Waiting now={data} />
      </div>
    </>
  );
}
