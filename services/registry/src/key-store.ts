// The county's keys and its key books in tables.
import { and, asc, eq, inArray, isNull, lt } from 'drizzle-orm';
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import { readKeyBook } from '@laba/messaging/key-book';
import { any, exactly, one, type Database, type Op } from '@laba/storage/database';
import { newestBooks, trustedKeys, type KeyRow } from '@laba/storage/keys';
import type { Tables } from '@laba/storage/tables';

/** Every key there ever was, also the root and the revoked ones: a key's name is never given twice. */
export function allKeys(db: Pick<Database, 'read'>): Promise<KeyRow[]> {
  return db.read((q, t) => q.select().from(t.signingKey).orderBy(asc(t.signingKey.createdAtMs), asc(t.signingKey.kid)));
}

/** What a new box at this grid node is told to trust: the newest book; in a county from before key books its keys alone. */
export async function trustOf(db: Pick<Database, 'read'>): Promise<(gridCode: string) => Pick<GatewayIdentity, 'keys' | 'keyBook'>> {
  const books = await newestBooks(db);
  const keys = books === undefined ? await trustedKeys(db) : [];
  return (gridCode) => {
    if (books === undefined) return { keys };
    const book = readKeyBook(books.for(gridCode).wire);
    return { keys: book.keys, keyBook: { version: book.version, root: book.root } };
  };
}

export function insertKey(key: KeyRow): Op {
  return one((q, t) => q.insert(t.signingKey).values(key).onConflictDoNothing().returning({ kid: t.signingKey.kid }));
}

/** Breaks when it was revoked meanwhile. */
export function revokeRow(kid: string, nowMs: number): Op {
  return one((q, t) =>
    q
      .update(t.signingKey)
      .set({ revokedAtMs: nowMs })
      .where(and(eq(t.signingKey.kid, kid), isNull(t.signingKey.revokedAtMs)))
      .returning({ kid: t.signingKey.kid }),
  );
}

/** From now on they sign. Breaks when one of them did already, or was revoked meanwhile. */
export function stopWaiting(kids: readonly string[]): Op {
  return exactly(kids.length, (q, t) =>
    q
      .update(t.signingKey)
      .set({ waiting: false })
      .where(and(inArray(t.signingKey.kid, [...kids]), eq(t.signingKey.waiting, true), isNull(t.signingKey.revokedAtMs)))
      .returning({ kid: t.signingKey.kid }),
  );
}

/** In the place of those before. Of two that write the same version one wins. */
export function insertBooks(books: readonly Tables['keyBook']['$inferSelect'][]): Op[] {
  return [
    exactly(books.length, (q, t) =>
      q
        .insert(t.keyBook)
        .values([...books])
        .onConflictDoNothing()
        .returning({ version: t.keyBook.version }),
    ),
    any((q, t) => q.delete(t.keyBook).where(lt(t.keyBook.version, books[0]!.version)).returning({ version: t.keyBook.version })),
  ];
}

export interface BookHolder {
  gatewayId: string;
  siteName: string;
  gridCode: string;
  /** Null: it says none, and can hold none. */
  version: number | null;
  lastSeenAtMs: number;
}

/** What the gateways in service said last about the book they go by, those heard of since `sinceMs`. */
export async function bookHolders(db: Pick<Database, 'read'>, sinceMs: number): Promise<BookHolder[]> {
  const rows = await db.read((q, t) =>
    q
      .select({ gateway: t.gateway, siteName: t.site.name, status: t.gatewayStatus })
      .from(t.gateway)
      .innerJoin(t.gatewayStatus, eq(t.gatewayStatus.gatewayId, t.gateway.id))
      .leftJoin(t.site, eq(t.site.id, t.gateway.siteId))
      .where(eq(t.gateway.status, 'active'))
      .orderBy(asc(t.gateway.id)),
  );
  return rows
    .filter(({ status }) => status.lastSeenAtMs >= sinceMs)
    .map(({ gateway, siteName, status }) => ({
      gatewayId: gateway.id,
      siteName: siteName ?? gateway.siteId,
      gridCode: gateway.gridCode,
      version: status.state?.keyBook ?? null,
      lastSeenAtMs: status.lastSeenAtMs,
    }));
}
