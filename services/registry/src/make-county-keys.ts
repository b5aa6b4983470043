// The county's own keys: one signs live alerts, the other drills and tests, so that neither can pass for the other; the root signs
// the book that says which keys there are.
import type { Mode } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import { newKeyPair } from '@laba/messaging/jws';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { newestBooks, type KeyRow } from '@laba/storage/keys';
import { allKeys, insertKey } from './key-store.ts';
import { bookOps } from './sign-key-book.ts';

const BY_HAND: Act = { who: 'system', via: 'cli', once: [] };

/** Keys that sign commands, and what each of them signs. */
export const KINDS: Record<'live' | 'drill', Mode[]> = { live: ['live'], drill: ['drill', 'test'] };
/** By the last part of its name. */
const COUNTY_KEYS = { ...KINDS, root: [] };

/** A fresh pair as a row, its private half encrypted. */
export function freshKey(deps: Pick<Deps, 'vault' | 'clock'>, key: Pick<KeyRow, 'kid' | 'scope' | 'modes' | 'waiting'>): KeyRow {
  const pair = newKeyPair();
  return { ...key, publicKey: pair.publicKey, privateCipher: deps.vault.encrypt(pair.privateKey), createdAtMs: deps.clock.now(), revokedAtMs: null };
}

/** Makes what is absent and leaves what is there, for a county from before key books too; returns the names of the keys made. */
export async function makeCountyKeys(
  deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'ids' | 'config'>,
  county: string = deps.config.county,
  act: Act = BY_HAND,
): Promise<string[]> {
  const known = await allKeys(deps.db);
  const made = Object.entries(COUNTY_KEYS)
    .map(([kind, modes]) => ({ kid: `${county}-${kind}`, scope: county, modes, waiting: false }))
    .filter(({ kid }) => !known.some((row) => row.kid === kid))
    .map((key) => freshKey(deps, key));
  if (made.length === 0 && (await newestBooks(deps.db)) !== undefined) return [];
  const kids = made.map(({ kid }) => kid);
  const { version, ops } = await bookOps(deps, [...known, ...made]);
  const event = { type: 'keys.made' as const, atMs: deps.clock.now(), who: act.who, via: act.via, gridCode: county, subjectId: county };
  try {
    await deps.db.atomically([...made.map((row) => insertKey(row)), ...ops, ...record(deps.ids, { ...event, data: { kids, book: version } }), ...act.once]);
  } catch (error) {
    // Another process made them at the same moment.
    if (error instanceof LabaError && error.code === 'changed-meanwhile') return [];
    throw error;
  }
  return kids;
}
