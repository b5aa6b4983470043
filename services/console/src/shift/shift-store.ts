// Chapter 6, shift log: shifts, what was written down in them, and what happened meanwhile, in the database.
import { and, asc, desc, eq, gt, inArray, like, lt, lte, ne, not, or, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import type { Mode } from '@laba/domain/alert';
import { lineage } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Hazard } from '@laba/domain/report';
import { SHIFT_LOG_TYPES } from '@laba/domain/shift-log-types';
import type { EventRow } from '@laba/runtime/event-tail';
import { inArea } from '@laba/storage/audience';
import { one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type Shift = Tables['shift']['$inferSelect'];
export type Remark = Tables['shiftRemark']['$inferSelect'];

const changed = () => new LabaError('changed-meanwhile', 'Somebody changed this shift meanwhile: look at it again.');

/** Refused when another one began at this post at the same moment. */
export function insertShift(shift: Tables['shift']['$inferInsert']): Op {
  return one((q, t) => q.insert(t.shift).values(shift).onConflictDoNothing().returning({ id: t.shift.id }), { otherwise: changed });
}

/** As it was seen, and never one that is over. */
export function writeShift({ id, version }: Pick<Shift, 'id' | 'version'>, later: Partial<Shift>): Op {
  return one(
    (q, { shift }) =>
      q
        .update(shift)
        .set({ ...later, version: version + 1 })
        .where(and(eq(shift.id, id), eq(shift.version, version), ne(shift.state, 'over')))
        .returning({ id: shift.id }),
    { otherwise: changed },
  );
}

/** Two who write at the same moment do not hinder each other; who signs at that moment sees it first. */
export function addRemark(remark: Remark): Op[] {
  return [
    one(
      (q, { shift }) =>
        q
          .update(shift)
          .set({ version: sql`${shift.version} + 1` })
          .where(and(eq(shift.id, remark.shiftId), ne(shift.state, 'over')))
          .returning({ id: shift.id }),
      { otherwise: changed },
    ),
    one((q, t) => q.insert(t.shiftRemark).values(remark).returning({ id: t.shiftRemark.id })),
  ];
}

export async function findShift(db: Database, id: string): Promise<Shift | undefined> {
  const [row] = await db.read((q, t) => q.select().from(t.shift).where(eq(t.shift.id, id)));
  return row;
}

/** The last one of a post: it goes on unless nobody ever began. */
export async function lastShift(db: Database, post: string): Promise<Shift | undefined> {
  const [row] = await db.read((q, { shift }) => q.select().from(shift).where(eq(shift.post, post)).orderBy(desc(shift.number)).limit(1));
  return row;
}

/** Of every post, the newest first; ids rise with time. */
export function listOver(db: Database, before: string | undefined): Promise<Shift[]> {
  return db.read((q, { shift }) =>
    q
      .select()
      .from(shift)
      .where(and(eq(shift.state, 'over'), before === undefined ? undefined : lt(shift.id, before)))
      .orderBy(desc(shift.id))
      .limit(LIMITS.rowsPerPage),
  );
}

/** Those that go on: one at each post. */
export function goingOn(db: Database): Promise<Shift[]> {
  return db.read((q, { shift }) => q.select().from(shift).where(ne(shift.state, 'over')).orderBy(asc(shift.startedAtMs)).limit(LIMITS.housesBelow));
}

export function remarksOf(db: Database, shiftId: string): Promise<Remark[]> {
  return db.read((q, { shiftRemark: remark }) => q.select().from(remark).where(eq(remark.shiftId, shiftId)).orderBy(asc(remark.id)));
}

export async function officerNames(db: Database, ids: readonly (string | null)[]): Promise<Map<string, string>> {
  const asked = [...new Set(ids.filter((id) => id !== null))];
  if (asked.length === 0) return new Map();
  const rows = await db.read((q, { officer }) => q.select({ id: officer.id, name: officer.name }).from(officer).where(inArray(officer.id, asked)));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function nodeNames(db: Database, codes: readonly string[]): Promise<Map<string, string>> {
  const asked = [...new Set(codes)];
  if (asked.length === 0) return new Map();
  const rows = await db.read((q, t) => q.select({ code: t.gridNode.code, name: t.gridNode.name }).from(t.gridNode).where(inArray(t.gridNode.code, asked)));
  return new Map(rows.map(({ code, name }) => [code, name]));
}

type Turn = { before?: number | undefined } | { after: number };

/** What happened in it on its ground, of the kinds that a log tells. `before`: earlier ones, the newest first; `after`: in the order in which it happened. */
export function shiftEvents(db: Database, { fromSeq, toSeq, areaCodes }: Shift, turn: Turn, limit: number): Promise<EventRow[]> {
  const forward = 'after' in turn;
  return db.read((q, t) => {
    const above = areaCodes.flatMap(lineage);
    const alerts = q
      .select({ id: t.alertArea.alertId })
      .from(t.alertArea)
      .where(or(inArea(t.alertArea.code, areaCodes), inArray(t.alertArea.code, above)));
    return q
      .select()
      .from(t.event)
      .where(
        and(
          gt(t.event.seq, forward ? Math.max(fromSeq, turn.after) : fromSeq),
          toSeq === null ? undefined : lte(t.event.seq, toSeq),
          forward || turn.before === undefined ? undefined : lt(t.event.seq, turn.before),
          inArray(t.event.type, SHIFT_LOG_TYPES),
          // An alert gives every village work, and the house asks for it again and again: the log tells what people did with it.
          not(and(like(t.event.type, 'task.%'), eq(t.event.who, 'system'))!),
          or(inArea(t.event.gridCode, areaCodes), inArray(t.event.alertId, alerts)),
        ),
      )
      .orderBy(forward ? asc(t.event.seq) : desc(t.event.seq))
      .limit(limit);
  });
}

/** The titles of these alerts as they are now, and whether they are real. */
export async function alertTitles(db: Database, ids: readonly string[]): Promise<Map<string, { title: string; mode: Mode }>> {
  const asked = [...new Set(ids)];
  if (asked.length === 0) return new Map();
  const rows = await db.read((q, { alert, alertRevision: revision }) =>
    q
      .select({ id: alert.id, mode: alert.mode, texts: revision.texts })
      .from(alert)
      .innerJoin(revision, and(eq(revision.alertId, alert.id), eq(revision.revision, alert.revision)))
      .where(inArray(alert.id, asked)),
  );
  return new Map(rows.map(({ id, mode, texts }) => [id, { title: texts[0]?.title ?? '', mode }]));
}

/** The oldest first. */
export function unverifiedReports(
  db: Database,
  codes: readonly string[],
  limit: number,
): Promise<{ id: string; hazard: Hazard; gridCode: string; gridName: string | null; receivedAtMs: number }[]> {
  return db.read((q, { report, gridNode }) =>
    q
      .select({ id: report.id, hazard: report.hazard, gridCode: report.gridCode, gridName: gridNode.name, receivedAtMs: report.receivedAtMs })
      .from(report)
      .leftJoin(gridNode, eq(gridNode.code, report.gridCode))
      .where(and(eq(report.state, 'new'), inArea(report.gridCode, codes)))
      .orderBy(asc(report.receivedAtMs), asc(report.id))
      .limit(limit),
  );
}
