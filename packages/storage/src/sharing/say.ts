// What this house has to tell another: found by comparing, so that nothing which writes rows has to remember it.
import { and, asc, eq, gt } from 'drizzle-orm';
import type { Row } from '@laba/domain/merge';
import type { Database } from '../database.ts';
import { sqliteTables } from '../tables.ts';
import { imageOf, printOf, rowsInGround, spokenOfBelow, travelling, type RowKey, type Secrets, type TableName } from './images.ts';
import { activePeer, decides, groundOf, toldOf, writePeer, writeTold, type Mark, type Peer, type Told } from './peers.ts';
import type { SharedTable } from './shared-tables.ts';
import { namesFor, tableFor } from './watched-tables.ts';

/** One row as it is told; null: it is gone. */
export type ToldRow = readonly [table: TableName, key: RowKey, image: Row | null];

/** A piece of the list, in its order. Taking it twice does nothing. */
export interface Page {
  listId: string;
  /** The number before its first row. */
  after: number;
  upTo: number;
  rows: readonly ToldRow[];
  /** More of the list is known by now. */
  more: boolean;
}

export interface PageSize {
  rows: number;
  /** Of JSON, before it is made small. */
  chars: number;
}

/**
 * Puts on the list whatever is no longer as it was told.
 * @returns how many rows that were
 * @throws `changed-meanwhile` when another process did the same at once
 */
export async function noticeChanges(db: Database, secrets: Secrets, peerId: string, tables?: readonly TableName[]): Promise<number> {
  const peer = await activePeer(db, peerId);
  const ground = groundOf(peer);
  const changed: Told[] = [];
  for (const name of tables ?? namesFor(ground)) {
    const shared = tableFor(ground, name);
    if (shared === undefined) continue;
    for (const one of await changesIn(db, secrets, peer, name, shared)) changed.push({ ...one, number: peer.saidUpTo + changed.length + 1 });
  }
  if (changed.length > 0) await db.atomically([...writeTold(changed), writePeer(peer, { saidUpTo: peer.saidUpTo + changed.length })]);
  return changed.length;
}

async function changesIn(db: Database, secrets: Secrets, peer: Peer, name: TableName, shared: SharedTable): Promise<Omit<Told, 'number'>[]> {
  const told = await toldOf(db, peer.id, name);
  const columns = travelling(sqliteTables, name, shared);
  const rows = await rowsInGround(db, name, shared, groundOf(peer));
  const changed = new Map<RowKey, Omit<Told, 'number'>>();
  for (const [rowKey, row] of rows) {
    const before = told.get(rowKey);
    const print = printOf(imageOf(columns, row, secrets));
    if (before?.print !== print) changed.set(rowKey, { peerId: peer.id, tableName: name, rowKey, print, agreedPrint: before?.agreedPrint ?? null });
  }
  if (decides(peer)) return askAgain(await spokenOfBelow(db, name, shared, groundOf(peer), [...changed.keys()]), changed, told);
  if (shared.mayGo !== true) return [...changed.values()];
  const gone = [...told].filter(([rowKey, { print }]) => print !== null && !rows.has(rowKey));
  return [...changed.values(), ...gone.map(([rowKey, { agreedPrint }]) => ({ peerId: peer.id, tableName: name, rowKey, print: null, agreedPrint }))];
}

/** Of rows that only the house above decides upon this one says that it lost them: then they are told to it again. */
function askAgain(own: ReadonlySet<RowKey>, changed: ReadonlyMap<RowKey, Omit<Told, 'number'>>, told: ReadonlyMap<RowKey, Told>): Omit<Told, 'number'>[] {
  return [...changed].flatMap(([rowKey, one]) => {
    if (own.has(rowKey)) return [one];
    return told.get(rowKey)?.print === null ? [] : [{ ...one, print: null, agreedPrint: null }];
  });
}

/** The next piece of the list for a house that holds it up to `held`; from its beginning when that house holds another one. */
export async function readPage(db: Database, secrets: Secrets, peerId: string, held: Mark | undefined, size: PageSize): Promise<Page> {
  const peer = await activePeer(db, peerId);
  const after = held?.listId === peer.listId ? Math.min(held.upTo, peer.saidUpTo) : 0;
  const listed = await db.read((q, t) =>
    q
      .select({ name: t.told.tableName, key: t.told.rowKey, number: t.told.number, print: t.told.print })
      .from(t.told)
      .where(and(eq(t.told.peerId, peerId), gt(t.told.number, after)))
      .orderBy(asc(t.told.number))
      .limit(size.rows),
  );
  const images = await imagesOf(db, secrets, peer, listed.filter(({ print }) => print !== null) as Listed[]);
  const rows: ToldRow[] = [];
  let upTo = after;
  let chars = 0;
  for (const { name, key, number, print } of listed as Listed[]) {
    const image = images.get(name)?.get(key) ?? null;
    chars += JSON.stringify(image).length;
    if (rows.length > 0 && chars > size.chars) break;
    upTo = number;
    // Of a table that only grows a row may have left the ground since: then it is not told, and not taken away there either. One that could not be
    // taken yet is asked for again.
    if (image !== null || print === null || decides(peer) || tableFor(groundOf(peer), name)?.mayGo === true) rows.push([name, key, image]);
  }
  return { listId: peer.listId, after, upTo, rows, more: upTo < peer.saidUpTo };
}

interface Listed {
  name: TableName;
  key: RowKey;
  number: number;
  print: string | null;
}

async function imagesOf(db: Database, secrets: Secrets, peer: Peer, listed: readonly Listed[]): Promise<Map<string, Map<RowKey, Row>>> {
  const images = new Map<string, Map<RowKey, Row>>();
  for (const [name, some] of Map.groupBy(listed, (one) => one.name)) {
    const shared = tableFor(groundOf(peer), name);
    if (shared === undefined) continue;
    const columns = travelling(sqliteTables, name, shared);
    const rows = await rowsInGround(
      db,
      name,
      shared,
      groundOf(peer),
      some.map(({ key }) => key),
    );
    images.set(name, new Map([...rows].map(([key, row]) => [key, imageOf(columns, row, secrets)])));
  }
  return images;
}
