// Routine broadcasts: what became of one time at each loudspeaker. The rows are deliveries like any other.
import { and, asc, eq, gte, inArray, isNotNull, lte, or, sql, type SQL } from 'drizzle-orm';
import { CAN_BULLETIN } from '@laba/domain/bulletin';
import { RESUMABLE_STOPS } from '@laba/domain/delivery';
import type { Ids } from '@laba/domain/ids';
import { inArea } from '@laba/storage/audience';
import { any, type Database, type Op, type Sql } from '@laba/storage/database';
import { recordEach } from '@laba/storage/events';
import { hasHouseBelow } from '@laba/storage/houses';
import { slices } from '@laba/storage/group';
import { LIMITS } from '@laba/domain/limits';
import type { Tables } from '@laba/storage/tables';
import { linesOf } from './bulletin-store.ts';
import { insertAudience, recordNoGateway, type Delivery, type DeliveryGroup } from './delivery-store.ts';

/** The deliveries of one time of a bulletin. */
export function groupOf(timeId: string): DeliveryGroup {
  return { alertId: timeId, revision: 1, purpose: 'bulletin' };
}

function ofTime(t: Tables, timeId: string): SQL | undefined {
  return and(eq(t.delivery.alertId, timeId), eq(t.delivery.purpose, 'bulletin'));
}

/** Why a loudspeaker is not told: its box does not know of bulletins yet, was never heard, or hangs on the line of its village's own house. */
export const NOT_TOLD = ['old-gateway', 'never-heard', 'own-house'] as const;
type NotTold = (typeof NOT_TOLD)[number];

/** The gateways of an area's loudspeakers that cannot be told, and why. */
export async function whyNotTold(db: Database, areaCodes: readonly string[]): Promise<Map<string, NotTold>> {
  const theirs = (t: Tables, q: Sql) =>
    inArray(t.gateway.id, q.select({ id: t.speaker.gatewayId }).from(t.speaker).where(inArea(t.speaker.gridCode, areaCodes)));
  const [ownHouse, lines] = await Promise.all([
    linesOf(db, (t, q) => and(theirs(t, q), hasHouseBelow(q, t, t.gateway.gridCode))),
    linesOf(db, (t, q) => theirs(t, q)),
  ]);
  const elsewhere = new Set(ownHouse.map(({ gatewayId }) => gatewayId));
  const reasonOf = ({ gatewayId, can }: (typeof lines)[number]): NotTold | undefined =>
    elsewhere.has(gatewayId) ? 'own-house' : can === null ? 'never-heard' : can.includes(CAN_BULLETIN) ? undefined : 'old-gateway';
  return new Map(lines.flatMap((line) => (reasonOf(line) === undefined ? [] : [[line.gatewayId, reasonOf(line)!]])));
}

/** Puts one row down for each loudspeaker; those who cannot be told have failed at once and are named. The same again changes nothing. */
export async function freezeBulletin(db: Database, ids: Ids, timeId: string, areaCodes: readonly string[], nowMs: number): Promise<void> {
  const group = groupOf(timeId);
  if ((await countOf(db, timeId)) > 0) return;
  const why = await whyNotTold(db, areaCodes);
  const failed = NOT_TOLD.flatMap((reason) => {
    const theirs = [...why].filter(([, one]) => one === reason).map(([gatewayId]) => gatewayId);
    return slices(theirs, LIMITS.rowsPerInsert).flatMap((some) => failOps(ids, timeId, reason, some, nowMs));
  });
  await db.atomically([insertAudience({ ...group, mode: 'drill', playTimes: 1, areaCodes, nowMs }), recordNoGateway(ids, group, nowMs), ...failed]);
}

