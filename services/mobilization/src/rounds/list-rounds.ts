// Peacetime: the lists behind the figures: each point, household or room with its last round, the next deadline, and what was missed.
import { capTime } from '@laba/domain/cap';
import { villageOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { HAZARDS } from '@laba/domain/report';
import type { RoundKind } from '@laba/domain/round';
import type { LastRound, RoomState, RoundRow } from '@laba/domain/round-view';
import type { Deps } from '@laba/runtime/service';
import type { Database } from '@laba/storage/database';
import { namesOf, type Plan } from './plan-store.ts';
import { keptSince, lastChecks, lastRounds, mendDeadlines, standingMissed, type Round } from './round-store.ts';
import { LONGEST_WINDOW_MS, PATROL_WINDOW_MS, roundClock, timesBy } from './round-times.ts';
import { subjectsOf } from './subject-store.ts';

/** How long a miss stands on a screen when nobody ever goes there. */
export const shownMissedMs = (kind: RoundKind): number => (kind === 'patrol' ? LIMITS.patrolsMissedShownMs : LIMITS.roundsMissedShownMs);

export async function viewRounds(deps: Deps, kind: RoundKind, plans: readonly Plan[]): Promise<RoundRow[]> {
  if (plans.length === 0) return [];
  const nowMs = deps.clock.now();
  const { db } = deps;
  const ids = plans.map(({ id }) => id);
  const codes = plans.flatMap(({ gridCode }) => [gridCode, villageOf(gridCode)]);
  const [clock, subjects, last, kept, missed, names, rooms] = await Promise.all([
    roundClock(deps, nowMs - PATROL_WINDOW_MS),
    subjectsOf(db, plans),
    lastRounds(db, ids),
    keptSince(
      db,
      kind,
      nowMs - LONGEST_WINDOW_MS[kind],
      plans.map(({ gridCode }) => villageOf(gridCode)),
    ),
    standingMissed(db, ids, nowMs - shownMissedMs(kind)),
    namesOf(db, codes),
    kind === 'room' ? roomStates(db, plans) : new Map<string, RoomState>(),
  ]);
  const times = timesBy(clock);
  return plans.map((plan): RoundRow => {
    const { planId, gridCode, ...of } = { planId: plan.id, kind: plan.kind, subjectId: plan.subjectId, gridCode: plan.gridCode };
    const { name, hazard, walker } = subjects.get(plan.id)!;
    const villageCode = villageOf(gridCode);
    const round = last.get(plan.id);
    const done = kept.get(plan.id) ?? [];
    return {
      ...{ planId, gridCode, ...of, name, hazard, walker, villageCode },
      ...{ gridName: names.get(gridCode) ?? gridCode, villageName: names.get(villageCode) ?? villageCode },
      hazardWords: hazard === null ? null : { zh: HAZARDS[hazard].zh, en: HAZARDS[hazard].en },
      last: round === undefined ? null : lastOf(round, deps.config.utcOffsetMinutes),
      dueAtMs: times(plan).next(nowMs, done.length === 0 ? null : Math.max(...done))?.toMs ?? null,
      missed: missed.get(plan.id)?.missed ?? 0,
      missedSinceMs: missed.get(plan.id)?.sinceMs ?? null,
      room: rooms.get(plan.id) ?? null,
    };
  });
}

const lastOf = ({ id, doneAtMs: atMs, result, means, reportId }: Round, offset: number): LastRound => ({
  ...{ id, atMs, at: capTime(atMs, offset), result, means, reportId },
});

async function roomStates(db: Database, plans: readonly Plan[]): Promise<Map<string, RoomState>> {
  const [{ village, township }, deadlines] = await Promise.all([
    lastChecks(
      db,
      plans.map(({ id }) => id),
    ),
    mendDeadlines(
      db,
      plans.map(({ subjectId }) => subjectId),
    ),
  ]);
  const states = plans.flatMap(({ id, subjectId }): [string, RoomState][] => {
    const check = village.get(id);
    if (check === undefined) return [];
    const look = township.get(id);
    const isLooked = look?.checkId === check.id;
    const { lacking, doneAtMs } = isLooked ? look : check;
    return [
      [
        id,
        {
          lacking: lacking ?? [],
          checkedAtMs: doneAtMs,
          waitsSinceMs: isLooked ? null : check.toldAtMs,
          mendByMs: deadlines.get(subjectId) ?? null,
          checkId: check.id,
        },
      ],
    ];
  });
  return new Map(states);
}
