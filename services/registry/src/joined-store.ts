// Who joined on the spot, as a member of the registry for the time of one alert.
import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { any, exactly, one, type Build, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

type Joiner = Tables['joiner']['$inferSelect'];
type Alert = Tables['alert']['$inferSelect'];

/** What he gave, and the alert that he joined. */
export async function findJoined(db: Database, callId: string): Promise<{ joiner: Joiner; alert: Alert } | undefined> {
  const [row] = await db.read((q, { joiner, alert }) =>
    q.select({ joiner, alert }).from(joiner).innerJoin(alert, eq(alert.id, joiner.alertId)).where(eq(joiner.callId, callId)),
  );
  return row;
}

/** A member of this alert, at his grid node. Taken in again, he stays as he is. */
export function insertTemporary(joiner: Joiner, name: string): Op[] {
  const { memberId: id, alertId, gridCode, phoneCipher, phoneHash, skills } = joiner;
  return [
    any((q, { member }) => q.insert(member).values({ id, name, alertId, phoneCipher, phoneHash, skills }).onConflictDoNothing().returning({ id: member.id })),
    any((q, { membership }) => q.insert(membership).values({ memberId: id, gridCode }).onConflictDoNothing().returning({ id: membership.memberId })),
  ];
}

export interface Temporary {
  id: string;
  /** Null: he is on the lists. */
  alertId: string | null;
  /** Of that alert. */
  isRaised: boolean;
  gridCode: string;
}

export async function findTemporary(db: Database, memberId: string): Promise<Temporary | undefined> {
  const [row] = await db.read((q, { member, membership, alert }) =>
    q
      .select({ id: member.id, alertId: member.alertId, state: alert.state, gridCode: membership.gridCode })
      .from(member)
      .innerJoin(membership, eq(membership.memberId, member.id))
      .leftJoin(alert, eq(alert.id, member.alertId))
      .where(eq(member.id, memberId))
      .orderBy(asc(membership.gridCode))
      .limit(1),
  );
  return row && { ...row, isRaised: row.state === 'raised' };
}

/** From now on he is on the lists. Breaks with `changed-meanwhile` when he was already. */
export function writeKept(memberId: string): Op {
  return one(
    (q, { member }) =>
      q
        .update(member)
        .set({ alertId: null })
        .where(and(eq(member.id, memberId), isNotNull(member.alertId)))
        .returning({ id: member.id }),
    { otherwise: () => new LabaError('changed-meanwhile') },
  );
}

/** Whether he was sent out or called back, in any alert, and nobody has said that he is back. */
export async function isMissing(db: Database, memberId: string): Promise<boolean> {
  return (await db.read(watchesMissing(memberId))).length > 0;
}

// A withdrawal takes its people over from the pairs: theirs are not out any more, the withdrawal is.
const watchesMissing =
  (memberId: string): Build<{ id: string }> =>
  (q, { safetyWatch: watch, safetyWatchMember: inside }) =>
    q
      .select({ id: watch.id })
      .from(inside)
      .innerJoin(watch, eq(watch.id, inside.watchId))
      .where(and(eq(inside.memberId, memberId), isNull(inside.backAtMs), eq(watch.state, 'out')));

/** He is a member of nothing any more. Breaks with `changed-meanwhile` when he is on the lists, missing, or gone already. */
export function deleteTemporary(memberId: string): Op[] {
  const otherwise = () => new LabaError('changed-meanwhile');
  return [
    exactly(0, watchesMissing(memberId), { otherwise }),
    one(
      (q, { member }) =>
        q
          .delete(member)
          .where(and(eq(member.id, memberId), isNotNull(member.alertId)))
          .returning({ id: member.id }),
      { otherwise },
    ),
    any((q, { membership }) => q.delete(membership).where(eq(membership.memberId, memberId)).returning({ id: membership.memberId })),
  ];
}
