// Muster points, and the temporary grid nodes of shelters, in the database.
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { inArea } from '@laba/storage/audience';
import { any, one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import { chunked, given } from './import-store.ts';

export type MusterPointRow = Tables['musterPoint']['$inferInsert'];

/** Grid code of each. */
export async function readMusterPoints(db: Database): Promise<Map<string, string>> {
  const rows = await db.read((q, t) => q.select({ id: t.musterPoint.id, gridCode: t.musterPoint.gridCode }).from(t.musterPoint));
  return new Map(rows.map((row) => [row.id, row.gridCode]));
}

export function upsertMusterPoints(rows: readonly MusterPointRow[]): Op[] {
  return chunked(rows, (chunk) =>
    any((q, t) =>
      q
        .insert(t.musterPoint)
        .values(chunk)
        .onConflictDoUpdate({ target: t.musterPoint.id, set: given('gridCode', 'name', 'capacity') })
        .returning({ id: t.musterPoint.id }),
    ),
  );
}

/** Whether people are moved by this alert at the moment. */
export async function isMoving(db: Database, alertId: string): Promise<boolean> {
  const rows = await db.read((q, { alert }) =>
    q
      .select({ id: alert.id })
      .from(alert)
      .where(and(eq(alert.id, alertId), eq(alert.state, 'raised'), ne(alert.mode, 'test'))),
  );
  return rows.length > 0;
}

export async function isVillage(db: Database, code: string): Promise<boolean> {
  const rows = await db.read((q, { gridNode }) =>
    q
      .select({ code: gridNode.code })
      .from(gridNode)
      .where(and(eq(gridNode.code, code), eq(gridNode.tier, 'village'))),
  );
  return rows.length > 0;
}

/** Every code under the village that is taken, also of shelters that were closed: their names stand in the timeline. */
export async function takenCodes(db: Database, villageCode: string): Promise<Set<string>> {
  const rows = await db.read((q, { gridNode }) =>
    q
      .select({ code: gridNode.code })
      .from(gridNode)
      .where(inArea(gridNode.code, [villageCode])),
  );
  return new Set(rows.map((row) => row.code));
}

/** A shelter's node and its muster point. Breaks with `changed-meanwhile` when the code was taken at the same moment. */
export function insertShelter(shelter: { id: string; code: string; villageCode: string; name: string; capacity: number; alertId: string }): Op[] {
  const { id, code, villageCode, name, capacity, alertId } = shelter;
  const node = { code, tier: 'group', name, parentCode: villageCode, alertId } as const;
  return [
    one((q, { gridNode }) => q.insert(gridNode).values(node).onConflictDoNothing().returning({ code: gridNode.code }), {
      otherwise: () => new LabaError('changed-meanwhile'),
    }),
    one((q, { musterPoint }) => q.insert(musterPoint).values({ id, gridCode: code, name, capacity }).returning({ id: musterPoint.id })),
  ];
}

/** The shelters of an alert that are open. */
export function openShelters(t: Tables, alertId: string) {
  return and(eq(t.gridNode.alertId, alertId), isNull(t.gridNode.closedAtMs));
}

export function closeShelters(alertId: string, nowMs: number): Op {
  return any((q, t) =>
    q
      .update(t.gridNode)
      .set({ closedAtMs: nowMs })
      .where(openShelters(t, alertId))
      .returning({ code: sql<string>`${t.gridNode.code}` }),
  );
}

/** Codes of shelters: no list may take one over. */
export async function shelterCodes(db: Database): Promise<Set<string>> {
  const rows = await db.read((q, { gridNode }) =>
    q
      .select({ code: gridNode.code })
      .from(gridNode)
      .where(sql`${gridNode.alertId} is not null`),
  );
  return new Set(rows.map((row) => row.code));
}
