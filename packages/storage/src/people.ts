// How many people belong to a place, without saying who. At a prefecture's house the counties have told it; everywhere else it is counted.
import { and, eq, isNull, sql } from 'drizzle-orm';
import { inArea } from './audience.ts';
import type { Database } from './database.ts';

const WHAT = ['households', 'persons', 'members'] as const;

/** `members`: of the lists; who belongs to two groups counts in both. */
export type PeopleCount = { gridCode: string } & Record<(typeof WHAT)[number], number>;

/** Of this house's own register, per grid node that has any. */
export async function countPeople(db: Database, codes: readonly string[]): Promise<PeopleCount[]> {
  const n = sql`count(*)`.mapWith(Number);
  const counted = await Promise.all([
    db.read((q, { household }) =>
      q.select({ gridCode: household.gridCode, n }).from(household).where(inArea(household.gridCode, codes)).groupBy(household.gridCode),
    ),
    db.read((q, { household, person }) =>
      q
        .select({ gridCode: household.gridCode, n })
        .from(person)
        .innerJoin(household, eq(household.id, person.householdId))
        .where(inArea(household.gridCode, codes))
        .groupBy(household.gridCode),
    ),
    db.read((q, { membership, member }) =>
      q
        .select({ gridCode: membership.gridCode, n })
        .from(membership)
        .innerJoin(member, and(eq(member.id, membership.memberId), isNull(member.alertId)))
        .where(inArea(membership.gridCode, codes))
        .groupBy(membership.gridCode),
    ),
  ]);
  const counts = new Map<string, PeopleCount>();
  for (const [i, what] of WHAT.entries())
    for (const { gridCode, n: count } of counted[i]!)
      counts.set(gridCode, { ...(counts.get(gridCode) ?? { gridCode, households: 0, persons: 0, members: 0 }), [what]: count });
  return [...counts.values()];
}

/** What counties told of theirs. */
export function toldPeople(db: Database, codes: readonly string[]): Promise<PeopleCount[]> {
  return db.read((q, { peopleCount }) => q.select().from(peopleCount).where(inArea(peopleCount.gridCode, codes)));
}
