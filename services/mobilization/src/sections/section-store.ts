// Chapter 5, sections: groups, needs and seats in the database.
import { and, asc, count, eq, exists, inArray, isNotNull, notExists, or, sql, sum } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import type { Skill, Post } from '@laba/domain/member';
import { READY_ANSWERS, type ReadyAnswer } from '@laba/domain/section';
import type { GroupSize } from '@laba/domain/section-plan';
import { householdsInArea, inArea } from '@laba/storage/audience';
import { exactly, one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type SectionGroup = Tables['sectionGroup']['$inferSelect'];
export type SectionNeed = Tables['sectionNeed']['$inferSelect'];
export type SectionSeat = Tables['sectionSeat']['$inferSelect'];

/** Every grid node of the area where people live or stay tonight, with how many. */
export async function groupSizes(db: Database, areaCodes: readonly string[]): Promise<Map<string, GroupSize>> {
  const [homes, places] = await Promise.all([
    db.read((q, t) => {
      const audience = householdsInArea(q, t, areaCodes).as('audience');
      // A household of whose persons the register names none counts as one.
      return q
        .select({ code: audience.gridCode, households: sql<number>`count(distinct ${audience.householdId})`.mapWith(Number), persons: count() })
        .from(audience)
        .leftJoin(t.person, eq(t.person.householdId, audience.householdId))
        .groupBy(audience.gridCode);
    }),
    db.read((q, t) =>
      q
        .select({ code: t.place.gridCode, guests: sum(t.place.headCount).mapWith(Number) })
        .from(t.place)
        .where(inArea(t.place.gridCode, areaCodes))
        .groupBy(t.place.gridCode),
    ),
  ]);
  const sizes = new Map(homes.map(({ code, households, persons }) => [code, { households, persons }]));
  for (const { code, guests } of places) {
    const { households, persons } = sizes.get(code) ?? { households: 0, persons: 0 };
    sizes.set(code, { households, persons: persons + guests });
  }
  return sizes;
}

/** New groups with what they need. Breaks with `changed-meanwhile` when one of them stands there already. */
export function insertGroups(groups: readonly SectionGroup[], needs: readonly SectionNeed[]): Op[] {
  return [
    exactly(groups.length, (q, t) =>
      q
        .insert(t.sectionGroup)
        .values([...groups])
        .onConflictDoNothing()
        .returning({ code: t.sectionGroup.gridCode }),
    ),
    exactly(needs.length, (q, t) =>
      q
        .insert(t.sectionNeed)
        .values([...needs])
        .returning({ code: t.sectionNeed.gridCode }),
    ),
  ];
}

/** The groups of an alert in these grid nodes. */
export function listGroups(db: Database, alertId: string, codes: readonly string[]): Promise<SectionGroup[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.sectionGroup)
      .where(and(eq(t.sectionGroup.alertId, alertId), inArea(t.sectionGroup.gridCode, codes)))
      .orderBy(asc(t.sectionGroup.gridCode)),
  );
}

/** The groups that somebody who belongs to these grid nodes may come to: those there, and those that take people from farther away. */
export function listGroupsFor(db: Database, alertId: string, codes: readonly string[]): Promise<SectionGroup[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.sectionGroup)
      .where(and(eq(t.sectionGroup.alertId, alertId), or(inArea(t.sectionGroup.gridCode, codes), sql`${t.sectionGroup.reach} not in ('group', 'village')`)))
      .orderBy(asc(t.sectionGroup.gridCode)),
  );
}

export async function findGroup(db: Database, alertId: string, gridCode: string): Promise<SectionGroup | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.sectionGroup)
      .where(and(eq(t.sectionGroup.alertId, alertId), eq(t.sectionGroup.gridCode, gridCode))),
  );
  return row;
}

