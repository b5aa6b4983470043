// Chapter 5, roll-call: the list as it is read, page by page, with the register's names.
import { and, asc, eq, inArray, lt, or, sql } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import { RECOUNTED_STATUSES } from '@laba/domain/rollcall';
import type { Database } from '@laba/storage/database';
import { personsOf, placesOf, type Part } from '@laba/storage/roll-call';
import type { Tables } from '@laba/storage/tables';
import { further, type ListCursor } from '../page-cursor-store.ts';
import type { ListedPerson, ListedPlace } from './rollcall-store.ts';

/** Safe or moved, but not counted again in this round. */
const isUnconfirmed = ({ rollcallPerson: person }: Tables, round: number) => and(inArray(person.status, [...RECOUNTED_STATUSES]), lt(person.round, round));

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
