// Chapter 5, roll-call: the list as it is read, page by page, with the register's names.
import { and, asc, eq, inArray, lt, or, sql } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import type { Need } from '@laba/domain/member';
import { OPEN_STATUSES, RECOUNTED_STATUSES, type PersonStatus } from '@laba/domain/rollcall';
import type { Database } from '@laba/storage/database';
import { personsOf, placesOf, type Part } from '@laba/storage/roll-call';
import type { Tables } from '@laba/storage/tables';
import { further, type ListCursor } from '../page-cursor-store.ts';
import type { ListedPerson, ListedPlace } from './rollcall-store.ts';

/** Safe or moved, but not counted again in this round. */
const isUnconfirmed = ({ rollcallPerson: person }: Tables, round: number) => and(inArray(person.status, [...RECOUNTED_STATUSES]), lt(person.round, round));

/** Only households with somebody who stands so. `open`: unreached, missing or returned. */
export type Only = PersonStatus | 'open';

const standsSo = ({ rollcallPerson: person }: Tables, only: Only) => inArray(person.status, only === 'open' ? [...OPEN_STATUSES] : [only]);

export interface ListedRow {
  person: ListedPerson;
  name: string | null;
  needs: Need[] | null;
  doorplate: string | null;
  headName: string | null;
  householdNeeds: Need[] | null;
}

/** A page of households, whole, by grid code and id; who was found stands by himself. */
export async function listHouseholds(
  db: Database,
  part: Part & { unconfirmed?: boolean; only?: Only | undefined },
  after?: ListCursor,
): Promise<{ units: ListCursor[]; rows: ListedRow[] }> {
  const { unconfirmed, only } = part;
  const units = await db.read((q, t) => {
    const unit = sql<string>`coalesce(${t.rollcallPerson.householdId}, ${t.rollcallPerson.personId})`;
    const wanted = and(unconfirmed ? isUnconfirmed(t, part.round) : undefined, only === undefined ? undefined : standsSo(t, only));
    return q
      .select({ gridCode: t.rollcallPerson.gridCode, id: unit })
      .from(t.rollcallPerson)
      .where(and(personsOf(t, part), wanted, further(t.rollcallPerson.gridCode, unit, after)))
      .groupBy(t.rollcallPerson.gridCode, unit)
      .orderBy(asc(t.rollcallPerson.gridCode), asc(unit))
      .limit(LIMITS.rowsPerPage);
  });
  const rows =
    units.length === 0
      ? []
      : await rowsOfUnits(
          db,
          part,
          units.map(({ id }) => id),
        );
  return { units, rows };
}

/** Everybody of these households, and who was found and has one of these ids. */
export function rowsOfUnits(db: Database, part: Part, ids: readonly string[]): Promise<ListedRow[]> {
  return db.read((q, t) =>
    q
      .select({
        person: t.rollcallPerson,
        name: t.person.name,
        needs: t.person.needs,
        doorplate: t.household.doorplate,
        headName: t.household.headName,
        householdNeeds: t.household.needs,
      })
      .from(t.rollcallPerson)
      .leftJoin(t.person, eq(t.person.id, t.rollcallPerson.personId))
      .leftJoin(t.household, eq(t.household.id, t.rollcallPerson.householdId))
      .where(
        and(
          personsOf(t, part),
          or(inArray(t.rollcallPerson.householdId, [...ids]), and(sql`${t.rollcallPerson.householdId} is null`, inArray(t.rollcallPerson.personId, [...ids]))),
        ),
      )
      .orderBy(asc(t.rollcallPerson.gridCode), asc(t.rollcallPerson.personId)),
  );
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
