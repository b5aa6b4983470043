// One alert on "Now": what it orders, where, since when, and how its roll-call stands.
import type { NowAlert } from '@laba/domain/now-view';
import { Age, spanWords } from '../../app/age.tsx';
import { LevelTag, ModeTag } from '../../app/mode-tag.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { useRead } from '../../app/queries.ts';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { nowWords } from './words.ts';

interface RollCall {
  persons: { total: number; accounted: number; byStatus: Partial<Record<string, number>> };
}

function RollCallSums({ id }: { id: string }) {
  const say = useWords(nowWords);
  const { data } = useRead<RollCall>(`/api/v1/alerts/${id}/rollcall?totals=true`, { changedBy: /^(rollcall|person|place|alert)\./ });
  if (data === undefined || data.persons.total === 0) return null;
  const { total, accounted, byStatus } = data.persons;
  const bad = [
    ...((byStatus['needs-help'] ?? 0) > 0 ? [say('needHelp', { n: byStatus['needs-help'] ?? 0 })] : []),
    ...((byStatus['missing'] ?? 0) > 0 ? [say('missingPersons', { n: byStatus['missing'] ?? 0 })] : []),
  ];
  return (
    <span>
      <a href={hrefOf('rollcall', id)}>{say('rollCall', { accounted, total })}</a>
      {bad.length === 0 ? null : <b className="bad"> · ✕ {bad.join(' · ')}</b>}
    </span>
  );
}

function Clock({ alert }: { alert: NowAlert }) {
  const say = useWords(nowWords);
  const span = useWords(frameWords);
  const leftMs = alert.endTimeMs - useServerNow();
  if (alert.raisedAtMs === null)
    return (
      <span>
        {say('drafted')} <Age atMs={alert.createdAtMs} />
      </span>
    );
  return (
    <span>
      {say('sinceRaise')} <Age atMs={alert.raisedAtMs} /> ·{' '}
      {leftMs > 0 ? say('ends', { left: spanWords(leftMs, span) }) : <b className="bad">✕ {say('endedAlready')}</b>}
      {alert.quiet ? ` · ${say('quiet')}` : ''}
    </span>
  );
}

export function AlertCard({ alert }: { alert: NowAlert }) {
  const say = useWords(nowWords);
  const language = useLanguage();
  const places = usePlaces();
  return (
    <article className={`alert-card ${alert.mode}`} data-alert={alert.id}>
      <p className="spread">
        <span className="tags">
          <ModeTag mode={alert.mode} always /> <LevelTag level={alert.level} order={alert.order} />
        </span>
        {alert.raisedAtMs === null ? (
          <a href={hrefOf('raise', 'alert', alert.id)}>{say('openDraft')}</a>
        ) : (
          <a href={hrefOf('board', alert.id)}>{say('openBoard')}</a>
        )}
      </p>
      <h3>
        <Said>{alert.title}</Said>
      </h3>
      <p>
        <Said>{alert.areas.map((code) => placeName(places, code)).join(language === 'zh' ? '、' : ', ')}</Said>
      </p>
      <p className="small">
        <Clock alert={alert} />
      </p>
      {alert.raisedAtMs === null ? null : (
        <p className="small">
          <RollCallSums id={alert.id} />
        </p>
      )}
    </article>
  );
}
