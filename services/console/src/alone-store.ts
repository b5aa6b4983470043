// Chapter 6, look back: who of a place can be silent, when it was, and what is known of that time. Reads only.
import { and, asc, eq, gt, gte, inArray, lt, lte, or } from 'drizzle-orm';
import { isWithin } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { EventRow } from '@laba/runtime/event-tail';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';

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

const SILENT_TYPES = ['site.silent', 'site.back', 'house.silent', 'house.back'];
const IDS_AT_ONCE = 300;

/** Their silences and returns since then, in their order. */
export async function silenceEvents(db: Database, subjectIds: readonly string[], sinceMs: number): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  for (let i = 0; i < subjectIds.length; i += IDS_AT_ONCE) {
    const some = subjectIds.slice(i, i + IDS_AT_ONCE);
    const found = await db.read((q, { event }) =>
      q
        .select()
        .from(event)
        .where(and(inArray(event.subjectId, some), inArray(event.type, SILENT_TYPES), gte(event.atMs, sinceMs)))
        .orderBy(asc(event.seq)),
    );
    rows.push(...found);
  }
  return rows.sort((a, b) => a.seq - b.seq);
}

/** Of a place, written between these times, in the order in which this house came to know it; one more than is shown. */
export function eventsAt(db: Database, gridCode: string, fromMs: number, toMs: number): Promise<EventRow[]> {
  return db.read((q, { event }) =>
    q
      .select()
      .from(event)
      .where(and(inArea(event.gridCode, [gridCode]), gte(event.atMs, fromMs), lte(event.atMs, toMs)))
      .orderBy(asc(event.seq))
      .limit(LIMITS.aloneEvents + 1),
  );
}

/** Of a place, come to this house between two others, and written at another time: told by a clock that was wrong. */
export function eventsBetween(
  db: Database,
  gridCode: string,
  seqs: readonly [number, number],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<EventRow[]> {
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
        // Number 0: it came from there and was never told back.
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
