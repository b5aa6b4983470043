// Routine broadcasts: their rows and those of their times.
import { and, asc, desc, eq, getTableColumns, gt, gte, inArray, lt, lte, max, or, sql, type Column, type SQL } from 'drizzle-orm';
import type { DropReason } from '@laba/domain/bulletin';
import { lineage } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { inArea } from '@laba/storage/audience';
import { one, type Database, type Op, type Sql } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type Bulletin = Tables['bulletin']['$inferSelect'];
export type BulletinTime = Tables['bulletinTime']['$inferSelect'];
export type BulletinAudio = Tables['bulletinAudio']['$inferSelect'];

export async function findBulletin(db: Database, id: string): Promise<Bulletin | undefined> {
  return (await db.read((q, t) => q.select().from(t.bulletin).where(eq(t.bulletin.id, id))))[0];
}

// The covering node lies inside these scopes or above them, if any of its areas does.
const touches = (gridCode: Column, scopes: readonly string[]): SQL | undefined => or(inArea(gridCode, scopes), inArray(gridCode, scopes.flatMap(lineage)));

/** All that are going on or wait, and what was stopped last, as far as it may touch these scopes. */
export function listBulletins(db: Database, scopes: readonly string[]): Promise<Bulletin[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.bulletin)
      .where(touches(t.bulletin.gridCode, scopes))
      .orderBy(sql`case when ${t.bulletin.state} = 'stopped' then 1 else 0 end`, desc(t.bulletin.changedAtMs))
      .limit(LIMITS.bulletinsShown),
  );
}

export function insertBulletin(bulletin: Bulletin): Op {
  return one((q, t) => q.insert(t.bulletin).values(bulletin).returning({ id: t.bulletin.id }));
}

/** Breaks with `changed-meanwhile` when it is not this version any more. */
export function changeBulletin({ id, version }: Pick<Bulletin, 'id' | 'version'>, change: Partial<Bulletin>): Op {
  return one((q, t) =>
    q
      .update(t.bulletin)
      .set(change)
      .where(and(eq(t.bulletin.id, id), eq(t.bulletin.version, version)))
      .returning({ id: t.bulletin.id }),
  );
}

/** Its times up to this one are looked after. Breaks when another run was faster: no time is planned twice. */
export function movePlanned({ id, version, plannedToMs }: Bulletin, toMs: number): Op {
  return one((q, t) =>
    q
      .update(t.bulletin)
      .set({ plannedToMs: toMs })
      .where(and(eq(t.bulletin.id, id), eq(t.bulletin.version, version), eq(t.bulletin.plannedToMs, plannedToMs)))
      .returning({ id: t.bulletin.id }),
  );
}

export function insertTime(time: BulletinTime): Op {
  return one((q, t) => q.insert(t.bulletinTime).values(time).returning({ id: t.bulletinTime.id }));
}

export async function findTime(db: Database, id: string): Promise<BulletinTime | undefined> {
  return (await db.read((q, t) => q.select().from(t.bulletinTime).where(eq(t.bulletinTime.id, id))))[0];
}

/** From `planned` to its end, once. */
export function endTime(id: string, state: 'over' | 'cancelled' | 'dropped', nowMs: number, reason: DropReason | null = null): Op {
  return one((q, t) =>
    q
      .update(t.bulletinTime)
      .set({ state, reason, changedAtMs: nowMs })
      .where(and(eq(t.bulletinTime.id, id), eq(t.bulletinTime.state, 'planned')))
      .returning({ id: t.bulletinTime.id }),
  );
}

/** Planned times of a bulletin that begin after `afterMs`. */
export function plannedTimes(db: Database, bulletinId: string, afterMs: number): Promise<BulletinTime[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.bulletinTime)
      .where(and(eq(t.bulletinTime.bulletinId, bulletinId), eq(t.bulletinTime.state, 'planned'), gt(t.bulletinTime.startMs, afterMs)))
      .orderBy(asc(t.bulletinTime.startMs)),
  );
}

