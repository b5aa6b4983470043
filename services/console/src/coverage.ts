// Chapter 6, watch: one alert counted per grid node. Every row counts the node itself and everything under it.
import { EVER_STATES, type CountedNode, type MemberFigures, type NodeFigures, type SpeakerFigures } from '@laba/domain/board-view';
import { isWithin, lineage } from '@laba/domain/grid';
import type { Answer } from '@laba/domain/member';
import type { GridNode, MemberCount, SiteRow, SpeakerCount } from './overview-store.ts';
import type { Reached } from './reached-counts.ts';

export interface Counted {
  speakers: readonly SpeakerCount[];
  members: readonly MemberCount[];
  households: readonly { gridCode: string; count: number }[];
  sites: readonly (SiteRow & { silent: boolean })[];
  reached: Reached;
  nodes: readonly GridNode[];
}

const ANSWER_FIELDS: Record<Answer, 'coming' | 'onTheWay' | 'arrived' | 'cannot'> = {
  coming: 'coming',
  'on-the-way': 'onTheWay',
  arrived: 'arrived',
  cannot: 'cannot',
};

function nothing(): NodeFigures {
  return {
    speakers: { total: 0, states: {}, ever: {}, changedAtMs: null },
    members: { total: 0, waiting: 0, read: 0, coming: 0, onTheWay: 0, arrived: 0, cannot: 0, closed: 0, joined: 0, changedAtMs: null },
    households: { total: 0 },
    sites: { total: 0, silent: 0 },
  };
}

function later(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

function addSpeakers(to: SpeakerFigures, row: SpeakerCount): void {
  to.total += row.count;
  to.states[row.state] = (to.states[row.state] ?? 0) + row.count;
  to.changedAtMs = later(to.changedAtMs, row.changedAtMs);
}

function addMembers(to: MemberFigures, row: MemberCount): void {
  to.changedAtMs = later(to.changedAtMs, row.changedAtMs);
  if (row.joined === 1) {
    to.joined += row.count;
    return;
  }
  to.total += row.count;
  const field = row.answer !== null ? ANSWER_FIELDS[row.answer] : row.state === 'closed' ? 'closed' : row.state === 'read' ? 'read' : 'waiting';
  to[field] += row.count;
}

const within = (codes: readonly string[]) => (gridCode: string) => codes.some((code) => isWithin(code, gridCode));

/**
 * The figures inside `codes`, in all and per known grid node that holds anything; nodes by code.
 * Members who were called from elsewhere in `scopes` count in all, not per node.
 */
export function countCoverage(counted: Counted, codes: readonly string[], scopes: readonly string[]): { totals: NodeFigures; nodes: CountedNode[] } {
  const totals = nothing();
  const figures = new Map<string, NodeFigures>();
  const [inView, inScope] = [within(codes), within(scopes)];
  const each = (gridCode: string, add: (to: NodeFigures) => void) => {
    if (!inView(gridCode)) return;
    add(totals);
    for (const code of lineage(gridCode).filter(inView)) {
      const node = figures.get(code) ?? nothing();
      figures.set(code, node);
      add(node);
    }
  };
  for (const row of counted.speakers) each(row.gridCode, (to) => addSpeakers(to.speakers, row));
  for (const row of counted.members) {
    each(row.gridCode, (to) => addMembers(to.members, row));
    if (!inView(row.gridCode) && inScope(row.gridCode)) addMembers(totals.members, row);
  }
  for (const row of counted.households)
    each(row.gridCode, (to) => {
      to.households.total += row.count;
    });
  for (const site of counted.sites)
    each(site.gridCode, (to) => {
      to.sites.total += 1;
      to.sites.silent += site.silent ? 1 : 0;
    });
  for (const [gridCode, states] of counted.reached)
    each(gridCode, (to) => {
      for (const state of EVER_STATES) to.speakers.ever[state] = (to.speakers.ever[state] ?? 0) + (states.get(state)?.size ?? 0);
    });
  const known = new Set(counted.nodes.map((node) => node.code));
  const nodes = counted.nodes.flatMap((node): CountedNode[] => {
    const found = figures.get(node.code);
    const parentCode =
      lineage(node.code)
        .slice(0, -1)
        .findLast((code) => known.has(code) && figures.has(code)) ?? null;
    return found === undefined ? [] : [{ ...node, parentCode, ...found }];
  });
  return { totals, nodes };
}
