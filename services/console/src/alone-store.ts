// Chapter 6, look back: who of a place can be silent, when it was, and what is known of that time. Reads only.
import { and, asc, eq, gt, gte, inArray, isNull, lt, lte, or, sql, type Column, type SQL } from 'drizzle-orm';
import type { Mode } from '@laba/domain/alert';
import { isWithin, lineage } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { EventRow } from '@laba/runtime/event-tail';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

/** A gateway, or a house below this one. */
export interface CanBeSilent {
  id: string;
  gridCode: string;
  kind: 'site' | 'house';
  name: string;
}

/** Those that stand inside `codes`, and the houses that serve them from above. */
export async function whoCanBeSilent(db: Database, codes: readonly string[]): Promise<CanBeSilent[]> {
  const [gateways, houses] = await Promise.all([
    db.read((q, { gateway, site }) =>
      q
        .select({ id: gateway.id, gridCode: gateway.gridCode, siteId: gateway.siteId, name: site.name })
        .from(gateway)
        .leftJoin(site, eq(site.id, gateway.siteId))
        .where(inArea(gateway.gridCode, codes)),
    ),
    db.read((q, { peer, gridNode }) =>
      q
        .select({ id: peer.id, gridCode: peer.gridCode, name: gridNode.name })
        .from(peer)
        .leftJoin(gridNode, eq(gridNode.code, peer.gridCode))
        .where(eq(peer.side, 'below')),
    ),
  ]);
  const serves = ({ gridCode }: { gridCode: string }) => codes.some((code) => isWithin(code, gridCode) || isWithin(gridCode, code));
  return [
    ...houses.filter(serves).map(({ name, ...house }) => ({ ...house, kind: 'house' as const, name: name ?? house.gridCode })),
    ...gateways.map(({ id, gridCode, siteId, name }) => ({ id, gridCode, kind: 'site' as const, name: name ?? siteId })),
  ];
}

const SILENT_TYPES = ['site.silent', 'site.back', 'house.silent', 'house.back', 'gateway.revoked'];
const IDS_AT_ONCE = 300;

/** Their silences and returns since then, in their order. */
export function silenceEvents(db: Database, subjectIds: readonly string[], sinceMs: number): Promise<EventRow[]> {
  return eventsOf(db, subjectIds, ({ event }) => and(inArray(event.type, SILENT_TYPES), gte(event.atMs, sinceMs)));
}

async function eventsOf(db: Database, subjectIds: readonly string[], where: (t: Tables) => SQL | undefined): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  for (let i = 0; i < subjectIds.length; i += IDS_AT_ONCE) {
    const some = subjectIds.slice(i, i + IDS_AT_ONCE);
    const found = await db.read((q, t) =>
      q
        .select()
        .from(t.event)
        .where(and(inArray(t.event.subjectId, some), where(t)))
        .orderBy(asc(t.event.seq)),
    );
    rows.push(...found);
  }
  return rows.sort((a, b) => a.seq - b.seq);
}

/** A place and a time. */
export interface When {
  gridCode: string;
  fromMs: number;
  toMs: number;
}

/**
 * What this house wrote down of a place itself, in its order: of the place's boxes, alerts, ladders, tasks, reports and of what was said of it. What was done
 * here about single people is in the alert's own timeline.
 */
export async function eventsHere(db: Database, when: When): Promise<EventRow[]> {
  const rows = await eventsOf(db, await subjectsAt(db, when), ({ event }) => written(event, when));
  return rows.slice(0, LIMITS.aloneEvents + 1);
}

const written = (event: Tables['event'], { gridCode, fromMs, toMs }: When) =>
  and(inArea(event.gridCode, [gridCode]), gte(event.atMs, fromMs), lte(event.atMs, toMs));