function failOps(ids: Ids, timeId: string, reason: NotTold, gatewayIds: readonly string[], nowMs: number): Op[] {
  const theirs = (t: Tables) => and(ofTime(t, timeId), eq(t.delivery.state, 'queued'), inArray(t.delivery.gatewayId, [...gatewayIds]));
  return [
    recordEach(
      ids,
      { who: 'system', via: 'job', type: 'delivery.failed', atMs: nowMs, alertId: timeId, data: { reason, purpose: 'bulletin', revision: 1 } },
      (t) => ({ from: t.delivery, subjectId: t.delivery.id, gridCode: t.delivery.gridCode, where: theirs(t) }),
    ),
    any((q, t) => q.update(t.delivery).set({ state: 'failed', reason, changedAtMs: nowMs }).where(theirs(t)).returning({ id: t.delivery.id })),
  ];
}

export async function countOf(db: Database, timeId: string): Promise<number> {
  const [row] = await db.read((q, t) =>
    q
      .select({ n: sql<number>`count(*)`.mapWith(Number) })
      .from(t.delivery)
      .where(ofTime(t, timeId)),
  );
  return row?.n ?? 0;
}

/** Gateways that may have it, or may yet get it: told when it is taken back. */
export function gatewaysToStop(db: Database, timeId: string): Promise<{ gatewayId: string; gridCode: string }[]> {
  return db.read((q, t) => {
    const d = t.delivery;
    const mayHave = or(inArray(d.state, ['queued', 'sent', 'received', 'playing']), and(eq(d.state, 'stopped'), inArray(d.reason, [...RESUMABLE_STOPS])));
    return q
      .select({ gatewayId: sql<string>`${d.gatewayId}`, gridCode: sql<string>`min(${d.gridCode})` })
      .from(d)
      .where(and(ofTime(t, timeId), isNotNull(d.gatewayId), mayHave))
      .groupBy(d.gatewayId)
      .orderBy(asc(d.gatewayId));
  });
}

/** How a time stands: all numbers of the loudspeakers within `scopes`. */
export interface TimeCounts {
  timeId: string;
  speakers: number;
  played: number;
  /** Of the played ones: something went before, and it began again. */
  resumed: number;
  playing: number;
  waiting: number;
  /** Something went before it; it may begin again until its slot is over. */
  preempted: number;
  /** It was silent until its slot was over. */
  missed: number;
  cancelled: number;
  refused: number;
  failed: number;
  unheard: number;
}

const PLAYED = ['played', 'sounded'] as const;

export function countTimes(db: Database, timeIds: readonly string[], scopes: readonly string[]): Promise<TimeCounts[]> {
  if (timeIds.length === 0) return Promise.resolve([]);
  return db.read((q, t) => {
    const d = t.delivery;
    const n = (where: SQL | undefined) => sql<number>`count(*) filter (where ${where})`.mapWith(Number);
    const stopped = (...reasons: string[]) => and(eq(d.state, 'stopped'), inArray(d.reason, reasons));
    return q
      .select({
        timeId: d.alertId,
        speakers: sql<number>`count(*)`.mapWith(Number),
        played: n(inArray(d.state, [...PLAYED])),
        resumed: n(and(inArray(d.state, [...PLAYED]), sql`${d.repeat} > 1`)),
        playing: n(eq(d.state, 'playing')),
        waiting: n(inArray(d.state, ['queued', 'sent', 'received'])),
        preempted: n(stopped('pre-empted', 'quietened', 'key-revoked')),
        missed: n(stopped('expired')),
        cancelled: n(stopped('cancelled', 'ended', 'superseded')),
        refused: n(eq(d.state, 'refused')),
        failed: n(eq(d.state, 'failed')),
        unheard: n(eq(d.state, 'expired')),
      })
      .from(d)
      .where(and(inArray(d.alertId, [...timeIds]), eq(d.purpose, 'bulletin'), inArea(d.gridCode, scopes)))
      .groupBy(d.alertId);
  });
}

export type TimeSpeaker = Pick<Delivery, 'speakerId' | 'gatewayId' | 'siteId' | 'gridCode' | 'state' | 'reason' | 'repeat' | 'changedAtMs'> & {
  speakerName: string | null;
  siteName: string | null;
  placeName: string | null;
};

