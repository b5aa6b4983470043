// What the metrics ask the database on every scrape: a handful of counts, none by person, place or id.
import { and, count, eq, isNull, lte, min } from 'drizzle-orm';
import type { Database } from '@laba/storage/database';

/** Open jobs that are due, and when the oldest of them was due. */
export async function dueWork(db: Database, nowMs: number): Promise<{ jobs: number; oldestDueAtMs: number | null }> {
  const [row] = await db.read((q, t) =>
    q
      .select({ jobs: count(), oldestDueAtMs: min(t.job.dueAtMs) })
      .from(t.job)
      .where(and(isNull(t.job.doneAtMs), lte(t.job.dueAtMs, nowMs))),
  );
  return row ?? { jobs: 0, oldestDueAtMs: null };
}

export function raisedAlerts(db: Database): Promise<{ mode: string; alerts: number }[]> {
  return db.read((q, t) => q.select({ mode: t.alert.mode, alerts: count() }).from(t.alert).where(eq(t.alert.state, 'raised')).groupBy(t.alert.mode));
}

/** Deliveries of alerts that are in force now, by state. */
export function raisedDeliveries(db: Database): Promise<{ state: string; deliveries: number }[]> {
  return db.read((q, t) =>
    q
      .select({ state: t.delivery.state, deliveries: count() })
      .from(t.delivery)
      .innerJoin(t.alert, eq(t.alert.id, t.delivery.alertId))
      .where(eq(t.alert.state, 'raised'))
      .groupBy(t.delivery.state),
  );
}

/** Gateways in use, by whether they are heard. One that never said a word counts as silent. */
export function heardGateways(db: Database): Promise<{ online: boolean | null; gateways: number }[]> {
  return db.read((q, t) =>
    q
      .select({ online: t.gatewayStatus.online, gateways: count() })
      .from(t.gateway)
      .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.gateway.id))
      .where(eq(t.gateway.status, 'active'))
      .groupBy(t.gatewayStatus.online),
  );
}

/** The cheapest question there is. @throws what the database throws when it is away */
export async function askDatabase(db: Database): Promise<void> {
  await db.read((q, t) => q.select({ name: t.setting.name }).from(t.setting).limit(1));
}
