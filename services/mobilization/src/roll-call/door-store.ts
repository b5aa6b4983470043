// Chapter 5, roll-call: doors and their helpers in the database.
import { and, asc, count, eq, exists, inArray, isNotNull, isNull, max, notExists, or, sql, sum, type SQL } from 'drizzle-orm';
import { minutesAt, type AssignedDoor, type Door, type Helper } from '@laba/domain/assign-doors';
import { villagesOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Need } from '@laba/domain/member';
import { OPEN_STATUSES, RECOUNTED_STATUSES } from '@laba/domain/rollcall';
import { inArea } from '@laba/storage/audience';
import { exactly, type Database, type Op, type Sql } from '@laba/storage/database';
import type { Part } from '@laba/storage/roll-call';
import { rowsOf } from '@laba/storage/rows-of';
import type { Tables } from '@laba/storage/tables';
import { alertAreas } from '../call-out/call-store.ts';
import { further, type ListCursor } from '../page-cursor-store.ts';

export type AssignedRow = Tables['doorAssignment']['$inferSelect'];

/** A door that wants a helper. `version` 0: nobody was assigned yet. */
export interface OpenDoor extends Door {
  version: number;
}

/** Behind this door somebody is to be found, or to be counted again. */
function isOpen(q: Sql, t: Tables, round: number | SQL): SQL {
  const { rollcallPerson: person, doorAssignment: door } = t;
  const someone = or(inArray(person.status, [...OPEN_STATUSES]), and(inArray(person.status, [...RECOUNTED_STATUSES]), sql`${person.round} < ${round}`));
  const here = and(eq(person.alertId, door.alertId), eq(person.gridCode, door.gridCode), eq(person.householdId, door.householdId), someone);
  return exists(
    q
      .select({ one: sql`1` })
      .from(person)
      .where(here),
  );
}

/** He said that he cannot, he has not answered for too long, or he is away. Whom no channel reaches may still be told by his neighbour. */
const isGone = ({ call, member }: Tables) => or(eq(call.answer, 'cannot'), inArray(call.reason, ['no-answer', 'answer-expired']), eq(member.available, false));

/** Households without a helper, and those whose helper fell away, so many as one step takes. */
export async function openDoors(db: Database, alertId: string): Promise<OpenDoor[]> {
  const fresh = await newDoors(db, alertId);
  const left = fresh.length < LIMITS.doorsPerStep ? await leftDoors(db, alertId, LIMITS.doorsPerStep - fresh.length) : [];
  const doors = [...fresh, ...left];
  const needs = await personNeeds(
    db,
    doors.map(({ householdId }) => householdId),
  );
  return doors.map((door) => ({
    ...door,
    doorplate: door.doorplate ?? '',
    needs: [...new Set([...(door.needs ?? []), ...(needs.get(door.householdId) ?? [])])],
  }));
}

function newDoors(db: Database, alertId: string) {
  return db.read((q, t) => {
    const { rollcallPerson: person, doorAssignment: door, household } = t;
    const already = q
      .select({ one: sql`1` })
      .from(door)
      .where(and(eq(door.alertId, alertId), eq(door.householdId, person.householdId)));
    const listed = q
      .select({ gridCode: person.gridCode, householdId: sql<string>`${person.householdId}`.as('listed_household') })
      .from(person)
      .where(and(eq(person.alertId, alertId), isNotNull(person.householdId), notExists(already)))
      .groupBy(person.gridCode, person.householdId)
      .orderBy(asc(person.gridCode), asc(person.householdId))
      .limit(LIMITS.doorsPerStep)
      .as('listed');
    return q
      .select({
        gridCode: listed.gridCode,
        householdId: listed.householdId,
        doorplate: household.doorplate,
        needs: household.needs,
        helperMemberId: household.helperMemberId,
        version: sql<number>`0`.mapWith(Number),
      })
      .from(listed)
      .leftJoin(household, eq(household.id, listed.householdId));
  });
}

function leftDoors(db: Database, alertId: string, limit: number) {
  return db.read((q, t) => {
    const { doorAssignment: door, household, call, member, rollcall } = t;
    return q
      .select({
        gridCode: door.gridCode,
        householdId: door.householdId,
        doorplate: household.doorplate,
        needs: household.needs,
        helperMemberId: household.helperMemberId,
        version: door.version,
      })
      .from(door)
      .innerJoin(rollcall, eq(rollcall.alertId, door.alertId))
      .innerJoin(member, eq(member.id, door.memberId))
      .leftJoin(call, and(eq(call.alertId, door.alertId), eq(call.memberId, door.memberId)))
      .leftJoin(household, eq(household.id, door.householdId))
      .where(and(eq(door.alertId, alertId), isGone(t), isOpen(q, t, sql`${rollcall.round}`)))
      .orderBy(asc(door.gridCode), asc(door.householdId))
      .limit(limit);
  });
}

