// What the roll-call is about and how it stands as a whole: which alert, since when, in which round, and all its figures.
import type { AlertView } from '@laba/domain/alert-view';
import type { RollCallView } from '@laba/domain/board-view';
import type { ReactNode } from 'react';
import { Age, AsOf, spanWords } from '../../app/age.tsx';
import { LevelTag, ModeTag } from '../../app/mode-tag.tsx';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { useRoll } from './roll-context.ts';
import { rollWords, type RollKey } from './words.ts';

function Figure({ name, figure, isBad }: { name: RollKey; figure: string | number; isBad: boolean }) {
  const say = useWords(rollWords);
  return (
    <span className={isBad ? 'roll-figure bad' : 'roll-figure'} data-figure={name}>
      <b>
        <span aria-hidden="true">{isBad ? '✕' : '✓'}</span> {figure}
      </b>
      <small>{say(name)}</small>
    </span>
  );
}

function Figures({ totals }: { totals: RollCallView }) {
  const { households, persons, places } = totals;
  const { byStatus } = persons;
  const bad = { openPersons: byStatus.unreached, missing: byStatus.missing, needsHelp: byStatus['needs-help'], refusedTo: byStatus.refused } as const;
  const more = { returnedBack: byStatus.returned, injured: byStatus.injured + byStatus.dead, unconfirmed: persons.unconfirmed } as const;
  return (
    <div className="roll-figures">
      <Figure name="households" figure={`${households.accounted} / ${households.total}`} isBad={households.accounted < households.total} />
      <Figure name="persons" figure={`${persons.accounted} / ${persons.total}`} isBad={persons.accounted < persons.total} />
      {Object.entries(bad).map(([name, n]) => (
        <Figure key={name} name={name as RollKey} figure={n} isBad={n > 0} />
      ))}
      {Object.entries(more).map(([name, n]) => (n === 0 ? null : <Figure key={name} name={name as RollKey} figure={n} isBad />))}
      {places.total === 0 ? null : <Figure name="places" figure={`${places.counted} / ${places.expected}`} isBad={places.open > 0} />}
      {persons.found === 0 ? null : <Figure name="found" figure={persons.found} isBad={false} />}
    </div>
  );
}

/** Since the raise, and since this recount began. */
function Clocks({ alert, totals }: { alert: AlertView; totals: RollCallView }) {
  const say = useWords(rollWords);
  const span = useWords(frameWords);
  const nowMs = useServerNow();
  if (alert.raisedAt === null) return null;
  return (
    <p className="small">
      {say('sinceRaise')} <Age atMs={Date.parse(alert.raisedAt)} /> ·{' '}
      {totals.roundAt === null ? say('firstRound') : <b>{say('round', { n: totals.round, age: spanWords(nowMs - Date.parse(totals.roundAt), span) })}</b>}
    </p>
  );
}

export function RollHead({ alert, totals, choose }: { alert: AlertView; totals: RollCallView; choose: ReactNode }) {
  const say = useWords(rollWords);
  const { isOpen, mayMark } = useRoll();
  const isOver = alert.state !== 'raised';
  return (
    <section className={`board-head ${alert.mode}`} data-rollcall={alert.id}>
      <div className="spread">
        <span className="tags">
          <ModeTag mode={alert.mode} always /> <LevelTag level={alert.level} order={alert.order} />
        </span>
        {choose}
        <a href={hrefOf('board', alert.id)}>{say('board')}</a>
        <AsOf atMs={totals.asOfMs} />
      </div>
      <h2>
        <Said>{alert.title}</Said> {totals.complete ? <b className="good">✓ {say('complete')}</b> : null}
      </h2>
      <Clocks alert={alert} totals={totals} />
      {isOver && alert.raisedAt !== null ? (
        <p role="status">
          <b>■ {say(isOpen || !mayMark ? 'over' : 'closed')}</b>
        </p>
      ) : null}
      {mayMark ? null : <p className="small">{say('readOnly')}</p>}
      <Figures totals={totals} />
    </section>
  );
}