/** Each loudspeaker of one time, the failing ones first. */
export function speakersOfTime(db: Database, timeId: string, scopes: readonly string[]): Promise<TimeSpeaker[]> {
  return db.read((q, t) => {
    const d = t.delivery;
    return q
      .select({
        speakerId: d.speakerId,
        gatewayId: d.gatewayId,
        siteId: d.siteId,
        gridCode: d.gridCode,
        state: d.state,
        reason: d.reason,
        repeat: d.repeat,
        changedAtMs: d.changedAtMs,
        speakerName: t.speaker.name,
        siteName: t.site.name,
        placeName: t.gridNode.name,
      })
      .from(d)
      .leftJoin(t.speaker, eq(t.speaker.id, d.speakerId))
      .leftJoin(t.site, eq(t.site.id, d.siteId))
      .leftJoin(t.gridNode, eq(t.gridNode.code, d.gridCode))
      .where(and(ofTime(t, timeId), inArea(d.gridCode, scopes)))
      .orderBy(sql`case when ${inArray(d.state, [...PLAYED])} then 1 else 0 end`, asc(d.gridCode), asc(d.speakerId))
      .limit(LIMITS.forecastNames);
  });
}

/** Alerts that stood while a bulletin would have sounded: by which it was silenced where they reach. */
export function alertsBetween(db: Database, fromMs: number, toMs: number) {
  return db.read((q, t) =>
    q
      .select({ alertId: t.alert.id, mode: t.alert.mode, texts: t.alertRevision.texts, areaCodes: t.alertRevision.areaCodes })
      .from(t.alert)
      .innerJoin(t.alertRevision, and(eq(t.alertRevision.alertId, t.alert.id), eq(t.alertRevision.revision, t.alert.revision)))
      .where(and(lte(t.alert.raisedAtMs, toMs), or(sql`${t.alert.overAtMs} is null`, gte(t.alert.overAtMs, fromMs)))),
  );
}

/** Of these loudspeakers those at which somebody spoke himself meanwhile. */
export async function spokenAt(db: Database, speakerIds: readonly string[], fromMs: number, toMs: number): Promise<Set<string>> {
  if (speakerIds.length === 0) return new Set();
  const rows = await db.read((q, t) =>
    q
      .selectDistinct({ speakerId: t.event.subjectId })
      .from(t.event)
      .where(and(inArray(t.event.subjectId, [...speakerIds]), eq(t.event.type, 'speaker.voice-used'), gte(t.event.atMs, fromMs), lte(t.event.atMs, toMs))),
  );
  return new Set(rows.map(({ speakerId }) => speakerId));
}

/** Gateways of these areas that do not know of bulletins, by their last word, and where each stands. */
export async function oldGateways(db: Database, scopes: readonly string[]) {
  const lines = await linesOf(db, (t) => and(inArea(t.gateway.gridCode, scopes), eq(t.gateway.status, 'active')));
  const ids = lines.filter(({ can }) => can !== null && !can.includes(CAN_BULLETIN)).map(({ gatewayId }) => gatewayId);
  const sites = await db.read((q, t) =>
    q
      .select({ gatewayId: t.gateway.id, gridCode: t.gateway.gridCode, siteName: t.site.name, placeName: t.gridNode.name })
      .from(t.gateway)
      .leftJoin(t.site, eq(t.site.id, t.gateway.siteId))
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.gateway.gridCode))
      .where(inArray(t.gateway.id, ids.slice(0, LIMITS.forecastNames)))
      .orderBy(asc(t.gateway.gridCode), asc(t.gateway.id)),
  );
  return { ids, sites: sites.map((one) => ({ gatewayId: one.gatewayId, siteName: one.siteName ?? one.gatewayId, placeName: one.placeName ?? one.gridCode })) };
}
