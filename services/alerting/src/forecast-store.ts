// What the forecast asks: the audience's own selects, joined with what is known of each.
import { and, asc, count, desc, eq, inArray, isNull, lt, or, sql, sum, type Column, type SQL } from 'drizzle-orm';
import { OWN_CHANNELS } from '@laba/domain/call-out';
import { lineage, VILLAGE_DIGITS } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Need } from '@laba/domain/member';
import { everyMemberInArea, householdsInArea, inArea } from '@laba/storage/audience';
import type { Database, Sql } from '@laba/storage/database';
import { hasWorkingWay, isProven, peopleInArea } from '@laba/storage/numbers';
import type { Tables } from '@laba/storage/tables';
import { hasAnyWay } from '@laba/storage/ways';

const villageSql = (code: Column | SQL.Aliased<string>) => sql<string>`substr(${code}, 1, ${sql.raw(String(VILLAGE_DIGITS))})`;

/** Members per village, those who are away apart: how many, and how many of them could be reached by some channel. */
export function memberCounts(db: Database, codes: readonly string[]) {
  return db.read((q, t) => {
    const audience = everyMemberInArea(q, t, codes).as('audience');
    const village = villageSql(audience.gridCode);
    return q
      .select({ village, available: audience.available, total: count(), withWay: sum(audience.hasWay).mapWith(Number) })
      .from(audience)
      .groupBy(village, audience.available);
  });
}

export function householdCounts(db: Database, codes: readonly string[]) {
  return db.read((q, t) => {
    const audience = householdsInArea(q, t, codes).as('audience');
    const village = villageSql(audience.gridCode);
    return q.select({ village, households: count() }).from(audience).groupBy(village);
  });
}

export function personCounts(db: Database, codes: readonly string[]) {
  return db.read((q, t) => {
    const audience = householdsInArea(q, t, codes).as('audience');
    const village = villageSql(audience.gridCode);
    return q.select({ village, persons: count() }).from(audience).innerJoin(t.person, eq(t.person.householdId, audience.householdId)).groupBy(village);
  });
}

/** How many persons share each combination of needs: few rows, however many people. */
export async function personNeeds(db: Database, codes: readonly string[]): Promise<{ needs: Need[]; n: number }[]> {
  return db.read((q, t) => {
    const audience = householdsInArea(q, t, codes).as('audience');
    return q
      .select({ needs: t.person.needs, n: count() })
      .from(audience)
      .innerJoin(t.person, eq(t.person.householdId, audience.householdId))
      .groupBy(t.person.needs);
  });
}

export async function householdNeeds(db: Database, codes: readonly string[]): Promise<{ needs: Need[]; n: number }[]> {
  return db.read((q, t) =>
    q.select({ needs: t.household.needs, n: count() }).from(t.household).where(inArea(t.household.gridCode, codes)).groupBy(t.household.needs),
  );
}

/** Where people are who are on no household list, by kind. */
export function placeCounts(db: Database, codes: readonly string[]) {
  return db.read((q, t) =>
    q
      .select({ kind: t.place.kind, places: count(), headCount: sum(t.place.headCount).mapWith(Number) })
      .from(t.place)
      .where(inArea(t.place.gridCode, codes))
      .groupBy(t.place.kind),
  );
}

/** Places whose number was said before `beforeMs`, or nobody knows when. */
export function oldPlaces(db: Database, codes: readonly string[], beforeMs: number) {
  return db.read((q, { place }) =>
    q
      .select({ placeId: place.id, name: place.name, gridCode: place.gridCode, headCount: place.headCount, headCountAtMs: place.headCountAtMs })
      .from(place)
      .where(and(inArea(place.gridCode, codes), or(isNull(place.headCountAtMs), lt(place.headCountAtMs, beforeMs))))
      .orderBy(asc(place.gridCode), asc(place.id))
      .limit(LIMITS.forecastNames),
  );
}

export type NodeFact = Awaited<ReturnType<typeof nodeFacts>>[number];

/** The grid nodes of the area and everything above them. */
export function nodeFacts(db: Database, codes: readonly string[]) {
  const above = [...new Set(codes.flatMap(lineage))];
  return db.read((q, t) =>
    q
      .select({ code: t.gridNode.code, name: t.gridNode.name, tier: t.gridNode.tier, languages: t.gridNode.languages })
      .from(t.gridNode)
      .where(or(inArea(t.gridNode.code, codes), inArray(t.gridNode.code, above)))
      .orderBy(t.gridNode.code),
  );
}

/** Members of the area, and who stands on its ladders or above them, who are here, once each. */
function peopleHere(q: Sql, t: Tables, codes: readonly string[], provenSinceMs: number) {
  const people = peopleInArea(q, t, { codes }, [...new Set(codes.flatMap(lineage))]);
  return q
    .select({
      memberId: people.memberId,
      name: t.member.name,
      gridCode: people.gridCode,
      isRung: sql<number>`case when exists (select 1 from ladder_rung as his where his.member_id = ${t.member.id}) then 1 else 0 end`.as('here_is_rung'),
      hasWay: sql<number>`case when ${hasAnyWay(t, OWN_CHANNELS)} then 1 else 0 end`.as('here_has_way'),
      works: sql<number>`case when ${hasWorkingWay(t, OWN_CHANNELS)} then 1 else 0 end`.as('here_works'),
      isProven: sql<number>`case when ${isProven(t, provenSinceMs)} then 1 else 0 end`.as('here_is_proven'),
    })
    .from(people)
    .innerJoin(t.member, eq(t.member.id, people.memberId))
    .where(and(eq(t.member.available, true), isNull(t.member.alertId)))
    .as('here');
}

/** How many of them no channel reaches, as far as is known; and how many others have not answered by any since `provenSinceMs`. */
export async function reachCounts(db: Database, codes: readonly string[], provenSinceMs: number): Promise<{ unreached: number; unproven: number }> {
  const [row] = await db.read((q, t) => {
    const here = peopleHere(q, t, codes, provenSinceMs);
    return q
      .select({
        unreached: sql<number>`coalesce(sum(1 - ${here.works}), 0)`.mapWith(Number),
        unproven: sql<number>`coalesce(sum(${here.works} * (1 - ${here.isProven})), 0)`.mapWith(Number),
      })
      .from(here);
  });
  return row!;
}

/** Those whom no channel reaches; who answers for a village first. */
export function unreachedPeople(db: Database, codes: readonly string[]) {
  return db.read((q, t) => {
    const here = peopleHere(q, t, codes, 0);
    return q
      .select({ memberId: here.memberId, name: here.name, gridCode: here.gridCode, gridName: t.gridNode.name, isRung: here.isRung, hasWay: here.hasWay })
      .from(here)
      .leftJoin(t.gridNode, eq(t.gridNode.code, here.gridCode))
      .where(eq(here.works, 0))
      .orderBy(desc(here.isRung), asc(here.gridCode), asc(here.memberId))
      .limit(LIMITS.forecastNames);
  });
}
