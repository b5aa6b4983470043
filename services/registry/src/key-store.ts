// The county's signing keys in tables.
import { asc, inArray, isNull } from 'drizzle-orm';
import type { Mode } from '@laba/domain/alert';
import type { TrustedKey } from '@laba/domain/gateway-protocol';
import { one, type Database, type Op } from '@laba/storage/database';

export interface NewKey {
  kid: string;
  scope: string;
  modes: Mode[];
  publicKey: string;
  privateCipher: string;
  createdAtMs: number;
}

/** The public keys that devices shall trust. */
export async function trustedKeys(db: Pick<Database, 'read'>): Promise<TrustedKey[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ kid: t.signingKey.kid, publicKey: t.signingKey.publicKey, scope: t.signingKey.scope, modes: t.signingKey.modes })
      .from(t.signingKey)
      .where(isNull(t.signingKey.revokedAtMs))
      .orderBy(asc(t.signingKey.kid)),
  );
  return rows.map((row) => ({ ...row, alg: 'Ed25519' as const }));
}

/** Revoked ones too: a key's name is never given twice. */
export async function knownKids(db: Database, kids: readonly string[]): Promise<Set<string>> {
  const rows = await db.read((q, t) =>
    q
      .select({ kid: t.signingKey.kid })
      .from(t.signingKey)
      .where(inArray(t.signingKey.kid, [...kids])),
  );
  return new Set(rows.map((row) => row.kid));
}

export function insertKey(key: NewKey): Op {
  return one((q, t) => q.insert(t.signingKey).values(key).onConflictDoNothing().returning({ kid: t.signingKey.kid }));
}