export function listNeeds(db: Database, alertId: string, codes: readonly string[]): Promise<SectionNeed[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.sectionNeed)
      .where(and(eq(t.sectionNeed.alertId, alertId), inArea(t.sectionNeed.gridCode, codes)))
      .orderBy(asc(t.sectionNeed.gridCode), asc(t.sectionNeed.rank)),
  );
}

/** Seats in these grid nodes, of whatever state. */
export function listSeats(db: Database, alertId: string, codes: readonly string[]): Promise<SectionSeat[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.sectionSeat)
      .where(and(eq(t.sectionSeat.alertId, alertId), inArea(t.sectionSeat.gridCode, codes)))
      .orderBy(asc(t.sectionSeat.gridCode), asc(t.sectionSeat.memberId)),
  );
}

export interface NamedSeat {
  seat: SectionSeat;
  name: string | null;
  answer: string | null;
}

/** Those with the member's name and answer. */
export function listNamedSeats(db: Database, alertId: string, codes: readonly string[]): Promise<NamedSeat[]> {
  return db.read((q, { sectionSeat: seat, member, call }) =>
    q
      .select({ seat, name: member.name, answer: call.answer })
      .from(seat)
      .leftJoin(member, eq(member.id, seat.memberId))
      .leftJoin(call, and(eq(call.alertId, seat.alertId), eq(call.memberId, seat.memberId)))
      .where(and(eq(seat.alertId, alertId), inArea(seat.gridCode, codes)))
      .orderBy(asc(seat.gridCode), asc(seat.section), asc(seat.memberId)),
  );
}

export async function findSeat(db: Database, alertId: string, memberId: string): Promise<SectionSeat | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.sectionSeat)
      .where(and(eq(t.sectionSeat.alertId, alertId), eq(t.sectionSeat.memberId, memberId))),
  );
  return row;
}

export async function neighboursOf(db: Database, codes: readonly string[]): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .selectDistinct({ code: t.neighbour.neighbourCode })
      .from(t.neighbour)
      .where(inArray(t.neighbour.code, [...codes])),
  );
  return rows.map(({ code }) => code).toSorted();
}

export async function findCallOf(db: Database, alertId: string, memberId: string) {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.call)
      .where(and(eq(t.call.alertId, alertId), eq(t.call.memberId, memberId))),
  );
  return row;
}

/** One member who said that he comes, with all his memberships and the seat he has or had. */
export interface Coming {
  memberId: string;
  callId: string;
  answer: ReadyAnswer;
  /** For which group he was called, when its own people were too few. */
  widening: string | null;
  /** On the spot, by a code. */
  joined: boolean;
  skills: Skill[];
  memberships: { gridCode: string; post: Post | null }[];
  seat: SectionSeat | null;
}

/** Everybody who comes and belongs to these grid nodes, or has a seat in `gridCode`. */
export async function listComing(db: Database, alertId: string, codes: readonly string[], gridCode: string): Promise<Coming[]> {
  const rows = await db.read((q, t) => {
    const { call, sectionSeat: seat } = t;
    const belongs = q.select({ memberId: t.membership.memberId }).from(t.membership).where(inArea(t.membership.gridCode, codes));
    return q
      .select({
        memberId: call.memberId,
        callId: call.id,
        answer: call.answer,
        widening: call.widening,
        joinCodeId: call.joinCodeId,
        skills: t.member.skills,
        gridCode: t.membership.gridCode,
        post: t.membership.post,
        seat,
      })
      .from(call)
      .innerJoin(t.member, eq(t.member.id, call.memberId))
      .innerJoin(t.membership, eq(t.membership.memberId, call.memberId))
      .leftJoin(seat, and(eq(seat.alertId, call.alertId), eq(seat.memberId, call.memberId)))
      .where(
        and(
          eq(call.alertId, alertId),
          eq(call.state, 'answered'),
          inArray(call.answer, [...READY_ANSWERS]),
          or(inArray(call.memberId, belongs), and(eq(seat.gridCode, gridCode), eq(seat.state, 'held'))),
        ),
      )
      .orderBy(asc(call.memberId), asc(t.membership.gridCode));
  });
  return [...Map.groupBy(rows, ({ memberId }) => memberId).values()].map((of) => ({
    ...of[0]!,
    joined: of[0]!.joinCodeId !== null,
    answer: of[0]!.answer as ReadyAnswer,
    memberships: of.map(({ gridCode: code, post }) => ({ gridCode: code, post })),
  }));
}

