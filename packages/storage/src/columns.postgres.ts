// The column kit for PostgreSQL: the same names as the kit for SQLite, and the same values come back.
import { bigint, bigserial, boolean, customType, doublePrecision, index, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Kit } from './columns.sqlite.ts';

// Compared byte by byte whatever the database's locale: a range of grid codes then uses the index and sorts as in SQLite.
const text = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' });
// A null that comes in by a placeholder is SQL's null and not JSON's.
const json = customType<{ data: unknown; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => (value === null ? null : JSON.stringify(value)),
});
const bytes = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

const columns = {
  table: pgTable,
  text: () => text(),
  /** A whole number; also times, as ms since 1970. */
  int: () => bigint({ mode: 'number' }),
  number: () => doublePrecision(),
  flag: () => boolean(),
  json: <T>() => json().$type<T>(),
  bytes: () => bytes(),
  /** A number that the engine counts up and never gives twice. */
  serial: () => bigserial({ mode: 'number' }).primaryKey(),
  primaryKey,
  index,
  uniqueIndex,
} satisfies Record<keyof Kit, unknown>;

// Statements are typed once, as SQLite's: the builders have the same verbs.
export const kit = columns as unknown as Kit;
