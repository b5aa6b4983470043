// The SQL of reports: find the same hazard, write, read by scope.
import { and, asc, count, desc, eq, gte, inArray, lt, or, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { lineage } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Hazard, ReportState } from '@laba/domain/report';
import { codeAfter, inArea } from '@laba/storage/audience';
import { one, prepared, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type ReportRow = Tables['report']['$inferSelect'];
export type NewReport = Pick<ReportRow, 'id' | 'gridCode' | 'hazard' | 'text' | 'source' | 'reporterCipher' | 'receivedAtMs'>;

/** A report that others may be merged into: still open, or confirmed. What an officer called false takes nothing in. */
const OPEN: ReportState[] = ['new', 'true'];

// Placeholders for one code and its three possible ancestors; a missing one is the code itself.
const NEAR = ['near0', 'near1', 'near2', 'near3'] as const;

function nearby(t: Tables, hazard: unknown, sinceMs: unknown, codes: readonly unknown[], code: unknown, after: unknown) {
  const at = t.report.gridCode;
  return and(
    eq(t.report.hazard, hazard as Hazard),
    gte(t.report.receivedAtMs, sinceMs as number),
    inArray(t.report.state, OPEN),
    or(inArray(at, codes as string[]), and(gte(at, code as string), lt(at, after as string))),
  );
}

const nearbyByName = (t: Tables) =>
  nearby(
    t,
    sql.placeholder('hazard'),
    sql.placeholder('sinceMs'),
    NEAR.map((name) => sql.placeholder(name)),
    sql.placeholder('code'),
    sql.placeholder('after'),
  );

const selectNearby = prepared('select-reports-nearby', (q, t) =>
  q.select().from(t.report).where(nearbyByName(t)).orderBy(asc(t.report.receivedAtMs), asc(t.report.id)).limit(20),
);

// Returns its one row only when there is nobody to merge into.
const nobodyNearby = prepared('no-report-nearby', (q, t) =>
  q
    .select({ n: count() })
    .from(t.report)
    .where(nearbyByName(t))
    .having(sql`count(*) = 0`),
);

const insertReport = prepared('insert-report', (q, t) =>
  q
    .insert(t.report)
    .values({
      id: sql.placeholder('id'),
      gridCode: sql.placeholder('gridCode'),
      hazard: sql.placeholder('hazard'),
      text: sql.placeholder('text'),
      source: sql.placeholder('source'),
      reporterCipher: sql.placeholder('reporterCipher'),
      state: sql.placeholder('state'),
      mergedInto: sql.placeholder('mergedInto'),
      receivedAtMs: sql.placeholder('receivedAtMs'),
    })
    .onConflictDoNothing()
    .returning({ id: t.report.id }),
);

const selectReport = prepared('select-report', (q, t) =>
  q
    .select()
    .from(t.report)
    .where(eq(t.report.id, sql.placeholder('id'))),
);
const selectNode = prepared('select-grid-node', (q, t) =>
  q
    .select({ code: t.gridNode.code, name: t.gridNode.name })
    .from(t.gridNode)
    .where(eq(t.gridNode.code, sql.placeholder('code'))),
);

/** Where a report is near: its own code, its ancestors, everything under it. */
function nearValues(hazard: Hazard, code: string, sinceMs: number): Record<string, unknown> {
  const codes = lineage(code);
  const near = Object.fromEntries(NEAR.map((name, i) => [name, codes[i] ?? code]));
  return { hazard, sinceMs, code, after: codeAfter(code) ?? `${code}:`, ...near };
}

/** Open reports of this hazard at, above or under this place since then, the first one first. */
export function reportsNearby(db: Database, hazard: Hazard, code: string, sinceMs: number): Promise<ReportRow[]> {
  return db.read(selectNearby, nearValues(hazard, code, sinceMs));
}

/** Holds only while nobody is there to merge into: two reports of one hazard at the same moment become one. */
export function stillFirst(hazard: Hazard, code: string, sinceMs: number): Op {
  return one(nobodyNearby, { values: nearValues(hazard, code, sinceMs) });
}

/** @throws `already-done` in the commit when a report of this id exists. */
export function writeReport(report: NewReport, state: ReportState, mergedInto: string | null): Op {
  return one(insertReport, {
    values: { ...report, state, mergedInto },
    otherwise: () => new LabaError('already-done', 'This report was received before.', { id: report.id }),
  });
}

/** Counts one more report at the first one. Its version stays: more voices must not stop the officer who verifies it. */
export function countMerged(id: string): Op {
  return one((q, t) =>
    q
      .update(t.report)
      .set({ mergedCount: sql`${t.report.mergedCount} + 1` })
      .where(and(eq(t.report.id, id), inArray(t.report.state, OPEN)))
      .returning({ id: t.report.id }),
  );
}

export function setVerified(report: ReportRow, set: Pick<ReportRow, 'state' | 'mergedInto' | 'verifiedBy' | 'verifiedAtMs'>): Op {
  return one((q, t) =>
    q
      .update(t.report)
      .set({ ...set, version: report.version + 1 })
      .where(and(eq(t.report.id, report.id), eq(t.report.version, report.version), eq(t.report.state, 'new')))
      .returning({ id: t.report.id }),
  );
}

export async function findReport(db: Database, id: string): Promise<ReportRow | undefined> {
  const [row] = await db.read(selectReport, { id });
  return row;
}

export async function findNode(db: Database, code: string): Promise<{ code: string; name: string } | undefined> {
  const [row] = await db.read(selectNode, { code });
  return row;
}

/** Place in the list: newest first. */
export interface ReportCursor {
  receivedAtMs: number;
  id: string;
}

/** One page of what lies in the scopes, newest first, from after the cursor on. */
export function listReports(db: Database, scopes: readonly string[], state: ReportState | undefined, after: ReportCursor | undefined): Promise<ReportRow[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.report)
      .where(
        and(
          inArea(t.report.gridCode, scopes),
          state === undefined ? undefined : eq(t.report.state, state),
          after === undefined
            ? undefined
            : or(lt(t.report.receivedAtMs, after.receivedAtMs), and(eq(t.report.receivedAtMs, after.receivedAtMs), lt(t.report.id, after.id))),
        ),
      )
      .orderBy(desc(t.report.receivedAtMs), desc(t.report.id))
      .limit(LIMITS.rowsPerPage),
  );
}

