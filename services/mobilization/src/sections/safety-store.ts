// Chapter 5, safety: who is out and must be heard of, in the database.
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { inArea } from '@laba/storage/audience';
import { any, exactly, one, type Database, type Op } from '@laba/storage/database';
import { byTurns } from '@laba/storage/locks';
import type { Tables } from '@laba/storage/tables';

export type SafetyWatch = Tables['safetyWatch']['$inferSelect'];
export interface WatchedMember {
  memberId: string;
  name: string | null;
  backAtMs: number | null;
}
export type Watch = SafetyWatch & { members: WatchedMember[] };

async function watchesWhere(db: Database, where: (t: Tables) => ReturnType<typeof and>): Promise<Watch[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ watch: t.safetyWatch, memberId: t.safetyWatchMember.memberId, name: t.member.name, backAtMs: t.safetyWatchMember.backAtMs })
      .from(t.safetyWatch)
      .innerJoin(t.safetyWatchMember, eq(t.safetyWatchMember.watchId, t.safetyWatch.id))
      .leftJoin(t.member, eq(t.member.id, t.safetyWatchMember.memberId))
      .where(where(t))
      .orderBy(asc(t.safetyWatch.orderedAtMs), asc(t.safetyWatch.id), asc(t.safetyWatchMember.memberId)),
  );
  return [...Map.groupBy(rows, ({ watch }) => watch.id).values()].map((of) => ({
    ...of[0]!.watch,
    members: of.map(({ memberId, name, backAtMs }) => ({ memberId, name, backAtMs })),
  }));
}

export async function findWatch(db: Database, id: string): Promise<Watch | undefined> {
  return (await watchesWhere(db, (t) => eq(t.safetyWatch.id, id)))[0];
}

/** Every pair and withdrawal of these grid nodes, oldest first. */
export function listWatches(db: Database, alertId: string, codes: readonly string[]): Promise<Watch[]> {
  return watchesWhere(db, (t) => and(eq(t.safetyWatch.alertId, alertId), inArea(t.safetyWatch.gridCode, codes)));
}

/** Those that a member has not come back from. */
export function watchesOf(db: Database, alertId: string, memberId: string): Promise<Watch[]> {
  return watchesWhere(db, (t) => {
    const { safetyWatchMember: inside, safetyWatch: watch } = t;
    const his = sql`exists (select 1 from ${inside} as his where his.watch_id = ${watch.id} and his.member_id = ${memberId} and his.back_at_ms is null)`;
    return and(eq(watch.alertId, alertId), eq(watch.state, 'out'), his);
  });
}

/** Members who are at the scene, or on their way there, with a seat in these grid nodes. */
export async function listAtScene(db: Database, alertId: string, codes: readonly string[]): Promise<string[]> {
  const rows = await db.read((q, { sectionSeat: seat, call }) =>
    q
      .select({ memberId: seat.memberId })
      .from(seat)
      .innerJoin(call, and(eq(call.alertId, seat.alertId), eq(call.memberId, seat.memberId)))
      .where(and(eq(seat.alertId, alertId), eq(seat.state, 'held'), inArea(seat.gridCode, codes), inArray(call.answer, ['arrived', 'on-the-way'])))
      .orderBy(asc(seat.memberId)),
  );
  return rows.map(({ memberId }) => memberId);
}

/** From here to the commit nobody else sends anybody out or calls anybody back in this alert. */
export function holdSafety(alertId: string): Op {
  return byTurns(`safety ${alertId}`);
}

/** Breaks with `transition-refused` when one of them is out in a pair. Hold the alert's safety first. */
export function refuseWhoIsOut(memberIds: readonly string[]): Op {
  const otherwise = () => new LabaError('transition-refused', 'One of them is out in another pair: take note of his return first.');
  return exactly(
    0,
    (q, { safetyWatch: watch, safetyWatchMember: inside }) =>
      q
        .select({ id: watch.id })
        .from(watch)
        .innerJoin(inside, eq(inside.watchId, watch.id))
        .where(and(eq(watch.kind, 'pair'), eq(watch.state, 'out'), inArray(inside.memberId, [...memberIds]), isNull(inside.backAtMs))),
    { otherwise },
  );
}

export function insertWatch(watch: SafetyWatch, memberIds: readonly string[]): Op[] {
  return [
    one((q, t) => q.insert(t.safetyWatch).values(watch).returning({ id: t.safetyWatch.id })),
    exactly(memberIds.length, (q, t) =>
      q
        .insert(t.safetyWatchMember)
        .values(memberIds.map((memberId) => ({ watchId: watch.id, memberId })))
        .returning({ id: t.safetyWatchMember.memberId }),
    ),
  ];
}

/** Guarded by the version that the decision rests on. */
export function writeWatch(watch: SafetyWatch, change: Partial<Pick<SafetyWatch, 'dueAtMs' | 'alarms' | 'heardAtMs' | 'heardBy' | 'state'>>): Op {
  return one(
    (q, t) =>
      q
        .update(t.safetyWatch)
        .set({ ...change, version: watch.version + 1 })
        .where(and(eq(t.safetyWatch.id, watch.id), eq(t.safetyWatch.version, watch.version)))
        .returning({ id: t.safetyWatch.id }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

export function writeBack(watchId: string, memberId: string, backBy: string, backAtMs: number): Op {
  return any((q, { safetyWatchMember: inside }) =>
    q
      .update(inside)
      .set({ backBy, backAtMs })
      .where(and(eq(inside.watchId, watchId), eq(inside.memberId, memberId), isNull(inside.backAtMs)))
      .returning({ id: inside.memberId }),
  );
}
