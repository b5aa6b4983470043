// Chapter 4, speaker: which houses below this one are heard, and which are known to be silent.
import { and, eq, isNotNull, or, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { one, type Database, type Op } from '@laba/storage/database';
import { steadyRows } from '@laba/storage/locks';

/** A house below, or one that was. */
export interface HouseBelow {
  peerId: string;
  gridCode: string;
  isActive: boolean;
  /** Or when it came into service. */
  lastHeardAtMs: number;
  /** Null: it is not known to be silent. */
  silentSinceMs: number | null;
}

/** Whether this house talks with any other. */
export async function hasHouses(db: Database): Promise<boolean> {
  return (await db.read((q, { peer }) => q.select({ id: peer.id }).from(peer).where(eq(peer.status, 'active')).limit(1))).length > 0;
}

/** Those in service, and those that are still called silent. */
export function housesBelow(db: Database): Promise<HouseBelow[]> {
  return db.read((q, { peer, silentHouse }) =>
    q
      .select({
        peerId: peer.id,
        gridCode: peer.gridCode,
        isActive: sql<boolean>`${peer.status} = 'active'`.mapWith(Boolean),
        lastHeardAtMs: sql<number>`coalesce(${peer.lastHeardAtMs}, ${peer.createdAtMs})`.mapWith(Number),
        silentSinceMs: silentHouse.sinceMs,
      })
      .from(peer)
      .leftJoin(silentHouse, eq(silentHouse.peerId, peer.id))
      .where(and(eq(peer.side, 'below'), or(eq(peer.status, 'active'), isNotNull(silentHouse.sinceMs)))),
  );
}

const meanwhile = { otherwise: () => new LabaError('changed-meanwhile') };

/** Breaks when it was heard since, or is called silent already. */
export function writeSilent({ peerId, gridCode, lastHeardAtMs }: HouseBelow): Op[] {
  return [
    one(
      (q, t) =>
        steadyRows(
          t,
          q
            .select({ id: t.peer.id })
            .from(t.peer)
            .where(and(eq(t.peer.id, peerId), sql`coalesce(${t.peer.lastHeardAtMs}, ${t.peer.createdAtMs}) = ${lastHeardAtMs}`)),
        ),
      meanwhile,
    ),
    one(
      (q, t) => q.insert(t.silentHouse).values({ peerId, gridCode, sinceMs: lastHeardAtMs }).onConflictDoNothing().returning({ peerId: t.silentHouse.peerId }),
      meanwhile,
    ),
  ];
}

/** Breaks when somebody else said so first. */
export function writeBack({ peerId, silentSinceMs }: HouseBelow): Op {
  return one(
    (q, t) =>
      q
        .delete(t.silentHouse)
        .where(and(eq(t.silentHouse.peerId, peerId), eq(t.silentHouse.sinceMs, silentSinceMs!)))
        .returning({ peerId: t.silentHouse.peerId }),
    meanwhile,
  );
}