async function personNeeds(db: Database, householdIds: readonly string[]): Promise<Map<string, Need[]>> {
  const rows = await db.read((q, t) =>
    q
      .select({ householdId: t.person.householdId, needs: t.person.needs })
      .from(t.person)
      .where(inArray(t.person.householdId, [...householdIds])),
  );
  const needs = new Map<string, Need[]>();
  for (const row of rows) if (row.needs.length > 0) needs.set(row.householdId, [...(needs.get(row.householdId) ?? []), ...row.needs]);
  return needs;
}

/**
 * Whoever can be sent to one of these doors: the members of their villages whom this alert calls, and the households' own helpers wherever
 * they live. Not who joined on the spot: what is behind a door is told to whom somebody knows.
 */
export async function findHelpers(db: Database, alertId: string, doors: readonly Door[]): Promise<Helper[]> {
  const villages = villagesOf(doors.map(({ gridCode }) => gridCode));
  const own = [...new Set(doors.flatMap(({ helperMemberId }) => helperMemberId ?? []))];
  const areas = await alertAreas(db, alertId);
  const rows = await db.read((q, t) =>
    q
      .select({ memberId: t.member.id, code: t.membership.gridCode, gone: sql<number>`case when ${isGone(t)} then 1 else 0 end`.mapWith(Number) })
      .from(t.membership)
      .innerJoin(t.member, and(eq(t.member.id, t.membership.memberId), isNull(t.member.alertId)))
      .leftJoin(t.call, and(eq(t.call.alertId, alertId), eq(t.call.memberId, t.member.id)))
      .where(
        or(
          and(inArea(t.membership.gridCode, villages), or(inArea(t.membership.gridCode, areas), isNotNull(t.call.id))),
          own.length === 0 ? undefined : inArray(t.membership.memberId, own),
        ),
      ),
  );
  const busy = await busyMinutes(db, alertId);
  const members = Map.groupBy(
    rows.filter(({ gone }) => gone === 0),
    ({ memberId }) => memberId,
  );
  return [...members].map(([memberId, codes]) => ({ memberId, codes: codes.map(({ code }) => code), busyMinutes: busy.get(memberId) ?? 0 }));
}

/** The door of one household, and who goes there now. */
export async function findDoor(db: Database, alertId: string, householdId: string): Promise<(OpenDoor & { memberId: string | null }) | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select({ door: t.doorAssignment, doorplate: t.household.doorplate, needs: t.household.needs, helperMemberId: t.household.helperMemberId })
      .from(t.doorAssignment)
      .leftJoin(t.household, eq(t.household.id, t.doorAssignment.householdId))
      .where(and(eq(t.doorAssignment.alertId, alertId), eq(t.doorAssignment.householdId, householdId))),
  );
  if (row === undefined) return undefined;
  const { gridCode, memberId, version } = row.door;
  const needs = (await personNeeds(db, [householdId])).get(householdId) ?? [];
  const { doorplate, helperMemberId } = row;
  return { householdId, gridCode, memberId, version, helperMemberId, doorplate: doorplate ?? '', needs: [...new Set([...(row.needs ?? []), ...needs])] };
}

/** Who was called by this alert and has not fallen away, wherever he belongs and however he came: an officer knows whom he sends. */
export async function findHelper(db: Database, alertId: string, memberId: string): Promise<Helper | undefined> {
  const rows = await db.read((q, t) =>
    q
      .select({ code: t.membership.gridCode, gone: sql<number>`case when ${isGone(t)} then 1 else 0 end`.mapWith(Number) })
      .from(t.call)
      .innerJoin(t.member, eq(t.member.id, t.call.memberId))
      .leftJoin(t.membership, eq(t.membership.memberId, t.call.memberId))
      .where(and(eq(t.call.alertId, alertId), eq(t.call.memberId, memberId))),
  );
  if (rows.length === 0 || rows.some(({ gone }) => gone === 1)) return undefined;
  return { memberId, codes: rows.flatMap(({ code }) => code ?? []), busyMinutes: (await busyMinutes(db, alertId)).get(memberId) ?? 0 };
}

/** Until when each helper of this alert has to do already. */
async function busyMinutes(db: Database, alertId: string): Promise<Map<string | null, number>> {
  const rows = await db.read((q, { doorAssignment: door }) =>
    q
      .select({ memberId: door.memberId, minutes: max(door.minutes) })
      .from(door)
      .where(and(eq(door.alertId, alertId), isNotNull(door.memberId)))
      .groupBy(door.memberId),
  );
  return new Map(rows.map((row) => [row.memberId, (row.minutes ?? 0) + minutesAt({ needs: [] })]));
}

