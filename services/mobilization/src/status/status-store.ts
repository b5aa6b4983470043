// The village alone, at the centre: what was said of a place by telephone, in the database, and what it is compared with.
import { and, desc, eq, gte, inArray, isNull, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import type { Mode } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { isWithin, lineage } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Expected } from '@laba/domain/spoken-status';
import { householdsInArea, inArea } from '@laba/storage/audience';
import { any, one, type Database, type Op } from '@laba/storage/database';
import { hasSilentHouse } from '@laba/storage/houses';
import type { Tables } from '@laba/storage/tables';

export type SpokenStatus = Tables['spokenStatus']['$inferSelect'];

export function insertStatus(status: SpokenStatus): Op {
  return one((q, t) => q.insert(t.spokenStatus).values(status).returning({ id: t.spokenStatus.id }));
}

/** What comes later, guarded by the version it was decided on. */
export function writeStatus({ id, version }: SpokenStatus, later: Partial<Pick<SpokenStatus, 'contact' | 'reconciledBy' | 'reconciledAtMs'>>): Op {
  return one(
    (q, t) =>
      q
        .update(t.spokenStatus)
        .set({ ...later, version: version + 1 })
        .where(and(eq(t.spokenStatus.id, id), eq(t.spokenStatus.version, version)))
        .returning({ id: t.spokenStatus.id }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

/** Whoever waited for the place to call again has heard of it. */
export function meetContacts(gridCode: string, saidAtMs: number): Op {
  return any((q, { spokenStatus: status }) =>
    q
      .update(status)
      .set({ contact: 'met', version: sql`${status.version} + 1` })
      .where(and(eq(status.gridCode, gridCode), inArray(status.contact, ['awaited', 'overdue']), lte(status.saidAtMs, saidAtMs)))
      .returning({ id: status.id }),
  );
}

export async function findStatus(db: Database, id: string): Promise<SpokenStatus | undefined> {
  const [row] = await db.read((q, t) => q.select().from(t.spokenStatus).where(eq(t.spokenStatus.id, id)));
  return row;
}

/** Whether something later than that is known of the place. */
export async function isKnownLater(db: Database, gridCode: string, saidAtMs: number): Promise<boolean> {
  const rows = await db.read((q, { spokenStatus: status }) =>
    q
      .select({ id: status.id })
      .from(status)
      .where(and(eq(status.gridCode, gridCode), sql`${status.saidAtMs} > ${saidAtMs}`))
      .limit(1),
  );
  return rows.length > 0;
}

export interface StatusFilter {
  /** Those of the alert, and those that were said of its area while it stood, when nobody here knew of it yet. */
  alert?: { id: string; raisedAtMs: number | null; overAtMs: number | null } | undefined;
  /** Only the newest of each place. */
  newest: boolean;
}

/** Where a page ended. */
export interface StatusCursor {
  saidAtMs: number;
  id: string;
}

export interface StatusRow {
  status: SpokenStatus;
  gridName: string | null;
  mode: Mode | null;
  writtenByName: string | null;
  reconciledByName: string | null;
}

/** A page of what was said of places inside `codes`, the newest first. */
export async function listStatuses(db: Database, codes: readonly string[], filter: StatusFilter, after?: StatusCursor): Promise<StatusRow[]> {
  const newest = filter.newest ? await newestIds(db, codes) : undefined;
  return rowsWhere(db, (t) => {
    const { spokenStatus: status } = t;
    const further =
      after === undefined ? undefined : or(lt(status.saidAtMs, after.saidAtMs), and(eq(status.saidAtMs, after.saidAtMs), lt(status.id, after.id)));
    return and(inArea(status.gridCode, codes), ofAlert(t, filter.alert), newest === undefined ? undefined : inArray(status.id, newest), further);
  });
}

export async function findStatusRow(db: Database, id: string): Promise<StatusRow | undefined> {
  return (await rowsWhere(db, (t) => eq(t.spokenStatus.id, id)))[0];
}

async function rowsWhere(db: Database, where: (t: Tables) => SQL | undefined): Promise<StatusRow[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ status: t.spokenStatus, gridName: t.gridNode.name, mode: t.alert.mode })
      .from(t.spokenStatus)
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.spokenStatus.gridCode))
      .leftJoin(t.alert, eq(t.alert.id, t.spokenStatus.alertId))
      .where(where(t))
      .orderBy(desc(t.spokenStatus.saidAtMs), desc(t.spokenStatus.id))
      .limit(LIMITS.rowsPerPage),
  );
  const names = await officerNames(
    db,
    rows.flatMap((row) => [row.status.writtenBy, row.status.reconciledBy]),
  );
  return rows.map((row) => ({
    ...row,
    writtenByName: names.get(row.status.writtenBy) ?? null,
    reconciledByName: names.get(row.status.reconciledBy ?? '') ?? null,
  }));
}

function ofAlert({ spokenStatus: status }: Tables, alert: StatusFilter['alert']): SQL | undefined {
  if (alert === undefined) return undefined;
  const whileItStood = and(
    isNull(status.alertId),
    alert.raisedAtMs === null ? sql`1 = 0` : gte(status.saidAtMs, alert.raisedAtMs),
    alert.overAtMs === null ? undefined : lte(status.saidAtMs, alert.overAtMs),
  );
  return or(eq(status.alertId, alert.id), whileItStood);
}

