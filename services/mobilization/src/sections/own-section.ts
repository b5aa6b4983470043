// Chapter 5, sections: what a member sees of his own place: his section and why, who leads, whether he is out and must be heard of.
import { isWithin } from '@laba/domain/grid';
import type { PhoneSafety, PhoneState } from '@laba/domain/phone-page';
import type { Database } from '@laba/storage/database';
import { gridNames } from '../grid-node-store.ts';
import type { Call } from '../call-out/call-store.ts';
import { listCommanders } from './commander-store.ts';
import { watchesOf } from './safety-store.ts';
import { findSeat } from './section-store.ts';

/** Names only those he works with. `seat`: null without one, and when he stood down. */
export async function ownSection(db: Database, { alertId, memberId, gridCode }: Call): Promise<Pick<PhoneState, 'seat'> & PhoneSafety> {
  const [seat, watches, commanders] = await Promise.all([
    findSeat(db, alertId, memberId),
    watchesOf(db, alertId, memberId),
    listCommanders(db, alertId, [gridCode.slice(0, 6)]),
  ]);
  const held = seat?.state === 'held' ? seat : undefined;
  const nameOf = async (code: string) => (await gridNames(db, [code]))[0] ?? code;
  // Ordered by number: the last one who said yes leads there.
  const leaders = [...new Map(commanders.filter((one) => one.acknowledgedAtMs !== null).map((one) => [one.gridCode, one])).values()];
  const leader = leaders.find((one) => one.memberId === memberId) ?? leaders.findLast((one) => held !== undefined && isWithin(one.gridCode, held.gridCode));
  const newest = [...new Map(commanders.map((one) => [one.gridCode, one])).values()];
  const asked = newest.filter((one) => one.memberId === memberId && one.acknowledgedAtMs === null);
  return {
    seat: held === undefined || held.section === null ? null : { section: held.section, place: await nameOf(held.gridCode), reasons: held.reasons },
    commander: leader === undefined ? null : { name: leader.name ?? '', isMe: leader.memberId === memberId, gridCode: leader.gridCode },
    asked: await Promise.all(asked.map(async (one) => ({ gridCode: one.gridCode, gridName: await nameOf(one.gridCode) }))),
    out: watches.map(({ kind, dueAtMs, members }) => ({
      kind,
      dueAtMs,
      with: kind === 'pair' ? members.filter((one) => one.memberId !== memberId).map(({ name }) => name ?? '') : [],
    })),
  };
}