/** By which events of a place are found: the timeline itself is not kept by places. */
async function subjectsAt(db: Database, { gridCode, fromMs, toMs }: When): Promise<string[]> {
  const at = (column: Column) => inArea(column, [gridCode]);
  const alerts = await db.read((q, { alert, alertArea }) =>
    q
      .selectDistinct({ id: alert.id })
      .from(alert)
      .innerJoin(alertArea, eq(alertArea.alertId, alert.id))
      .where(
        and(
          or(at(alertArea.code), inArray(alertArea.code, lineage(gridCode))),
          lte(alert.raisedAtMs, toMs),
          or(isNull(alert.overAtMs), gte(alert.overAtMs, fromMs)),
        ),
      ),
  );
  const alertIds = alerts.map(({ id }) => id);
  const found = await Promise.all([
    db.read((q, { gateway }) => q.select({ id: gateway.id }).from(gateway).where(at(gateway.gridCode))),
    db.read((q, { speaker }) => q.select({ id: speaker.id }).from(speaker).where(at(speaker.gridCode))),
    db.read((q, { peer }) => q.select({ id: peer.id }).from(peer).where(at(peer.gridCode))),
    db.read((q, { delivery }) =>
      q
        .select({ id: delivery.id })
        .from(delivery)
        .where(and(inArray(delivery.alertId, alertIds), at(delivery.gridCode))),
    ),
    db.read((q, { ladder }) =>
      q
        .select({ id: ladder.id })
        .from(ladder)
        .where(and(inArray(ladder.alertId, alertIds), at(ladder.gridCode))),
    ),
    db.read((q, { task }) => q.select({ id: task.id }).from(task).where(at(task.gridCode))),
    db.read((q, { spokenStatus: status }) => q.select({ id: status.id }).from(status).where(at(status.gridCode))),
    db.read((q, { report }) => q.select({ id: report.id }).from(report).where(at(report.gridCode))),
  ]);
  return [...alertIds, ...found.flat().map(({ id }) => id)];
}

/** Ids begin with the time at which they were made. */
const idAt = (ms: number) => `${ms.toString(16).padStart(12, '0').slice(0, 8)}-${ms.toString(16).padStart(12, '0').slice(8)}`;

/** What houses below told of a place, each with that house, in the order in which it came. */
export async function eventsThere(db: Database, houseIds: readonly string[], when: When): Promise<{ row: EventRow; houseId: string }[]> {
  if (houseIds.length === 0) return [];
  return db.read((q, { told, event }) =>
    q
      .select({ row: event, houseId: told.peerId })
      .from(told)
      .innerJoin(event, eq(event.id, sql`substr(${told.rowKey}, 3, length(${told.rowKey}) - 4)`))
      .where(
        and(
          inArray(told.peerId, [...houseIds]),
          eq(told.tableName, 'event'),
          gte(told.rowKey, `["${idAt(when.fromMs)}`),
          lt(told.rowKey, `["${idAt(when.toMs + 1)}`),
          // It came from there and was never told back.
          eq(told.number, 0),
          written(event, when),
        ),
      )
      .orderBy(asc(event.seq))
      .limit(LIMITS.aloneEvents + 1),
  );
}

/** Of a place, come to this house between two others, and written at another time: told by a clock that was wrong. */
export function eventsBetween(db: Database, seqs: readonly [number, number], { gridCode, fromMs, toMs }: When): Promise<EventRow[]> {
  return db.read((q, { event }) =>
    q
      .select()
      .from(event)
      .where(and(gt(event.seq, seqs[0]), lt(event.seq, seqs[1]), inArea(event.gridCode, [gridCode]), or(lt(event.atMs, fromMs), gt(event.atMs, toMs))))
      .orderBy(asc(event.seq))
      .limit(LIMITS.aloneEvents),
  );
}

/** Which of these events a house below told: by event id, that house. */
export async function toldByHouses(db: Database, houseIds: readonly string[], eventIds: readonly string[]): Promise<Map<string, string>> {
  const told = new Map<string, string>();
  if (houseIds.length === 0) return told;
  for (let i = 0; i < eventIds.length; i += IDS_AT_ONCE) {
    const keys = eventIds.slice(i, i + IDS_AT_ONCE).map((id) => JSON.stringify([id]));
    const rows = await db.read((q, t) =>
      q
        .select({ peerId: t.told.peerId, rowKey: t.told.rowKey })
        .from(t.told)
        .where(and(inArray(t.told.peerId, [...houseIds]), eq(t.told.tableName, 'event'), inArray(t.told.rowKey, keys), eq(t.told.number, 0))),
    );
    for (const { peerId, rowKey } of rows) told.set((JSON.parse(rowKey) as [string])[0], peerId);
  }
  return told;
}

export async function placeNames(db: Database, codes: readonly string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map();
  const rows = await db.read((q, t) =>
    q
      .select({ code: t.gridNode.code, name: t.gridNode.name })
      .from(t.gridNode)
      .where(inArray(t.gridNode.code, [...codes])),
  );
  return new Map(rows.map(({ code, name }) => [code, name]));
}

/** The mode of each of these alerts. */
export async function modesOf(db: Database, alertIds: readonly (string | null)[]): Promise<Map<string, Mode>> {
  const ids = [...new Set(alertIds.filter((id) => id !== null))];
  if (ids.length === 0) return new Map();
  const rows = await db.read((q, { alert }) => q.select({ id: alert.id, mode: alert.mode }).from(alert).where(inArray(alert.id, ids)));
  return new Map(rows.map(({ id, mode }) => [id, mode]));
}
