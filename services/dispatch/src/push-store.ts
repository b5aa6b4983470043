// Chapter 5, the messages: the browsers that may be woken, in the database.
import { eq } from 'drizzle-orm';
import { any, one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

/** The call that a personal link speaks of, as far as its link needs it. */
export async function findLinkedCall(
  db: Database,
  id: string,
): Promise<{ alertId: string; memberId: string; gridCode: string; overAtMs: number | null } | undefined> {
  const [row] = await db.read((q, { call, alert }) =>
    q
      .select({ alertId: call.alertId, memberId: call.memberId, gridCode: call.gridCode, overAtMs: alert.overAtMs })
      .from(call)
      .innerJoin(alert, eq(alert.id, call.alertId))
      .where(eq(call.id, id)),
  );
  return row;
}

export function writeSubscription(row: Tables['pushSubscription']['$inferSelect']): Op {
  const { cipher, createdAtMs } = row;
  return one((q, { pushSubscription: table }) =>
    q.insert(table).values(row).onConflictDoUpdate({ target: table.memberId, set: { cipher, createdAtMs } }).returning({ memberId: table.memberId }),
  );
}

export function deleteSubscription(memberId: string): Op {
  return any((q, { pushSubscription: table }) => q.delete(table).where(eq(table.memberId, memberId)).returning({ memberId: table.memberId }));
}
