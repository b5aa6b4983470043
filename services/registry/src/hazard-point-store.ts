// Hazard points in the database.
import { any, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import { chunked, given } from './import-store.ts';

export type HazardPointRow = Tables['hazardPoint']['$inferInsert'];

/** Where each of them lies. */
export async function readHazardPoints(db: Database): Promise<Map<string, string>> {
  const rows = await db.read((q, { hazardPoint: p }) => q.select({ id: p.id, gridCode: p.gridCode }).from(p));
  return new Map(rows.map((row) => [row.id, row.gridCode]));
}

/** `withMember`: the list says which member patrols; otherwise what is known of that stays. */
export function upsertHazardPoints(rows: readonly HazardPointRow[], { withMember }: { withMember: boolean }): Op[] {
  const told = given('gridCode', 'name', 'hazard', 'patrolName', 'phoneCipher', 'phoneHash', ...(withMember ? ['patrolMemberId'] : []));
  return chunked(rows, (chunk) =>
    any((q, t) => q.insert(t.hazardPoint).values(chunk).onConflictDoUpdate({ target: t.hazardPoint.id, set: told }).returning({ id: t.hazardPoint.id })),
  );
}
