// Chapter 0, people: what an understanding card (明白卡) says, out of the register: whom a household can call, whom a member helps.
import { and, asc, count, eq, inArray, isNull } from 'drizzle-orm';
import { lineage, villageOf } from '@laba/domain/grid';
import { inClimbOrder, type Duty } from '@laba/domain/ladder';
import type { Need, Post, Skill } from '@laba/domain/member';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';

/** Somebody who can be called. */
export interface Contact {
  memberId: string;
  name: string;
  phoneCipher: string | null;
}

export interface Responsible extends Contact {
  /** Null: the leader of the group itself. */
  duty: Duty | null;
  placeName: string;
}

/** What is the same on every card of one grid node. */
export interface CardPlace {
  name: string;
  responsible: Responsible[];
  /** Where people gather: of the node itself, else the nearest of its village. */
  musterPoints: { name: string; placeName: string | null }[];
}

export interface HouseholdOnCard {
  householdId: string;
  doorplate: string;
  headName: string;
  persons: number;
  helper: Contact | null;
}

export interface HelpedHousehold {
  memberId: string;
  doorplate: string;
  headName: string;
  persons: number;
  needs: Need[];
}

export interface MemberOnCard {
  memberId: string;
  name: string;
  post: Post | null;
  skills: Skill[];
  helps: HelpedHousehold[];
}

/** On a card there is room for so many. */
const NAMED = 2;
const inOrder = new Intl.Collator('zh-CN', { numeric: true });
const byDoor = (a: { doorplate: string }, b: { doorplate: string }) => inOrder.compare(a.doorplate, b.doorplate);

/** Undefined: there is no such grid node. */
export async function cardPlace(db: Database, code: string): Promise<CardPlace | undefined> {
  const nodes = await db.read((q, { gridNode }) =>
    q
      .select({ code: gridNode.code, name: gridNode.name })
      .from(gridNode)
      .where(inArray(gridNode.code, lineage(code))),
  );
  const names = new Map(nodes.map((node) => [node.code, node.name]));
  const own = names.get(code);
  if (own === undefined) return undefined;
  const village = villageOf(code);
  const name = village === code ? own : [names.get(village), own].filter(Boolean).join(' ');
  const [leaders, rungs, musterPoints] = await Promise.all([groupLeaders(db, code), rungsAbove(db, code), musterPointsNear(db, code)]);
  const above = inClimbOrder(code, rungs).map(({ gridCode, ...rung }) => ({ ...rung, placeName: names.get(gridCode) ?? gridCode }));
  const first = leaders.map((leader) => ({ ...leader, duty: null, placeName: own }));
  const responsible = [...first, ...above.filter(({ memberId }) => !first.some((leader) => leader.memberId === memberId))];
  return { name, responsible: responsible.slice(0, NAMED), musterPoints };
}

function groupLeaders(db: Database, code: string): Promise<Contact[]> {
  return db.read((q, { member, membership }) =>
    q
      .select({ memberId: member.id, name: member.name, phoneCipher: member.phoneCipher })
      .from(membership)
      .innerJoin(member, eq(member.id, membership.memberId))
      .where(and(eq(membership.gridCode, code), eq(membership.post, 'group-leader'), isNull(member.alertId)))
      .orderBy(asc(member.id))
      .limit(1),
  );
}

function rungsAbove(db: Database, code: string) {
  return db.read((q, { ladderRung: rung, member }) =>
    q
      .select({
        gridCode: rung.gridCode,
        position: rung.position,
        duty: rung.duty,
        memberId: member.id,
        name: member.name,
        phoneCipher: member.phoneCipher,
      })
      .from(rung)
      .innerJoin(member, eq(member.id, rung.memberId))
      .where(inArray(rung.gridCode, lineage(code))),
  );
}

