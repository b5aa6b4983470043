// Pairs that are out and people who were called back, whoever is overdue first: both clocks, who sent them, and what an officer heard of them.
import type { SectionsView, WatchView } from '@laba/domain/board-view';
import { Button } from 'antd';
import { useState } from 'react';
import { Age, spanWords } from '../../app/age.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { useBoard } from './board-context.ts';
import { Chip } from './chips.tsx';
import { RowMode } from './row-mode.tsx';
import { checkInPath, HeardWindow } from './section-acts.tsx';
import { isStillOut, missingOf } from './section-people.tsx';
import { sectionsPath, useWhyNot } from './section-window.tsx';
import { sectionWords } from './section-words.ts';
import { boardWords } from './words.ts';

type Watched = WatchView['members'][number];

const nameOf = ({ name, memberId }: Watched) => name ?? memberId;

/** How long is left, or for how long nobody has been heard of. */
function DueClock({ watch }: { watch: WatchView }) {
  const say = useWords(sectionWords);
  const span = useWords(frameWords);
  const nowMs = useServerNow();
  const leftMs = Date.parse(watch.dueAt) - nowMs;
  if (leftMs <= 0) return <b className="bad">✕ {say('late', { age: spanWords(-leftMs, span), n: watch.alarms })}</b>;
  return <span>{say(watch.kind === 'pair' ? 'dueIn' : 'backIn', { at: watch.dueAt.slice(11, 16), left: spanWords(leftMs, span) })}</span>;
}

function Since({ watch }: { watch: WatchView }) {
  const say = useWords(sectionWords);
  const { kind, orderedByName, orderedAt, heardAt, heardByName } = watch;
  return (
    <small>
      <Said>{say(kind === 'pair' ? 'sentOut' : 'ordered', { who: orderedByName ?? say('somebody') })}</Said> <Age atMs={Date.parse(orderedAt)} /> ·{' '}
      {heardAt === null ? (
        say('notHeard')
      ) : (
        <>
          {say('lastHeard')} <Age atMs={Date.parse(heardAt)} /> {heardByName === null ? null : <Said>{say('by', { who: heardByName })}</Said>}
        </>
      )}
      {watch.words === null ? null : (
        <>
          {' · '}
          <Said>{watch.words}</Said>
        </>
      )}
    </small>
  );
}

/** What is heard of a pair as a whole, or of one of its people. */
interface Heard {
  watch: WatchView;
  of: 'well' | Watched;
}

interface WatchProps {
  watch: WatchView;
  /** The window stands in the list: the row goes when somebody else was first. Undefined: the row is only read. */
  onHeard: ((heard: Heard) => void) | undefined;
}

function WatchActs({ watch, onHeard }: { watch: WatchView; onHeard: (heard: Heard) => void }) {
  const say = useWords(sectionWords);
  const why = useWhyNot(watch.gridCode, { later: true });
  const missing = missingOf(watch);
  const names = missing.map(nameOf).join(' · ');
  const disabled = why === null ? {} : { disabled: true, title: say(why) };
  return (
    <span className="acts">
      {watch.kind === 'pair' ? (
        <Button size="small" {...disabled} aria-label={say('wellTitle', { names })} onClick={() => onHeard({ watch, of: 'well' })}>
          {say('isWell')}
        </Button>
      ) : null}
      {missing.map((one) => (
        <Button key={one.memberId} size="small" {...disabled} onClick={() => onHeard({ watch, of: one })}>
          <Said>{say('isBack', { name: nameOf(one) })}</Said>
        </Button>
      ))}
    </span>
  );
}

function WindowOf({ heard: { watch, of }, onClose }: { heard: Heard; onClose: () => void }) {
  const say = useWords(sectionWords);
  const { alertId } = useBoard();
  if (of === 'well')
    return <HeardWindow title={say('wellTitle', { names: missingOf(watch).map(nameOf).join(' · ') })} path={checkInPath(watch)} body={{}} onClose={onClose} />;
  return (
    <HeardWindow title={say('backTitle', { name: nameOf(of) })} path={`${sectionsPath(alertId)}/back`} body={{ memberId: of.memberId }} onClose={onClose} />
  );
}

function WatchRow({ watch, onHeard }: WatchProps) {
  const board = useWords(boardWords);
  const say = useWords(sectionWords);
  const places = usePlaces();
  const back = watch.members.filter(({ backAt }) => backAt !== null);
  return (
    <li className={watch.overdue ? 'watch overdue' : 'watch'} data-watch={watch.id}>
      <RowMode /> <Chip look={watch.overdue ? ['✕', 'bad'] : ['➜', 'idle']} word={board(`watch.${watch.kind}`)} />{' '}
      <b>
        <Said>{missingOf(watch).map(nameOf).join(' · ')}</Said>
      </b>{' '}
      <Said>{placeName(places, watch.gridCode)}</Said> <DueClock watch={watch} /> <Since watch={watch} />
      {back.length === 0 ? null : (
        <small className="block">
          {back.map((one) => (
            <Said key={one.memberId}>✓ {say('returned', { name: nameOf(one), at: (one.backAt ?? '').slice(11, 16) })} </Said>
          ))}
        </small>
      )}
      {onHeard === undefined ? null : <WatchActs watch={watch} onHeard={onHeard} />}
    </li>
  );
}

/** Those that are over: nobody looks for them any more. */
function Before({ watches }: { watches: readonly WatchView[] }) {
  const say = useWords(sectionWords);
  const board = useWords(boardWords);
  if (watches.length === 0) return null;
  return (
    <details className="small">
      <summary>{say('before', { n: watches.length })}</summary>
      <ul className="plain-list">
        {watches.toReversed().map((watch) => (
          <li key={watch.id}>
            <RowMode /> {board(`watch.${watch.kind}`)} <Said>{watch.members.map(nameOf).join(' · ')}</Said> {watch.orderedAt.slice(11, 16)} ·{' '}
            {say(watch.state === 'withdrawn' ? 'ended.withdrawn' : 'ended.back')} {(watch.heardAt ?? '').slice(11, 16)}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** `acts`: in the panel, where there is room for buttons; on the board it is read. */
export function Watches({ view, code, acts = false }: { view: SectionsView; code: string | undefined; acts?: boolean }) {
  const [heard, hear] = useState<Heard>();
  const here = view.watches.filter(({ gridCode }) => code === undefined || gridCode.startsWith(code) || code.startsWith(gridCode));
  const out = here.filter(isStillOut);
  return (
    <>
      {out.length === 0 ? null : (
        <ul className="plain-list">
          {out
            .toSorted((a, b) => Number(b.overdue) - Number(a.overdue) || Date.parse(a.dueAt) - Date.parse(b.dueAt))
            .map((watch) => (
              <WatchRow key={watch.id} watch={watch} onHeard={acts ? hear : undefined} />
            ))}
        </ul>
      )}
      {heard === undefined ? null : <WindowOf heard={heard} onClose={() => hear(undefined)} />}
      {acts ? <Before watches={here.filter((watch) => !isStillOut(watch))} /> : null}
    </>
  );
}
