// Alerts that were in force when this house was switched off.
import { and, count, eq, lte } from 'drizzle-orm';
import type { Database } from '@laba/storage/database';

/** Those that were decided up to then, ms since 1970, and are not known to be over. */
export async function countWaiting(db: Database, upToMs: number): Promise<number> {
  const [row] = await db.read((q, t) =>
    q
      .select({ alerts: count() })
      .from(t.alert)
      .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.alert.id), eq(t.alertRevision.revision, t.alert.revision)))
      .where(and(eq(t.alert.state, 'raised'), lte(t.alertRevision.raisedAtMs, upToMs))),
  );
  return row?.alerts ?? 0;
}
