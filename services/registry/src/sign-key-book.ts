// The next key book: every key that is trusted from now on, signed by the county's root.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { signingKey } from '@laba/messaging/jws';
import { sealKeyBook } from '@laba/messaging/key-book';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { newestBooks, townshipOf, trusted, type KeyRow } from '@laba/storage/keys';
import { bookHolders, insertBooks } from './key-store.ts';

/** A device that claims to be farther ahead is not believed: the numbers could be used up. */
const FARTHEST_AHEAD = 10_000;

/**
 * The commit that makes these the county's keys; breaks when another book was signed meanwhile. Each township is told its own and the county's.
 * @throws `internal` in a county without a root, `transition-refused` when a book is full
 */
export async function bookOps(deps: Pick<Deps, 'db' | 'vault' | 'clock'>, rows: readonly KeyRow[]): Promise<{ version: number; ops: Op[] }> {
  const root = rows.find((row) => row.modes.length === 0);
  if (root === undefined) throw new LabaError('internal', 'The county has no root key yet.');
  const keys = trusted(rows);
  const issuedAtMs = deps.clock.now();
  const version = await nextVersion(deps);
  const { kid, publicKey } = root;
  const signer = signingKey(kid, deps.vault.decrypt(root.privateCipher));
  const books = [...new Set(['', ...keys.map(({ scope }) => townshipOf(scope))])].map((gridCode) => {
    const named = keys.filter(({ scope }) => [gridCode, ''].includes(townshipOf(scope)));
    if (named.length > LIMITS.keysInBook)
      throw new LabaError('transition-refused', `A key book of one township holds ${LIMITS.keysInBook} keys: revoke some that are not used.`);
    const book = { aud: root.scope, version, issuedAt: new Date(issuedAtMs).toISOString(), root: { kid, publicKey }, keys: named };
    return { version, gridCode, wire: sealKeyBook(book, signer), issuedAtMs };
  });
  return { version, ops: insertBooks(books) };
}

// Gateways may be ahead of a county that came out of a backup: a book with a lower number would never be taken.
async function nextVersion(deps: Pick<Deps, 'db'>): Promise<number> {
  const known = (await newestBooks(deps.db))?.version ?? 0;
  const told = (await bookHolders(deps.db, 0)).map(({ version }) => version ?? 0).filter((version) => version <= known + FARTHEST_AHEAD);
  return Math.max(known, ...told) + 1;
}
