// Chapters 3 and 4: what gateways said, numbered, and how each gateway and speaker stands.
import { and, asc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import type { GatewayState } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { inArea } from '@laba/storage/audience';
import { one, prepared, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type GatewayStatus = Tables['gatewayStatus']['$inferSelect'];
export type SpeakerStatus = Tables['speakerStatus']['$inferSelect'];
type Gateway = Tables['gateway']['$inferSelect'];

const p = sql.placeholder;
/** A value of a prepared update; in an insert the placeholder itself goes through the column's own encoding. */
const v = (name: string) => sql`${p(name)}`;

const selectGateway = prepared('dispatch-gateway', (q, t) =>
  q.select({ gateway: t.gateway, status: t.gatewayStatus }).from(t.gateway).leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.gateway.id)).where(eq(t.gateway.id, p('gatewayId'))));

export async function findGateway(db: Database, gatewayId: string): Promise<{ gateway: Gateway; status: GatewayStatus | null } | undefined> {
  const [row] = await db.read(selectGateway, { gatewayId });
  return row;
}

const selectHeld = prepared('dispatch-report-held', (q, t) =>
  q.select({ number: t.gatewayReport.number }).from(t.gatewayReport)
    .where(and(eq(t.gatewayReport.gatewayId, p('gatewayId')), eq(t.gatewayReport.journalId, p('journalId')), eq(t.gatewayReport.number, p('number')))));

export async function isHeld(db: Database, gatewayId: string, journalId: string, number: number): Promise<boolean> {
  return (await db.read(selectHeld, { gatewayId, journalId, number })).length > 0;
}

const selectEndOfRun = prepared('dispatch-report-end-of-run', (q, t) => {
  const r = t.gatewayReport;
  const next = sql`exists (select 1 from ${r} as following where following.gateway_id = ${p('gatewayId')} and following.journal_id = ${p('journalId')} and following.number = ${r.number} + 1)`;
  return q.select({ number: r.number }).from(r)
    .where(and(eq(r.gatewayId, p('gatewayId')), eq(r.journalId, p('journalId')), gt(r.number, p('from')), sql`not ${next}`)).orderBy(asc(r.number)).limit(1);
});

/** The last number of the unbroken run that follows `from`; `from` itself when the next one is missing. */
export async function endOfRun(db: Database, gatewayId: string, journalId: string, from: number): Promise<number> {
  if (!(await isHeld(db, gatewayId, journalId, from + 1))) return from;
  const [row] = await db.read(selectEndOfRun, { gatewayId, journalId, from });
  return row?.number ?? from;
}

const insertHeld = prepared('dispatch-hold-report', (q, t) =>
  q.insert(t.gatewayReport).values({
    gatewayId: p('gatewayId'), journalId: p('journalId'), number: p('number'), alertId: p('alertId'), revision: p('revision'), speakerId: p('speakerId'), state: p('state'), repeat: p('repeat'), atMs: p('atMs'),
  }).onConflictDoNothing().returning({ number: t.gatewayReport.number }));

/** Holds a report durably; breaks with `changed-meanwhile` when it is held already. */
export function holdReport(row: Tables['gatewayReport']['$inferInsert']): Op {
  return one(insertHeld, { values: { ...row } });
}

const selectSubject = prepared('dispatch-report-subject', (q, t) =>
  q.select({ speaker: { gatewayId: t.speaker.gatewayId, siteId: t.speaker.siteId, gridCode: t.speaker.gridCode }, delivery: t.delivery, status: t.speakerStatus }).from(t.speaker)
    .leftJoin(t.delivery, eq(t.delivery.id, p('deliveryId'))).leftJoin(t.speakerStatus, eq(t.speakerStatus.speakerId, t.speaker.id))
    .where(eq(t.speaker.id, p('speakerId'))));

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

