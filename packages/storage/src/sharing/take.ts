// What another house told, put into this one's rows: all of a page or nothing, each row once, and only of the ground that both share.
import { and, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { FROM_ABOVE, mergeRows, type Row } from '@laba/domain/merge';
import { any, exactly, one, type Database, type Op } from '../database.ts';
import { sqliteTables } from '../tables.ts';
import {
  asRead,
  columnOf,
  defaultsOf,
  hasKey,
  imageOf,
  keyOf,
  printOf,
  rowsByKey,
  rowsInGround,
  spokenOfBelow,
  storedOf,
  tableOf,
  travelling,
  type RowKey,
  type Secrets,
  type TableName,
} from './images.ts';
import {
  activePeer,
  beginAnew,
  decides,
  groundOf,
  hearConfirmed,
  isHeldToGround,
  listCount,
  listName,
  toldOf,
  writePeer,
  writeTold,
  type Mark,
  type Peer,
  type Told,
} from './peers.ts';
import type { Page, ToldRow } from './say.ts';
import type { SharedTable } from './shared-tables.ts';
import { isKey, isStorable } from './storable.ts';
import { twinsOf } from './twins.ts';
import { tableFor } from './watched-tables.ts';

export interface Taken {
  /** Rows that this house did not have so, by table. */
  written: ReadonlyMap<TableName, readonly RowKey[]>;
  /** Tables that only a newer house has: their rows wait there until this one is newer too. */
  unknown: readonly string[];
  /** Of these the other house may not speak. */
  refused: readonly ToldRow[];
}

/** What a house sends: a piece of its own list, and how far it holds the other's. */
export interface Word {
  page: Page;
  held?: Mark | undefined;
}

/**
 * Takes the page that follows what is held; one that was taken before changes nothing. Rows of which the other house may not speak are left out.
 * @param draw a text that nobody draws twice
 * @throws `changed-meanwhile` when somebody here changed one of the rows at this moment: hear it again
 */
export async function hearWord(db: Database, secrets: Secrets, peerId: string, { page, held }: Word, draw: () => string): Promise<Taken> {
  await hearConfirmed(db, peerId, held, draw);
  const peer = await activePeer(db, peerId);
  const isNewList = peer.heardListId !== page.listId;
  const heldUpTo = isNewList ? 0 : peer.heardUpTo;
  const isOld = isNewList && listCount(page.listId) < listCount(peer.heardListId);
  if (isOld || page.after !== heldUpTo || (page.upTo === heldUpTo && !isNewList)) return { written: new Map(), unknown: [], refused: [] };
  const heard = { heardListId: page.listId, heardUpTo: page.upTo };
  // They have begun anew and no longer know what they were told: they are told all of it again.
  const isAnew = isNewList && peer.heardListId !== null && held?.listId !== peer.listId;
  if (isAnew) await db.atomically(beginAnew(peer, listName(listCount(peer.listId) + 1, draw()), {}));
  return takeRows(db, secrets, await activePeer(db, peerId), page, heard);
}

/** All at once; if one of them may not be said, each by itself without those. */
async function takeRows(db: Database, secrets: Secrets, peer: Peer, { rows, more }: Page, heard: Partial<Peer>): Promise<Taken> {
  const all = await takeTogether(db, secrets, peer, rows, heard);
  if (all !== undefined) return { ...all, refused: [] };
  const written = new Map<TableName, RowKey[]>();
  const unknown: string[] = [];
  const refused: ToldRow[] = [];
  for (const row of rows) {
    const one = await takeTogether(db, secrets, await activePeer(db, peer.id), [row], {});
    if (one === undefined) {
      refused.push(row);
      continue;
    }
    unknown.push(...one.unknown);
    for (const [name, keys] of one.written) written.set(name, [...(written.get(name) ?? []), ...keys]);
  }
  const now = await activePeer(db, peer.id);
  const gone = notTaken(now, refused, more || written.size > 0);
  await db.atomically([writePeer(now, { ...heard, saidUpTo: now.saidUpTo + gone.length }), ...writeTold(gone)]);
  return { written, unknown: [...new Set(unknown)], refused };
}

/** Undefined, and nothing written, when the other house may not say one of them. */
async function takeTogether(
  db: Database,
  secrets: Secrets,
  peer: Peer,
  rows: readonly ToldRow[],
  heard: Partial<Peer>,
): Promise<Omit<Taken, 'refused'> | undefined> {
  try {
    const { ops, told, saidUpTo, written, unknown } = await stepsOf(db, secrets, peer, rows);
    await db.atomically([...ops, writePeer(peer, { ...heard, saidUpTo }), ...writeTold(told)]);
    return { written, unknown };
  } catch (error) {
    if (error instanceof LabaError && error.code === 'out-of-scope') return undefined;
    throw error;
  }
}

/**
 * Of a list that the house above keeps, what it does not take is taken off below as well: else the two would never agree. Of other tables it is
 * said that the row is not here, and so it is told again, as long as there is news: the row by which it lies in the ground may have moved to a later page.
 */
function notTaken(peer: Peer, refused: readonly ToldRow[], isNews: boolean): Told[] {
  if (decides(peer)) return [];
  const tableOfIt = (name: string) => tableFor(groundOf(peer), name);
  return refused
    .filter(([name, key]) => (isNews || tableOfIt(name)?.mayGo === true) && isKey(key, tableOfIt(name)!))
    .map(([tableName, rowKey], i) => ({ peerId: peer.id, tableName, rowKey, number: peer.saidUpTo + i + 1, print: null, agreedPrint: null }));
}

interface Steps {
  ops: Op[];
  told: Told[];
  written: Map<TableName, RowKey[]>;
  unknown: string[];
  saidUpTo: number;
}

async function stepsOf(db: Database, secrets: Secrets, peer: Peer, all: readonly ToldRow[]): Promise<Steps> {
  const steps: Steps = { ops: [], told: [], written: new Map(), unknown: [], saidUpTo: peer.saidUpTo };
  const checks: Op[] = [];
  for (const [name, rows] of Map.groupBy(all, ([table]) => table)) {
    const shared = tableFor(groundOf(peer), name);
    if (shared === undefined) {
      steps.unknown.push(name);
      continue;
    }
    if (!rows.every(([, key]) => isKey(key, shared))) throw outside(peer, name);
    const given = new Map(rows.map(([, key, image]) => [key, image]));
    // The house above means that row wherever it lies here: the row by which it was in the ground may have gone with an earlier page.
    const keys = [...given.keys()];
    const mine = isHeldToGround(peer) ? await rowsInGround(db, name, shared, groundOf(peer), keys) : await rowsByKey(db, name, shared, keys);
    const ownBelow = await spokenOfBelow(db, name, shared, groundOf(peer), [...mine.keys()]);
    const taking: Taking = { peer, name, shared, secrets, columns: travelling(sqliteTables, name, shared), ownBelow, nextNumber: () => ++steps.saidUpTo };
    const before = await toldOf(db, peer.id, name);
    const twins = await twinsOf(db, secrets, name, shared, given, mine);
    const own = await ownOf(db, taking, twins);
    const taken = [...given].map(([key, image]) => takeRow(taking, key, image, mine.get(key), before.get(key), own.get(key) ?? []));
    steps.ops.push(...taken.flatMap(({ ops }) => ops));
    steps.told.push(...taken.map((step) => step.told));
    const written = taken.filter(({ ops }) => ops.length > 0).map((step) => step.told.rowKey);
    if (written.length === 0) continue;
    steps.written.set(name, written);
    if (isHeldToGround(peer))
      checks.push(
        ...areTheirs(
          peer,
          name,
          shared,
          written.filter((key) => given.get(key) !== null),
        ),
      );
  }
  // Last: a row lies in the ground by other rows, which may come with it.
  steps.ops.push(...checks);
  return steps;
}

/** A house that is held to its ground puts nothing in the place of what it may not speak of. */
async function ownOf(db: Database, { peer, name, shared }: Taking, twins: ReadonlyMap<RowKey, readonly Row[]>): Promise<ReadonlyMap<RowKey, readonly Row[]>> {
  if (!isHeldToGround(peer) || twins.size === 0) return twins;
  const keys = [...twins.values()].flat().map((row) => keyOf(shared, row));
  const ground = groundOf(peer);
  const own = decides(peer) ? await rowsInGround(db, name, shared, ground, keys) : await spokenOfBelow(db, name, shared, ground, keys);
  return new Map([...twins].map(([key, rows]) => [key, rows.filter((row) => own.has(keyOf(shared, row)))]));
}

interface Taking {
  peer: Peer;
  name: TableName;
  shared: SharedTable;
  secrets: Secrets;
  columns: readonly string[];
  /** What the lower house may speak of. */
  ownBelow: ReadonlySet<RowKey>;
  nextNumber: () => number;
}

interface Step {
  ops: readonly Op[];
  told: Told;
}

function takeRow(taking: Taking, rowKey: RowKey, given: Row | null, stored: Row | undefined, before: Told | undefined, twins: readonly Row[]): Step {
  const { peer, name, shared, secrets, columns } = taking;
  const base = { peerId: peer.id, tableName: name, rowKey };
  const fromAbove = decides(peer);
  if (given === null) return takeAway(taking, base, stored, before);
  // It was here and the house above took it off the list: what the house below still says of it does not bring it back.
  const isGoneHere = stored === undefined && shared.mayGo === true && !fromAbove && before !== undefined;
  if (isGoneHere) return { ops: [], told: { ...base, number: taking.nextNumber(), print: null, agreedPrint: null } };
  const mine = stored === undefined ? undefined : imageOf(columns, stored, secrets);
  const unsaid = mine ?? defaultsOf(name);
  const theirs = Object.fromEntries(columns.map((column) => [column, column in given ? given[column] : (unsaid[column] ?? null)])) as Row;
  if (keyOf(shared, theirs) !== rowKey || (isHeldToGround(peer) && !isStorable(name, theirs))) throw outside(peer, name);
  const print = printOf(theirs);
  const told = { ...base, number: before?.number ?? 0, print, agreedPrint: print };
  if (mine === undefined) return { ops: addRow(taking, rowKey, theirs, twins), told };
  const minePrint = printOf(mine);
  const changedHere = before?.agreedPrint !== minePrint;
  const rule = fromAbove && !taking.ownBelow.has(rowKey) ? FROM_ABOVE : shared.rule;
  const merged = mergeRows(rule, mine, theirs, { fromAbove, changedHere });
  return { ops: printOf(merged) === minePrint ? [] : [changeRow(taking, rowKey, stored!, merged)], told };
}

function takeAway(
  { peer, name, shared, nextNumber }: Taking,
  base: Omit<Told, 'number' | 'print' | 'agreedPrint'>,
  stored: Row | undefined,
  before: Told | undefined,
): Step {
  const told = { ...base, number: before?.number ?? 0, print: null, agreedPrint: null };
  // Asked for a row that is not here any more: it is told to be gone, also by a house that began anew and knows of no such row.
  if (stored === undefined && shared.mayGo === true && !decides(peer)) return { ops: [], told: { ...told, number: nextNumber() } };
  // Only the house above takes away; what the house below has lost is told to it again.
  if (stored === undefined || shared.mayGo !== true || !decides(peer)) return { ops: [], told };
  return { ops: [removeRow(name, shared, base.rowKey)], told };
}

function removeRow(name: TableName, shared: SharedTable, rowKey: RowKey): Op {
  return any((q, t) =>
    q
      .delete(tableOf(t, name))
      .where(hasKey(t, name, shared, [rowKey]))
      .returning({ key: columnOf(t, name, shared.key[0]!) }),
  );
}

function makeRoom(peer: Peer, name: TableName, shared: SharedTable, rowKey: RowKey): Op[] {
  const { givesWay } = shared;
  if (givesWay === undefined) return [];
  return [
    any((q, t) =>
      q
        .delete(tableOf(t, name))
        .where(and(hasKey(t, name, shared, [rowKey]), givesWay(q, t, groundOf(peer))))
        .returning({ key: columnOf(t, name, shared.key[0]!) }),
    ),
  ];
}

/** Both houses made a row for the same thing, each with a key of its own: at both the owner's stays, or else the first by its key. */
function addRow({ peer, name, shared, secrets }: Taking, rowKey: RowKey, image: Row, twins: readonly Row[]): Op[] {
  const twinKeys = twins.map((twin) => keyOf(shared, twin));
  const isMineKept = shared.rule === FROM_ABOVE ? twins.length > 0 && !decides(peer) : twinKeys.some((key) => key < rowKey);
  if (isMineKept) return [];
  // What is in its place is there, and not on the shared ground.
  const otherwise = isHeldToGround(peer) ? { otherwise: () => outside(peer, name) } : {};
  const atHome = Object.fromEntries(Object.entries(shared.atHome ?? {}).filter(([, value]) => value !== undefined));
  const values = { ...storedOf(image, secrets), ...atHome };
  const insert: Op = one(
    (q, t) =>
      q
        .insert(tableOf(t, name))
        .values(values)
        .returning({ key: columnOf(t, name, shared.key[0]!) }),
    otherwise,
  );
  return [...twinKeys.map((key) => removeRow(name, shared, key)), ...makeRoom(peer, name, shared, rowKey), insert];
}

function changeRow({ name, shared, secrets }: Taking, rowKey: RowKey, read: Row, image: Row): Op {
  const values = storedOf(image, secrets);
  return one((q, t) =>
    q
      .update(tableOf(t, name))
      .set(values)
      .where(and(hasKey(t, name, shared, [rowKey]), asRead(t, name, read)))
      .returning({ key: columnOf(t, name, shared.key[0]!) }),
  );
}

function outside(peer: Peer, name: TableName): LabaError {
  return new LabaError('out-of-scope', `The house of ${peer.gridCode} speaks of rows of ${name} that are not its own, or that are none.`);
}

/** After the page is written, each row that it put there must lie on that house's ground; else nothing of the page was written. */
function areTheirs(peer: Peer, name: TableName, shared: SharedTable, keys: readonly RowKey[]): Op[] {
  if (keys.length === 0) return [];
  const ground = groundOf(peer);
  const { fromBelow, within } = shared;
  const maySay: SharedTable['within'] = (q, t) => (decides(peer) ? undefined : fromBelow === 'nothing' ? sql`1 = 0` : fromBelow?.(q, t, ground));
  const otherwise = () => outside(peer, name);
  const check = exactly(
    keys.length,
    (q, t) =>
      q
        .select({ key: columnOf(t, name, shared.key[0]!) })
        .from(tableOf(t, name))
        .where(and(within(q, t, ground), maySay(q, t, ground), hasKey(t, name, shared, keys))),
    { otherwise },
  );
  return [check];
}
