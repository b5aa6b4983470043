// The column kit for SQLite. A kit for another engine exports the same names, so tables are written once.
import { integer, sqliteTable, text, blob, real, primaryKey, index, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const kit = {
  table: sqliteTable,
  text: () => text(),
  /** A whole number; also times, as ms since 1970. */
  int: () => integer(),
  number: () => real(),
  flag: () => integer({ mode: 'boolean' }),
  json: <T>() => text({ mode: 'json' }).$type<T>(),
  bytes: () => blob({ mode: 'buffer' }),
  /** A number that the engine counts up and never gives twice. */
  serial: () => integer().primaryKey({ autoIncrement: true }),
  primaryKey,
  index,
  uniqueIndex,
};

export type Kit = typeof kit;
