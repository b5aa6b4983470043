// The roll-call's list counted per grid node, the same for whoever marks on it and for whoever tells of it.
import { and, count, eq, inArray, max, sql, sum, type SQL } from 'drizzle-orm';
import { isConfirmed, OPEN_STATUSES } from '@laba/domain/rollcall';
import type { CodeStatusCount, Counts, HouseholdCount, PlaceCount } from '@laba/domain/rollcall-totals';
import { inArea } from './audience.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** The part of an alert's list that lies inside these codes. */
export interface Part {
  alertId: string;
  codes: readonly string[];
  /** The round that is going on. */
  round: number;
}

export const personsOf = (t: Tables, { alertId, codes }: Part) => and(eq(t.rollcallPerson.alertId, alertId), inArea(t.rollcallPerson.gridCode, codes));
export const placesOf = (t: Tables, { alertId, codes }: Part) => and(eq(t.rollcallPlace.alertId, alertId), inArea(t.rollcallPlace.gridCode, codes));

const yes = (condition: SQL | undefined) => sql<number>`case when ${condition} then 1 else 0 end`.mapWith(Number);

export async function countStatuses(db: Database, part: Part): Promise<CodeStatusCount[]> {
  const rows = await db.read((q, t) => {
    const { rollcallPerson: person } = t;
    return q
      .select({
        gridCode: person.gridCode,
        status: person.status,
        round: person.round,
        persons: count(),
        listed: count(person.householdId),
        markedAtMs: max(person.markedAtMs),
      })
      .from(person)
      .where(personsOf(t, part))
      .groupBy(person.gridCode, person.status, person.round);
  });
  return rows.flatMap(({ gridCode, status, round, persons, listed, markedAtMs }) => {
    const one = { gridCode, status, markedAtMs, isConfirmed: isConfirmed({ status, round }, part.round) };
    return [
      { ...one, isFound: false, count: listed },
      { ...one, isFound: true, count: persons - listed },
    ];
  });
}

export function countHouseholds(db: Database, part: Part): Promise<HouseholdCount[]> {
  return db.read((q, t) => {
    const { rollcallPerson: person } = t;
    const open = sql<number>`max(case when ${inArray(person.status, [...OPEN_STATUSES])} then 1 else 0 end)`.as('is_open');
    const households = q
      .select({ gridCode: person.gridCode, householdId: person.householdId, open })
      .from(person)
      .where(and(personsOf(t, part), sql`${person.householdId} is not null`))
      .groupBy(person.gridCode, person.householdId)
      .as('households');
    return q
      .select({ gridCode: households.gridCode, total: count(), accounted: sum(sql`1 - ${households.open}`).mapWith(Number) })
      .from(households)
      .groupBy(households.gridCode);
  });
}

export function countPlaces(db: Database, part: Part): Promise<PlaceCount[]> {
  return db.read((q, t) => {
    const { rollcallPlace: place } = t;
    const counted = sql`coalesce(${place.counted}, 0)`;
    return q
      .select({
        gridCode: place.gridCode,
        total: count(),
        open: sum(yes(isPlaceOpen(t, part.round))).mapWith(Number),
        expected: sum(place.expected).mapWith(Number),
        counted: sum(counted).mapWith(Number),
      })
      .from(place)
      .where(placesOf(t, part))
      .groupBy(place.gridCode);
  });
}

/** Fewer were counted than are expected, or nobody in this round. Nobody need go where nobody is expected. */
export function isPlaceOpen({ rollcallPlace: place }: Tables, round: SQL | number): SQL {
  return sql`(coalesce(${place.counted}, 0) < ${place.expected} or (${place.expected} > 0 and ${place.round} < ${round}))`;
}

/** 1 also while there is no list. */
export async function currentRound(db: Database, alertId: string): Promise<number> {
  const [list] = await db.read((q, t) => q.select({ round: t.rollcall.round }).from(t.rollcall).where(eq(t.rollcall.alertId, alertId)));
  return list?.round ?? 1;
}

/** All that the totals are made of. */
export async function countList(db: Database, part: Part): Promise<Counts> {
  const [statuses, households, places] = await Promise.all([countStatuses(db, part), countHouseholds(db, part), countPlaces(db, part)]);
  return { statuses, households, places };
}
