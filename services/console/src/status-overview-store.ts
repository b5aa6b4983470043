// Chapter 6, watch: places that are heard by telephone only, for one screen: who did not call when he said, where people are missing or hurt. Reads only.
import { and, asc, desc, eq, gte, gt, isNull, or, sql } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';

export interface OverdueContact {
  id: string;
  gridCode: string;
  gridName: string;
  alertId: string | null;
  nextContactAtMs: number;
  saidAtMs: number;
}

/** The longest overdue first. */
export async function overdueContacts(db: Database, codes: readonly string[]): Promise<OverdueContact[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ status: t.spokenStatus, gridName: t.gridNode.name })
      .from(t.spokenStatus)
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.spokenStatus.gridCode))
      .where(and(eq(t.spokenStatus.contact, 'overdue'), inArea(t.spokenStatus.gridCode, codes)))
      .orderBy(asc(t.spokenStatus.nextContactAtMs))
      .limit(LIMITS.rowsPerPage),
  );
  return rows.map(({ status: { id, gridCode, alertId, nextContactAtMs, saidAtMs }, gridName }) => ({
    ...{ id, gridCode, alertId, saidAtMs },
    nextContactAtMs: nextContactAtMs ?? saidAtMs,
    gridName: gridName ?? gridCode,
  }));
}

export interface GraveStatus {
  id: string;
  gridCode: string;
  gridName: string;
  alertId: string | null;
  missing: number;
  injured: number;
  saidAtMs: number;
}

/** The newest word of each place, where it tells of missing or hurt people and nobody has reconciled it: of alerts that go on, or of this day. */
export async function graveStatuses(db: Database, codes: readonly string[], nowMs: number): Promise<GraveStatus[]> {
  const rows = await db.read((q, { spokenStatus: status, gridNode, alert }) => {
    const turn = sql<number>`row_number() over (partition by ${status.gridCode} order by ${status.saidAtMs} desc, ${status.id} desc)`.as('turn');
    const turns = q.select({ id: status.id, turn }).from(status).where(inArea(status.gridCode, codes)).as('turns');
    return q
      .select({ status, gridName: gridNode.name })
      .from(turns)
      .innerJoin(status, eq(status.id, turns.id))
      .leftJoin(gridNode, eq(gridNode.code, status.gridCode))
      .leftJoin(alert, eq(alert.id, status.alertId))
      .where(
        and(
          eq(turns.turn, 1),
          isNull(status.reconciledAtMs),
          or(gt(status.missing, 0), gt(status.injured, 0)),
          or(eq(alert.state, 'raised'), and(isNull(status.alertId), gte(status.saidAtMs, nowMs - LIMITS.headCountFreshMs))),
        ),
      )
      .orderBy(desc(sql`coalesce(${status.missing}, 0)`), desc(sql`coalesce(${status.injured}, 0)`), asc(status.saidAtMs))
      .limit(LIMITS.rowsPerPage);
  });
  return rows.map(({ status: { id, gridCode, alertId, missing, injured, saidAtMs }, gridName }) => ({
    ...{ id, gridCode, alertId, saidAtMs },
    ...{ missing: missing ?? 0, injured: injured ?? 0, gridName: gridName ?? gridCode },
  }));
}

export interface SilentHouse {
  peerId: string;
  gridCode: string;
  gridName: string;
  sinceMs: number;
}

/** Houses below that are silent, the longest first. */
export async function silentHouses(db: Database, codes: readonly string[]): Promise<SilentHouse[]> {
  const rows = await db.read((q, { silentHouse: house, gridNode }) =>
    q
      .select({ peerId: house.peerId, gridCode: house.gridCode, sinceMs: house.sinceMs, gridName: gridNode.name })
      .from(house)
      .leftJoin(gridNode, eq(gridNode.code, house.gridCode))
      .where(inArea(house.gridCode, codes))
      .orderBy(asc(house.sinceMs)),
  );
  return rows.map(({ gridName, ...house }) => ({ ...house, gridName: gridName ?? house.gridCode }));
}
