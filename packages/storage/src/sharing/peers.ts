// Who the other houses are, and how far each list is said, confirmed and heard.
import { and, eq, getTableColumns, gt, lte, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { any, one, type Database, type Op } from '../database.ts';
import { slices } from '../group.ts';
import type { Tables } from '../tables.ts';
import type { Ground } from './shared-tables.ts';
import { isWatched } from './watched-tables.ts';

export type Peer = Tables['peer']['$inferSelect'];

/** How far a list is known: which one, and up to what number of it. */
export interface Mark {
  listId: string;
  upTo: number;
}

/** @throws `not-found` when no such house is known */
export async function findPeer(db: Database, id: string): Promise<Peer> {
  const [peer] = await db.read((q, t) => q.select().from(t.peer).where(eq(t.peer.id, id)));
  if (peer === undefined) throw new LabaError('not-found', `This house knows no house ${id}.`);
  return peer;
}

/**
 * The house, if anything may be told to it or taken from it.
 * @throws `not-found` when no such house is known, or no longer: a stolen box is as a stranger
 */
export async function activePeer(db: Database, id: string): Promise<Peer> {
  const peer = await findPeer(db, id);
  if (peer.status !== 'active') throw new LabaError('not-found', `This house no longer speaks with the house ${id}.`);
  return peer;
}

/** A clock that is wrong by less than this does not make history of what happens after the enrolment. */
const BEFORE_MS = 24 * 3_600_000;

export function groundOf(peer: Pick<Peer, 'gridCode' | 'createdAtMs'>): Ground {
  return { code: peer.gridCode, sinceMs: peer.createdAtMs - BEFORE_MS };
}

/** Whether it decides what this house is told: the house above does, but for a prefecture's, which is told by its counties. */
export function decides(peer: Peer): boolean {
  return (peer.side === 'above') !== isWatched(groundOf(peer));
}

/** Whether its word is held to its own ground: of a house below, and of a prefecture, which has no word at all. */
export function isHeldToGround(peer: Peer): boolean {
  return peer.side === 'below' || isWatched(groundOf(peer));
}

/** Another house, from now on known here. */
export function insertPeer(row: Tables['peer']['$inferInsert']): Op {
  return one((q, t) => q.insert(t.peer).values(row).returning({ id: t.peer.id }));
}

/** That the other house was heard. What was heard later stands. */
export function noteHeard(peerId: string, atMs: number): Op {
  return any((q, t) => q.update(t.peer).set({ lastHeardAtMs: atMs }).where(eq(t.peer.id, peerId)).returning({ id: t.peer.id }));
}

/** Changes the row as it was read, or breaks. */
export function writePeer(peer: Peer, change: Partial<Peer>): Op {
  return one((q, t) =>
    q
      .update(t.peer)
      .set({ ...change, version: peer.version + 1 })
      .where(and(eq(t.peer.id, peer.id), eq(t.peer.version, peer.version)))
      .returning({ id: t.peer.id }),
  );
}

/** `drawn`: so that two lists are never one. Of two lists of a house the one with the greater count is the later. */
export function listName(count: number, drawn: string): string {
  return `${count}.${drawn}`;
}

export function listCount(listId: string | null | undefined): number {
  return Number(listId?.split('.')[0] ?? 0);
}

/**
 * What the other house says that it holds of this one's list. If that is more than was said, this house is out of a backup: then it
 * begins anew, which does no harm.
 */
export async function hearConfirmed(db: Database, peerId: string, held: Mark | undefined, draw: () => string): Promise<void> {
  const peer = await activePeer(db, peerId);
  if (held === undefined) return;
  const isMine = held.listId === peer.listId;
  const isBehind = isMine ? held.upTo > peer.saidUpTo : listCount(held.listId) >= listCount(peer.listId);
  if (isBehind) return void (await db.atomically(beginAnew(peer, listName(listCount(held.listId) + 1, draw()))));
  if (!isMine || held.upTo <= peer.confirmedUpTo) return;
  await db.atomically([
    any((q, t) =>
      q
        .update(t.told)
        .set({ agreedPrint: sql`${t.told.print}` })
        .where(and(eq(t.told.peerId, peerId), gt(t.told.number, peer.confirmedUpTo), lte(t.told.number, held.upTo)))
        .returning({ number: t.told.number }),
    ),
    writePeer(peer, { confirmedUpTo: held.upTo }),
  ]);
}

/** Forgets what was told and heard: the whole ground is told again, each way. */
export function beginAnew(peer: Peer, listId: string, heard: Partial<Peer> = { heardListId: null, heardUpTo: 0 }): Op[] {
  return [
    any((q, t) => q.delete(t.told).where(eq(t.told.peerId, peer.id)).returning({ number: t.told.number })),
    writePeer(peer, { listId, saidUpTo: 0, confirmedUpTo: 0, ...heard }),
  ];
}

/** A row of the list of what was told. */
export type Told = Tables['told']['$inferSelect'];

// Many rows by one statement, far below any engine's limit of parameters.
const ROWS_AT_ONCE = 100;

/** Puts rows on the list, each in the place of what stood there of it. */
export function writeTold(rows: readonly Told[]): Op[] {
  return slices(rows, ROWS_AT_ONCE).map((some) =>
    any((q, t) =>
      q
        .insert(t.told)
        .values(some)
        .onConflictDoUpdate({
          target: [t.told.peerId, t.told.tableName, t.told.rowKey],
          set: Object.fromEntries(['number', 'print', 'agreedPrint'].map((name) => [name, sql.raw(`excluded.${snake(name)}`)])),
        })
        .returning({ number: t.told.number }),
    ),
  );
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What stands on the list of a table, by key. */
export async function toldOf(db: Database, peerId: string, tableName: string): Promise<Map<string, Told>> {
  const rows = await db.read((q, t) =>
    q
      .select(getTableColumns(t.told))
      .from(t.told)
      .where(and(eq(t.told.peerId, peerId), eq(t.told.tableName, tableName))),
  );
  return new Map(rows.map((row) => [row.rowKey, row]));
}
