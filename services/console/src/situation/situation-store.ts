// Chapter 6, reporting upward: situation reports in the database, and the alerts that wait for one.
import { and, asc, desc, eq, gte, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { one, type Database, type Op } from '@laba/storage/database';
import type { SituationRow } from './content.ts';

const changed = () => new LabaError('changed-meanwhile', 'Somebody changed this report meanwhile: look at it again.');

/** Refused when another report of the series took the number. */
export function insertReport(row: SituationRow): Op {
  return one((q, t) => q.insert(t.situationReport).values(row).onConflictDoNothing().returning({ id: t.situationReport.id }), { otherwise: changed });
}

/** Only of a draft, as it was seen. What was sent stays as it was sent. */
export function writeDraft({ id, version }: Pick<SituationRow, 'id' | 'version'>, later: Partial<SituationRow>): Op {
  return one(
    (q, { situationReport: report }) =>
      q
        .update(report)
        .set({ ...later, version: version + 1 })
        .where(and(eq(report.id, id), eq(report.version, version), eq(report.state, 'draft')))
        .returning({ id: report.id }),
    { otherwise: changed },
  );
}

export async function findReport(db: Database, id: string): Promise<SituationRow | undefined> {
  const [row] = await db.read((q, t) => q.select().from(t.situationReport).where(eq(t.situationReport.id, id)));
  return row;
}

/** All of one alert or day, the newest first. */
export function reportsOf(db: Database, series: string): Promise<SituationRow[]> {
  return db.read((q, { situationReport: report }) =>
    q.select().from(report).where(eq(report.series, series)).orderBy(desc(report.number)).limit(LIMITS.rowsPerPage),
  );
}

/** A page over all series, the newest first; ids rise with time. */
export function listReports(db: Database, before: string | undefined): Promise<SituationRow[]> {
  return db.read((q, { situationReport: report }) =>
    q
      .select()
      .from(report)
      .where(before === undefined ? undefined : lt(report.id, before))
      .orderBy(desc(report.id))
      .limit(LIMITS.rowsPerPage),
  );
}

/** What tells how a series stands: without its contents, for the first screen asks often. */
export type ReportHead = Pick<SituationRow, 'id' | 'series' | 'number' | 'kind' | 'state' | 'asOfMs' | 'sentAtMs'>;

/** Those of each series, the newest first. */
export async function headsOf(db: Database, series: readonly string[]): Promise<Map<string, ReportHead[]>> {
  if (series.length === 0) return new Map();
  const rows = await db.read((q, { situationReport: report }) => {
    const { id, series: of, number, kind, state, asOfMs, sentAtMs } = report;
    return q
      .select({ id, series: of, number, kind, state, asOfMs, sentAtMs })
      .from(report)
      .where(inArray(of, [...series]))
      .orderBy(asc(of), desc(number));
  });
  return Map.groupBy(rows, (row) => row.series);
}

/** Alerts that stand, and those that were over not longer ago than `sinceMs`; the newest first. */
export function alertsSince(db: Database, sinceMs: number) {
  return db.read((q, { alert, alertRevision: revision }) =>
    q
      .select({ alert, texts: revision.texts })
      .from(alert)
      .innerJoin(revision, and(eq(revision.alertId, alert.id), eq(revision.revision, alert.revision)))
      .where(and(isNotNull(alert.raisedAtMs), or(isNull(alert.overAtMs), gte(alert.overAtMs, sinceMs)), sql`${alert.mode} <> 'test'`))
      .orderBy(desc(alert.raisedAtMs))
      .limit(LIMITS.rowsPerPage),
  );
}

/** Whether a live alert stood at any moment in between. */
export async function stoodBetween(db: Database, fromMs: number, toMs: number): Promise<boolean> {
  const rows = await db.read((q, { alert }) =>
    q
      .select({ id: alert.id })
      .from(alert)
      .where(and(eq(alert.mode, 'live'), lt(alert.raisedAtMs, toMs), or(isNull(alert.overAtMs), gte(alert.overAtMs, fromMs))))
      .limit(1),
  );
  return rows.length > 0;
}

export async function nameOf(db: Database, code: string): Promise<string> {
  const [node] = await db.read((q, t) => q.select({ name: t.gridNode.name }).from(t.gridNode).where(eq(t.gridNode.code, code)));
  return node?.name ?? code;
}
