// Chapter 2, alert: which members and responsible persons no channel reaches, by name, before the button.
import type { ReachForecast } from '@laba/domain/forecast-view';
import { REACH_GAPS, type NumberPolicy } from '@laba/domain/number-check';
import { hasScope, type Officer } from '@laba/domain/officer';
import type { AlertingDeps } from './draft-alert.ts';
import { reachCounts, unreachedPeople } from './forecast-store.ts';

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
