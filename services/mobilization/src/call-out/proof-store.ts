// Chapter 5, numbers: what is known of each way to each member.
import { sql } from 'drizzle-orm';
import type { OwnChannel } from '@laba/domain/call-out';
import { any, type Op } from '@laba/storage/database';

/** He answered by this channel: it works. */
export function proveChannel(memberId: string, channel: OwnChannel, nowMs: number): Op {
  const proven = { state: 'proven', provenAtMs: nowMs, reason: null, changedAtMs: nowMs } as const;
  return any((q, { channelProof }) =>
    q
      .insert(channelProof)
      .values({ memberId, channel, step: 0, ...proven })
      .onConflictDoUpdate({ target: [channelProof.memberId, channelProof.channel], set: { ...proven, version: sql`${channelProof.version} + 1` } })
      .returning({ memberId: channelProof.memberId }),
  );
}
