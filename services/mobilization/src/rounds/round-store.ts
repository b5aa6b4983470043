// Peacetime: who was there, when nobody was, and what was in force meanwhile, in the database.
import { and, asc, desc, eq, gte, gt, inArray, isNotNull, isNull, lte, notInArray, or, sql, type SQL } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { NOT_KEEPING, type RoundKind } from '@laba/domain/round';
import type { Force, Window } from '@laba/domain/round-clock';
import { CLOSED_TASK_STATES } from '@laba/domain/task';
import { inArea } from '@laba/storage/audience';
import { exactly, one, type Database, type Op } from '@laba/storage/database';
import { isStandingMiss } from '@laba/storage/rounds';
import type { Tables } from '@laba/storage/tables';

export type Round = Tables['round']['$inferSelect'];
export type Missed = Tables['roundMissed']['$inferSelect'];

/** Breaks with `already-done` when it was told before. */
export function insertRound(round: Round): Op {
  return one((q, t) => q.insert(t.round).values(round).onConflictDoNothing().returning({ id: t.round.id }), {
    otherwise: () => new LabaError('already-done', 'This round was told already.'),
  });
}

/** Breaks with `changed-meanwhile` when somebody found one of them in this moment. */
export function insertMissed(rows: readonly Missed[]): Op {
  return exactly(rows.length, (q, t) =>
    q
      .insert(t.roundMissed)
      .values([...rows])
      .onConflictDoNothing()
      .returning({ planId: t.roundMissed.planId }),
  );
}

export async function findRound(db: Database, id: string): Promise<Round | undefined> {
  return (await db.read((q, { round }) => q.select().from(round).where(eq(round.id, id))))[0];
}

/** When somebody was at each of these since `fromMs`, in a way that keeps the round; by plan. `codes`: only there. */
export async function keptSince(db: Database, kind: RoundKind, fromMs: number, codes?: readonly string[]): Promise<Map<string, number[]>> {
  const rows = await db.read((q, { round: r }) => {
    const where = codes === undefined ? undefined : inArea(r.gridCode, codes);
    return q
      .select({ planId: r.planId, doneAtMs: r.doneAtMs })
      .from(r)
      .where(and(eq(r.kind, kind), gte(r.doneAtMs, fromMs), notInArray(r.result, [...NOT_KEEPING]), where));
  });
  const kept = new Map<string, number[]>();
  for (const { planId, doneAtMs } of rows) kept.set(planId, [...(kept.get(planId) ?? []), doneAtMs]);
  return kept;
}

/** Deadlines in this time of which it is written down already that nobody came. */
export async function missedIn(db: Database, kind: RoundKind, { fromMs, toMs }: Window): Promise<Set<string>> {
  const rows = await db.read((q, { roundMissed: m }) =>
    q
      .select({ planId: m.planId, toMs: m.toMs })
      .from(m)
      .where(and(eq(m.kind, kind), gt(m.toMs, fromMs), lte(m.toMs, toMs))),
  );
  return new Set(rows.map(({ planId, toMs: atMs }) => `${planId} ${atMs}`));
}

/** Of these plans: how many deadlines passed since somebody was there, and when the first of them was. */
export async function standingMissed(db: Database, planIds: readonly string[], sinceMs: number): Promise<Map<string, { missed: number; sinceMs: number }>> {
  const rows = await db.read((q, t) => {
    const { roundMissed: m } = t;
    return q
      .select({ planId: m.planId, missed: sql<number>`count(*)`.mapWith(Number), sinceMs: sql<number>`min(${m.toMs})`.mapWith(Number) })
      .from(m)
      .where(and(inArray(m.planId, [...planIds]), gte(m.toMs, sinceMs), isStandingMiss(t)))
      .groupBy(m.planId);
  });
  return new Map(rows.map(({ planId, ...of }) => [planId, of]));
}

