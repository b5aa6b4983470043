// Chapter 4, speaker: what gateways said, each numbered report once.
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { one, prepared, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import type { SpeakerStatus } from './speaker-store.ts';

const p = sql.placeholder;

const selectHeld = prepared('dispatch-report-held', (q, t) =>
  q
    .select({ number: t.gatewayReport.number })
    .from(t.gatewayReport)
    .where(and(eq(t.gatewayReport.gatewayId, p('gatewayId')), eq(t.gatewayReport.journalId, p('journalId')), eq(t.gatewayReport.number, p('number')))),
);

export async function isHeld(db: Database, gatewayId: string, journalId: string, number: number): Promise<boolean> {
  return (await db.read(selectHeld, { gatewayId, journalId, number })).length > 0;
}

const selectEndOfRun = prepared('dispatch-report-end-of-run', (q, t) => {
  const r = t.gatewayReport;
  const next = sql`exists (select 1 from ${r} as following where following.gateway_id = ${p('gatewayId')} and following.journal_id = ${p('journalId')} and following.number = ${r.number} + 1)`;
  return q
    .select({ number: r.number })
    .from(r)
    .where(and(eq(r.gatewayId, p('gatewayId')), eq(r.journalId, p('journalId')), gt(r.number, p('from')), sql`not ${next}`))
    .orderBy(asc(r.number))
    .limit(1);
});

/** The last number of the unbroken run that follows `from`; `from` itself when the next one is missing. */
export async function endOfRun(db: Database, gatewayId: string, journalId: string, from: number): Promise<number> {
  if (!(await isHeld(db, gatewayId, journalId, from + 1))) return from;
  const [row] = await db.read(selectEndOfRun, { gatewayId, journalId, from });
  return row?.number ?? from;
}

const insertHeld = prepared('dispatch-hold-report', (q, t) =>
  q
    .insert(t.gatewayReport)
    .values({
      gatewayId: p('gatewayId'),
      journalId: p('journalId'),
      number: p('number'),
      alertId: p('alertId'),
      revision: p('revision'),
      speakerId: p('speakerId'),
      state: p('state'),
      repeat: p('repeat'),
      atMs: p('atMs'),
    })
    .onConflictDoNothing()
    .returning({ number: t.gatewayReport.number }),
);

/** Holds a report durably; breaks with `changed-meanwhile` when it is held already. */
export function holdReport(row: Tables['gatewayReport']['$inferInsert']): Op {
  return one(insertHeld, { values: { ...row } });
}

const selectSubject = prepared('dispatch-report-subject', (q, t) =>
  q
    .select({
      speaker: { gatewayId: t.speaker.gatewayId, siteId: t.speaker.siteId, gridCode: t.speaker.gridCode },
      delivery: t.delivery,
      status: t.speakerStatus,
    })
    .from(t.speaker)
    .leftJoin(t.delivery, eq(t.delivery.id, p('deliveryId')))
    .leftJoin(t.speakerStatus, eq(t.speakerStatus.speakerId, t.speaker.id))
    .where(eq(t.speaker.id, p('speakerId'))),
);

export interface ReportSubject {
  speaker: { gatewayId: string | null; siteId: string; gridCode: string };
  delivery: Tables['delivery']['$inferSelect'] | null;
  status: SpeakerStatus | null;
}

/** What a report speaks of, in one look: the speaker, the delivery if there is one, how the speaker stood. */
export async function findReportSubject(db: Database, speakerId: string, deliveryId: string): Promise<ReportSubject | undefined> {
  const [row] = await db.read(selectSubject, { speakerId, deliveryId });
  return row;
}
