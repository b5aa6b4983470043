// Chapter 5, sections: from how far people are taken for a group, step by step.
import { isWithin, lineage, tierOf } from '@laba/domain/grid';
import { REACH_NAMES, type Reach } from '@laba/domain/section';

/** The grid nodes of each step; every step holds those before it. */
export type ReachCodes = Readonly<Record<Reach, readonly string[]>>;

/** `neighbours`: those listed for the group and for its village. */
export function reachCodes(code: string, neighbours: readonly string[]): ReachCodes {
  const above = (tier: 'county' | 'township' | 'village') => lineage(code).find((node) => tierOf(node) === tier) ?? code;
  return {
    group: [code],
    village: [above('village')],
    neighbours: [above('village'), ...neighbours],
    township: [above('township'), ...neighbours],
    county: [above('county'), ...neighbours],
  };
}

const isInside = (codes: readonly string[], code: string) => codes.some((node) => isWithin(node, code));

/** The nearest step at which one of a member's grid nodes is reached; `county` where none is. */
export function nearestReach(reach: ReachCodes, memberCodes: readonly string[]): Reach {
  return REACH_NAMES.find((name) => memberCodes.some((code) => isInside(reach[name], code))) ?? 'county';
}

/** Whether he is taken at this step. Who belongs to the village as a whole belongs to each of its groups. */
export function isReached(reach: ReachCodes, upTo: Reach, memberCodes: readonly string[]): boolean {
  const [village] = reach.village;
  return memberCodes.some((code) => code === village || isInside(reach[upTo], code));
}

/** The next step that reaches anybody new; undefined after the last one. */
export function nextReach(reach: ReachCodes, now: Reach): Reach | undefined {
  const later = REACH_NAMES.slice(REACH_NAMES.indexOf(now) + 1);
  return later.find((name) => reach[name].some((code) => !isInside(reach[now], code)));
}