/** The latest word about each place inside `codes`; of two of the same moment the one that was written later. */
export async function newestIds(db: Database, codes: readonly string[]): Promise<string[]> {
  const rows = await db.read((q, { spokenStatus: status }) => {
    const turn = sql<number>`row_number() over (partition by ${status.gridCode} order by ${status.saidAtMs} desc, ${status.id} desc)`.as('turn');
    const turns = q.select({ id: status.id, turn }).from(status).where(inArea(status.gridCode, codes)).as('turns');
    return q.select({ id: turns.id }).from(turns).where(eq(turns.turn, 1));
  });
  return rows.map(({ id }) => id);
}

/** By `officer:ID`. */
async function officerNames(db: Database, marks: readonly (string | null)[]): Promise<Map<string, string>> {
  const ids = [...new Set(marks.flatMap((mark) => (mark === null ? [] : [mark.slice(mark.indexOf(':') + 1)])))];
  if (ids.length === 0) return new Map();
  const rows = await db.read((q, t) => q.select({ id: t.officer.id, name: t.officer.name }).from(t.officer).where(inArray(t.officer.id, ids)));
  return new Map(rows.map(({ id, name }) => [`officer:${id}`, name]));
}

export interface StandingAlert {
  id: string;
  title: string;
  mode: Mode;
}

/** The alert under which the place stands: a live one before a drill, the last raised before others. */
export async function alertAt(db: Database, gridCode: string): Promise<StandingAlert | undefined> {
  const rows = await db.read((q, { alert, alertRevision: revision }) =>
    q
      .select({ id: alert.id, mode: alert.mode, areaCodes: revision.areaCodes, texts: revision.texts })
      .from(alert)
      .innerJoin(revision, and(eq(revision.alertId, alert.id), eq(revision.revision, alert.revision)))
      .where(and(eq(alert.state, 'raised'), inArray(alert.mode, ['live', 'drill'])))
      .orderBy(desc(alert.raisedAtMs), desc(alert.id)),
  );
  const covering = rows.filter(({ areaCodes }) => areaCodes.some((area) => isWithin(area, gridCode)));
  const found = covering.find(({ mode }) => mode === 'live') ?? covering[0];
  return found && { id: found.id, title: found.texts[0]?.title ?? '', mode: found.mode };
}

/** How many the register knows there. A household of which it names nobody is its head. */
export async function registeredAt(db: Database, gridCode: string): Promise<Expected> {
  const [row] = await db.read((q, t) => {
    const households = householdsInArea(q, t, [gridCode]).as('households');
    const known = q
      .select({ householdId: households.householdId, persons: sql<number>`count(${t.person.id})`.as('persons_known') })
      .from(households)
      .leftJoin(t.person, eq(t.person.householdId, households.householdId))
      .groupBy(households.householdId)
      .as('known');
    return q
      .select({
        households: sql<number>`count(*)`.mapWith(Number),
        persons: sql<number>`coalesce(sum(case when ${known.persons} = 0 then 1 else ${known.persons} end), 0)`.mapWith(Number),
      })
      .from(known);
  });
  return row ?? { households: 0, persons: 0 };
}

const BACK = ['site.back', 'house.back'];

/** Whether the place was silent, came back since, and is heard of by the line now. */
export async function isBackOnLine(db: Database, gridCode: string, sinceMs: number): Promise<boolean> {
  const [gateways, houses] = await Promise.all([
    db.read((q, t) =>
      q
        .select({ id: t.gateway.id, isHeard: sql<boolean>`${t.gatewayStatus.online} and not ${hasSilentHouse(q, t, t.gateway.gridCode)}`.mapWith(Boolean) })
        .from(t.gateway)
        .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.gateway.id))
        .where(and(eq(t.gateway.status, 'active'), inArea(t.gateway.gridCode, [gridCode]))),
    ),
    db.read((q, { peer }) =>
      q
        .select({ id: peer.id })
        .from(peer)
        .where(and(eq(peer.side, 'below'), or(inArea(peer.gridCode, [gridCode]), inArray(peer.gridCode, lineage(gridCode))))),
    ),
  ]);
  if (gateways.some(({ isHeard }) => !isHeard)) return false;
  const subjects = [...gateways, ...houses].map(({ id }) => id);
  const back = await db.read((q, { event }) =>
    q
      .select({ id: event.id })
      .from(event)
      .where(and(inArray(event.subjectId, subjects), gte(event.atMs, sinceMs), inArray(event.type, BACK)))
      .limit(1),
  );
  return back.length > 0;
}

/** Whether somebody is on his way there already. */
export async function isRunTo(db: Database, gridCode: string): Promise<boolean> {
  const rows = await db.read((q, { task }) =>
    q
      .select({ id: task.id })
      .from(task)
      .where(and(eq(task.kind, 'run-to-village'), eq(task.gridCode, gridCode), inArray(task.state, ['open', 'taken'])))
      .limit(1),
  );
  return rows.length > 0;
}
