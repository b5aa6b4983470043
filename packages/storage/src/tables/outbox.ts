// Tables of the timeline that is also the outbox, and the work it caused.
import type { Kit } from '../columns.sqlite.ts';

export function outboxTables({ table, text, int, flag, json, serial, index, uniqueIndex }: Kit) {
  return {
    event: table(
      'event',
      {
        seq: serial(),
        id: text().notNull().unique(),
        type: text().notNull(),
        atMs: int().notNull(),
        /** `officer:ID`, `gateway:ID`, `member:ID`, `public`, `system`. */
        who: text().notNull(),
        /** Where from: `http`, `mqtt`, `job`, `cli`, `watchdog`. */
        via: text().notNull(),
        gridCode: text().notNull(),
        alertId: text(),
        subjectId: text().notNull(),
        data: json<Record<string, unknown>>().notNull(),
      },
      (t) => [index('event_alert').on(t.alertId, t.seq), index('event_subject').on(t.subjectId, t.seq)],
    ),
    job: table(
      'job',
      {
        id: text().primaryKey(),
        eventId: text().notNull(),
        consumer: text().notNull(),
        urgent: flag().notNull(),
        dueAtMs: int().notNull(),
        pushedAtMs: int(),
        doneAtMs: int(),
        outcome: text().$type<'done' | 'buried'>(),
        attempts: int().notNull().default(0),
        lastError: text(),
      },
      (t) => [uniqueIndex('job_event_consumer').on(t.eventId, t.consumer), index('job_open').on(t.doneAtMs, t.dueAtMs)],
    ),
    idempotency: table('idempotency', {
      key: text().primaryKey(),
      requestHash: text().notNull(),
      status: int().notNull(),
      body: text().notNull(),
      atMs: int().notNull(),
    }),
  };
}
