// Chapter 2, alert: which members and responsible persons no channel reaches, by name, before the button.
import { REACH_GAPS, type NumberPolicy, type ReachGap } from '@laba/domain/number-check';
import { hasScope, type Officer } from '@laba/domain/officer';
import type { AlertingDeps } from './draft-alert.ts';
import { reachCounts, unreachedPeople } from './forecast-store.ts';

export interface ReachForecast {
  /** People whom no channel reaches: they have none, or each of their numbers is known to be dead. */
  unreached: number;
  /** By name as far as the limit goes, who answers for a village first. `name` null: he belongs to a node outside the officer’s scope. */
  people: {
    memberId: string;
    name: string | null;
    gridCode: string;
    gridName: string | null;
    isRung: boolean;
    gap: ReachGap;
    gapWords: { zh: string; en: string };
  }[];
  /** People who have a number or an address, but have not answered by any within `provenForDays`. */
  unproven: number;
  provenForDays: number;
}

const DAY_MS = 86_400_000;

export async function forecastReach(
  deps: AlertingDeps,
  { provenForDays }: NumberPolicy,
  content: { mode: string; areaCodes: readonly string[] },
  officer: Officer,
): Promise<ReachForecast> {
  // A test of the path calls nobody.
  if (content.mode === 'test') return { unreached: 0, people: [], unproven: 0, provenForDays };
  const counts = await reachCounts(deps.db, content.areaCodes, deps.clock.now() - provenForDays * DAY_MS);
  const people = counts.unreached === 0 ? [] : await unreachedPeople(deps.db, content.areaCodes);
  return {
    ...counts,
    people: people.map(({ name, isRung, hasWay, ...one }) => {
      const gap = hasWay === 1 ? 'dead' : 'no-channel';
      return { ...one, name: hasScope(officer, one.gridCode) ? name : null, isRung: isRung === 1, gap, gapWords: REACH_GAPS[gap] };
    }),
    provenForDays,
  };
}