const upsertSpeaker = prepared('dispatch-speaker-status', (q, t) =>
  q.insert(t.speakerStatus).values({
    speakerId: p('speakerId'), player: p('player'), reason: p('reason'), lastReceivedAtMs: p('lastReceivedAtMs'), lastPlayedAtMs: p('lastPlayedAtMs'), lastSoundedAtMs: p('lastSoundedAtMs'),
  }).onConflictDoUpdate({
    target: t.speakerStatus.speakerId,
    set: {
      player: sql`excluded.player`, reason: sql`excluded.reason`, lastReceivedAtMs: sql`excluded.last_received_at_ms`, lastPlayedAtMs: sql`excluded.last_played_at_ms`, lastSoundedAtMs: sql`excluded.last_sounded_at_ms`,
    },
  }).returning({ speakerId: t.speakerStatus.speakerId }));

export function writeSpeakerStatus(status: SpeakerStatus): Op {
  return one(upsertSpeaker, { values: { ...status } });
}

const selectSpeakers = prepared('dispatch-gateway-speakers', (q, t) =>
  q.select({ id: t.speaker.id, siteId: t.speaker.siteId, gridCode: t.speaker.gridCode, status: t.speakerStatus }).from(t.speaker)
    .leftJoin(t.speakerStatus, eq(t.speakerStatus.speakerId, t.speaker.id)).where(eq(t.speaker.gatewayId, p('gatewayId'))));

export interface SpeakerOfGateway {
  id: string;
  siteId: string;
  gridCode: string;
  status: SpeakerStatus | null;
}

export function speakersOf(db: Database, gatewayId: string): Promise<SpeakerOfGateway[]> {
  return db.read(selectSpeakers, { gatewayId });
}

const upsertHeld = prepared('dispatch-held-up-to', (q, t) =>
  q.insert(t.gatewayStatus).values({
    gatewayId: p('gatewayId'), siteId: p('siteId'), gridCode: p('gridCode'), online: p('online'), lastSeenAtMs: p('lastSeenAtMs'), bootCounter: p('bootCounter'), journalId: p('journalId'), reportsHeldUpTo: p('reportsHeldUpTo'),
  }).onConflictDoUpdate({
    target: t.gatewayStatus.gatewayId, set: { lastSeenAtMs: sql`excluded.last_seen_at_ms`, journalId: sql`excluded.journal_id`, reportsHeldUpTo: sql`excluded.reports_held_up_to` },
  }).returning({ gatewayId: t.gatewayStatus.gatewayId }));

/** Up to where a gateway's reports are held, and that it was heard. That a silent one is back is its heartbeat's to say. */
export function writeHeldUpTo(gateway: Gateway, journalId: string, reportsHeldUpTo: number, nowMs: number): Op {
  return one(upsertHeld, { values: { gatewayId: gateway.id, siteId: gateway.siteId, gridCode: gateway.gridCode, online: true, lastSeenAtMs: nowMs, bootCounter: 0, journalId, reportsHeldUpTo } });
}

const upsertOnline = prepared('dispatch-gateway-online', (q, t) =>
  q.insert(t.gatewayStatus).values({
    gatewayId: p('gatewayId'), siteId: p('siteId'), gridCode: p('gridCode'), online: p('online'), lastSeenAtMs: p('lastSeenAtMs'), bootCounter: p('bootCounter'),
    journalId: p('journalId'), reportsHeldUpTo: p('reportsHeldUpTo'), state: p('state'),
  }).onConflictDoUpdate({
    target: t.gatewayStatus.gatewayId,
    set: {
      siteId: sql`excluded.site_id`, gridCode: sql`excluded.grid_code`, online: sql`excluded.online`, lastSeenAtMs: sql`excluded.last_seen_at_ms`, bootCounter: sql`excluded.boot_counter`,
      journalId: sql`excluded.journal_id`, reportsHeldUpTo: sql`excluded.reports_held_up_to`, state: sql`excluded.state`,
    },
  }).returning({ gatewayId: t.gatewayStatus.gatewayId }));

