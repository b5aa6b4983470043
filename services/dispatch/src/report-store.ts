// Chapter 4, speaker: what gateways said, each numbered report once. Sets of many gateways at a time.
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { exactly, prepared, type Database, type Op } from '@laba/storage/database';
import { rowsOf } from '@laba/storage/rows-of';
import type { Tables } from '@laba/storage/tables';
import type { SpeakerStatus } from './speaker-store.ts';

const p = sql.placeholder;

export interface ReportKey {
  gatewayId: string;
  journalId: string;
  number: number;
}

const selectHeld = prepared('dispatch-reports-held', (q, t) => {
  const r = t.gatewayReport;
  const { from, columns: c } = rowsOf(t, p('rows'), { gatewayId: 'text', journalId: 'text', number: 'int' });
  return q
    .select({ gatewayId: r.gatewayId, journalId: r.journalId, number: r.number })
    .from(from)
    .innerJoin(r, and(eq(r.gatewayId, c.gatewayId), eq(r.journalId, c.journalId), eq(r.number, c.number)));
});

/** Those of the given reports that are held already. */
export function whichAreHeld(db: Database, keys: readonly ReportKey[]): Promise<ReportKey[]> {
  return db.read(selectHeld, { rows: JSON.stringify(keys) });
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
  if ((await whichAreHeld(db, [{ gatewayId, journalId, number: from + 1 }])).length === 0) return from;
  const [row] = await db.read(selectEndOfRun, { gatewayId, journalId, from });
  return row?.number ?? from;
}

const insertHeld = prepared('dispatch-hold-reports', (q, t) => {
  const { from, columns } = rowsOf(t, p('rows'), {
    gatewayId: 'text',
    journalId: 'text',
    number: 'int',
    alertId: 'text',
    revision: 'int',
    speakerId: 'text',
    state: 'text',
    repeat: 'int',
    atMs: 'int',
  });
  return q
    .insert(t.gatewayReport)
    .select(q.select(columns as never).from(from) as never)
    .returning({ number: t.gatewayReport.number });
});

/** Holds reports durably, all or none; breaks with `changed-meanwhile` when one is held already. */
export function holdReports(rows: readonly Tables['gatewayReport']['$inferInsert'][]): Op {
  return exactly(rows.length, insertHeld, { values: { rows: JSON.stringify(rows) } });
}

const selectSubjects = prepared('dispatch-report-subjects', (q, t) => {
  const { from, columns: c } = rowsOf(t, p('rows'), { speakerId: 'text', deliveryId: 'text' });
  const d = t.delivery;
  return q
    .select({
      deliveryId: c.deliveryId,
      speaker: { id: t.speaker.id, gatewayId: t.speaker.gatewayId, siteId: t.speaker.siteId, gridCode: t.speaker.gridCode },
      delivery: { id: d.id, alertId: d.alertId, gridCode: d.gridCode, state: d.state, repeat: d.repeat, reason: d.reason, version: d.version },
      status: t.speakerStatus,
    })
    .from(from)
    .innerJoin(t.speaker, eq(t.speaker.id, c.speakerId))
    .leftJoin(d, eq(d.id, c.deliveryId))
    .leftJoin(t.speakerStatus, eq(t.speakerStatus.speakerId, t.speaker.id));
});

export interface SubjectKey {
  speakerId: string;
  deliveryId: string;
}

export interface ReportSubject {
  /** The delivery the report names, whether there is one or not. */
  deliveryId: string;
  speaker: { id: string; gatewayId: string | null; siteId: string; gridCode: string };
  delivery: Pick<Tables['delivery']['$inferSelect'], 'id' | 'alertId' | 'gridCode' | 'state' | 'repeat' | 'reason' | 'version'> | null;
  status: SpeakerStatus | null;
}

/** What reports speak of, in one look: the speaker, the delivery if there is one, how the speaker stood. Unknown speakers are left out. */
export function findReportSubjects(db: Database, keys: readonly SubjectKey[]): Promise<ReportSubject[]> {
  return db.read(selectSubjects, { rows: JSON.stringify(keys) });
}
