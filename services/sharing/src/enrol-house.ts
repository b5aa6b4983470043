// The village alone: a house is enrolled below this one: a code, a claim, an officer's confirmation; and its end.
import { createHash, randomBytes } from 'node:crypto';
import { LabaError } from '@laba/domain/errors';
import { isWithin, tierOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { TheirKeys } from '@laba/messaging/letter';
import type { Act, Permit } from '@laba/runtime/auth';
import { houseCode, onlyWatches } from '@laba/runtime/config';
import type { Deps } from '@laba/runtime/service';
import { newSpokenCode, readSpokenCode } from '@laba/runtime/spoken-code';
import { DEVICE_PASSWORD } from '@laba/runtime/vault';
import type { EventType } from '@laba/domain/events';
import { record } from '@laba/storage/events';
import { townshipOf, trustedKeys } from '@laba/storage/keys';
import { insertPeer, listName, writePeer, type Peer } from '@laba/storage/sharing/peers';
import { isWatched } from '@laba/storage/sharing/watched-tables';
import { countPeersBelow, findClaim, insertClaim, listPeers, nodeIs, useClaim } from './house-store.ts';
import { houseIdOf, ownHouse } from './own-house.ts';

type Needs = Pick<Deps, 'db' | 'vault' | 'clock' | 'ids' | 'config'>;
type May = Permit<'house.enrol'>;

/** For live alerts and for drills. */
const KEYS_OF_A_NODE = 2;

const INVALID = () => new LabaError('claim-invalid');

function told<T extends EventType>(deps: Needs, type: T, act: Act, gridCode: string, subjectId: string) {
  return { type, atMs: deps.clock.now(), who: act.who, via: act.via, gridCode, subjectId };
}

/** `expiresAtMs`: ms since 1970. @throws `unknown-code`, `transition-refused` for this house's own node, or when there are too many */
export async function makeHouseClaim(deps: Needs, permit: May, code: string, act: Act): Promise<{ code: string; expiresAtMs: number }> {
  const own = houseCode(deps.config);
  if (code === own || !isWithin(own, code)) throw new LabaError('transition-refused', `A house is enrolled for a node below ${own}.`, { gridCode: code });
  if (onlyWatches(deps.config) && tierOf(code) !== 'county')
    throw new LabaError('transition-refused', `A prefecture's house hears its counties: the house of ${code} is enrolled at its county's.`, { gridCode: code });
  if (!(await nodeIs(deps.db, code)).known) throw new LabaError('unknown-code', `No grid node has the code ${code}.`, { gridCode: code });
  if ((await countPeersBelow(deps.db)) >= LIMITS.housesBelow)
    throw new LabaError('transition-refused', `One house has at most ${LIMITS.housesBelow} below it.`);
  const spoken = newSpokenCode();
  const expiresAtMs = deps.clock.now() + LIMITS.claimCodeMs;
  const claim = { codeHash: deps.vault.hash('house-claim', spoken), gridCode: code, madeBy: permit.officer.id, expiresAtMs };
  await deps.db.atomically([insertClaim(claim), ...record(deps.ids, { ...told(deps, 'house.claim-made', act, code, code), data: {} }), ...act.once]);
  return { code: spoken, expiresAtMs };
}

/** What the new house must know to talk with this one. */
export interface Claimed {
  /** Of this house. */
  houseId: string;
  signKey: string;
  sealKey: string;
  county: string;
  gridCode: string;
  /** At this house's broker. */
  password: string;
  /** Both count from the same moment: what was over before stays where it is. */
  sinceMs: number;
  /** The claimant's own, as this house calls it. */
  id: string;
}

/** @throws `claim-invalid`: wrong, used or expired; `already-done` when this very house is known */
export async function claimHouse(deps: Needs, given: { code: string } & TheirKeys, act: Act): Promise<Claimed> {
  const code = readSpokenCode(given.code);
  const codeHash = code === undefined ? undefined : deps.vault.hash('house-claim', code);
  const claim = codeHash === undefined ? undefined : await findClaim(deps.db, codeHash, deps.clock.now());
  if (claim === undefined) throw INVALID();
  const own = await ownHouse(deps);
  const id = houseIdOf(given.signKey);
  if ((await listPeers(deps.db)).some((peer) => peer.id === id)) throw new LabaError('already-done', 'This house is enrolled already.');
  const sinceMs = deps.clock.now();
  const password = deps.vault.hash(DEVICE_PASSWORD, id);
  const peer = {
    ...{ id, gridCode: claim.gridCode, side: 'below' as const, status: 'claimed' as const, signKey: given.signKey, sealKey: given.sealKey },
    passwordHash: createHash('sha256').update(password).digest('hex'),
    listId: listName(1, randomBytes(9).toString('base64url')),
    createdAtMs: sinceMs,
  };
  await deps.db.atomically([
    useClaim(claim.codeHash, id),
    insertPeer(peer),
    ...record(deps.ids, { ...told(deps, 'house.claimed', { ...act, who: `house:${id}` }, claim.gridCode, id), data: {} }),
    ...act.once,
  ]);
  return { houseId: own.id, ...own.public, county: deps.config.county, gridCode: claim.gridCode, password, sinceMs, id };
}

/**
 * The box that claimed the node really stands there. Another house of the same node is revoked: two would both speak for it.
 * @throws `transition-refused` when it does not wait, or when its node has no keys and none can be made here
 */
export async function confirmHouse(deps: Needs, _permit: May, peer: Peer, act: Act): Promise<void> {
  if (peer.status !== 'claimed') throw new LabaError('transition-refused', `This house is ${peer.status}; only a claimed one is confirmed.`);
  if (!onlyWatches(deps.config) && !(await nodeIs(deps.db, peer.gridCode)).hasKeys) await mayHaveKeys(deps, peer.gridCode);
  const others = (await listPeers(deps.db, { side: 'below', statuses: ['claimed', 'active'] })).filter(
    (other) => other.gridCode === peer.gridCode && other.id !== peer.id,
  );
  await deps.db.atomically([
    ...others.flatMap((other) => revokeOps(deps, other, act)),
    writePeer(peer, { status: 'active' }),
    ...record(deps.ids, { ...told(deps, 'house.confirmed', act, peer.gridCode, peer.id), data: {} }),
    ...act.once,
  ]);
}

/** A house without keys of its own could order nothing alone. */
async function mayHaveKeys({ db, config }: Needs, gridCode: string): Promise<void> {
  if (config.node !== undefined) throw new LabaError('transition-refused', `The county must make keys for ${gridCode} first: ./laba keys new ${gridCode}`);
  const beside = (await trustedKeys(db)).filter(({ scope }) => ['', townshipOf(gridCode)].includes(townshipOf(scope)));
  if (beside.length + KEYS_OF_A_NODE > LIMITS.keysInBook)
    throw new LabaError(
      'transition-refused',
      `The township’s key book is full (${LIMITS.keysInBook} keys): revoke keys that nobody uses first, see ./laba keys list`,
    );
}

/** Nothing more is told to it, and nothing taken from it; with a house below its keys end. A county may leave its prefecture. @throws `transition-refused` */
export async function revokeHouse(deps: Needs, _permit: May, peer: Peer, act: Act): Promise<void> {
  if (peer.status === 'revoked') throw new LabaError('transition-refused', 'This house is revoked already.');
  const ops = peer.side === 'below' ? revokeOps(deps, peer, act) : endOps(deps, peer, act, 'house.left');
  await deps.db.atomically([...ops, ...act.once]);
}

const revokeOps = (deps: Needs, peer: Peer, act: Act) => endOps(deps, peer, act, 'house.revoked');

function endOps(deps: Needs, peer: Peer, act: Act, type: 'house.revoked' | 'house.left') {
  return [writePeer(peer, { status: 'revoked' }), ...record(deps.ids, { ...told(deps, type, act, peer.gridCode, peer.id), data: {} })];
}

/** A house below this one, or a prefecture's above it. @throws `not-found` */
export async function findNeighbour(deps: Pick<Deps, 'db'>, id: string): Promise<Peer> {
  const peer = (await listPeers(deps.db)).find((one) => one.id === id && (one.side === 'below' || isWatched({ code: one.gridCode })));
  if (peer === undefined) throw new LabaError('not-found', 'There is no such house below this one.');
  return peer;
}
