// Chapter 5, tasks: who holds which post where, and which officers answer for which township.
import { and, asc, eq, inArray, isNotNull, or, sql, type AnyColumn, type SQL } from 'drizzle-orm';
import { lineage, villageOf, villagesOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Channel } from '@laba/domain/message';
import { hasScope } from '@laba/domain/officer';
import type { TaskOwnersView } from '@laba/domain/task-view';
import type { PostHolder } from '@laba/domain/task-owner';
import { inArea } from '@laba/storage/audience';
import type { Database } from '@laba/storage/database';

/** Every grid code in and directly around these: the villages of groups, too. */
export async function codesAround(db: Database, codes: readonly string[]): Promise<string[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ code: t.gridNode.code })
      .from(t.gridNode)
      .where(inArea(t.gridNode.code, villagesOf(codes)))
      .orderBy(asc(t.gridNode.code)),
  );
  return rows.map(({ code }) => code);
}

/** Available members with a post in the villages of these codes. */
export async function postHolders(db: Database, codes: readonly string[]): Promise<PostHolder[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ memberId: t.membership.memberId, gridCode: t.membership.gridCode, post: t.membership.post })
      .from(t.membership)
      .innerJoin(t.member, eq(t.member.id, t.membership.memberId))
      .where(and(eq(t.member.available, true), isNotNull(t.membership.post), inArea(t.membership.gridCode, villagesOf(codes)))),
  );
  return rows.flatMap(({ post, ...row }) => (post === null ? [] : [{ ...row, post }]));
}

/** Officers of townships with their scopes, by id. */
export function townshipOfficers(db: Database): Promise<{ id: string; scopes: string[] }[]> {
  return db.read((q, t) =>
    q
      .select({ id: t.officer.id, scopes: t.officer.scopes })
      .from(t.officer)
      .where(and(eq(t.officer.role, 'township-officer'), eq(t.officer.disabled, false)))
      .orderBy(asc(t.officer.id)),
  );
}

/** By which channels each of these members can be reached. */
export async function channelsOf(db: Database, memberIds: readonly string[]): Promise<Map<string, Set<Channel>>> {
  const rows = await db.read((q, t) =>
    q
      .select({ id: t.member.id, phone: t.member.phoneCipher, email: t.member.emailCipher, push: t.pushSubscription.memberId })
      .from(t.member)
      .leftJoin(t.pushSubscription, eq(t.pushSubscription.memberId, t.member.id))
      .where(inArray(t.member.id, [...new Set(memberIds)])),
  );
  const channels = ({ phone, email, push }: (typeof rows)[number]): Channel[] => [
    ...(phone === null ? [] : (['sms', 'voice'] as const)),
    ...(email === null ? [] : (['email'] as const)),
    ...(push === null ? [] : (['push'] as const)),
  ];
  return new Map(rows.map((row) => [row.id, new Set(channels(row))]));
}

/** Who is named: a member of a group that lies in these scopes (`scopes` null), or an officer who may still sign in. */
export async function findOwner(
  db: Database,
  owner: { memberId: string | null; officerId: string | null },
  within: readonly string[],
): Promise<{ scopes: string[] | null } | undefined> {
  const { memberId, officerId } = owner;
  if (memberId !== null) {
    const [member] = await db.read((q, { membership }) =>
      q
        .select({ id: membership.memberId })
        .from(membership)
        .where(and(eq(membership.memberId, memberId), inArea(membership.gridCode, within)))
        .limit(1),
    );
    return member && { scopes: null };
  }
  const [officer] = await db.read((q, t) =>
    q
      .select({ scopes: t.officer.scopes })
      .from(t.officer)
      .where(and(eq(t.officer.id, officerId ?? ''), eq(t.officer.disabled, false))),
  );
  return officer;
}

/** A part of a text, whatever signs a pattern knows. */
export function holdsText(column: AnyColumn, text: string): SQL {
  return sql`lower(${column}) like ${`%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`} escape '\\'`;
}

/** Who could own a task there: available members of its village and of the places above, as far as these scopes reach, and officers who answer for it. */
export async function candidates(db: Database, { grid, name, scopes }: { grid: string; name: string; scopes: readonly string[] }): Promise<TaskOwnersView> {
  const [members, officers] = await Promise.all([
    db.read((q, { membership, member, gridNode }) =>
      q
        .select({ id: member.id, name: member.name, post: membership.post, gridCode: membership.gridCode, gridName: gridNode.name })
        .from(membership)
        .innerJoin(member, eq(member.id, membership.memberId))
        .leftJoin(gridNode, eq(gridNode.code, membership.gridCode))
        .where(
          and(
            eq(member.available, true),
            inArea(membership.gridCode, scopes),
            or(inArea(membership.gridCode, [villageOf(grid)]), inArray(membership.gridCode, lineage(grid))),
            holdsText(member.name, name),
          ),
        )
        // Who has a post first, then the nearest.
        .orderBy(sql`case when ${membership.post} is null then 1 else 0 end`, sql`length(${membership.gridCode}) desc`, asc(member.name), asc(member.id))
        .limit(LIMITS.searchHits),
    ),
    db.read((q, { officer }) =>
      q
        .select({ id: officer.id, name: officer.name, role: officer.role, scopes: officer.scopes })
        .from(officer)
        .where(and(eq(officer.disabled, false), holdsText(officer.name, name)))
        .orderBy(asc(officer.name), asc(officer.id)),
    ),
  ]);
  const once = new Map(members.toReversed().map((one) => [one.id, one]));
  return {
    members: members
      .filter((one) => once.get(one.id) === one)
      .map(({ id, name: called, post, gridCode, gridName }) => ({ id, name: called, post, gridName: gridName ?? gridCode })),
    officers: officers
      .filter((one) => hasScope(one, grid))
      .map(({ id, name: called, role }) => ({ id, name: called, role }))
      .slice(0, LIMITS.searchHits),
  };
}
