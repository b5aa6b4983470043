// Peacetime: one job of the house looks at every deadline when it passes, and writes down where nobody was.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { ROUND_KIND_NAMES, type RoundKind } from '@laba/domain/round';
import { isKept, nextDeadlineMs, type Window } from '@laba/domain/round-clock';
import type { Deps, Reaction, TakenRows } from '@laba/runtime/service';
import type { Database, Op } from '@laba/storage/database';
import { fact, record, recordFacts } from '@laba/storage/events';
import { hastenJobs, type Job } from '@laba/storage/jobs';
import { planOps, type Plan } from './plan-store.ts';
import { insertMissed, keptSince, missedIn, type Missed } from './round-store.ts';
import { LONGEST_WINDOW_MS, roundClock, windowsBy } from './round-times.ts';
import { missedIdOf } from './round-ids.ts';
import { firstIds, isWatched, STANDING, toldEvents, WATCH } from './watch-store.ts';

type WatchDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>;

/** So often the lists are looked at in any case: another house may have told some of them. */
const LOOK_EVERY_MS = 3_600_000;
/** A look begins so much before the last one ended: what is written down is not written again. */
const OVERLAP_MS = 60_000;

/** Where it does not run yet, from now on. */
export async function startRoundWatch(deps: WatchDeps): Promise<void> {
  if (await isWatched(deps.db)) return;
  const atMs = deps.clock.now();
  const told = { type: 'rounds.watched', atMs, who: 'system', via: 'cli', gridCode: deps.config.county, subjectId: STANDING, data: {} } as const;
  await deps.db.atomically(record(await firstIds(deps.db, deps.ids), told)).catch((error: unknown) => {
    // Another process that starts in this moment has put down the same one.
    if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile') throw error;
  });
}

/** The reaction to new lists and to another policy: both hold at once. */
export async function planRounds(deps: WatchDeps): Promise<Reaction> {
  const nowMs = deps.clock.now();
  const { ops } = await planOps(deps.db, nowMs);
  return { ops: [...ops, hastenJobs(WATCH, [STANDING], nowMs)] };
}

const LISTS = ['hazardPoint', 'household', 'person', 'site', 'policy'] as const;

/** Another house told of the lists or of the policy: they hold at once here too. */
export async function hearLists({ db, clock }: Pick<WatchDeps, 'db' | 'clock'>, rows: TakenRows): Promise<void> {
  if (LISTS.some((name) => rows.has(name))) await db.atomically([hastenJobs(WATCH, [STANDING], clock.now())]);
}

/** The reaction to `rounds.watched`. Its own due time says up to where it has looked: a house that was switched off looks at all that passed meanwhile. */
export async function watchRounds(deps: WatchDeps, job: Job): Promise<Reaction> {
  const nowMs = deps.clock.now();
  const span = { fromMs: job.dueAtMs - OVERLAP_MS, toMs: nowMs };
  const [{ plans, ops }, clock] = await Promise.all([planOps(deps.db, nowMs), roundClock(deps, span.fromMs)]);
  const passed = windowsBy(clock, () => span);
  const kinds = ROUND_KIND_NAMES.filter((kind) => plans.some((plan) => plan.kind === kind));
  const found = (await Promise.all(kinds.map((kind) => missedOf(deps.db, kind, plans, passed, span)))).flat();
  // The rest follows at once, and finds these written down.
  const isAll = found.length <= LIMITS.missedPerStep;
  const againAtMs = isAll ? Math.min(nextDeadlineMs(nowMs, kinds, clock), nowMs + LOOK_EVERY_MS) : job.dueAtMs + 1;
  return { ops: [...ops, ...(await tell(deps.db, found.slice(0, LIMITS.missedPerStep), plans))], againAtMs };
}

async function missedOf(db: Database, kind: RoundKind, plans: readonly Plan[], passed: (plan: Plan) => readonly Window[], span: Window): Promise<Missed[]> {
  const asked = plans.filter((plan) => plan.kind === kind && passed(plan).length > 0);
  if (asked.length === 0) return [];
  const [known, kept] = await Promise.all([missedIn(db, kind, span), keptSince(db, kind, span.fromMs - LONGEST_WINDOW_MS[kind])]);
  return asked.flatMap((plan) =>
    passed(plan)
      .filter((window) => !known.has(`${plan.id} ${window.toMs}`) && !isKept(window, kept.get(plan.id) ?? []))
      .map(({ fromMs, toMs }) => ({ planId: plan.id, kind, gridCode: plan.gridCode, fromMs, toMs })),
  );
}

/** At a house that shares this ground the event may stand already, told by the other one: it is the same, word for word. */
async function tell(db: Database, missed: readonly Missed[], plans: readonly Plan[]): Promise<Op[]> {
  if (missed.length === 0) return [];
  const subjects = new Map(plans.map(({ id, subjectId }) => [id, subjectId]));
  const named = missed.map((one) => ({ ...one, id: missedIdOf(one.planId, one.toMs) }));
  const told = await toldEvents(
    db,
    named.map(({ id }) => id),
  );
  const untold = named.filter(({ id }) => !told.has(id));
  const ids = untold.map(({ id }) => id).values();
  const facts = untold.map(({ planId, kind, gridCode, fromMs, toMs }) =>
    fact({ type: 'round.missed', atMs: toMs, who: 'system', via: 'job', gridCode, subjectId: subjects.get(planId)!, data: { kind, fromMs, toMs } }),
  );
  return [insertMissed(missed), ...recordFacts(() => ids.next().value!, facts)];
}
