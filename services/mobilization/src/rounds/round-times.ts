// Peacetime: the county's clock of rounds: its policy, and what is and was in force.
import { ROUND_KIND_NAMES, type RoundKind } from '@laba/domain/round';
import { RoundTimes, type RoundClock, type Window } from '@laba/domain/round-clock';
import type { Deps } from '@laba/runtime/service';
import { findPolicy } from '@laba/storage/policy';
import type { Plan } from './plan-store.ts';
import { forcesSince } from './round-store.ts';

/** A patrol's window is a day long at most. */
export const PATROL_WINDOW_MS = 86_400_000;
/** A visit's is a month, a check's a year. */
export const LONGEST_WINDOW_MS: Record<RoundKind, number> = { patrol: PATROL_WINDOW_MS, visit: 31 * PATROL_WINDOW_MS, room: 366 * PATROL_WINDOW_MS };

export async function roundClock(deps: Pick<Deps, 'db' | 'config'>, sinceMs: number): Promise<RoundClock> {
  const [{ policy }, forces] = await Promise.all([findPolicy(deps.db, deps.config.county), forcesSince(deps.db, sinceMs - PATROL_WINDOW_MS)]);
  return { policy: policy.rounds, utcOffsetMinutes: deps.config.utcOffsetMinutes, forces };
}

/** Points of one place that were put on the list together ask alike: their windows are worked out once. */
export function timesBy(clock: RoundClock): (plan: Plan) => RoundTimes {
  const made = new Map<string, RoundTimes>();
  return (plan) => {
    const key = `${plan.kind} ${plan.gridCode} ${plan.sinceMs}`;
    const times = made.get(key) ?? new RoundTimes(plan, clock);
    made.set(key, times);
    return times;
  };
}

/** The same windows, worked out once for all that ask alike. */
export function windowsBy(clock: RoundClock, within: (kind: RoundKind) => Window): (plan: Plan) => readonly Window[] {
  const times = timesBy(clock);
  const spans = new Map(ROUND_KIND_NAMES.map((kind) => [kind, within(kind)]));
  const made = new Map<RoundTimes, readonly Window[]>();
  return (plan) => {
    const of = times(plan);
    const { fromMs, toMs } = spans.get(plan.kind)!;
    const windows = made.get(of) ?? of.dueIn(fromMs, toMs);
    made.set(of, windows);
    return windows;
  };
}
