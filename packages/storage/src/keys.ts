// Which keys count: those that a key book names, and the newest book. The registry writes them, whoever speaks to devices reads them.
import { desc, inArray, isNull, max, type SQL } from 'drizzle-orm';
import type { TrustedKey } from '@laba/domain/gateway-protocol';
import type { Database, Sql } from './database.ts';
import type { Tables } from './tables.ts';

export type KeyRow = Tables['signingKey']['$inferSelect'];

/** What a key book says of these keys, by their names. The root, which has no modes, signs no command. */
export function trusted(rows: readonly KeyRow[]): TrustedKey[] {
  return rows
    .filter((row) => row.revokedAtMs === null && row.modes.length > 0)
    .map(({ kid, publicKey, scope, modes }) => ({ kid, alg: 'Ed25519' as const, publicKey, scope, modes }))
    .sort((a, b) => (a.kid < b.kid ? -1 : 1));
}

/** The public keys that devices shall trust. */
export async function trustedKeys(db: Pick<Database, 'read'>): Promise<TrustedKey[]> {
  return trusted(await db.read((q, t) => q.select().from(t.signingKey).where(isNull(t.signingKey.revokedAtMs))));
}

/** A key book as it was signed. */
export interface Book {
  version: number;
  wire: string;
}

/** Undefined in a county from before key books. */
export async function newestBook(db: Pick<Database, 'read'>): Promise<Book | undefined> {
  const [row] = await db.read((q, t) =>
    q.select({ version: t.keyBook.version, wire: t.keyBook.wire }).from(t.keyBook).orderBy(desc(t.keyBook.version)).limit(1),
  );
  return row;
}

/** Condition: no later one is here. Older ones are dropped when a new one is signed. */
export function isNewestBook(q: Sql, t: Tables): SQL | undefined {
  return inArray(t.keyBook.version, q.select({ version: max(t.keyBook.version) }).from(t.keyBook));
}
