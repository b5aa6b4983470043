// Chapter 5, member: an alert and one of its revisions, as they were decided.
import { and, eq } from 'drizzle-orm';
import type { Database } from '@laba/storage/database';
import type { Alert, AlertRevision } from './call-out/call-store.ts';

export async function findAlert(db: Database, alertId: string): Promise<Alert | undefined> {
  const [row] = await db.read((q, t) => q.select().from(t.alert).where(eq(t.alert.id, alertId)));
  return row;
}

export async function findRevision(db: Database, alertId: string, revision: number): Promise<{ alert: Alert; revision: AlertRevision } | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select({ alert: t.alert, revision: t.alertRevision })
      .from(t.alertRevision)
      .innerJoin(t.alert, eq(t.alert.id, t.alertRevision.alertId))
      .where(and(eq(t.alertRevision.alertId, alertId), eq(t.alertRevision.revision, revision))),
  );
  return row;
}
