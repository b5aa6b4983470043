// Every village with its groups as a grid: what each figure stands for opens beside it. Only the cards whose figures changed are drawn anew.
import type { CountedNode } from '@laba/domain/board-view';
import { replaceEqualDeep } from '@tanstack/react-query';
import { memo, useDeferredValue, useMemo, useState, type ReactNode } from 'react';
import { hrefOf } from '../../app/route.ts';
import { Said } from '../../app/said.tsx';
import { AsOf } from '../../app/age.tsx';
import { useWords } from '../../i18n/language.ts';
import { hrefOfList, useBoard, type ListName } from './board-context.ts';
import { countedByCode, inOrder, villagesOf, type Counted, type Village } from './board-order.ts';
import { useCoverage, useLadders, useRollCall } from './board-reads.ts';
import { Chip, MemberChips, SpeakerChips, StatusChips } from './chips.tsx';
import { RowMode } from './row-mode.tsx';
import { boardWords } from './words.ts';

function Cell({ node, list, what, children }: { node: CountedNode; list: ListName; what: string; children: ReactNode }) {
  const { alertId } = useBoard();
  return (
    <a className="cell" href={hrefOfList(alertId, list, node.code)} data-cell={`${list} ${node.code}`}>
      <span className="unseen">
        <Said>{node.name}</Said> {what}{' '}
      </span>
      {children}
    </a>
  );
}

function HouseholdsCell({ node, counted }: { node: CountedNode; counted: Counted | undefined }) {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  if (counted === undefined || counted.persons === 0)
    return <span className="none">{node.households.total === 0 ? say('nothing') : node.households.total}</span>;
  const { households, byStatus } = counted;
  return (
    <>
      <Cell node={node} list="households" what={say('households')}>
        <b className={households.accounted < households.total ? 'bad' : 'good'}>
          <span aria-hidden="true">{households.accounted < households.total ? '✕' : '✓'}</span> {households.accounted}/{households.total}
        </b>
        <StatusChips byStatus={byStatus} />
      </Cell>
      <a href={hrefOf('rollcall', alertId, node.code)} aria-label={say('countThere', { name: node.name })} translate="no">
        {say('count')}
      </a>
    </>
  );
}

function PlaceCells({ node, counted }: { node: CountedNode; counted: Counted | undefined }) {
  const say = useWords(boardWords);
  const { speakers, members, sites } = node;
  const places = counted?.places;
  return (
    <>
      {speakers.total === 0 ? (
        <span className="none">{say('nothing')}</span>
      ) : (
        <Cell node={node} list="speakers" what={say('speakers')}>
          <SpeakerChips states={speakers.states} />
        </Cell>
      )}
      {members.total + members.joined === 0 ? (
        <span className="none">{say('nothing')}</span>
      ) : (
        <Cell node={node} list="members" what={say('members')}>
          <MemberChips members={members} />
        </Cell>
      )}
      <span className="both">
        <HouseholdsCell node={node} counted={counted} />
        {places === undefined || places.total === 0 ? null : (
          <Cell node={node} list="places" what={say('places')}>
            <Chip look={places.open > 0 ? ['✕', 'bad'] : ['✓', 'good']} word={say('places')} n={`${places.total - places.open}/${places.total}`} />
          </Cell>
        )}
        {sites.silent === 0 ? null : (
          <Cell node={node} list="sites" what={say('sites')}>
            <Chip look={['✕', 'bad']} word={`${say('sites')} ${say('silent')}`} n={sites.silent} />
          </Cell>
        )}
      </span>
    </>
  );
}

/** What one card shows. */
interface Card extends Village {
  sum: Counted | undefined;
  ofGroups: readonly (Counted | undefined)[];
}

const cardOf = ({ node, groups }: Village, counted: ReadonlyMap<string, Counted>): Card => ({
  ...{ node, groups, sum: counted.get(node.code) },
  ofGroups: groups.map(({ code }) => counted.get(code)),
});

/** What is drawn together, with its time: cards never claim to be newer than they are. */
interface Grid {
  cards: readonly Card[];
  asOfMs: number | undefined;
}

const NOTHING: Grid = { cards: [], asOfMs: undefined };

const VillageCard = memo(
  function VillageCard({ card: { node, groups, sum, ofGroups } }: { card: Card }) {
    const say = useWords(boardWords);
    return (
      <article className="village-card" data-village={node.code}>
        <h3>
          <RowMode /> <Said>{node.name}</Said>
        </h3>
        <div className="place-row head" aria-hidden="true">
          {(['place', 'speakers', 'members', 'households'] as const).map((key) => (
            <span key={key}>{say(key)}</span>
          ))}
        </div>
        <div className="place-row sum">
          <b>{node.tier === 'village' ? say('sum') : <Said>{node.name}</Said>}</b>
          <PlaceCells node={node} counted={sum} />
        </div>
        {groups.map((group, i) => (
          <div key={group.code} className="place-row" data-group={group.code}>
            <span>
              <RowMode /> <Said>{group.name}</Said>
            </span>
            <PlaceCells node={group} counted={ofGroups[i]} />
          </div>
        ))}
      </article>
    );
  },
  (was, is) => replaceEqualDeep(was.card, is.card) === was.card,
);

/** Cards do not jump from under the hand: while the grid is pointed at or has the focus, its order stands still. */
function inHeldOrder(villages: readonly Village[], held: readonly string[] | undefined): readonly Village[] {
  if (held === undefined) return villages;
  const at = new Map(held.map((code, i) => [code, i]));
  return villages.toSorted((a, b) => (at.get(a.node.code) ?? Infinity) - (at.get(b.node.code) ?? Infinity));
}

export function VillageGrid() {
  const say = useWords(boardWords);
  const { alertId } = useBoard();
  const { data: coverage } = useCoverage(alertId);
  const groups = useRollCall(alertId).data?.groups;
  const ladders = useLadders(alertId).data?.ladders;
  const nodes = coverage?.nodes;
  const [held, hold] = useState<readonly string[]>();
  const counted = useMemo(() => countedByCode(groups === undefined ? undefined : { groups }), [groups]);
  const villages = useMemo(() => inOrder(villagesOf(nodes ?? []), counted, ladders ?? []), [nodes, counted, ladders]);
  const ordered = useMemo(() => inHeldOrder(villages, held), [villages, held]);
  const asOfMs = coverage?.asOfMs;
  const grid = useMemo<Grid>(() => ({ cards: ordered.map((village) => cardOf(village, counted)), asOfMs }), [ordered, counted, asOfMs]);
  // A county has hundreds of cards: they are drawn between frames, and what is pressed meanwhile does not wait for them.
  const drawn = useDeferredValue(grid, NOTHING);
  const keep = () => hold((was) => was ?? ordered.map(({ node }) => node.code));
  return (
    <section aria-labelledby="grid-title">
      <div className="spread">
        <h2 id="grid-title">{say('grid')}</h2>
        <span className="small">{say(held !== undefined ? 'gridHeld' : 'gridOrder')}</span>
        <AsOf atMs={drawn.asOfMs} />
      </div>
      <div
        className="village-grid"
        onPointerEnter={keep}
        onFocus={keep}
        onPointerLeave={({ currentTarget }) => !currentTarget.contains(document.activeElement) && hold(undefined)}
        onBlur={({ currentTarget, relatedTarget }) => !currentTarget.contains(relatedTarget) && !currentTarget.matches(':hover') && hold(undefined)}
      >
        {drawn.cards.map((card) => (
          <VillageCard key={card.node.code} card={card} />
        ))}
      </div>
    </section>
  );
}