export function writeHeartbeat(gateway: Gateway, state: GatewayState, reportsHeldUpTo: number, nowMs: number): Op {
  return one(upsertOnline, { values: {
    gatewayId: gateway.id, siteId: gateway.siteId, gridCode: gateway.gridCode, online: true, lastSeenAtMs: nowMs, bootCounter: state.bootCounter, journalId: state.journalId, reportsHeldUpTo, state,
  } });
}

const setOffline = prepared('dispatch-gateway-offline', (q, t) =>
  q.update(t.gatewayStatus).set({ online: false })
    .where(and(eq(t.gatewayStatus.gatewayId, v('gatewayId')), eq(t.gatewayStatus.online, true), eq(t.gatewayStatus.lastSeenAtMs, v('lastSeenAtMs')))).returning({ gatewayId: t.gatewayStatus.gatewayId }));

/** Breaks with `changed-meanwhile` when the gateway was heard since, or is offline already. */
export function writeOffline(status: Pick<GatewayStatus, 'gatewayId' | 'lastSeenAtMs'>): Op {
  return one(setOffline, { values: { gatewayId: status.gatewayId, lastSeenAtMs: status.lastSeenAtMs } });
}

/** Online gateways not heard since `beforeMs`, the longest silent first. */
export function unheardSince(db: Database, beforeMs: number, limit: number): Promise<GatewayStatus[]> {
  return db.read((q, t) => q.select().from(t.gatewayStatus).where(and(eq(t.gatewayStatus.online, true), lt(t.gatewayStatus.lastSeenAtMs, beforeMs))).orderBy(asc(t.gatewayStatus.lastSeenAtMs)).limit(limit));
}

/** Gateways in service that were heard once and are not online. */
export async function countSilent(db: Database): Promise<number> {
  const [row] = await db.read((q, t) => q.select({ n: sql<number>`count(*)` }).from(t.gatewayStatus)
    .innerJoin(t.gateway, and(eq(t.gateway.id, t.gatewayStatus.gatewayId), eq(t.gateway.status, 'active'))).where(eq(t.gatewayStatus.online, false)));
  return row?.n ?? 0;
}

export interface GatewayRow {
  gateway: Gateway;
  status: GatewayStatus | null;
  siteName: string | null;
}

/** A page of gateways inside `scopes`, by id. */
export function listGateways(db: Database, scopes: readonly string[], afterId: string): Promise<GatewayRow[]> {
  return db.read((q, t) => q.select({ gateway: t.gateway, status: t.gatewayStatus, siteName: t.site.name }).from(t.gateway)
    .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.gateway.id)).leftJoin(t.site, eq(t.site.id, t.gateway.siteId))
    .where(and(inArea(t.gateway.gridCode, scopes), gt(t.gateway.id, afterId))).orderBy(asc(t.gateway.id)).limit(LIMITS.rowsPerPage));
}

export interface SpeakerRow {
  id: string;
  name: string;
  gatewayId: string | null;
  status: SpeakerStatus | null;
}

export function listSpeakers(db: Database, gatewayIds: readonly string[]): Promise<SpeakerRow[]> {
  return db.read((q, t) => q.select({ id: t.speaker.id, name: t.speaker.name, gatewayId: t.speaker.gatewayId, status: t.speakerStatus }).from(t.speaker)
    .leftJoin(t.speakerStatus, eq(t.speakerStatus.speakerId, t.speaker.id)).where(inArray(t.speaker.gatewayId, [...gatewayIds])).orderBy(asc(t.speaker.id)));
}

/** Dispatch jobs that publish, are due and not done: what a broker that came back has waited for. */
export function waitingPublishers(db: Database, nowMs: number): Promise<{ id: string }[]> {
  return db.read((q, t) => q.select({ id: t.job.id }).from(t.job)
    .where(and(sql`${t.job.doneAtMs} is null`, sql`${t.job.dueAtMs} <= ${nowMs}`, inArray(t.job.consumer, ['dispatch.announce', 'dispatch.announce-quiet', 'dispatch.announce-end']))).limit(LIMITS.jobsPerPush));
}
