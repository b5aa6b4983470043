// Chapter 6, watch: the event table read in order, and the names behind its ids.
import { and, asc, desc, eq, gt, inArray, lt, lte, max, notInArray, sql } from 'drizzle-orm';
import { prepared, type Database } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type EventRow = Tables['event']['$inferSelect'];

const selectNewest = prepared('console-newest-event', (q, t) => q.select({ seq: max(t.event.seq) }).from(t.event));

const selectAfter = prepared('console-events-after', (q, t) =>
  q
    .select()
    .from(t.event)
    .where(and(gt(t.event.seq, sql.placeholder('after')), lte(t.event.seq, sql.placeholder('upTo'))))
    .orderBy(asc(t.event.seq))
    .limit(sql.placeholder('limit')),
);

/** 0 when nothing ever happened. */
export async function newestSeq(db: Database): Promise<number> {
  const [row] = await db.read(selectNewest);
  return row?.seq ?? 0;
}

/** `upTo`: as far as the timeline is settled. */
export function eventsAfter(db: Database, after: number, upTo: number, limit: number): Promise<EventRow[]> {
  return db.read(selectAfter, { after, upTo, limit });
}

/** One of these comes for every target at once; the figures tell the same. */
export const PER_TARGET: readonly string[] = ['call.made', 'call.closed', 'delivery.sent'];

/** `after`: later ones, oldest first. `before`: earlier ones, newest first. `calm`: without what is told once per target. */
export function alertEvents(db: Database, alertId: string, at: { after: number } | { before: number }, limit: number, calm: boolean): Promise<EventRow[]> {
  const forward = 'after' in at;
  return db.read((q, t) =>
    q
      .select()
      .from(t.event)
      .where(
        and(
          eq(t.event.alertId, alertId),
          forward ? gt(t.event.seq, at.after) : lt(t.event.seq, at.before),
          calm ? notInArray(t.event.type, [...PER_TARGET]) : undefined,
        ),
      )
      .orderBy(forward ? asc(t.event.seq) : desc(t.event.seq))
      .limit(limit),
  );
}

/** Every grid node each alert was ever meant for. */
export async function findAreasOf(db: Database, alertIds: readonly string[]): Promise<Map<string, string[]>> {
  const areas = new Map<string, string[]>();
  if (alertIds.length === 0) return areas;
  const rows = await db.read((q, t) =>
    q
      .selectDistinct({ alertId: t.alertArea.alertId, code: t.alertArea.code })
      .from(t.alertArea)
      .where(inArray(t.alertArea.alertId, [...new Set(alertIds)])),
  );
  for (const { alertId, code } of rows) areas.set(alertId, [...(areas.get(alertId) ?? []), code]);
  return areas;
}

const NOBODY: Promise<{ id: string; name: string }[]> = Promise.resolve([]);

/** Names by id: speakers, members (by their call), sites, gateways, officers, grid nodes. An id without a name is left out. */
export async function findNames(db: Database, rows: readonly EventRow[]): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const put = (found: readonly { id: string; name: string }[]) => found.forEach(({ id, name }) => names.set(id, name));
  const subjects = (...kinds: string[]) => [
    ...new Set(rows.filter((row) => kinds.includes(row.type.slice(0, row.type.indexOf('.')))).map((row) => row.subjectId)),
  ];
  const actors = (kind: string) => [...new Set(rows.filter((row) => row.who.startsWith(`${kind}:`)).map((row) => row.who.slice(kind.length + 1)))];
  const [poles, calls, sites] = [subjects('delivery', 'speaker'), subjects('call'), subjects('site', 'gateway')];
  const officers = [...new Set([...actors('officer'), ...subjects('officer')])];
  const members = actors('member');
  const gateways = actors('gateway');
  const codes = [...new Set(rows.map((row) => row.gridCode))];
  const reads = [
    poles.length > 0 ? db.read((q, t) => q.select({ id: t.speaker.id, name: t.speaker.name }).from(t.speaker).where(inArray(t.speaker.id, poles))) : NOBODY,
    poles.length > 0
      ? db.read((q, t) =>
          q
            .select({ id: t.delivery.id, name: t.speaker.name })
            .from(t.delivery)
            .innerJoin(t.speaker, eq(t.speaker.id, t.delivery.speakerId))
            .where(inArray(t.delivery.id, poles)),
        )
      : NOBODY,
    calls.length > 0
      ? db.read((q, t) =>
          q.select({ id: t.call.id, name: t.member.name }).from(t.call).innerJoin(t.member, eq(t.member.id, t.call.memberId)).where(inArray(t.call.id, calls)),
        )
      : NOBODY,
    members.length > 0 ? db.read((q, t) => q.select({ id: t.member.id, name: t.member.name }).from(t.member).where(inArray(t.member.id, members))) : NOBODY,
    sites.length > 0 ? db.read((q, t) => q.select({ id: t.site.id, name: t.site.name }).from(t.site).where(inArray(t.site.id, sites))) : NOBODY,
    sites.length > 0
      ? db.read((q, t) =>
          q
            .select({ id: t.gateway.id, name: t.site.name })
            .from(t.gateway)
            .innerJoin(t.site, eq(t.site.id, t.gateway.siteId))
            .where(inArray(t.gateway.id, sites)),
        )
      : NOBODY,
    gateways.length > 0
      ? db.read((q, t) =>
          q
            .select({ id: t.gateway.id, name: t.site.name })
            .from(t.gateway)
            .innerJoin(t.site, eq(t.site.id, t.gateway.siteId))
            .where(inArray(t.gateway.id, gateways)),
        )
      : NOBODY,
    officers.length > 0
      ? db.read((q, t) => q.select({ id: t.officer.id, name: t.officer.name }).from(t.officer).where(inArray(t.officer.id, officers)))
      : NOBODY,
    codes.length > 0
      ? db.read((q, t) => q.select({ id: t.gridNode.code, name: t.gridNode.name }).from(t.gridNode).where(inArray(t.gridNode.code, codes)))
      : NOBODY,
  ];
  for (const found of await Promise.all(reads)) put(found);
  return names;
}
