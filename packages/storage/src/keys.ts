// Which keys count: those that a key book names, and the newest book. The registry writes them, whoever speaks to devices reads them.
import { inArray, isNull, max, type SQL } from 'drizzle-orm';
import type { TrustedKey } from '@laba/domain/gateway-protocol';
import { lineage, tierOf } from '@laba/domain/grid';
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

/** The newest version, as it was signed for each township; a packet would not hold the keys of every village in a county. */
export interface Books {
  version: number;
  /** For whoever stands at this grid node. */
  for(gridCode: string): Book;
}

/** Undefined in a county from before key books. */
export async function newestBooks(db: Pick<Database, 'read'>): Promise<Books | undefined> {
  const rows = await db.read((q, t) => q.select().from(t.keyBook).where(isNewestBook(q, t)));
  const version = rows[0]?.version;
  if (version === undefined) return undefined;
  const of = (gridCode: string) => rows.find((row) => row.gridCode === gridCode);
  return { version, for: (gridCode) => ({ version, wire: (of(townshipOf(gridCode)) ?? of(''))!.wire }) };
}

/** Empty for the county itself. */
export function townshipOf(gridCode: string): string {
  return lineage(gridCode).find((code) => tierOf(code) === 'township') ?? '';
}

/** Condition: no later one is here. Older ones are dropped when a new one is signed. */
export function isNewestBook(q: Sql, t: Tables): SQL | undefined {
  return inArray(t.keyBook.version, q.select({ version: max(t.keyBook.version) }).from(t.keyBook));
}
