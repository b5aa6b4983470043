// How far the counting is in each village and group, the worst first; each leads to its list. With the ladder's two clocks, where the village was asked.
import type { LadderView, RollCallView } from '@laba/domain/board-view';
import { useMemo } from 'react';
import { Age, AsOf, spanWords } from '../../app/age.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { StatusChip } from '../board/chips.tsx';
import { VirtualList } from '../board/virtual-list.tsx';
import { useHeld } from './held.ts';
import { inHeldOrder, progressOf, type Progress } from './progress-order.ts';
import { useRoll } from './roll-context.ts';
import { ALL, hrefOfPart, useLadders } from './roll-reads.ts';
import { rollWords } from './words.ts';

const SHOWN = ['missing', 'returned', 'dead', 'injured', 'needs-help', 'refused', 'unreached'] as const;

function Clock({ clock, word }: { clock: LadderView['answer']; word: string }) {
  const say = useWords(rollWords);
  const span = useWords(frameWords);
  const nowMs = useServerNow();
  const { at, overdueSince, dueAt } = clock;
  if (at !== null)
    return (
      <span className="good">
        ✓ {word} {at.slice(11, 16)}
      </span>
    );
  if (overdueSince !== null)
    return (
      <b className="bad">
        ✕ {word} {say('late', { age: spanWords(nowMs - Date.parse(overdueSince), span) })}
      </b>
    );
  return (
    <span>
      ○ {word} {dueAt === null ? say('notAsked') : say('dueBy', { at: dueAt.slice(11, 16) })}
    </span>
  );
}

function Row({ progress, ladder, isChosen }: { progress: Progress; ladder: LadderView | undefined; isChosen: boolean }) {
  const say = useWords(rollWords);
  const { alertId, mode } = useRoll();
  const places = usePlaces();
  const { code, households, persons, byStatus, markedAtMs } = progress;
  const isDone = persons.accounted === persons.total && persons.unconfirmed === 0 && progress.places.open === 0;
  const isGroup = code.length > 12;
  return (
    <div className={isGroup ? 'roll-row group' : 'roll-row'} data-progress={code}>
      <span>
        <ModeTag mode={mode} />{' '}
        <a href={hrefOfPart(alertId, code)} aria-current={isChosen ? 'true' : undefined}>
          <Said>{(isGroup ? places.get(code)?.name : undefined) ?? progress.name ?? placeName(places, code)}</Said>
        </a>
      </span>
      <b className={isDone ? 'good' : 'bad'}>
        <span aria-hidden="true">{isDone ? '✓' : '✕'}</span> {households.accounted}/{households.total} {say('households')} · {persons.accounted}/{persons.total}{' '}
        {say('persons')}
      </b>
      <span className="chips">
        {SHOWN.map((status) => (byStatus[status] === 0 ? null : <StatusChip key={status} status={status} n={byStatus[status]} />))}
        {persons.unconfirmed === 0 ? null : (
          <span className="chip warn">
            {say('unconfirmed')} <b>{persons.unconfirmed}</b>
          </span>
        )}
        {progress.places.open === 0 ? null : (
          <span className="chip warn">
            {say('places')}{' '}
            <b>
              {progress.places.total - progress.places.open}/{progress.places.total}
            </b>
          </span>
        )}
      </span>
      <small>
        {markedAtMs === null ? (
          say('noMark')
        ) : (
          <>
            {say('lastMark')} <Age atMs={markedAtMs} />
          </>
        )}
        {ladder === undefined ? null : (
          <>
            {' · '}
            <Clock clock={ladder.answer} word={say('gotIt')} /> · <Clock clock={ladder.moving} word={say('onTheMove')} />
          </>
        )}
      </small>
    </div>
  );
}

export function ProgressList({ totals, code }: { totals: RollCallView; code: string }) {
  const say = useWords(rollWords);
  const { alertId } = useRoll();
  const ladders = useLadders(alertId).data?.ladders;
  const ladderOf = useMemo(() => new Map((ladders ?? []).map((ladder) => [ladder.gridCode, ladder])), [ladders]);
  const rows = useMemo(() => progressOf(totals.groups), [totals.groups]);
  const {
    rows: ordered,
    held,
    hand,
  } = useHeld<Progress>(
    ({ code: key }) => key,
    (was) => inHeldOrder(rows, ({ code: key }) => key, was),
  );
  return (
    <section aria-labelledby="progress-title" className="roll-progress">
      <div className="spread">
        <h2 id="progress-title">{say('progress')}</h2>
        {held === undefined ? null : <span className="small">{say('held')}</span>}
        <AsOf atMs={totals.asOfMs} />
      </div>
      <p>
        <a href={hrefOfPart(alertId, ALL)} aria-current={code === ALL ? 'true' : undefined}>
          {say('whole')}
        </a>
      </p>
      <div {...hand}>
        <VirtualList
          rows={ordered}
          keyOf={(row) => row.code}
          label={say('progress')}
          draw={(row) => <Row progress={row} ladder={ladderOf.get(row.code)} isChosen={row.code === code} />}
        />
      </div>
    </section>
  );
}