// A shelter is there for the time of one alert only: it stands on no card.
async function musterPointsNear(db: Database, code: string): Promise<{ name: string; placeName: string | null }[]> {
  const rows = await db.read((q, { musterPoint, gridNode }) =>
    q
      .select({ gridCode: musterPoint.gridCode, name: musterPoint.name, placeName: gridNode.name })
      .from(musterPoint)
      .leftJoin(gridNode, eq(gridNode.code, musterPoint.gridCode))
      .where(and(inArea(musterPoint.gridCode, [villageOf(code)]), isNull(gridNode.alertId)))
      .orderBy(asc(musterPoint.gridCode), asc(musterPoint.id)),
  );
  const own = rows.filter(({ gridCode }) => gridCode === code);
  return (own.length > 0 ? own : rows).slice(0, NAMED).map(({ gridCode, name, placeName }) => ({ name, placeName: gridCode === code ? null : placeName }));
}

async function personsOfHouseholds(db: Database, householdIds: readonly string[]): Promise<(householdId: string) => number> {
  const rows = await db.read((q, { person }) =>
    q
      .select({ householdId: person.householdId, persons: count() })
      .from(person)
      .where(inArray(person.householdId, [...householdIds]))
      .groupBy(person.householdId),
  );
  const counts = new Map(rows.map((row) => [row.householdId, row.persons]));
  // Where the register names nobody else there is the head.
  return (householdId) => counts.get(householdId) ?? 1;
}

/** The households of one grid node, as the doorplates run. */
export async function householdsOnCards(db: Database, code: string): Promise<HouseholdOnCard[]> {
  const rows = await db.read((q, { household, member }) =>
    q
      .select({
        householdId: household.id,
        doorplate: household.doorplate,
        headName: household.headName,
        helperId: member.id,
        helperName: member.name,
        phoneCipher: member.phoneCipher,
      })
      .from(household)
      .leftJoin(member, eq(member.id, household.helperMemberId))
      .where(eq(household.gridCode, code)),
  );
  const personsOf = await personsOfHouseholds(
    db,
    rows.map(({ householdId }) => householdId),
  );
  return rows
    .map(({ helperId, helperName, phoneCipher, ...household }) => ({
      ...household,
      persons: personsOf(household.householdId),
      helper: helperId === null || helperName === null ? null : { memberId: helperId, name: helperName, phoneCipher },
    }))
    .toSorted(byDoor);
}

/** The members of one grid node with the households they help, of those only that lie in `scopes`. */
export async function membersOnCards(db: Database, code: string, scopes: readonly string[]): Promise<MemberOnCard[]> {
  const members = await db.read((q, { member, membership }) =>
    q
      .select({ memberId: member.id, name: member.name, post: membership.post, skills: member.skills })
      .from(membership)
      .innerJoin(member, and(eq(member.id, membership.memberId), isNull(member.alertId)))
      .where(eq(membership.gridCode, code))
      .orderBy(asc(member.id)),
  );
  const helped = Map.groupBy(
    await helpedBy(
      db,
      members.map(({ memberId }) => memberId),
      scopes,
    ),
    ({ memberId }) => memberId,
  );
  return members.map((member) => ({ ...member, helps: (helped.get(member.memberId) ?? []).toSorted(byDoor) }));
}

async function helpedBy(db: Database, memberIds: readonly string[], scopes: readonly string[]): Promise<HelpedHousehold[]> {
  const rows = await db.read((q, { household }) =>
    q
      .select({
        householdId: household.id,
        memberId: household.helperMemberId,
        doorplate: household.doorplate,
        headName: household.headName,
        needs: household.needs,
      })
      .from(household)
      .where(and(inArray(household.helperMemberId, [...memberIds]), inArea(household.gridCode, scopes))),
  );
  const personsOf = await personsOfHouseholds(
    db,
    rows.map(({ householdId }) => householdId),
  );
  return rows.flatMap(({ householdId, memberId, ...one }) => (memberId === null ? [] : [{ ...one, memberId, persons: personsOf(householdId) }]));
}
