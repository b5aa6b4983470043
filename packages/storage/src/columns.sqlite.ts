// The column kit for SQLite. A kit for another engine exports the same names, so tables are written once.
import { integer, sqliteTable, text, blob, real, primaryKey, index, uniqueIndex, customType } from 'drizzle-orm/sqlite-core';

// Drizzle's own JSON and boolean columns write the word 'null' and 0 for a null that comes in by a placeholder: these write null.
const json = customType<{ data: unknown; driverData: string | null }>({
  dataType: () => 'text',
  toDriver: (value) => (value === null ? null : JSON.stringify(value)),
  fromDriver: (stored) => (stored === null ? null : JSON.parse(stored)),
});
const flag = customType<{ data: boolean; driverData: number | null }>({
  dataType: () => 'integer',
  toDriver: (value) => ((value as boolean | null) === null ? null : Number(value)),
  fromDriver: (stored) => stored === 1,
});

export const kit = {
  table: sqliteTable,
  text: () => text(),
  /** A whole number; also times, as ms since 1970. */
  int: () => integer(),
  number: () => real(),
  flag: () => flag(),
  json: <T>() => json().$type<T>(),
  bytes: () => blob({ mode: 'buffer' }),
  /** A number that the engine counts up and never gives twice. */
  serial: () => integer().primaryKey({ autoIncrement: true }),
  primaryKey,
  index,
  uniqueIndex,
};

export type Kit = typeof kit;
