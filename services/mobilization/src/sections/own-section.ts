// Chapter 5, sections: what a member sees of his own place: his section and why, who leads, whether he is out and must be heard of.
import { isWithin } from '@laba/domain/grid';
import { SECTIONS, seatReasonWords, type Section } from '@laba/domain/section';
import type { Database } from '@laba/storage/database';
import { gridNames } from '../grid-name-store.ts';
import { findCall } from '../call-out/call-store.ts';
import { listCommanders } from './commander-store.ts';
import { watchesOf } from './safety-store.ts';
import { findSeat, listNeeds, listSeats } from './section-store.ts';

interface Words {
  zh: string;
  en: string;
}

export interface OwnSection {
  /** Null: no seat, or stood down. */
  section: (Words & { code: Section; needed: number; have: number }) | null;
  stoodDown: boolean;
  gridCode: string | null;
  gridName: string | null;
  reasons: Words[];
  /** Who leads there; `isMe`: this member. */
  commander: { name: string; isMe: boolean } | null;
  /** He was named commander of these grid nodes and has not said yes. */
  asked: { gridCode: string; gridName: string }[];
  /** He is out: with whom, and by when to be heard of. */
  out: { kind: 'pair' | 'withdrawal'; with: string[]; dueAtMs: number }[];
}

/** Names only those he works with. Undefined: no call has this id. */
export async function ownSection(db: Database, callId: string): Promise<OwnSection | undefined> {
  const found = await findCall(db, callId);
  if (found === undefined) return undefined;
  const { alertId, memberId } = found.call;
  const [seat, watches, commanders] = await Promise.all([
    findSeat(db, alertId, memberId),
    watchesOf(db, alertId, memberId),
    listCommanders(db, alertId, [found.call.gridCode.slice(0, 6)]),
  ]);
  const held = seat?.state === 'held' ? seat : undefined;
  const [needs, seats, [gridName = null]] =
    held === undefined
      ? [[], [], []]
      : await Promise.all([listNeeds(db, alertId, [held.gridCode]), listSeats(db, alertId, [held.gridCode]), gridNames(db, [held.gridCode])]);
  const leader = commanders.findLast((one) => one.acknowledgedAtMs !== null && held !== undefined && isWithin(one.gridCode, held.gridCode));
  const newest = new Map(commanders.map((one) => [one.gridCode, one]));
  const asked = [...newest.values()].filter((one) => one.memberId === memberId && one.acknowledgedAtMs === null);
  const section = held?.section ?? null;
  return {
    section:
      section === null
        ? null
        : {
            ...SECTIONS[section],
            code: section,
            needed: needs.find((need) => need.section === section)?.needed ?? 0,
            have: seats.filter((one) => one.state === 'held' && one.section === section).length,
          },
    stoodDown: seat?.state === 'stood-down',
    gridCode: held?.gridCode ?? null,
    gridName,
    reasons: (held?.reasons ?? []).map(seatReasonWords),
    commander: leader === undefined ? null : { name: leader.name ?? '', isMe: leader.memberId === memberId },
    asked: await Promise.all(asked.map(async ({ gridCode }) => ({ gridCode, gridName: (await gridNames(db, [gridCode]))[0] ?? gridCode }))),
    out: watches.map(({ kind, dueAtMs, members }) => ({
      kind,
      dueAtMs,
      with: kind === 'pair' ? members.filter((one) => one.memberId !== memberId).map(({ name }) => name ?? '') : [],
    })),
  };
}
