// By which channels a member can be reached: an address is known. One rule for the call and for the forecast before it.
import { sql, type SQL } from 'drizzle-orm';
import type { OwnChannel } from '@laba/domain/call-out';
import type { Tables } from './tables.ts';

/** Whether the member of this row could be reached by the channel at all; `member` must be in the statement's `from`. */
export function hasWay(t: Tables, channel: OwnChannel): SQL<boolean> {
  switch (channel) {
    case 'sms':
    case 'voice':
      return sql<boolean>`(${t.member.phoneCipher} is not null)`;
    case 'email':
      return sql<boolean>`(${t.member.emailCipher} is not null)`;
    case 'push':
      return sql<boolean>`exists (select 1 from ${t.pushSubscription} where ${t.pushSubscription.memberId} = ${t.member.id})`;
  }
}

/** Whether any of these could. */
export function hasAnyWay(t: Tables, channels: readonly OwnChannel[]): SQL<boolean> {
  return sql<boolean>`(${sql.join(
    channels.map((channel) => hasWay(t, channel)),
    sql` or `,
  )})`;
}
