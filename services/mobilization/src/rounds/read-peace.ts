// Peacetime: what is due, done and missed in the running day, month and quarter, village by village. It adds up: due = kept + missed + open.
import { capTime } from '@laba/domain/cap';
import { villageOf } from '@laba/domain/grid';
import type { Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { ROUND_KIND_NAMES, type RoundKind } from '@laba/domain/round';
import { isKept, periodOf, type Window } from '@laba/domain/round-clock';
import type { PeaceVillage, PeaceView, RoundFigures } from '@laba/domain/round-view';
import type { Database } from '@laba/storage/database';
import { namesOf, plansIn } from './plan-store.ts';
import { keptSince } from './round-store.ts';
import { LONGEST_WINDOW_MS, PATROL_WINDOW_MS, roundClock, windowsBy } from './round-times.ts';

const NONE: RoundFigures = { due: 0, kept: 0, missed: 0, open: 0 };
type Figures = Record<RoundKind, RoundFigures>;
const noFigures = (): Figures => ({ patrol: NONE, visit: NONE, room: NONE });
const byKind = <T>(make: (kind: RoundKind) => T) => Object.fromEntries(ROUND_KIND_NAMES.map((kind) => [kind, make(kind)])) as Record<RoundKind, T>;

export async function readPeace(deps: Deps, { codes }: Permit<'round.read'>): Promise<PeaceView> {
  const asOfMs = deps.clock.now();
  const [plans, clock] = await Promise.all([plansIn(deps.db, codes), roundClock(deps, asOfMs - PATROL_WINDOW_MS)]);
  const periods = byKind((kind) => periodOf(kind, asOfMs, clock));
  const windows = windowsBy(clock, (kind) => periods[kind]);
  const kept = await keptOf(deps.db, codes, periods);
  const villages = new Map<string, Figures>();
  for (const plan of plans) {
    const code = villageOf(plan.gridCode);
    const before = villages.get(code) ?? noFigures();
    const figures = figuresOf(windows(plan), kept[plan.kind].get(plan.id) ?? [], asOfMs);
    villages.set(code, { ...before, [plan.kind]: sum(before[plan.kind], figures) });
  }
  const names = await namesOf(deps.db, [...villages.keys()]);
  const listed = [...villages].map(([gridCode, figures]): PeaceVillage => ({ gridCode, gridName: names.get(gridCode) ?? gridCode, ...figures }));
  return {
    ...{ asOf: capTime(asOfMs, deps.config.utcOffsetMinutes), asOfMs, periods },
    villages: listed.sort((a, b) => a.gridCode.localeCompare(b.gridCode)),
    total: byKind((kind) => listed.map((village) => village[kind]).reduce(sum, NONE)),
    watched: byKind((kind) => plans.filter((plan) => plan.kind === kind).length),
    items: clock.policy.room.items,
  };
}

async function keptOf(db: Database, codes: readonly string[], periods: Record<RoundKind, Window>): Promise<Record<RoundKind, Map<string, number[]>>> {
  // A window that ends today may have begun before.
  const read = await Promise.all(ROUND_KIND_NAMES.map((kind) => keptSince(db, kind, periods[kind].fromMs - LONGEST_WINDOW_MS[kind], codes)));
  return byKind((kind) => read[ROUND_KIND_NAMES.indexOf(kind)]!);
}

function figuresOf(windows: readonly Window[], kept: readonly number[], nowMs: number): RoundFigures {
  const done = windows.filter((window) => isKept(window, kept)).length;
  const missed = windows.filter((window) => window.toMs <= nowMs && !isKept(window, kept)).length;
  return { due: windows.length, kept: done, missed, open: windows.length - done - missed };
}

const sum = (a: RoundFigures, b: RoundFigures): RoundFigures => ({
  due: a.due + b.due,
  kept: a.kept + b.kept,
  missed: a.missed + b.missed,
  open: a.open + b.open,
});
