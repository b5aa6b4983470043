// Chapter 5, member: which grid nodes there are, and what they are called.
import { asc, eq, inArray } from 'drizzle-orm';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';

export async function isGridNode(db: Database, code: string): Promise<boolean> {
  return (await db.read((q, t) => q.select({ code: t.gridNode.code }).from(t.gridNode).where(eq(t.gridNode.code, code)))).length > 0;
}

/** In the order of their codes; a code that nobody knows is left out. */
export async function gridNames(db: Database, codes: readonly string[]): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ name: t.gridNode.name })
      .from(t.gridNode)
      .where(inArray(t.gridNode.code, [...codes]))
      .orderBy(asc(t.gridNode.code)),
  );
  return rows.map((row) => row.name);
}

/** Of the codes and of everything under them, by code. */
export async function namesOfCodes(db: Database, codes: readonly string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map();
  const rows = await db.read((q, t) => q.select({ code: t.gridNode.code, name: t.gridNode.name }).from(t.gridNode).where(inArea(t.gridNode.code, codes)));
  return new Map(rows.map(({ code, name }) => [code, name]));
}
