// The whole alert in six figures; each opens its list of all.
import type { CoverageView, RollCallView } from '@laba/domain/board-view';
import type { ReactNode } from 'react';
import { AsOf } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { hrefOf } from '../../app/route.ts';
import { serverTimeOf } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { hrefOfList, useBoard, type ListName } from './board-context.ts';
import { useCoverage, useLadders, useRollCall, useSections } from './board-reads.ts';
import { Chip, MemberChips, SpeakerChip, SpeakerChips, StatusChips } from './chips.tsx';
import { boardWords } from './words.ts';

interface TileProps {
  list: ListName;
  title: string;
  figure: string;
  what: string;
  isBad: boolean;
  asOfMs: number | undefined;
  children?: ReactNode;
}

function Tile({ list, title, figure, what, isBad, asOfMs, children }: TileProps) {
  const { alertId } = useBoard();
  return (
    <div className={isBad ? `board-tile ${list} bad` : `board-tile ${list}`}>
      <a href={hrefOfList(alertId, list)} data-cell={`${list} all`}>
        <span className="label">{title}</span>
        <span className="figure">
          <span aria-hidden="true">{isBad ? '✕' : '✓'}</span> {figure}
        </span>
        <small>{what}</small>
      </a>
      <div className="chips">{children}</div>
      <AsOf atMs={asOfMs} />
    </div>
  );
}

function SpeakersTile({ coverage }: { coverage: CoverageView }) {
  const say = useWords(boardWords);
  const { total, states, ever } = coverage.totals.speakers;
  // What was proven once does not become less when the speaker falls silent; a test makes no sound and proves receipt.
  const done = (coverage.mode === 'test' ? ever.received : ever.playing) ?? 0;
  return (
    <Tile
      list="speakers"
      title={say('speakers')}
      figure={`${done} / ${total}`}
      what={say(coverage.mode === 'test' ? 'reached' : 'sounded')}
      isBad={done < total}
      asOfMs={coverage.asOfMs}
    >
      <SpeakerChips states={states} />
    </Tile>
  );
}

function MembersTile({ coverage }: { coverage: CoverageView }) {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { members } = coverage.totals;
  const came = members.coming + members.onTheWay + members.arrived;
  return (
    <Tile
      list="members"
      title={say('members')}
      figure={`${came} / ${members.total}`}
      what={say('came')}
      isBad={members.waiting + members.read + members.closed > 0}
      asOfMs={coverage.asOfMs}
    >
      <MemberChips members={members} />
      <a href={hrefOfList(alertId, 'joining')} data-cell="joining all">
        {say('joining')}
      </a>
    </Tile>
  );
}

function RollCallTile({ rollCall }: { rollCall: RollCallView }) {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { persons, households, places, complete } = rollCall;
  const isListed = persons.total + places.total > 0;
  return (
    <Tile
      list="households"
      title={say('rollCall')}
      figure={isListed ? `${persons.accounted} / ${persons.total}` : '–'}
      what={say(isListed ? 'personsCounted' : 'nobodyListed')}
      isBad={isListed && !complete}
      asOfMs={rollCall.asOfMs}
    >
      <span>{say('householdsOf', households)}</span>
      {persons.unconfirmed > 0 ? <span>{say('unconfirmed', { n: persons.unconfirmed })}</span> : null}
      <StatusChips byStatus={persons.byStatus} />
      {isListed ? <a href={hrefOf('rollcall', alertId)}>{say('openRollCall')}</a> : null}
    </Tile>
  );
}

function PlacesTile({ rollCall }: { rollCall: RollCallView }) {
  const say = useWords(boardWords);
  const { places, asOfMs } = rollCall;
  if (places.total === 0) return null;
  return (
    <Tile
      list="places"
      title={say('places')}
      figure={`${places.counted} / ${places.expected}`}
      what={say('placesOf', { open: places.open })}
      isBad={places.open > 0}
      asOfMs={asOfMs}
    />
  );
}

function SitesTile({ coverage }: { coverage: CoverageView }) {
  const say = useWords(boardWords);
  const { total, silent } = coverage.totals.sites;
  return (
    <Tile list="sites" title={say('sites')} figure={`${total - silent} / ${total}`} what={say('heard')} isBad={silent > 0} asOfMs={coverage.asOfMs}>
      {silent > 0 ? <Chip look={['✕', 'bad']} word={say('silent')} n={silent} /> : <Chip look={['✓', 'good']} word={say('noneSilent')} />}
    </Tile>
  );
}

function LaddersTile() {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { data } = useLadders(alertId);
  if (data === undefined || data.counts.total === 0) return null;
  const { counts, asOfMs } = data;
  return (
    <Tile
      list="ladders"
      title={say('ladders')}
      figure={`${counts.moving} / ${counts.total}`}
      what={say('movingOf')}
      isBad={counts.overdue > 0 || counts.moving < counts.total}
      asOfMs={asOfMs}
    >
      {counts.overdue > 0 ? <Chip look={['✕', 'bad']} word={say('overdue')} n={counts.overdue} /> : null}
      <span>{say('laddersSums', { waiting: counts.waiting, answered: counts.answered, persons: counts.persons })}</span>
    </Tile>
  );
}

function SectionsTile() {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { data, dataUpdatedAt } = useSections(alertId);
  const first = data?.pages[0];
  if (first === undefined || first.groups.length === 0) return null;
  const { have, needed } = first;
  const overdue = first.watches.filter((watch) => watch.overdue).length;
  return (
    <Tile
      list="sections"
      title={say('sections')}
      figure={`${have} / ${needed}`}
      what={say('seatsOf')}
      isBad={have < needed || overdue > 0}
      asOfMs={serverTimeOf(dataUpdatedAt)}
    >
      {overdue > 0 ? <Chip look={['✕', 'bad']} word={say('overdue')} n={overdue} /> : null}
    </Tile>
  );
}

function Announcements({ coverage }: { coverage: CoverageView }) {
  const say = useWords(boardWords);
  if (coverage.announcements.length === 0) return null;
  const sums = new Map<string, CoverageView['announcements'][number]>();
  for (const one of coverage.announcements) {
    const key = `${one.purpose} ${one.state}`;
    sums.set(key, { ...one, count: one.count + (sums.get(key)?.count ?? 0) });
  }
  return (
    <p className="chips">
      <b>{say('announcements')}</b>
      {[...sums].map(([key, { purpose, state, count }]) => (
        <span key={key}>
          {say(`purpose.${purpose}`)} <SpeakerChip state={state} n={count} />
        </span>
      ))}
    </p>
  );
}

export function Tiles() {
  const frame = useWords(frameWords);
  const { alertId } = useBoard();
  const { data: coverage, error, refetch } = useCoverage(alertId);
  const { data: rollCall, error: uncounted } = useRollCall(alertId);
  if (coverage === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <div className="board-tiles">
        <SpeakersTile coverage={coverage} />
        <MembersTile coverage={coverage} />
        {rollCall === undefined ? uncounted === null ? null : <ProblemNote error={uncounted} /> : <RollCallTile rollCall={rollCall} />}
        {rollCall === undefined ? null : <PlacesTile rollCall={rollCall} />}
        <SitesTile coverage={coverage} />
        <LaddersTile />
        <SectionsTile />
      </div>
      <Announcements coverage={coverage} />
    </>
  );
}
