// Chapter 6, watch: what the board shows, read from everybody's tables. Reads only.
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lte, max, or, sql } from 'drizzle-orm';
import type { DeliveryState } from '@laba/domain/delivery';
import type { Answer, CallState } from '@laba/domain/member';
import { LIMITS } from '@laba/domain/limits';
import type { Power } from '@laba/domain/power';
import type { SafetyKind } from '@laba/domain/safety';
import { householdsInArea, inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import { powerColumns } from '@laba/storage/gateway-power';
import { hasHouseBelow, hasSilentHouse } from '@laba/storage/houses';
import { toldPeople } from '@laba/storage/people';
import type { Tables } from '@laba/storage/tables';

export type Alert = Tables['alert']['$inferSelect'];
export type AlertRevision = Tables['alertRevision']['$inferSelect'];
export type GridNode = Pick<Tables['gridNode']['$inferSelect'], 'code' | 'tier' | 'name'>;

/** The alert with its newest revision that was raised, or its draft when none was. */
export async function findAlert(db: Database, id: string): Promise<{ alert: Alert; revision: AlertRevision; areas: string[] } | undefined> {
  const [alert] = await db.read((q, t) => q.select().from(t.alert).where(eq(t.alert.id, id)));
  const [revision] = await db.read((q, t) =>
    q
      .select()
      .from(t.alertRevision)
      .where(eq(t.alertRevision.alertId, id))
      .orderBy(desc(isNotNull(t.alertRevision.raisedAtMs)), desc(t.alertRevision.revision))
      .limit(1),
  );
  if (alert === undefined || revision === undefined) return undefined;
  const areas = await db.read((q, t) => q.selectDistinct({ code: t.alertArea.code }).from(t.alertArea).where(eq(t.alertArea.alertId, id)));
  return { alert, revision, areas: areas.map((row) => row.code) };
}

export interface SpeakerCount {
  gridCode: string;
  state: DeliveryState;
  count: number;
  changedAtMs: number | null;
}

export function countSpeakers(db: Database, alertId: string, revision: number): Promise<SpeakerCount[]> {
  return db.read((q, t) =>
    q
      .select({ gridCode: t.delivery.gridCode, state: t.delivery.state, count: sql<number>`count(*)`, changedAtMs: max(t.delivery.changedAtMs) })
      .from(t.delivery)
      .where(and(eq(t.delivery.alertId, alertId), eq(t.delivery.revision, revision), eq(t.delivery.purpose, 'alert')))
      .groupBy(t.delivery.gridCode, t.delivery.state),
  );
}

/** The spoken all-clear or cancellation: deliveries of their own. */
export function countAnnouncements(db: Database, alertId: string) {
  return db.read((q, t) =>
    q
      .select({ purpose: t.delivery.purpose, gridCode: t.delivery.gridCode, state: t.delivery.state, count: sql<number>`count(*)` })
      .from(t.delivery)
      .where(and(eq(t.delivery.alertId, alertId), inArray(t.delivery.purpose, ['all-clear', 'cancellation'])))
      .groupBy(t.delivery.purpose, t.delivery.gridCode, t.delivery.state),
  );
}

export interface MemberCount {
  gridCode: string;
  state: CallState;
  answer: Answer | null;
  /** On the spot, by a code: 1, else 0. */
  joined: number;
  count: number;
  changedAtMs: number | null;
}

export function countMembers(db: Database, alertId: string): Promise<MemberCount[]> {
  return db.read((q, { call }) => {
    const joined = sql<number>`case when ${call.joinCodeId} is null then 0 else 1 end`;
    return q
      .select({ gridCode: call.gridCode, state: call.state, answer: call.answer, joined, count: sql<number>`count(*)`, changedAtMs: max(call.changedAtMs) })
      .from(call)
      .where(eq(call.alertId, alertId))
      .groupBy(call.gridCode, call.state, call.answer, joined);
  });
}

export async function countHouseholds(db: Database, codes: readonly string[]): Promise<{ gridCode: string; count: number }[]> {
  const own = await db.read((q, t) => {
    const households = householdsInArea(q, t, codes).as('households');
    return q
      .select({ gridCode: households.gridCode, count: sql<number>`count(*)` })
      .from(households)
      .groupBy(households.gridCode);
  });
  return [...own, ...(await toldPeople(db, codes)).map(({ gridCode, households }) => ({ gridCode, count: households }))];
}

/** When each county's house below was heard last, by its code. */
export async function countyHouses(db: Database, codes: readonly string[]): Promise<Map<string, number | null>> {
  const rows = await db.read((q, { peer }) =>
    q
      .select({ code: peer.gridCode, heardAtMs: peer.lastHeardAtMs })
      .from(peer)
      .where(and(eq(peer.side, 'below'), eq(peer.status, 'active'), inArea(peer.gridCode, codes))),
  );
  return new Map(rows.map(({ code, heardAtMs }) => [code, heardAtMs]));
}

export function gridNodes(db: Database, codes: readonly string[]): Promise<GridNode[]> {
  return db.read((q, t) =>
    q
      .select({ code: t.gridNode.code, tier: t.gridNode.tier, name: t.gridNode.name })
      .from(t.gridNode)
      .where(inArea(t.gridNode.code, codes))
      .orderBy(asc(t.gridNode.code)),
  );
}

export interface SpeakerRow {
  speakerId: string;
  name: string;
  siteName: string;
  gridCode: string;
  state: DeliveryState;
  repeat: number;
  reason: string | null;
  soundedLevelDb: number | null;
  changedAtMs: number;
}

/** The last speaker of the page before. */
export type SpeakerCursor = Pick<SpeakerRow, 'gridCode' | 'speakerId'>;

/** A page of the speakers of one revision with how each stands; `states` narrows. */
export function listSpeakers(
  db: Database,
  alertId: string,
  revision: number,
  codes: readonly string[],
  { states, after }: { states?: readonly DeliveryState[]; after?: SpeakerCursor | undefined } = {},
): Promise<SpeakerRow[]> {
  return db.read((q, t) =>
    q
      .select({
        speakerId: t.delivery.speakerId,
        name: sql<string>`coalesce(${t.speaker.name}, ${t.delivery.speakerId})`,
        siteName: sql<string>`coalesce(${t.site.name}, '')`,
        gridCode: t.delivery.gridCode,
        state: t.delivery.state,
        repeat: t.delivery.repeat,
        reason: t.delivery.reason,
        soundedLevelDb: t.delivery.soundedLevelDb,
        changedAtMs: t.delivery.changedAtMs,
      })
      .from(t.delivery)
      .leftJoin(t.speaker, eq(t.speaker.id, t.delivery.speakerId))
      .leftJoin(t.site, eq(t.site.id, t.delivery.siteId))
      .where(
        and(
          eq(t.delivery.alertId, alertId),
          eq(t.delivery.revision, revision),
          eq(t.delivery.purpose, 'alert'),
          inArea(t.delivery.gridCode, codes),
          states ? inArray(t.delivery.state, [...states]) : undefined,
          after && sql`(${t.delivery.gridCode}, ${t.delivery.speakerId}) > (${after.gridCode}, ${after.speakerId})`,
        ),
      )
      .orderBy(asc(t.delivery.gridCode), asc(t.delivery.speakerId))
      .limit(LIMITS.rowsPerPage),
  );
}

export interface SiteRow {
  siteId: string;
  name: string;
  gridCode: string;
  gatewayId: string | null;
  online: boolean | null;
  lastSeenAtMs: number | null;
  powerSource: Power['source'] | null;
  batteryPercent: number | null;
  hoursLeft: number | null;
  /** Its gateways hang on a house below: what is heard of them comes by that house. */
  hasHouse: boolean;
  hasSilentHouse: boolean;
}

/** Sites that have speakers, with what their gateways last said: one row per site and gateway. */
export function listSites(db: Database, codes: readonly string[]): Promise<SiteRow[]> {
  return db.read((q, t) => {
    const power = powerColumns(t);
    return q
      .selectDistinct({
        siteId: t.site.id,
        name: t.site.name,
        gridCode: t.site.gridCode,
        gatewayId: t.speaker.gatewayId,
        online: t.gatewayStatus.online,
        lastSeenAtMs: t.gatewayStatus.lastSeenAtMs,
        powerSource: power.source,
        batteryPercent: power.batteryPercent,
        hoursLeft: power.hoursLeft,
        hasHouse: sql<boolean>`${hasHouseBelow(q, t, t.site.gridCode)}`.mapWith(Boolean),
        hasSilentHouse: sql<boolean>`${hasSilentHouse(q, t, t.site.gridCode)}`.mapWith(Boolean),
      })
      .from(t.speaker)
      .innerJoin(t.site, eq(t.site.id, t.speaker.siteId))
      .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.speaker.gatewayId))
      .where(inArea(t.site.gridCode, codes))
      .orderBy(asc(t.site.gridCode), asc(t.site.id));
  });
}

