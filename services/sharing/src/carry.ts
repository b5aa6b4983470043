// The village alone: what a runner carries between houses. The file proves by itself who wrote it; the runner needs no trust.
import { LabaError } from '@laba/domain/errors';
import type { Officer } from '@laba/domain/officer';
import { namesOn } from '@laba/messaging/letter';
import { authorize } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import type { Peer } from '@laba/storage/sharing/peers';
import type { Exchange } from './exchange.ts';
import { listPeers } from './house-store.ts';
import type { Houses } from './houses.ts';
import { openParcel, wrapParcel } from './parcel.ts';

/** @throws `not-found`, `out-of-scope` */
export async function carryOut(deps: Pick<Deps, 'db'>, houses: Houses, officer: Officer, peerId: string): Promise<Buffer> {
  const { exchange } = await known(deps, houses, officer, peerId);
  return wrapParcel(await exchange.pack());
}

/**
 * Takes the letters in their order; those that were taken before change nothing.
 * @throws `bad-input` when it is no parcel, was cut off or altered, or is for another house; `not-found` when its writer is no house of ours
 */
export async function carryIn(
  deps: Pick<Deps, 'db'>,
  houses: Houses,
  officer: Officer,
  parcel: Buffer,
): Promise<{ from: string; gridCode: string; letters: number; taken: number }> {
  const letters = openParcel(parcel);
  const from = letters[0] === undefined ? undefined : namesOn(letters[0])?.from;
  if (from === undefined) throw new LabaError('bad-input', 'This parcel holds no letter.');
  const { peer, exchange } = await known(deps, houses, officer, from);
  let taken = 0;
  for (const letter of letters) {
    if (!(await exchange.hear(letter, 'hand')))
      throw new LabaError('bad-input', WHY[exchange.trouble ?? ''] ?? `A letter of this parcel was not taken: ${exchange.trouble}.`);
    taken += 1;
  }
  return { from, gridCode: peer.gridCode, letters: letters.length, taken };
}

const WHY: Record<string, string> = {
  addressee: 'This parcel is for another house: bring it there.',
  sender: 'Letters of several houses lie in this parcel: it was not written by Laba.',
  signature: 'This parcel was altered on its way, or written by somebody else in that house’s name. Nothing of it was taken.',
  altered: 'This parcel was altered on its way. Nothing of it was taken.',
};

async function known(deps: Pick<Deps, 'db'>, houses: Houses, officer: Officer, peerId: string): Promise<{ peer: Peer; exchange: Exchange }> {
  const peer = (await listPeers(deps.db, { statuses: ['active'] })).find(({ id }) => id === peerId);
  const exchange = houses.exchangeWith(peerId);
  if (peer === undefined || exchange === undefined) throw new LabaError('not-found', 'This house knows no such house, or speaks with it no more.');
  authorize(officer, 'house.carry', [peer.gridCode]);
  return { peer, exchange };
}
