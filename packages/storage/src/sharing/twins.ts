// Two houses made a row for the same thing, each with a key of its own, while they did not hear each other.
import { and, eq, getTableColumns, or } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/sqlite-core';
import type { Row } from '@laba/domain/merge';
import type { Database } from '../database.ts';
import { sqliteTables, type Tables } from '../tables.ts';
import { columnOf, keyOf, storedOf, tableOf, type RowKey, type Secrets, type TableName } from './images.ts';
import { sharedTable, type SharedTable } from './shared-tables.ts';

/** Column sets of which a table holds each value once, beside its key. */
function onceBy(name: TableName): string[][] {
  const columns = Object.entries(getTableColumns(tableOf(sqliteTables, name)));
  const single = columns.filter(([column, { isUnique }]) => isUnique && !sharedTable(name)?.key.includes(column)).map(([column]) => [column]);
  const indexes = getTableConfig(tableOf(sqliteTables, name)).indexes.filter(({ config }) => config.unique);
  return [...single, ...indexes.map(({ config }) => config.columns.map((one) => columns.find(([, column]) => column === one)![0]))];
}

/** Rows here that stand where a given one would, by the given one's key. */
export async function twinsOf(
  db: Database,
  secrets: Secrets,
  name: TableName,
  shared: SharedTable,
  given: ReadonlyMap<RowKey, Row | null>,
  mine: ReadonlyMap<RowKey, Row>,
): Promise<Map<RowKey, Row[]>> {
  const twins = new Map<RowKey, Row[]>();
  const added = [...given].flatMap(([key, row]): [RowKey, Row][] => (row === null || mine.has(key) ? [] : [[key, storedOf(row, secrets)]]));
  for (const columns of onceBy(name)) {
    if (added.length === 0) break;
    const isOneOf = (t: Tables) => or(...added.map(([, row]) => and(...columns.map((column) => eq(columnOf(t, name, column), row[column])))));
    const rows = (await db.read((q, t) => q.select().from(tableOf(t, name)).where(isOneOf(t)))) as Row[];
    const placeOf = (row: Row) => JSON.stringify(columns.map((column) => row[column]));
    const byPlace = new Map(rows.map((row) => [placeOf(row), row]));
    for (const [key, row] of added) {
      const twin = byPlace.get(placeOf(row));
      if (twin !== undefined && keyOf(shared, twin) !== key) twins.set(key, [...(twins.get(key) ?? []), twin]);
    }
  }
  return twins;
}