/** All of them, each guarded by the version it was decided on. */
export function writeDoors(alertId: string, doors: readonly OpenDoor[], assigned: readonly AssignedDoor[], nowMs: number): Op {
  const known = new Map(doors.map((door) => [door.householdId, door]));
  const rows = assigned.map((one) => ({
    ...one,
    alertId,
    gridCode: known.get(one.householdId)!.gridCode,
    assignedAtMs: nowMs,
    version: known.get(one.householdId)!.version + 1,
  }));
  return exactly(rows.length, (q, t) => {
    const { doorAssignment: door } = t;
    const { from, columns } = rowsOf(t, JSON.stringify(rows), {
      alertId: 'text',
      householdId: 'text',
      gridCode: 'text',
      memberId: 'text',
      reason: 'text',
      minutes: 'int',
      assignedAtMs: 'int',
      version: 'int',
    });
    const given = (name: string) => sql.raw(`excluded.${name}`);
    return q
      .insert(door)
      .select(
        q
          .select(columns as never)
          .from(from)
          .where(sql`true`) as never,
      )
      .onConflictDoUpdate({
        target: [door.alertId, door.householdId],
        set: {
          memberId: given('member_id'),
          reason: given('reason'),
          minutes: given('minutes'),
          assignedAtMs: given('assigned_at_ms'),
          version: given('version'),
        } as never,
        setWhere: sql`${door.version} = ${given('version')} - 1`,
      })
      .returning({ id: door.householdId });
  });
}

const doorsOf = (t: Tables, { alertId, codes }: Part, helper: string | undefined) =>
  and(
    eq(t.doorAssignment.alertId, alertId),
    inArea(t.doorAssignment.gridCode, codes),
    helper === undefined ? undefined : eq(t.doorAssignment.memberId, helper),
  );

const openCount = (q: Sql, t: Tables, round: number) => sum(sql`case when ${isOpen(q, t, round)} then 1 else 0 end`).mapWith(Number);

/** So many doors, of which so many are open, and nobody was there to be sent to so many. */
export function countDoorsByGroup(db: Database, part: Part) {
  return db.read((q, t) => {
    const { doorAssignment: door } = t;
    const alone = sum(sql`case when ${door.memberId} is null then 1 else 0 end`).mapWith(Number);
    return q
      .select({ code: door.gridCode, doors: count(), open: openCount(q, t, part.round), alone })
      .from(door)
      .where(doorsOf(t, part, undefined))
      .groupBy(door.gridCode)
      .orderBy(asc(door.gridCode));
  });
}

/** The helpers of the part, who has most to do first. */
export function countDoorsByHelper(db: Database, part: Part) {
  return db.read((q, t) => {
    const { doorAssignment: door, member } = t;
    const minutes = max(door.minutes);
    return q
      .select({ memberId: sql<string>`${door.memberId}`, name: member.name, doors: count(), open: openCount(q, t, part.round), minutes })
      .from(door)
      .innerJoin(member, eq(member.id, door.memberId))
      .where(doorsOf(t, part, undefined))
      .groupBy(door.memberId, member.name)
      .orderBy(sql`${minutes} desc`, asc(door.memberId))
      .limit(LIMITS.rowsPerPage);
  });
}

/** A page of doors by grid code and household. */
export async function listDoors(db: Database, part: Part & { helper: string | undefined }, after?: ListCursor) {
  const rows = await db.read((q, t) => {
    const { doorAssignment: door, household, member } = t;
    const open = sql<number>`case when ${isOpen(q, t, part.round)} then 1 else 0 end`.mapWith(Number);
    return q
      .select({ door, doorplate: household.doorplate, headName: household.headName, needs: household.needs, helperName: member.name, open })
      .from(door)
      .leftJoin(household, eq(household.id, door.householdId))
      .leftJoin(member, eq(member.id, door.memberId))
      .where(and(doorsOf(t, part, part.helper), further(door.gridCode, door.householdId, after)))
      .orderBy(asc(door.gridCode), asc(door.householdId))
      .limit(LIMITS.rowsPerPage);
  });
  return rows.map(({ open, ...row }) => ({ ...row, isOpen: open === 1 }));
}

/** The doors of one helper. */
export function doorsOfMember(db: Database, alertId: string, memberId: string) {
  return db.read((q, t) => {
    const { doorAssignment: door, household } = t;
    return q
      .select({ door, doorplate: household.doorplate, headName: household.headName, needs: household.needs })
      .from(door)
      .leftJoin(household, eq(household.id, door.householdId))
      .where(and(eq(door.alertId, alertId), eq(door.memberId, memberId)))
      .orderBy(asc(door.minutes), asc(door.householdId));
  });
}

/** The persons on the list of these households, with what the register says of them. */
export function personsBehind(db: Database, alertId: string, householdIds: readonly string[]) {
  return db.read((q, t) =>
    q
      .select({ person: t.rollcallPerson, name: t.person.name, needs: t.person.needs })
      .from(t.rollcallPerson)
      .leftJoin(t.person, eq(t.person.id, t.rollcallPerson.personId))
      .where(and(eq(t.rollcallPerson.alertId, alertId), inArray(t.rollcallPerson.householdId, [...householdIds])))
      .orderBy(asc(t.rollcallPerson.householdId), asc(t.rollcallPerson.personId)),
  );
}
