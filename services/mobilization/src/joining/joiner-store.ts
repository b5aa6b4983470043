// Chapter 5, joining on the spot: who joined, in the database.
import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { inArea } from '@laba/storage/audience';
import { any, one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';
import type { Call } from '../call-out/call-store.ts';
import { further, type ListCursor } from '../page-cursor-store.ts';

export type Joiner = Tables['joiner']['$inferSelect'];

/** The same form, or the same number, joined this alert before. */
export async function findJoiner(db: Database, alertId: string, by: { formHash: string } | { phoneHash: string }): Promise<Joiner | undefined> {
  const [row] = await db.read((q, { joiner }) =>
    q
      .select()
      .from(joiner)
      .where(and(eq(joiner.alertId, alertId), 'formHash' in by ? eq(joiner.formHash, by.formHash) : eq(joiner.phoneHash, by.phoneHash))),
  );
  return row;
}

/** Whether a member of the county's lists has this number. */
export async function isOnLists(db: Database, phoneHash: string): Promise<boolean> {
  const rows = await db.read((q, { member }) =>
    q
      .select({ id: member.id })
      .from(member)
      .where(and(eq(member.phoneHash, phoneHash), isNull(member.alertId)))
      .limit(1),
  );
  return rows.length > 0;
}

/** The groups of a grid node that people can belong to. */
export function groupsUnder(db: Database, gridCode: string): Promise<{ code: string; name: string }[]> {
  return db.read((q, { gridNode }) =>
    q
      .select({ code: gridNode.code, name: gridNode.name })
      .from(gridNode)
      .where(and(eq(gridNode.tier, 'group'), inArea(gridNode.code, [gridCode]), isNull(gridNode.alertId)))
      .orderBy(asc(gridNode.code)),
  );
}

/** Who joined and his call, while the alert is on. Hold the alert first. Breaks with `changed-meanwhile` when it is over, or he joined in the same moment. */
export function insertJoiner(joiner: Joiner, call: Call): Op[] {
  const otherwise = () => new LabaError('changed-meanwhile');
  return [
    one(
      (q, { alert }) =>
        q
          .select({ id: alert.id })
          .from(alert)
          .where(and(eq(alert.id, joiner.alertId), eq(alert.state, 'raised'))),
      { otherwise },
    ),
    one((q, t) => q.insert(t.joiner).values(joiner).onConflictDoNothing().returning({ id: t.joiner.memberId }), { otherwise }),
    one((q, t) => q.insert(t.call).values(call).returning({ id: t.call.id })),
  ];
}

export interface JoinedRow {
  joiner: Joiner;
  call: Call;
  gridName: string | null;
  /** Null: kept as a member of the lists. Undefined until the registry has taken him in. */
  memberAlertId: string | null | undefined;
}

/** What he gave, said and proved is erased; his call stays without his words, so that the figures of that night do. */
export function eraseJoiner(memberId: string): Op[] {
  return [
    any((q, { joiner }) => q.delete(joiner).where(eq(joiner.memberId, memberId)).returning({ id: joiner.memberId })),
    any((q, { channelProof }) => q.delete(channelProof).where(eq(channelProof.memberId, memberId)).returning({ id: channelProof.memberId })),
    any((q, { call }) =>
      q
        .update(call)
        .set({ helpWordsCipher: null, version: sql`${call.version} + 1` })
        .where(and(eq(call.memberId, memberId), isNotNull(call.helpWordsCipher)))
        .returning({ id: call.id }),
    ),
  ];
}

/** A page of who joined the alert in these grid nodes, by grid code and member. */
export async function listJoiners(db: Database, alertId: string, codes: readonly string[], after?: ListCursor): Promise<JoinedRow[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ joiner: t.joiner, call: t.call, gridName: t.gridNode.name, member: t.member })
      .from(t.call)
      .innerJoin(t.joiner, eq(t.joiner.callId, t.call.id))
      .leftJoin(t.gridNode, eq(t.gridNode.code, t.joiner.gridCode))
      .leftJoin(t.member, eq(t.member.id, t.joiner.memberId))
      .where(
        and(eq(t.call.alertId, alertId), isNotNull(t.call.joinCodeId), inArea(t.call.gridCode, codes), further(t.joiner.gridCode, t.joiner.memberId, after)),
      )
      .orderBy(asc(t.joiner.gridCode), asc(t.joiner.memberId))
      .limit(LIMITS.rowsPerPage),
  );
  return rows.map(({ member, ...row }) => ({ ...row, memberAlertId: member === null ? undefined : member.alertId }));
}