export async function findLink(db: Database, by: { token: string } | { gridCode: string }): Promise<{ token: string; gridCode: string } | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.reportLink)
      .where('token' in by ? eq(t.reportLink.token, by.token) : eq(t.reportLink.gridCode, by.gridCode)),
  );
  return row;
}

export function writeLink(token: string, gridCode: string): Op {
  return one((q, t) => q.insert(t.reportLink).values({ token, gridCode }).onConflictDoNothing().returning({ token: t.reportLink.token }));
}

export type SensorRow = Tables['sensor']['$inferSelect'];

const selectSensor = prepared('select-sensor', (q, t) =>
  q
    .select()
    .from(t.sensor)
    .where(eq(t.sensor.id, sql.placeholder('id'))),
);

export async function findSensor(db: Database, id: string): Promise<SensorRow | undefined> {
  const [row] = await db.read(selectSensor, { id });
  return row;
}

export function writeSensor(sensor: SensorRow): Op {
  return one((q, t) => q.insert(t.sensor).values(sensor).onConflictDoNothing().returning({ id: t.sensor.id }), {
    otherwise: () => new LabaError('already-done', 'A sensor of this id is registered already; choose another id.'),
  });
}

/** Who was called, where, and whether his alert is over: whom a personal link of a call belongs to. */
export async function findCaller(db: Database, callId: string) {
  const [row] = await db.read((q, t) =>
    q
      .select({ call: t.call.id, alertId: t.call.alertId, memberId: t.call.memberId, gridCode: t.call.gridCode, overAtMs: t.alert.overAtMs })
      .from(t.call)
      .innerJoin(t.alert, eq(t.alert.id, t.call.alertId))
      .where(eq(t.call.id, callId)),
  );
  return row;
}

/** Which of these came with a photo. A report's photo has the report's own id. */
export async function reportsWithPhoto(db: Database, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db.read((q, t) =>
    q
      .select({ id: t.photo.id })
      .from(t.photo)
      .where(and(eq(t.photo.subject, 'report'), inArray(t.photo.subjectId, [...ids]))),
  );
  return new Set(rows.map((row) => row.id));
}

/** What was said of a place by telephone. */
export async function findSpokenStatus(db: Database, id: string): Promise<Tables['spokenStatus']['$inferSelect'] | undefined> {
  const [row] = await db.read((q, t) => q.select().from(t.spokenStatus).where(eq(t.spokenStatus.id, id)));
  return row;
}