/** The newest round of each of these plans, whatever it found. */
export async function lastRounds(db: Database, planIds: readonly string[]): Promise<Map<string, Round>> {
  const rows = await db.read((q, { round: r }) =>
    q
      .select()
      .from(r)
      .where(and(inArray(r.planId, [...planIds]), sql`${r.doneAtMs} = (select max(last.done_at_ms) from ${r} as last where last.plan_id = ${r.planId})`))
      .orderBy(asc(r.toldAtMs), asc(r.id)),
  );
  return new Map(rows.map((row) => [row.planId, row]));
}

/** The newest checks of each of these rooms: of the village itself, and of its township. */
export async function lastChecks(db: Database, planIds: readonly string[]): Promise<{ village: Map<string, Round>; township: Map<string, Round> }> {
  const newest = (isTownship: boolean) =>
    db.read((q, { round: r }) => {
      const last = isTownship ? sql`last.check_id is not null` : sql`last.check_id is null`;
      const own = isTownship ? isNotNull(r.checkId) : isNull(r.checkId);
      return q
        .select()
        .from(r)
        .where(
          and(
            inArray(r.planId, [...planIds]),
            own,
            sql`${r.doneAtMs} = (select max(last.done_at_ms) from ${r} as last where last.plan_id = ${r.planId} and ${last})`,
          ),
        )
        .orderBy(asc(r.toldAtMs), asc(r.id));
    });
  const [village, township] = await Promise.all([newest(false), newest(true)]);
  return { village: new Map(village.map((row) => [row.planId, row])), township: new Map(township.map((row) => [row.planId, row])) };
}

/** What was in force over which ground since then, of live alerts: each degree of each code as one span, however often it was said again. */
export async function forcesSince(db: Database, sinceMs: number): Promise<Force[]> {
  const rows = await db.read((q, { alert, alertRevision: r }) =>
    q
      .select({ alertId: alert.id, overAtMs: alert.overAtMs, level: r.level, order: r.order, areaCodes: r.areaCodes, raisedAtMs: r.raisedAtMs })
      .from(alert)
      .innerJoin(r, eq(r.alertId, alert.id))
      .where(and(eq(alert.mode, 'live'), isNotNull(r.raisedAtMs), or(isNull(alert.overAtMs), gte(alert.overAtMs, sinceMs))))
      .orderBy(asc(alert.id), desc(r.raisedAtMs)),
  );
  return [...Map.groupBy(rows, ({ alertId }) => alertId).values()].flatMap((revisions) => spansOf(revisions.toReversed()));
}

interface Revision {
  overAtMs: number | null;
  level: Force['degree'] | null;
  order: Force['degree'] | null;
  areaCodes: readonly string[];
  raisedAtMs: number | null;
}

function spansOf(revisions: readonly Revision[]): Force[] {
  const spans: { codes: [string]; degree: Force['degree']; fromMs: number; toMs: number | null }[] = [];
  for (const [n, { level, order, areaCodes, raisedAtMs, overAtMs }] of revisions.entries()) {
    const degree = order ?? level;
    const fromMs = raisedAtMs!;
    const toMs = revisions[n + 1]?.raisedAtMs ?? overAtMs;
    for (const code of degree === null ? [] : areaCodes) {
      const before = spans.find((span) => span.codes[0] === code && span.degree === degree && span.toMs === fromMs);
      if (before === undefined) spans.push({ codes: [code], degree: degree!, fromMs, toMs });
      else before.toMs = toMs;
    }
  }
  return spans;
}

/** By when what each of these rooms lacks is to be there: of its open task. */
export async function mendDeadlines(db: Database, siteIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.read((q, { task: t }) => {
    const open: SQL = notInArray(t.state, [...CLOSED_TASK_STATES]);
    return q
      .select({ siteId: t.sourceId, dueAtMs: t.dueAtMs })
      .from(t)
      .where(and(eq(t.source, 'room'), inArray(t.sourceId, [...siteIds]), open));
  });
  return new Map(rows.map(({ siteId, dueAtMs }) => [siteId, dueAtMs]));
}
