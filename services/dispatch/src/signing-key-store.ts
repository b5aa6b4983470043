// Chapter 3, dispatch: the only place that holds the county's signing keys in the clear.
import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Mode } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import type { SignedPayload } from '@laba/domain/gateway-protocol';
import { seal, signingKey, type SigningKey } from '@laba/messaging/envelope';
import { introduceKeyBook } from '@laba/messaging/key-book';
import { houseCode } from '@laba/runtime/config';
import type { Database } from '@laba/storage/database';
import type { KeyRow } from '@laba/storage/keys';
import type { Deps } from '@laba/runtime/service';

/** How long a key is gone on with after it was rotated or revoked; what it still signed then is signed again (sign-again.ts). */
export const KEYS_FOR_MS = 500;

/** The house's own keys that sign now, the newest last. */
function signers(db: Database, county: string): Promise<KeyRow[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.signingKey)
      .where(and(eq(t.signingKey.scope, county), isNull(t.signingKey.revokedAtMs), eq(t.signingKey.waiting, false)))
      .orderBy(asc(t.signingKey.createdAtMs), asc(t.signingKey.kid)),
  );
}

export class Signer {
  readonly #deps: Pick<Deps, 'config' | 'db' | 'vault' | 'clock'>;
  readonly #opened = new Map<string, SigningKey>();
  #rows: Promise<KeyRow[]> | undefined;
  #readAtMs = 0;

  constructor(deps: Pick<Deps, 'config' | 'db' | 'vault' | 'clock'>) {
    this.#deps = deps;
  }

  /** The bytes on the wire, signed with the newest key of the payload's mode. @throws `internal` when there is no such key */
  async seal(payload: SignedPayload): Promise<string> {
    return seal(payload, await this.#key(payload.mode));
  }

  /** The key book for a device that knows no root yet: signed with the live key, which it trusts. */
  async introduce(book: string): Promise<string> {
    return introduceKeyBook(book, await this.#key('live'));
  }

  // Live commands have a key of their own: what a drill's key signed can never sound as live.
  async #key(mode: Mode): Promise<SigningKey> {
    const row = (await this.#signers()).findLast(({ modes }) => modes.includes(mode));
    if (row === undefined) throw new LabaError('internal', `This house has no key that signs in mode ${mode}.`);
    const known = this.#opened.get(row.kid);
    if (known !== undefined) return known;
    const key = signingKey(row.kid, this.#deps.vault.decrypt(row.privateCipher));
    this.#opened.set(row.kid, key);
    return key;
  }

  #signers(): Promise<KeyRow[]> {
    const nowMs = this.#deps.clock.now();
    if (this.#rows === undefined || Math.abs(nowMs - this.#readAtMs) >= KEYS_FOR_MS) {
      this.#readAtMs = nowMs;
      this.#rows = signers(this.#deps.db, houseCode(this.#deps.config));
    }
    return this.#rows;
  }
}
