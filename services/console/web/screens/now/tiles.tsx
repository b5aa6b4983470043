// The figures of "Now": how many of each kind wait. A figure is also a filter of the list.
import type { NowView } from '@laba/domain/now-view';
import { Age } from '../../app/age.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { countsOf, drillsOf, KINDS, type Kind } from './rank.ts';
import { nowWords } from './words.ts';

function Beside({ kind, now }: { kind: Kind; now: NowView }) {
  const say = useWords(nowWords);
  if (kind === 'site') return say('ofTotal', { total: now.sites.total });
  if (kind === 'task') return say('openTasks', { open: now.tasks.open, waiting: now.tasks.waiting, unowned: now.tasks.unowned });
  if (kind === 'ladder') return say('waitingLadders', { waiting: now.ladders.waiting, answered: now.ladders.answered });
  if (kind === 'report' && now.reports.ageMs !== null)
    return (
      <>
        {say('oldest')} <Age atMs={now.asOfMs - now.reports.ageMs} />
      </>
    );
  return null;
}

function Drills({ n }: { n: number }) {
  const say = useWords(frameWords);
  return n === 0 ? null : (
    <small className="mode-tag drill">
      {say('drill')} {n}
    </small>
  );
}

export function Tiles({ now, chosen, choose }: { now: NowView; chosen: Kind | undefined; choose: (kind: Kind | undefined) => void }) {
  const say = useWords(nowWords);
  const counts = countsOf(now);
  return (
    <div className="tiles">
      {KINDS.map((kind) => (
        <button
          key={kind}
          type="button"
          className={counts[kind] > 0 ? `tile bad ${kind}` : `tile ${kind}`}
          aria-pressed={chosen === kind}
          onClick={() => choose(chosen === kind ? undefined : kind)}
        >
          <span className="label">{say(`kind.${kind}`)}</span>
          <span className="figure">
            <span aria-hidden="true">{counts[kind] > 0 ? '✕ ' : '✓ '}</span>
            {counts[kind]}
            <Drills n={drillsOf(now, kind)} />
          </span>
          <small>
            <Beside kind={kind} now={now} />
          </small>
        </button>
      ))}
    </div>
  );
}