export function timesFrom(db: Database, scopes: readonly string[], fromMs: number, toMs: number, bulletinId?: string): Promise<BulletinTime[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.bulletinTime)
      .where(
        and(
          touches(t.bulletinTime.gridCode, scopes),
          gte(t.bulletinTime.startMs, fromMs),
          lt(t.bulletinTime.startMs, toMs),
          bulletinId === undefined ? undefined : eq(t.bulletinTime.bulletinId, bulletinId),
        ),
      )
      .orderBy(asc(t.bulletinTime.startMs), asc(t.bulletinTime.id))
      .limit(LIMITS.bulletinTimesShown),
  );
}

/** How many loudspeakers an area has. */
export async function countSpeakers(db: Database, codes: readonly string[]): Promise<number> {
  const [row] = await db.read((q, t) =>
    q
      .select({ n: sql<number>`count(*)`.mapWith(Number) })
      .from(t.speaker)
      .where(inArea(t.speaker.gridCode, codes)),
  );
  return row?.n ?? 0;
}

export async function nodeNames(db: Database, codes: readonly string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map();
  const rows = await db.read((q, t) =>
    q
      .select({ code: t.gridNode.code, name: t.gridNode.name })
      .from(t.gridNode)
      .where(inArray(t.gridNode.code, [...codes])),
  );
  return new Map(rows.map(({ code, name }) => [code, name]));
}

export async function findAudio(db: Database, sha256s: readonly string[]): Promise<Map<string, number>> {
  if (sha256s.length === 0) return new Map();
  const rows = await db.read((q, t) =>
    q
      .select({ sha256: t.bulletinAudio.sha256, durationMs: t.bulletinAudio.durationMs })
      .from(t.bulletinAudio)
      .where(inArray(t.bulletinAudio.sha256, [...sha256s])),
  );
  return new Map(rows.map(({ sha256, durationMs }) => [sha256, durationMs]));
}

/** The same recording again is the same row. */
export function insertAudio(audio: BulletinAudio): Op {
  return one((q, t) =>
    q
      .insert(t.bulletinAudio)
      .values(audio)
      .onConflictDoUpdate({ target: t.bulletinAudio.sha256, set: { durationMs: audio.durationMs } })
      .returning({ sha256: t.bulletinAudio.sha256 }),
  );
}

/** When this house last came out of a backup, or 0. */
export async function restoredAtMs(db: Database, county: string): Promise<number> {
  const [row] = await db.read((q, t) =>
    q
      .select({ atMs: max(t.event.atMs) })
      .from(t.event)
      .where(and(eq(t.event.subjectId, county), eq(t.event.type, 'county.restored'))),
  );
  return row?.atMs ?? 0;
}

export interface GatewayLine {
  gatewayId: string;
  gridCode: string;
  /** What it said last; null: never heard. */
  can: readonly string[] | null;
}

/** Gateways, with what each said last. */
export async function linesOf(db: Database, where: (t: Tables, q: Sql) => SQL | undefined): Promise<GatewayLine[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ gatewayId: t.gateway.id, gridCode: t.gateway.gridCode, state: t.gatewayStatus.state })
      .from(t.gateway)
      .leftJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.gateway.id))
      .where(where(t, q)),
  );
  return rows.map(({ gatewayId, gridCode, state }) => ({ gatewayId, gridCode, can: state === null ? null : (state.can ?? []) }));
}

export async function officerNames(db: Database): Promise<Map<string, string>> {
  const rows = await db.read((q, t) => q.select({ id: t.officer.id, name: t.officer.name }).from(t.officer));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The last time of each bulletin that has begun. */
export async function lastTimes(db: Database, bulletinIds: readonly string[], nowMs: number): Promise<BulletinTime[]> {
  if (bulletinIds.length === 0) return [];
  return db.read((q, t) => {
    const last = q
      .select({ bulletinId: t.bulletinTime.bulletinId, startMs: sql<number>`${max(t.bulletinTime.startMs)}`.as('last_start_ms') })
      .from(t.bulletinTime)
      .where(and(inArray(t.bulletinTime.bulletinId, [...bulletinIds]), lte(t.bulletinTime.startMs, nowMs)))
      .groupBy(t.bulletinTime.bulletinId)
      .as('last');
    return q
      .select(getTableColumns(t.bulletinTime))
      .from(t.bulletinTime)
      .innerJoin(last, and(eq(last.bulletinId, t.bulletinTime.bulletinId), eq(last.startMs, t.bulletinTime.startMs)))
      .orderBy(asc(t.bulletinTime.version));
  });
}
