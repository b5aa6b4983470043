// The next key book: every key that is trusted from now on, signed by the county's root.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { signingKey } from '@laba/messaging/jws';
import { sealKeyBook } from '@laba/messaging/key-book';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { newestBook, trusted, type KeyRow } from '@laba/storage/keys';
import { bookHolders, insertBook } from './key-store.ts';

/** A device that claims to be farther ahead is not believed: the numbers could be used up. */
const FARTHEST_AHEAD = 10_000;

/**
 * The commit that makes these the county's keys; breaks when another book was signed meanwhile.
 * @throws `internal` in a county without a root, `transition-refused` when the book is full
 */
export async function bookOps(deps: Pick<Deps, 'db' | 'vault' | 'clock'>, rows: readonly KeyRow[]): Promise<{ version: number; ops: Op[] }> {
  const root = rows.find((row) => row.modes.length === 0);
  if (root === undefined) throw new LabaError('internal', 'The county has no root key yet.');
  const keys = trusted(rows);
  if (keys.length > LIMITS.keysInBook) throw new LabaError('transition-refused', `A key book holds ${LIMITS.keysInBook} keys: revoke some that are not used.`);
  const issuedAtMs = deps.clock.now();
  const version = await nextVersion(deps);
  const { kid, publicKey } = root;
  const book = { aud: root.scope, version, issuedAt: new Date(issuedAtMs).toISOString(), root: { kid, publicKey }, keys };
  const wire = sealKeyBook(book, signingKey(kid, deps.vault.decrypt(root.privateCipher)));
  return { version, ops: insertBook({ version, wire, issuedAtMs }) };
}

// Gateways may be ahead of a county that came out of a backup: a book with a lower number would never be taken.
async function nextVersion(deps: Pick<Deps, 'db'>): Promise<number> {
  const known = (await newestBook(deps.db))?.version ?? 0;
  const told = (await bookHolders(deps.db, 0)).map(({ version }) => version ?? 0).filter((version) => version <= known + FARTHEST_AHEAD);
  return Math.max(known, ...told) + 1;
}
