// Chapter 5, ladder: the ladders in the database, as they are climbed.
import { and, asc, count, eq, inArray, min, ne, sql } from 'drizzle-orm';
import type { StopReason } from '@laba/domain/alert';
import { OPEN_LADDER_STATES } from '@laba/domain/ladder';
import { LIMITS } from '@laba/domain/limits';
import { any, exactly, one, type Database, type Op } from '@laba/storage/database';
import { steadyRows } from '@laba/storage/locks';
import { rowsOf } from '@laba/storage/rows-of';
import type { Tables } from '@laba/storage/tables';
import type { AlertRevision } from '../call-out/call-store.ts';
import type { Ladder, Step } from './climb.ts';

/** Every ladder of the alert, by grid code. */
export function findLadders(db: Database, alertId: string): Promise<Ladder[]> {
  return db.read((q, t) => q.select().from(t.ladder).where(eq(t.ladder.alertId, alertId)).orderBy(asc(t.ladder.gridCode)));
}

/** The revision of a raised alert that is in force; undefined when the alert is over, or no alert. */
export async function findRevisionInForce(db: Database, alertId: string): Promise<AlertRevision | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select({ revision: t.alertRevision })
      .from(t.alertRevision)
      .innerJoin(t.alert, and(eq(t.alert.id, t.alertRevision.alertId), eq(t.alert.revision, t.alertRevision.revision)))
      .where(and(eq(t.alert.id, alertId), eq(t.alert.state, 'raised'))),
  );
  return row?.revision;
}

export async function placeNames(db: Database, codes: readonly string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map();
  const rows = await db.read((q, t) =>
    q
      .select({ code: t.gridNode.code, name: t.gridNode.name })
      .from(t.gridNode)
      .where(inArray(t.gridNode.code, [...codes])),
  );
  return new Map(rows.map(({ code, name }) => [code, name]));
}

/** The first statement of every climb: the alert goes on, with this revision, until the commit. */
export function holdRevision(alertId: string, revision: number): Op {
  return one((q, t) =>
    steadyRows(
      t,
      q
        .select({ id: t.alert.id })
        .from(t.alert)
        .where(and(eq(t.alert.id, alertId), eq(t.alert.state, 'raised'), eq(t.alert.revision, revision))),
    ),
  );
}

function chunked<R>(rows: readonly R[], build: (chunk: R[]) => Op): Op[] {
  return Array.from({ length: Math.ceil(rows.length / LIMITS.rowsPerInsert) }, (_, i) =>
    build(rows.slice(i * LIMITS.rowsPerInsert, (i + 1) * LIMITS.rowsPerInsert)),
  );
}

export function insertLadders(ladders: readonly Ladder[]): Op[] {
  return chunked(ladders, (chunk) => any((q, t) => q.insert(t.ladder).values(chunk).returning({ id: t.ladder.id })));
}

export function insertSteps(steps: readonly Step[]): Op[] {
  return chunked(steps, (chunk) => any((q, t) => q.insert(t.ladderStep).values(chunk).returning({ id: t.ladderStep.id })));
}

/** Each guarded by the version it was decided on, in one statement. Breaks with `changed-meanwhile` when one of them was answered meanwhile. */
export function writeLadders(ladders: readonly Ladder[]): Op[] {
  if (ladders.length === 0) return [];
  const rows = JSON.stringify(ladders);
  return [
    exactly(ladders.length, (q, t) => {
      const { from, columns: c } = rowsOf(t, rows, COLUMNS);
      const { id, version, ...set } = c;
      return q
        .update(t.ladder)
        .set({ ...set, version: sql`${t.ladder.version} + 1` } as never)
        .from(from as never)
        .where(and(eq(t.ladder.id, id), eq(t.ladder.version, version)))
        .returning({ id: t.ladder.id });
    }),
  ];
}

const COLUMNS = {
  id: 'text',
  version: 'int',
  degree: 'text',
  state: 'text',
  answerDueAtMs: 'int',
  answerOverdueAtMs: 'int',
  answeredAtMs: 'int',
  movingDueAtMs: 'int',
  movingOverdueAtMs: 'int',
  movingAtMs: 'int',
  persons: 'int',
  askAtMs: 'int',
  round: 'int',
  askedCode: 'text',
  askedPosition: 'int',
  steps: 'int',
  answers: 'int',
  changedAtMs: 'int',
} as const;

/** What the ladders of an alert that are not closed are found by. */
export function notClosed(t: Tables, alertId: string, open: boolean) {
  return and(eq(t.ladder.alertId, alertId), inArray(t.ladder.state, open ? [...OPEN_LADDER_STATES] : ['moving']));
}

export function closeAll(alertId: string, reason: StopReason, nowMs: number): Op {
  return any((q, t) =>
    q
      .update(t.ladder)
      .set({ state: 'closed', askAtMs: null, closeReason: reason, changedAtMs: nowMs, version: sql`${t.ladder.version} + 1` })
      .where(and(eq(t.ladder.alertId, alertId), sql`${t.ladder.state} <> 'closed'`))
      .returning({ id: t.ladder.id }),
  );
}

/** Askings of these ladders whose messages did not go out yet. */
export async function unsentSteps(db: Database, of: { alertId: string; ladderId?: string }): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .selectDistinct({ id: t.message.subjectId })
      .from(t.message)
      .innerJoin(t.ladderStep, eq(t.ladderStep.id, t.message.subjectId))
      .where(
        and(eq(t.message.alertId, of.alertId), eq(t.message.state, 'queued'), of.ladderId === undefined ? undefined : eq(t.ladderStep.ladderId, of.ladderId)),
      ),
  );
  return rows.map((row) => row.id);
}

/** For each alert in force: since when its next step has been due. An alert whose ladders were never begun counts from its raise; a test asks nobody. */
export async function ladderLateness(db: Database): Promise<{ alertId: string; dueAtMs: number }[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ alertId: t.alert.id, raisedAtMs: t.alert.raisedAtMs, ladders: count(t.ladder.id), askAtMs: min(t.ladder.askAtMs) })
      .from(t.alert)
      .leftJoin(t.ladder, eq(t.ladder.alertId, t.alert.id))
      .where(and(eq(t.alert.state, 'raised'), ne(t.alert.mode, 'test')))
      .groupBy(t.alert.id, t.alert.raisedAtMs),
  );
  return rows.flatMap(({ alertId, raisedAtMs, ladders, askAtMs }) => {
    const dueAtMs = ladders === 0 ? raisedAtMs : askAtMs;
    return dueAtMs === null ? [] : [{ alertId, dueAtMs: Number(dueAtMs) }];
  });
}
