// A row as it leaves the house: by its columns' names, secrets in the clear (whoever carries it seals it), without what stays at home.
import { createHash } from 'node:crypto';
import { and, asc, eq, getTableColumns, inArray, isNull, or, type SQL } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { written, type Row } from '@laba/domain/merge';
import type { Database, Sql } from '../database.ts';
import { slices } from '../group.ts';
import { sqliteTables, type Tables } from '../tables.ts';
import { HASH_OF, type Ground, type SharedTable } from './shared-tables.ts';

/** The house's own secret: see the vault. */
export interface Secrets {
  encrypt(plain: string): string;
  /** @throws when it belongs to another secret */
  decrypt(text: string): string;
  hash(purpose: string, text: string): string;
}

export type TableName = keyof Tables;

/** A row's key columns as one text. */
export type RowKey = string;

const HASHES: ReadonlySet<string> = new Set(Object.values(HASH_OF).map(({ column }) => column));
const isCipher = (column: string) => /cipher$/i.test(column);

export function tableOf(t: Tables, name: TableName): SQLiteTable {
  return t[name] as SQLiteTable;
}

export function columnOf(t: Tables, name: TableName, column: string) {
  return getTableColumns(tableOf(t, name))[column]!;
}

/** The columns of a table that travel. */
export function travelling(t: Tables, name: TableName, { atHome }: SharedTable): string[] {
  return Object.keys(getTableColumns(tableOf(t, name))).filter((column) => !(atHome !== undefined && column in atHome) && !HASHES.has(column));
}

export function keyOf({ key }: SharedTable, row: Row): RowKey {
  return JSON.stringify(key.map((column) => row[column]));
}

/** A stored row as it is told. */
export function imageOf(columns: readonly string[], stored: Row, secrets: Secrets): Row {
  return Object.fromEntries(
    columns.map((column) => {
      const value = stored[column];
      return [column, isCipher(column) && typeof value === 'string' ? secrets.decrypt(value) : value];
    }),
  );
}

/** What stands in a column of which a house with an older program says nothing. */
export function defaultsOf(name: TableName): Row {
  return Object.fromEntries(Object.entries(getTableColumns(tableOf(sqliteTables, name))).map(([column, { default: value }]) => [column, value]));
}

/** An image as it is stored here. */
export function storedOf(image: Row, secrets: Secrets): Row {
  const hashes = Object.entries(HASH_OF)
    .filter(([cipher]) => cipher in image)
    .map(([cipher, { column, purpose }]) => [column, typeof image[cipher] === 'string' ? secrets.hash(purpose, image[cipher]) : null]);
  const values = Object.entries(image).map(([column, value]) => [column, isCipher(column) && typeof value === 'string' ? secrets.encrypt(value) : value]);
  return Object.fromEntries([...values, ...hashes]) as Row;
}

/** The same for the same row at every house. */
export function printOf(image: Row): string {
  return createHash('sha256').update(written(image)).digest('base64url').slice(0, 22);
}

/** Condition: one of these keys. */
export function hasKey(t: Tables, name: TableName, { key }: SharedTable, keys: readonly RowKey[]): SQL | undefined {
  const values = keys.map((one) => JSON.parse(one) as unknown[]);
  if (key.length === 1)
    return inArray(
      columnOf(t, name, key[0]!),
      values.map(([value]) => value),
    );
  return or(...values.map((parts) => and(...key.map((column, i) => eq(columnOf(t, name, column), parts[i])))));
}

/** Condition: what can be compared of the row is still as it was read. */
export function asRead(t: Tables, name: TableName, read: Row): SQL | undefined {
  const columns = getTableColumns(tableOf(sqliteTables, name));
  const plain = Object.entries(read).filter(([column]) => ['string', 'number'].includes(columns[column]!.dataType));
  return and(...plain.map(([column, value]) => (value === null ? isNull(columnOf(t, name, column)) : eq(columnOf(t, name, column), value))));
}

/** Stored rows of these keys, wherever they lie. */
export function rowsByKey(db: Database, name: TableName, shared: SharedTable, keys: readonly RowKey[]): Promise<Map<RowKey, Row>> {
  return rowsWhere(db, name, shared, () => undefined, keys);
}

/** Stored rows of the table in the ground, by key; all of them, or those of `keys`. */
export async function rowsInGround(db: Database, name: TableName, shared: SharedTable, ground: Ground, keys?: readonly RowKey[]): Promise<Map<RowKey, Row>> {
  const rows = await rowsWhere(db, name, shared, (q, t) => shared.within(q, t, ground), keys);
  for (const row of (await shared.counted?.(db, ground)) ?? []) {
    const key = keyOf(shared, row);
    if (keys === undefined || keys.includes(key)) rows.set(key, row);
  }
  return rows;
}

/** Which of these rows the lower of the two houses may speak of: the others it only hears of. */
export async function spokenOfBelow(db: Database, name: TableName, shared: SharedTable, ground: Ground, keys: readonly RowKey[]): Promise<ReadonlySet<RowKey>> {
  const { fromBelow, within } = shared;
  if (fromBelow === 'nothing' || keys.length === 0) return new Set();
  return new Set((await rowsWhere(db, name, shared, (q, t) => and(within(q, t, ground), fromBelow?.(q, t, ground)), keys)).keys());
}

// Far below any engine's limit of parameters.
const KEYS_AT_ONCE = 300;

async function rowsWhere(
  db: Database,
  name: TableName,
  shared: SharedTable,
  within: (q: Sql, t: Tables) => SQL | undefined,
  keys?: readonly RowKey[],
): Promise<Map<RowKey, Row>> {
  const rows: Row[] = [];
  const pieces = keys === undefined ? [undefined] : slices(keys, KEYS_AT_ONCE);
  for (const piece of pieces) {
    const found = await db.read((q: Sql, t: Tables) =>
      q
        .select()
        .from(tableOf(t, name))
        .where(and(within(q, t), piece === undefined ? undefined : hasKey(t, name, shared, piece)))
        .orderBy(...(shared.inOrderOf === undefined ? [] : [asc(columnOf(t, name, shared.inOrderOf))])),
    );
    rows.push(...(found as Row[]));
  }
  return new Map(rows.map((row) => [keyOf(shared, row), shared.trim?.(row) ?? row]));
}
