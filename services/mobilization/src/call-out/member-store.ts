// Chapter 5, member: the member himself in the database.
import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Database } from '@laba/storage/database';

/** The grid nodes that the member belongs to. */
export async function memberCodes(db: Database, memberId: string): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q.select({ code: t.membership.gridCode }).from(t.membership).where(eq(t.membership.memberId, memberId)).orderBy(asc(t.membership.gridCode)),
  );
  return rows.map((row) => row.code);
}

/** As `memberCodes`, of a member of the county's lists: who joined on the spot is trusted with nobody's door but those he was given by hand. */
export async function listedMemberCodes(db: Database, memberId: string): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ code: t.membership.gridCode })
      .from(t.membership)
      .innerJoin(t.member, eq(t.member.id, t.membership.memberId))
      .where(and(eq(t.membership.memberId, memberId), isNull(t.member.alertId)))
      .orderBy(asc(t.membership.gridCode)),
  );
  return rows.map((row) => row.code);
}
