// Chapter 3, dispatch: the only place that holds the county's signing keys in the clear.
import { eq, isNull } from 'drizzle-orm';
import type { Mode } from '@laba/domain/alert';
import { LabaError } from '@laba/domain/errors';
import type { SignedPayload, TrustedKey } from '@laba/domain/gateway-protocol';
import { seal, signingKey, type SigningKey } from '@laba/messaging/envelope';
import type { Database } from '@laba/storage/database';
import type { Deps } from '@laba/runtime/service';

/** Live commands have a key of their own: what a drill's key signed can never sound as live. */
export function kidFor(county: string, mode: Mode): string {
  return `${county}-${mode === 'live' ? 'live' : 'drill'}`;
}

/** What devices trust, as the county knows it. */
export async function trustedKeys(db: Database): Promise<TrustedKey[]> {
  const rows = await db.read((q, t) => q.select().from(t.signingKey).where(isNull(t.signingKey.revokedAtMs)));
  return rows.map(({ kid, publicKey, scope, modes }) => ({ kid, alg: 'Ed25519', publicKey, scope, modes }));
}

export class Signer {
  readonly #deps: Pick<Deps, 'config' | 'db' | 'vault'>;
  readonly #keys = new Map<string, SigningKey>();

  constructor(deps: Pick<Deps, 'config' | 'db' | 'vault'>) {
    this.#deps = deps;
  }

  /** The bytes on the wire, signed with the key of the payload's mode. @throws `internal` when there is no such key */
  async seal(payload: SignedPayload): Promise<string> {
    return seal(payload, await this.#key(kidFor(this.#deps.config.county, payload.mode)));
  }

  async #key(kid: string): Promise<SigningKey> {
    const known = this.#keys.get(kid);
    if (known !== undefined) return known;
    const [row] = await this.#deps.db.read((q, t) => q.select().from(t.signingKey).where(eq(t.signingKey.kid, kid)));
    if (row === undefined || row.revokedAtMs !== null) throw new LabaError('internal', `The signing key ${kid} does not exist or was revoked.`);
    const key = signingKey(kid, this.#deps.vault.decrypt(row.privateCipher));
    this.#keys.set(kid, key);
    return key;
  }
}