export interface ActiveAlert {
  id: string;
  revision: number;
  mode: Alert['mode'];
  kind: Alert['kind'];
  level: Alert['level'];
  order: Alert['order'];
  state: Alert['state'];
  quiet: boolean;
  title: string;
  areaCodes: string[];
  createdAtMs: number;
  raisedAtMs: number | null;
  endTimeMs: number;
}

/** Alerts that sound, and revisions that wait for somebody (drafts, and updates of what sounds); newest first, with their words and area. */
export async function currentAlerts(db: Database): Promise<{ raised: ActiveAlert[]; waiting: ActiveAlert[] }> {
  const rows = await db.read((q, t) =>
    q
      .select({ alert: t.alert, revision: t.alertRevision })
      .from(t.alert)
      .innerJoin(t.alertRevision, eq(t.alertRevision.alertId, t.alert.id))
      .where(and(inArray(t.alert.state, ['draft', 'raised']), or(isNull(t.alertRevision.raisedAtMs), eq(t.alertRevision.revision, t.alert.revision))))
      .orderBy(desc(t.alert.createdAtMs))
      .limit(LIMITS.rowsPerPage),
  );
  const view = ({ alert, revision }: (typeof rows)[number]): ActiveAlert => ({
    id: alert.id,
    revision: revision.revision,
    mode: alert.mode,
    kind: revision.kind,
    level: revision.level,
    order: revision.order,
    state: alert.state,
    quiet: alert.quiet,
    title: revision.texts[0]?.title ?? '',
    areaCodes: revision.areaCodes,
    createdAtMs: alert.createdAtMs,
    raisedAtMs: alert.raisedAtMs,
    endTimeMs: alert.endTimeMs,
  });
  return {
    raised: rows.filter((row) => row.revision.raisedAtMs !== null).map(view),
    waiting: rows.filter((row) => row.revision.raisedAtMs === null).map(view),
  };
}

