// The village alone: this house's own keys, the codes by which others are enrolled below it, and whom it knows, in tables.
import { and, asc, count, eq, gt, inArray, isNull } from 'drizzle-orm';
import type { PeerSide, PeerStatus } from '@laba/domain/peer';
import { any, one, type Database, type Op } from '@laba/storage/database';
import type { Peer } from '@laba/storage/sharing/peers';
import type { Tables } from '@laba/storage/tables';

export type HouseKeyRow = Tables['houseKey']['$inferSelect'];
export type HouseClaimRow = Tables['houseClaim']['$inferSelect'];

const OWN = 'own';

export async function findOwnKeys(db: Database): Promise<HouseKeyRow | undefined> {
  const [row] = await db.read((q, t) => q.select().from(t.houseKey).where(eq(t.houseKey.id, OWN)));
  return row;
}

/** Of two processes that make them at once one wins: read them afterwards. */
export function insertOwnKeys(row: Omit<HouseKeyRow, 'id'>): Op {
  return any((q, t) =>
    q
      .insert(t.houseKey)
      .values({ ...row, id: OWN })
      .onConflictDoNothing()
      .returning({ id: t.houseKey.id }),
  );
}

export function insertClaim(row: Omit<HouseClaimRow, 'usedBy'>): Op {
  return one((q, t) => q.insert(t.houseClaim).values(row).returning({ gridCode: t.houseClaim.gridCode }));
}

/** Good still, and not used. */
export async function findClaim(db: Database, codeHash: string, nowMs: number): Promise<HouseClaimRow | undefined> {
  const [row] = await db.read((q, t) =>
    q
      .select()
      .from(t.houseClaim)
      .where(and(eq(t.houseClaim.codeHash, codeHash), isNull(t.houseClaim.usedBy), gt(t.houseClaim.expiresAtMs, nowMs))),
  );
  return row;
}

export function useClaim(codeHash: string, usedBy: string): Op {
  return one((q, t) =>
    q
      .update(t.houseClaim)
      .set({ usedBy })
      .where(and(eq(t.houseClaim.codeHash, codeHash), isNull(t.houseClaim.usedBy)))
      .returning({ codeHash: t.houseClaim.codeHash }),
  );
}

export function listPeers(db: Database, only: { side?: PeerSide; statuses?: readonly PeerStatus[] } = {}): Promise<Peer[]> {
  return db.read((q, t) =>
    q
      .select()
      .from(t.peer)
      .where(
        and(
          only.side === undefined ? undefined : eq(t.peer.side, only.side),
          only.statuses === undefined ? undefined : inArray(t.peer.status, [...only.statuses]),
        ),
      )
      .orderBy(asc(t.peer.gridCode), asc(t.peer.createdAtMs)),
  );
}

export async function countPeersBelow(db: Database): Promise<number> {
  const [row] = await db.read((q, t) => q.select({ houses: count() }).from(t.peer).where(eq(t.peer.side, 'below')));
  return row?.houses ?? 0;
}

/** Whether a grid node has this code, and keys of its own that sign. */
export async function nodeIs(db: Database, code: string): Promise<{ known: boolean; hasKeys: boolean }> {
  const [node] = await db.read((q, t) => q.select({ code: t.gridNode.code }).from(t.gridNode).where(eq(t.gridNode.code, code)));
  const [key] = await db.read((q, t) =>
    q
      .select({ kid: t.signingKey.kid })
      .from(t.signingKey)
      .where(and(eq(t.signingKey.scope, code), isNull(t.signingKey.revokedAtMs)))
      .limit(1),
  );
  return { known: node !== undefined, hasKeys: key !== undefined };
}

/** Those of the nodes that have no key which signs: their houses can order nothing alone. */
export async function withoutKeys(db: Database, codes: readonly string[]): Promise<string[]> {
  const rows = await db.read((q, t) => q.selectDistinct({ scope: t.signingKey.scope }).from(t.signingKey).where(isNull(t.signingKey.revokedAtMs)));
  const have = new Set(rows.map(({ scope }) => scope));
  return codes.filter((code) => !have.has(code));
}

/** The last thing this house wrote down of its being alone. */
export async function wasAlone(db: Database, code: string): Promise<boolean> {
  const rows = await db.read((q, t) =>
    q
      .select({ type: t.event.type, atMs: t.event.atMs })
      .from(t.event)
      .where(and(inArray(t.event.type, ['house.alone', 'house.together']), eq(t.event.gridCode, code)))
      .orderBy(asc(t.event.seq)),
  );
  return rows.at(-1)?.type === 'house.alone';
}
