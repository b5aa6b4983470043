// Chapter 6, watch: the event table read in order, and the names behind its ids.
import { and, asc, desc, eq, gt, inArray, lt, max, notInArray, sql } from 'drizzle-orm';
import type { EventRow } from '@laba/runtime/event-tail';
import { prepared, type Database, type Prepared, type Query, type Sql } from '@laba/storage/database';
import { rowsOf } from '@laba/storage/rows-of';
import type { Tables } from '@laba/storage/tables';

const selectNewest = prepared('console-newest-event', (q, t) => q.select({ seq: max(t.event.seq) }).from(t.event));

/** 0 when nothing ever happened. */
export async function newestSeq(db: Database): Promise<number> {
  const [row] = await db.read(selectNewest);
  return row?.seq ?? 0;
}

/** One of these comes for every target at once; the figures tell the same. */
export const PER_TARGET: readonly string[] = ['call.unanswered', 'call.closed', 'delivery.sent', 'person.marked'];

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

/** What happened to one thing, the oldest first. */
export function eventsOfSubject(db: Database, subjectId: string, limit: number): Promise<EventRow[]> {
  return db.read((q, t) => q.select().from(t.event).where(eq(t.event.subjectId, subjectId)).orderBy(asc(t.event.seq)).limit(limit));
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

type Named = { id: string; name: string };

/** Names for ids, prepared once: every change on every open page asks. */
function namesFor(what: string, build: (q: Sql, t: Tables, ids: ReturnType<typeof idsOf>) => Query<Named>): Prepared<Named> {
  return prepared(`console-names-${what}`, (q, t) => build(q, t, idsOf(t)));
}

const idsOf = (t: Tables) => rowsOf(t, sql.placeholder('ids'), { id: 'text' });

const SPEAKERS = namesFor('speakers', (q, t, { from, columns: c }) =>
  q.select({ id: t.speaker.id, name: t.speaker.name }).from(from).innerJoin(t.speaker, eq(t.speaker.id, c.id)),
);
const DELIVERIES = namesFor('deliveries', (q, t, { from, columns: c }) =>
  q
    .select({ id: t.delivery.id, name: t.speaker.name })
    .from(from)
    .innerJoin(t.delivery, eq(t.delivery.id, c.id))
    .innerJoin(t.speaker, eq(t.speaker.id, t.delivery.speakerId)),
);
const CALLS = namesFor('calls', (q, t, { from, columns: c }) =>
  q.select({ id: t.call.id, name: t.member.name }).from(from).innerJoin(t.call, eq(t.call.id, c.id)).innerJoin(t.member, eq(t.member.id, t.call.memberId)),
);
const MESSAGES = namesFor('messages', (q, t, { from, columns: c }) =>
  q
    .select({ id: t.message.id, name: t.member.name })
    .from(from)
    .innerJoin(t.message, eq(t.message.id, c.id))
    .innerJoin(t.member, eq(t.member.id, t.message.memberId)),
);
const REPLIES = namesFor('replies', (q, t, { from, columns: c }) =>
  q
    .select({ id: t.inboundMessage.id, name: t.member.name })
    .from(from)
    .innerJoin(t.inboundMessage, eq(t.inboundMessage.id, c.id))
    .innerJoin(t.member, eq(t.member.id, t.inboundMessage.memberId)),
);
const MEMBERS = namesFor('members', (q, t, { from, columns: c }) =>
  q.select({ id: t.member.id, name: t.member.name }).from(from).innerJoin(t.member, eq(t.member.id, c.id)),
);
const SITES = namesFor('sites', (q, t, { from, columns: c }) =>
  q.select({ id: t.site.id, name: t.site.name }).from(from).innerJoin(t.site, eq(t.site.id, c.id)),
);
const POINTS = namesFor('points', (q, t, { from, columns: c }) =>
  q.select({ id: t.hazardPoint.id, name: t.hazardPoint.name }).from(from).innerJoin(t.hazardPoint, eq(t.hazardPoint.id, c.id)),
);
const DOORS = namesFor('doors', (q, t, { from, columns: c }) =>
  q.select({ id: t.household.id, name: t.household.doorplate }).from(from).innerJoin(t.household, eq(t.household.id, c.id)),
);
const GATEWAYS = namesFor('gateways', (q, t, { from, columns: c }) =>
  q.select({ id: t.gateway.id, name: t.site.name }).from(from).innerJoin(t.gateway, eq(t.gateway.id, c.id)).innerJoin(t.site, eq(t.site.id, t.gateway.siteId)),
);
const OFFICERS = namesFor('officers', (q, t, { from, columns: c }) =>
  q.select({ id: t.officer.id, name: t.officer.name }).from(from).innerJoin(t.officer, eq(t.officer.id, c.id)),
);
const NODES = namesFor('nodes', (q, t, { from, columns: c }) =>
  q.select({ id: t.gridNode.code, name: t.gridNode.name }).from(from).innerJoin(t.gridNode, eq(t.gridNode.code, c.id)),
);

/** Names by id: speakers, members (by their call), sites, gateways, officers, grid nodes. An id without a name is left out. */
export async function findNames(db: Database, rows: readonly EventRow[]): Promise<Map<string, string>> {
  const subjects = (...kinds: string[]) => rows.filter((row) => kinds.includes(row.type.slice(0, row.type.indexOf('.')))).map((row) => row.subjectId);
  const actors = (kind: string) => rows.filter((row) => row.who.startsWith(`${kind}:`)).map((row) => row.who.slice(kind.length + 1));
  const rounds = (kind: string) => rows.filter((row) => row.type.startsWith('round.') && row.data['kind'] === kind).map((row) => row.subjectId);
  const [poles, sites] = [subjects('delivery', 'speaker'), subjects('site', 'gateway')];
  const asked: [Prepared<Named>, string[]][] = [
    [SPEAKERS, poles],
    [DELIVERIES, poles],
    // Of a section, of who leads and of who joined or is back, the subject is his call.
    [CALLS, subjects('call', 'section', 'commander', 'member')],
    [MESSAGES, subjects('message')],
    [REPLIES, subjects('message')],
    [MEMBERS, [...actors('member'), ...subjects('link', 'push', 'member', 'number')]],
    [SITES, [...sites, ...subjects('room'), ...rounds('room'), ...actors('site')]],
    [POINTS, rounds('patrol')],
    [DOORS, rounds('visit')],
    [GATEWAYS, [...sites, ...actors('gateway')]],
    [OFFICERS, [...actors('officer'), ...subjects('officer')]],
    [NODES, rows.flatMap(({ gridCode, data: { rungCode } }) => (typeof rungCode === 'string' ? [gridCode, rungCode] : [gridCode]))],
  ];
  const reads = asked.map(async ([statement, ids]) =>
    ids.length === 0 ? [] : db.read(statement, { ids: JSON.stringify([...new Set(ids)].map((id) => ({ id }))) }),
  );
  const found = (await Promise.all(reads)).flat();
  return new Map(found.map(({ id, name }) => [id, name]));
}
