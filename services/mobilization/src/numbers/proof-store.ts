// Chapter 5, numbers: the proof of one number, and whose number it is now.
import { and, eq, sql } from 'drizzle-orm';
import type { CheckedChannel } from '@laba/domain/number-check';
import { any, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type Proof = Tables['channelProof']['$inferSelect'];

/** He answered by this channel with the number of this hash: it works. */
export function proveChannel(memberId: string, channel: CheckedChannel, addressHash: string, nowMs: number): Op {
  const proven = { state: 'proven', addressHash, provenAtMs: nowMs, tries: 0, nextAtMs: null, reason: null, changedAtMs: nowMs } as const;
  return any((q, { channelProof }) =>
    q
      .insert(channelProof)
      .values({ memberId, channel, step: 0, ...proven })
      .onConflictDoUpdate({ target: [channelProof.memberId, channelProof.channel], set: { ...proven, version: sql`${channelProof.version} + 1` } })
      .returning({ memberId: channelProof.memberId }),
  );
}

export async function findProof(db: Database, memberId: string, channel: CheckedChannel): Promise<Proof | undefined> {
  const rows = await db.read((q, { channelProof }) =>
    q
      .select()
      .from(channelProof)
      .where(and(eq(channelProof.memberId, memberId), eq(channelProof.channel, channel))),
  );
  return rows[0];
}

/** The keyed hash of the number that he has now; null: none. */
export async function numberHashOf(db: Database, memberId: string): Promise<string | null> {
  return (await db.read((q, { member }) => q.select({ hash: member.phoneHash }).from(member).where(eq(member.id, memberId))))[0]?.hash ?? null;
}