/** Reports that nobody has verified yet. */
export async function unreadReports(db: Database, codes: readonly string[]): Promise<{ count: number; oldestAtMs: number | null }> {
  const [row] = await db.read((q, t) =>
    q
      .select({ count: sql<number>`count(*)`, oldestAtMs: sql<number | null>`min(${t.report.receivedAtMs})` })
      .from(t.report)
      .where(and(eq(t.report.state, 'new'), inArea(t.report.gridCode, codes))),
  );
  return row ?? { count: 0, oldestAtMs: null };
}

export interface OverdueWatch {
  id: string;
  alertId: string;
  kind: SafetyKind;
  gridCode: string;
  dueAtMs: number;
  alarms: number;
  missing: number;
}

/** Pairs that missed their check-in, and withdrawals from which somebody is not back; the latest due last. */
export function overdueWatches(db: Database, codes: readonly string[], nowMs: number): Promise<OverdueWatch[]> {
  return db.read((q, { safetyWatch: watch, safetyWatchMember: inside }) =>
    q
      .select({
        ...{ id: watch.id, alertId: watch.alertId, kind: watch.kind, gridCode: watch.gridCode, dueAtMs: watch.dueAtMs, alarms: watch.alarms },
        missing: sql<number>`count(*)`.mapWith(Number),
      })
      .from(watch)
      .innerJoin(inside, and(eq(inside.watchId, watch.id), isNull(inside.backAtMs)))
      .where(and(eq(watch.state, 'out'), lte(watch.dueAtMs, nowMs), inArea(watch.gridCode, codes)))
      .groupBy(watch.id, watch.alertId, watch.kind, watch.gridCode, watch.dueAtMs, watch.alarms)
      .orderBy(asc(watch.dueAtMs))
      .limit(LIMITS.rowsPerPage),
  );
}

const PROVEN = ['delivery.received', 'delivery.playing', 'delivery.played', 'delivery.sounded'];

/** What devices proved for this alert after `seq` and up to `upTo`, in order; each names its delivery, or the speaker where there is none. */
export function provenAfter(db: Database, alertId: string, seq: number, upTo: number, limit: number) {
  return db.read((q, t) =>
    q
      .select({
        seq: t.event.seq,
        type: t.event.type,
        gridCode: t.event.gridCode,
        data: t.event.data,
        speakerId: sql<string>`coalesce(${t.delivery.speakerId}, ${t.event.subjectId})`,
        revision: t.delivery.revision,
        purpose: t.delivery.purpose,
      })
      .from(t.event)
      .leftJoin(t.delivery, eq(t.delivery.id, t.event.subjectId))
      .where(and(eq(t.event.alertId, alertId), gt(t.event.seq, seq), lte(t.event.seq, upTo), inArray(t.event.type, PROVEN)))
      .orderBy(asc(t.event.seq))
      .limit(limit),
  );
}

/** Officers among these whose session still stands, as they are now. */
export async function officersSignedIn(db: Database, ids: readonly string[], nowMs: number) {
  return db.read((q, t) =>
    q
      .selectDistinct({ id: t.officer.id, role: t.officer.role, scopes: t.officer.scopes })
      .from(t.officer)
      .innerJoin(t.session, eq(t.session.officerId, t.officer.id))
      .leftJoin(t.localOfficer, eq(t.localOfficer.id, t.session.localOfficerId))
      .where(
        and(
          inArray(t.officer.id, [...ids]),
          eq(t.officer.disabled, false),
          sql`${t.session.expiresAtMs} > ${nowMs}`,
          // With the row of a local code ends what it opened.
          or(isNull(t.session.localOfficerId), isNotNull(t.localOfficer.id)),
        ),
      ),
  );
}
