// Chapter 5, member: the member himself in the database.
import { asc, eq } from 'drizzle-orm';
import type { Database } from '@laba/storage/database';

/** The grid nodes that the member belongs to. */
export async function memberCodes(db: Database, memberId: string): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q.select({ code: t.membership.gridCode }).from(t.membership).where(eq(t.membership.memberId, memberId)).orderBy(asc(t.membership.gridCode)),
  );
  return rows.map((row) => row.code);
}
