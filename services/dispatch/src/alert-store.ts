// Chapter 3, dispatch: what it reads of the decision. The tables are alerting's; here are only selects.
import { and, asc, desc, eq, gt, isNotNull, sql } from 'drizzle-orm';
import { DEFAULT_POLICY, type Policy } from '@laba/domain/policy';
import { prepared, type Database } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type Alert = Tables['alert']['$inferSelect'];
export type Revision = Tables['alertRevision']['$inferSelect'];
export type Approval = Tables['approval']['$inferSelect'];

const selectAlert = prepared('dispatch-alert', (q, t) =>
  q
    .select()
    .from(t.alert)
    .where(eq(t.alert.id, sql.placeholder('alertId'))),
);

export async function findAlert(db: Database, alertId: string): Promise<Alert | undefined> {
  return (await db.read(selectAlert, { alertId }))[0];
}

const selectRevision = prepared('dispatch-revision', (q, t) =>
  q
    .select()
    .from(t.alertRevision)
    .where(and(eq(t.alertRevision.alertId, sql.placeholder('alertId')), eq(t.alertRevision.revision, sql.placeholder('revision')))),
);

export async function findRevision(db: Database, alertId: string, revision: number): Promise<Revision | undefined> {
  return (await db.read(selectRevision, { alertId, revision }))[0];
}

/** ms since 1970 at which a later revision took this one's place, or undefined. */
export async function supersededAtMs(db: Database, alertId: string, revision: number): Promise<number | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select({ raisedAtMs: t.alertRevision.raisedAtMs })
      .from(t.alertRevision)
      .where(and(eq(t.alertRevision.alertId, alertId), gt(t.alertRevision.revision, revision), isNotNull(t.alertRevision.raisedAtMs)))
      .orderBy(asc(t.alertRevision.revision))
      .limit(1),
  );
  return row?.raisedAtMs ?? undefined;
}

/** The last revision after `after` that the house of this code raised. */
export async function lastRaisedHere(db: Database, alertId: string, after: number, code: string): Promise<number | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select({ revision: t.alertRevision.revision })
      .from(t.alertRevision)
      .where(and(eq(t.alertRevision.alertId, alertId), gt(t.alertRevision.revision, after), eq(t.alertRevision.raisedAtCode, code)))
      .orderBy(desc(t.alertRevision.revision))
      .limit(1),
  );
  return row?.revision;
}

/** The area of every revision up to `revision`. */
export function areasUpTo(db: Database, alertId: string, revision: number): Promise<{ revision: number; codes: string[] }[]> {
  return db
    .read((q, t) =>
      q
        .select({ revision: t.alertRevision.revision, codes: t.alertRevision.areaCodes })
        .from(t.alertRevision)
        .where(and(eq(t.alertRevision.alertId, alertId), isNotNull(t.alertRevision.raisedAtMs))),
    )
    .then((rows) => rows.filter((row) => row.revision <= revision));
}

export function approvalsOf(db: Database, alertId: string, revision: number): Promise<Approval[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.approval)
      .where(and(eq(t.approval.alertId, alertId), eq(t.approval.revision, revision)))
      .orderBy(asc(t.approval.atMs))
      .limit(8),
  );
}

/** The county's hours of silence. */
export async function quietHoursOf(db: Database, county: string): Promise<Policy['quietHours']> {
  const [row] = await db.read((q, t) => q.select({ policy: t.policy.policy }).from(t.policy).where(eq(t.policy.county, county)));
  return (row?.policy ?? DEFAULT_POLICY).quietHours;
}
