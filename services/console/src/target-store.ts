// Chapter 6, watch: what happened with one target of an alert, whatever each event calls its subject. Reads only.
import { and, desc, eq, gte, inArray, isNull, lt, or } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import type { EventRow } from '@laba/runtime/event-tail';
import type { Database } from '@laba/storage/database';
import type { Alert } from './overview-store.ts';

export const TARGET_KINDS = ['speaker', 'member', 'person'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** Every id under which events tell of it: a speaker by its deliveries, its gateway and its site; a member by his calls and messages. */
async function subjectsOf(db: Database, alertId: string, { kind, id }: { kind: TargetKind; id: string }): Promise<string[]> {
  if (kind === 'person') return [id];
  if (kind === 'speaker') {
    const [deliveries, boxes] = await Promise.all([
      db.read((q, { delivery }) =>
        q
          .select({ id: delivery.id })
          .from(delivery)
          .where(and(eq(delivery.alertId, alertId), eq(delivery.speakerId, id))),
      ),
      db.read((q, { speaker }) => q.select({ gatewayId: speaker.gatewayId, siteId: speaker.siteId }).from(speaker).where(eq(speaker.id, id))),
    ]);
    return [id, ...deliveries.map((one) => one.id), ...boxes.flatMap(({ gatewayId, siteId }) => (gatewayId === null ? [siteId] : [gatewayId, siteId]))];
  }
  const [calls, messages] = await Promise.all([
    db.read((q, { call }) =>
      q
        .select({ id: call.id })
        .from(call)
        .where(and(eq(call.alertId, alertId), eq(call.memberId, id))),
    ),
    db.read((q, { message }) =>
      q
        .select({ id: message.id })
        .from(message)
        .where(and(eq(message.memberId, id), eq(message.alertId, alertId)))
        .orderBy(desc(message.changedAtMs))
        .limit(LIMITS.rowsPerPage),
    ),
  ]);
  return [id, ...calls.map((one) => one.id), ...messages.map((one) => one.id)];
}

/** Newest first: of this alert, and what befell the device itself since it was drafted. */
export async function targetEvents(db: Database, alert: Alert, target: { kind: TargetKind; id: string }, before: number): Promise<EventRow[]> {
  const subjects = await subjectsOf(db, alert.id, target);
  return db.read((q, { event }) =>
    q
      .select()
      .from(event)
      .where(
        and(
          inArray(event.subjectId, subjects),
          lt(event.seq, before),
          or(eq(event.alertId, alert.id), and(isNull(event.alertId), gte(event.atMs, alert.createdAtMs))),
        ),
      )
      .orderBy(desc(event.seq))
      .limit(LIMITS.rowsPerPage),
  );
}