/** Guarded by the version that the decision rests on and by the alert being raised: two at once never fill the same seat. */
export function writeGroup(group: SectionGroup, change: Partial<Pick<SectionGroup, 'reach' | 'shortSinceMs' | 'exhaustedAtMs'>>): Op {
  return one(
    (q, t) => {
      const raised = q
        .select({ one: sql`1` })
        .from(t.alert)
        .where(and(eq(t.alert.id, group.alertId), eq(t.alert.state, 'raised')));
      return q
        .update(t.sectionGroup)
        .set({ ...change, version: group.version + 1 })
        .where(
          and(
            eq(t.sectionGroup.alertId, group.alertId),
            eq(t.sectionGroup.gridCode, group.gridCode),
            eq(t.sectionGroup.version, group.version),
            exists(raised),
          ),
        )
        .returning({ code: t.sectionGroup.gridCode });
    },
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

/** The seat as it is now; `before` is the same person's row that the decision rests on, where there is one. */
export function writeSeat(seat: Omit<SectionSeat, 'version'>, before: SectionSeat | null): Op {
  const otherwise = () => new LabaError('changed-meanwhile');
  if (before === null)
    return one(
      (q, t) =>
        q
          .insert(t.sectionSeat)
          .values({ ...seat, version: 1 })
          .onConflictDoNothing()
          .returning({ id: t.sectionSeat.memberId }),
      { otherwise },
    );
  return one(
    (q, t) =>
      q
        .update(t.sectionSeat)
        .set({ ...seat, version: before.version + 1 })
        .where(and(eq(t.sectionSeat.alertId, seat.alertId), eq(t.sectionSeat.memberId, seat.memberId), eq(t.sectionSeat.version, before.version)))
        .returning({ id: t.sectionSeat.memberId }),
    { otherwise },
  );
}

/** The groups that a revision brought in and that its area, as it is now, still holds. */
export function listPlanned(db: Database, alertId: string, revision: number, areaCodes: readonly string[]): Promise<SectionGroup[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.sectionGroup)
      .where(and(eq(t.sectionGroup.alertId, alertId), eq(t.sectionGroup.revision, revision), inArea(t.sectionGroup.gridCode, areaCodes)))
      .orderBy(asc(t.sectionGroup.gridCode)),
  );
}

/** Groups where a seat is held by somebody who does not come any more: he cannot, or his answer ran out. */
export async function groupsLosing(db: Database, alertId: string): Promise<Set<string>> {
  const rows = await db.read((q, { sectionSeat: seat, call }) => {
    const comes = q
      .select({ one: sql`1` })
      .from(call)
      .where(and(eq(call.alertId, seat.alertId), eq(call.memberId, seat.memberId), eq(call.state, 'answered'), inArray(call.answer, [...READY_ANSWERS])));
    return q
      .selectDistinct({ code: seat.gridCode })
      .from(seat)
      .where(and(eq(seat.alertId, alertId), eq(seat.state, 'held'), notExists(comes)));
  });
  return new Set(rows.map(({ code }) => code));
}

/** Where members were called for a group elsewhere that had too few: their own officers see that they were. */
export async function widenedTo(db: Database, alertId: string): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .selectDistinct({ code: t.call.gridCode })
      .from(t.call)
      .where(and(eq(t.call.alertId, alertId), isNotNull(t.call.widening))),
  );
  return rows.map(({ code }) => code);
}
