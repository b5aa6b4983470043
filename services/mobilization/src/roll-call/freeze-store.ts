// Chapter 5, roll-call: the list of persons and places, frozen by one statement each.
import { and, count, countDistinct, eq, exists, notExists, sql, sum } from 'drizzle-orm';
import type { MarkMeans, PersonStatus } from '@laba/domain/rollcall';
import { householdsInArea, inArea } from '@laba/storage/audience';
import { exactly, type Database, type Op, type Sql } from '@laba/storage/database';
import { byTurns } from '@laba/storage/locks';
import type { Tables } from '@laba/storage/tables';
import { holdList, openList } from './rollcall-store.ts';

/** How many rows are new to an alert's list. */
export interface NewOnList {
  households: number;
  persons: number;
  places: number;
  guests: number;
}

interface Area {
  alertId: string;
  areaCodes: readonly string[];
}

const none = <T>() => sql<T>`null`;

const alertIsRaised = (q: Sql, t: Tables, alertId: string) =>
  exists(
    q
      .select({ one: sql`1` })
      .from(t.alert)
      .where(and(eq(t.alert.id, alertId), eq(t.alert.state, 'raised'))),
  );

/** Every person of the area's households who is not yet on the list; a household without persons stands there by its head. */
function newPersons(q: Sql, t: Tables, { alertId, areaCodes }: Area) {
  const audience = householdsInArea(q, t, areaCodes).as('audience');
  const personId = sql<string>`coalesce(${t.person.id}, 'head:' || ${audience.householdId})`;
  const already = q
    .select({ one: sql`1` })
    .from(t.rollcallPerson)
    .where(and(eq(t.rollcallPerson.alertId, alertId), eq(t.rollcallPerson.personId, personId)));
  return q
    .select({
      alertId: sql<string>`${alertId}`.as('alert_id'),
      personId: personId.as('person_id'),
      householdId: audience.householdId,
      gridCode: audience.gridCode,
      nameCipher: none<string | null>().as('name_cipher'),
      status: sql<PersonStatus>`'unreached'`.as('status'),
      round: sql<number>`1`.as('round'),
      musterPointId: none<string | null>().as('muster_point_id'),
      wordsCipher: none<string | null>().as('words_cipher'),
      means: none<MarkMeans | null>().as('means'),
      markedBy: none<string | null>().as('marked_by'),
      markedAtMs: sql<number | null>`cast(null as bigint)`.as('marked_at_ms'),
      version: sql<number>`1`.as('version'),
    })
    .from(audience)
    .leftJoin(t.person, eq(t.person.householdId, audience.householdId))
    .where(and(notExists(already), alertIsRaised(q, t, alertId)));
}

/** Every place of the area that is not yet on the list. */
function newPlaces(q: Sql, t: Tables, { alertId, areaCodes }: Area) {
  const already = q
    .select({ one: sql`1` })
    .from(t.rollcallPlace)
    .where(and(eq(t.rollcallPlace.alertId, alertId), eq(t.rollcallPlace.placeId, t.place.id)));
  return q
    .select({
      alertId: sql<string>`${alertId}`.as('alert_id'),
      placeId: sql<string>`${t.place.id}`.as('place_id'),
      gridCode: sql<string>`${t.place.gridCode}`.as('grid_code'),
      expected: sql<number>`${t.place.headCount}`.as('expected'),
      expectedAtMs: sql<number | null>`${t.place.headCountAtMs}`.as('expected_at_ms'),
      counted: sql<number | null>`cast(null as bigint)`.as('counted'),
      round: sql<number>`1`.as('round'),
      means: none<MarkMeans | null>().as('means'),
      markedBy: none<string | null>().as('marked_by'),
      markedAtMs: sql<number | null>`cast(null as bigint)`.as('marked_at_ms'),
      version: sql<number>`1`.as('version'),
    })
    .from(t.place)
    .where(and(inArea(t.place.gridCode, areaCodes), notExists(already), alertIsRaised(q, t, alertId)));
}

/** What a freeze of this area would add now; nothing when the alert is over. */
export async function countNew(db: Database, area: Area): Promise<NewOnList> {
  const [[persons], [places]] = await Promise.all([
    db.read((q, t) => {
      const fresh = newPersons(q, t, area).as('fresh');
      return q.select({ households: countDistinct(fresh.householdId), persons: count() }).from(fresh);
    }),
    db.read((q, t) => {
      const fresh = newPlaces(q, t, area).as('fresh');
      return q.select({ places: count(), guests: sum(fresh.expected).mapWith(Number) }).from(fresh);
    }),
  ]);
  return { households: persons?.households ?? 0, persons: persons?.persons ?? 0, places: places?.places ?? 0, guests: places?.guests ?? 0 };
}

/** The freeze itself. Breaks with `changed-meanwhile` when the register is no longer what was counted. */
export function insertList(area: Area, gridCode: string, added: NewOnList, nowMs: number): Op[] {
  const { alertId } = area;
  return [
    byTurns(`rollcall ${alertId}`),
    openList(alertId, gridCode, nowMs),
    holdList(alertId, nowMs),
    exactly(added.persons, (q, t) =>
      q
        .insert(t.rollcallPerson)
        .select(newPersons(q, t, area))
        .returning({ id: t.rollcallPerson.personId }),
    ),
    exactly(added.places, (q, t) =>
      q
        .insert(t.rollcallPlace)
        .select(newPlaces(q, t, area))
        .returning({ id: t.rollcallPlace.placeId }),
    ),
  ];
}
