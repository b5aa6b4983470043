// Chapter 5, roll-call: the list in the database, as it is marked.
import { and, asc, count, eq, inArray, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { RECOUNTED_STATUSES, type MarkMeans } from '@laba/domain/rollcall';
import { any, one, prepared, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type ListedPerson = Tables['rollcallPerson']['$inferSelect'];
export type ListedPlace = Tables['rollcallPlace']['$inferSelect'];
export type List = Tables['rollcall']['$inferSelect'];

/** What is written beside a mark. */
export interface MarkedBy {
  means: MarkMeans;
  markedBy: string;
  markedAtMs: number;
}

/** How a person is, where he was taken to, and in which round that was said. */
export type Said = Pick<ListedPerson, 'status' | 'round' | 'musterPointId' | 'wordsCipher'>;

/** The alert's list, made when there is none yet. */
export function openList(alertId: string, gridCode: string, nowMs: number): Op {
  const row = { alertId, gridCode, complete: false, frozenAtMs: nowMs, changedAtMs: nowMs, version: 1 };
  return any((q, t) => q.insert(t.rollcall).values(row).onConflictDoNothing().returning({ id: t.rollcall.alertId }));
}

/** The first statement of every mark: from here to the commit nobody else marks on this list. */
export function holdList(alertId: string, nowMs: number): Op {
  return one((q, t) =>
    q
      .update(t.rollcall)
      .set({ changedAtMs: nowMs, version: sql`${t.rollcall.version} + 1` })
      .where(eq(t.rollcall.alertId, alertId))
      .returning({ version: t.rollcall.version }),
  );
}

/** Guarded by the version it was decided on. */
export function writeMark(person: ListedPerson, said: Said, by: MarkedBy): Op {
  return one(
    (q, t) =>
      q
        .update(t.rollcallPerson)
        .set({ ...said, ...by, version: person.version + 1 })
        .where(and(eq(t.rollcallPerson.alertId, person.alertId), eq(t.rollcallPerson.personId, person.personId), eq(t.rollcallPerson.version, person.version)))
        .returning({ id: t.rollcallPerson.personId }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

export function insertFound(person: ListedPerson): Op {
  return one((q, t) => q.insert(t.rollcallPerson).values(person).onConflictDoNothing().returning({ id: t.rollcallPerson.personId }), {
    otherwise: () => new LabaError('changed-meanwhile'),
  });
}

/** Guarded by the version it was decided on. */
export function writeCount(place: ListedPlace, counted: Pick<ListedPlace, 'counted' | 'expected' | 'expectedAtMs' | 'round'>, by: MarkedBy): Op {
  return one(
    (q, t) =>
      q
        .update(t.rollcallPlace)
        .set({ ...counted, ...by, version: place.version + 1 })
        .where(and(eq(t.rollcallPlace.alertId, place.alertId), eq(t.rollcallPlace.placeId, place.placeId), eq(t.rollcallPlace.version, place.version)))
        .returning({ id: t.rollcallPlace.placeId }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

/** Guarded by the version it was decided on. */
export function expectAtPlace(place: ListedPlace, expected: number, expectedAtMs: number): Op {
  return one(
    (q, t) =>
      q
        .update(t.rollcallPlace)
        .set({ expected, expectedAtMs, version: place.version + 1 })
        .where(and(eq(t.rollcallPlace.alertId, place.alertId), eq(t.rollcallPlace.placeId, place.placeId), eq(t.rollcallPlace.version, place.version)))
        .returning({ id: t.rollcallPlace.placeId }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

/** This place on the lists of all alerts that are raised. */
export async function listedPlacesNow(db: Database, placeId: string): Promise<ListedPlace[]> {
  const rows = await db.read((q, { alert, rollcallPlace: place }) =>
    q
      .select({ place })
      .from(alert)
      .innerJoin(place, and(eq(place.alertId, alert.id), eq(place.placeId, placeId)))
      .where(eq(alert.state, 'raised')),
  );
  return rows.map((row) => row.place);
}

const selectList = prepared('roll-call', (q, t) =>
  q
    .select()
    .from(t.rollcall)
    .where(eq(t.rollcall.alertId, sql.placeholder('alertId'))),
);

/** The alert's list, once there is one. */
export async function findList(db: Database, alertId: string): Promise<List | undefined> {
  return (await db.read(selectList, { alertId }))[0];
}

/** The round to which belongs what was said at that moment; undefined: now. What was said before a recount began proves nothing in it. */
export async function roundOf(db: Database, alertId: string, saidAtMs: number | undefined): Promise<number> {
  const list = await findList(db, alertId);
  const round = list?.round ?? 1;
  return saidAtMs !== undefined && saidAtMs < (list?.roundAtMs ?? -Infinity) ? round - 1 : round;
}

/** Everybody is asked about again. Guarded by the round it was decided in; the list's turn to be held with it. */
export function beginRound(list: List, nowMs: number): Op {
  return one(
    (q, t) =>
      q
        .update(t.rollcall)
        .set({ round: list.round + 1, roundAtMs: nowMs, changedAtMs: nowMs, version: sql`${t.rollcall.version} + 1` })
        .where(and(eq(t.rollcall.alertId, list.alertId), eq(t.rollcall.round, list.round)))
        .returning({ id: t.rollcall.alertId }),
    { otherwise: () => new LabaError('already-done') },
  );
}

/** How many will have to be counted again. */
export async function countRecounted(db: Database, alertId: string): Promise<number> {
  const [row] = await db.read((q, t) =>
    q
      .select({ persons: count() })
      .from(t.rollcallPerson)
      .where(and(eq(t.rollcallPerson.alertId, alertId), inArray(t.rollcallPerson.status, [...RECOUNTED_STATUSES]))),
  );
  return row?.persons ?? 0;
}

export async function findListedPerson(db: Database, alertId: string, personId: string): Promise<ListedPerson | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.rollcallPerson)
      .where(and(eq(t.rollcallPerson.alertId, alertId), eq(t.rollcallPerson.personId, personId))),
  );
  return row;
}

export function findListedHousehold(db: Database, alertId: string, householdId: string): Promise<ListedPerson[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.rollcallPerson)
      .where(and(eq(t.rollcallPerson.alertId, alertId), eq(t.rollcallPerson.householdId, householdId)))
      .orderBy(asc(t.rollcallPerson.personId)),
  );
}

/** Rises with every mark in the household. */
export function householdVersion(persons: readonly Pick<ListedPerson, 'version'>[]): number {
  return persons.reduce((sum, person) => sum + person.version, 0);
}

export async function findListedPlace(db: Database, alertId: string, placeId: string): Promise<ListedPlace | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.rollcallPlace)
      .where(and(eq(t.rollcallPlace.alertId, alertId), eq(t.rollcallPlace.placeId, placeId))),
  );
  return row;
}

/** The name behind `officer:ID` or `member:ID`; the mark itself where there is none. */
export async function markerName(db: Database, markedBy: string): Promise<string> {
  const at = markedBy.indexOf(':');
  const id = markedBy.slice(at + 1);
  const [row] = await db.read((q, t) => {
    const table = markedBy.slice(0, at) === 'member' ? t.member : t.officer;
    return q.select({ name: table.name }).from(table).where(eq(table.id, id));
  });
  return row?.name ?? markedBy;
}

/** The names behind marks of the same form, each once. */
export async function markerNames(db: Database, marks: Iterable<string | null>): Promise<ReadonlyMap<string, string>> {
  const all = [...new Set(marks)].filter((mark) => mark !== null);
  const idsOf = (kind: string) => all.filter((mark) => mark.startsWith(kind)).map((mark) => mark.slice(kind.length));
  const [members, officers] = [idsOf('member:'), idsOf('officer:')];
  const [ofMembers, ofOfficers] = await Promise.all([
    members.length === 0 ? [] : db.read((q, { member }) => q.select({ id: member.id, name: member.name }).from(member).where(inArray(member.id, members))),
    officers.length === 0
      ? []
      : db.read((q, { officer }) => q.select({ id: officer.id, name: officer.name }).from(officer).where(inArray(officer.id, officers))),
  ]);
  return new Map([
    ...ofMembers.map(({ id, name }): [string, string] => [`member:${id}`, name]),
    ...ofOfficers.map(({ id, name }): [string, string] => [`officer:${id}`, name]),
  ]);
}
