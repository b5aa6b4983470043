// Chapter 5, roll-call: the list as it is read: counted per grid node, and page by page with the register's names.
import { and, asc, count, eq, inArray, lt, or, sql, sum, type SQL } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import { isConfirmed, OPEN_STATUSES, RECOUNTED_STATUSES, type PersonStatus } from '@laba/domain/rollcall';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import { further, type ListCursor } from '../page-cursor-store.ts';
import type { ListedPerson, ListedPlace } from './rollcall-store.ts';
import { isPlaceOpen } from './settle-store.ts';

/** The part of an alert's list that lies inside these codes. */
export interface Part {
  alertId: string;
  codes: readonly string[];
  /** The round that is going on. */
  round: number;
}

const personsOf = (t: Tables, { alertId, codes }: Part) => and(eq(t.rollcallPerson.alertId, alertId), inArea(t.rollcallPerson.gridCode, codes));
const placesOf = (t: Tables, { alertId, codes }: Part) => and(eq(t.rollcallPlace.alertId, alertId), inArea(t.rollcallPlace.gridCode, codes));

export interface CodeStatusCount {
  gridCode: string;
  status: PersonStatus;
  isFound: boolean;
  isConfirmed: boolean;
  count: number;
}

const yes = (condition: SQL | undefined) => sql<number>`case when ${condition} then 1 else 0 end`.mapWith(Number);

/** Safe or moved, but not counted again in this round. */
const isUnconfirmed = ({ rollcallPerson: person }: Tables, round: number) => and(inArray(person.status, [...RECOUNTED_STATUSES]), lt(person.round, round));

export async function countStatuses(db: Database, part: Part): Promise<CodeStatusCount[]> {
  const rows = await db.read((q, t) => {
    const { rollcallPerson: person } = t;
    return q
      .select({ gridCode: person.gridCode, status: person.status, round: person.round, persons: count(), listed: count(person.householdId) })
      .from(person)
      .where(personsOf(t, part))
      .groupBy(person.gridCode, person.status, person.round);
  });
  return rows.flatMap(({ gridCode, status, round, persons, listed }) => {
    const one = { gridCode, status, isConfirmed: isConfirmed({ status, round }, part.round) };
    return [
      { ...one, isFound: false, count: listed },
      { ...one, isFound: true, count: persons - listed },
    ];
  });
}

export interface HouseholdCount {
  gridCode: string;
  total: number;
  /** None of its persons is unreached, missing or returned. */
  accounted: number;
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

export interface PlaceCount {
  gridCode: string;
  total: number;
  open: number;
  expected: number;
  counted: number;
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

export interface ListedRow {
  person: ListedPerson;
  name: string | null;
  doorplate: string | null;
  headName: string | null;
}

/** A page of households, whole, by grid code and id; who was found stands by himself. */
export async function listHouseholds(
  db: Database,
  part: Part & { unconfirmed?: boolean },
  after?: ListCursor,
): Promise<{ units: ListCursor[]; rows: ListedRow[] }> {
  const units = await db.read((q, t) => {
    const unit = sql<string>`coalesce(${t.rollcallPerson.householdId}, ${t.rollcallPerson.personId})`;
    return q
      .select({ gridCode: t.rollcallPerson.gridCode, id: unit })
      .from(t.rollcallPerson)
      .where(and(personsOf(t, part), part.unconfirmed ? isUnconfirmed(t, part.round) : undefined, further(t.rollcallPerson.gridCode, unit, after)))
      .groupBy(t.rollcallPerson.gridCode, unit)
      .orderBy(asc(t.rollcallPerson.gridCode), asc(unit))
      .limit(LIMITS.rowsPerPage);
  });
  if (units.length === 0) return { units, rows: [] };
  const ids = units.map(({ id }) => id);
  const rows = await db.read((q, t) =>
    q
      .select({ person: t.rollcallPerson, name: t.person.name, doorplate: t.household.doorplate, headName: t.household.headName })
      .from(t.rollcallPerson)
      .leftJoin(t.person, eq(t.person.id, t.rollcallPerson.personId))
      .leftJoin(t.household, eq(t.household.id, t.rollcallPerson.householdId))
      .where(
        and(
          personsOf(t, part),
          or(inArray(t.rollcallPerson.householdId, ids), and(sql`${t.rollcallPerson.householdId} is null`, inArray(t.rollcallPerson.personId, ids))),
        ),
      )
      .orderBy(asc(t.rollcallPerson.gridCode), asc(t.rollcallPerson.personId)),
  );
  return { units, rows };
}

/** A page of places by grid code and id. */
export function listPlaces(
  db: Database,
  part: Part,
  after?: ListCursor,
): Promise<{ place: ListedPlace; name: string | null; kind: string | null; contactName: string | null }[]> {
  return db.read((q, t) =>
    q
      .select({ place: t.rollcallPlace, name: t.place.name, kind: t.place.kind, contactName: t.place.contactName })
      .from(t.rollcallPlace)
      .leftJoin(t.place, eq(t.place.id, t.rollcallPlace.placeId))
      .where(and(placesOf(t, part), further(t.rollcallPlace.gridCode, t.rollcallPlace.placeId, after)))
      .orderBy(asc(t.rollcallPlace.gridCode), asc(t.rollcallPlace.placeId))
      .limit(LIMITS.rowsPerPage),
  );
}
