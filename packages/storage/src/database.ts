// The Database port: read, and atomically. Decide first, then write with expectations; no interactive transaction.
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { LabaError } from '@laba/domain/errors';
import type { Tables } from './tables.ts';

/** Builds statements. The types are SQLite's; another engine brings a builder with the same verbs. */
export type Sql = Pick<BetterSQLite3Database, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'>;

/** A built statement that returns rows of type R. Writes must end in `.returning(…)`, but for those of `writes`. */
export interface Query<R> {
  all(): R[];
  prepare(): { all(values?: Record<string, unknown>): R[] };
}

/** A built write that gives no rows back. */
export interface Write {
  run(): unknown;
}

export type Build<R, T = Tables> = (q: Sql, t: T) => Query<R>;

/**
 * A statement prepared once per connection; its values come in by `sql.placeholder(name)`. In a condition on a flag or JSON column write
 * `sql.param(sql.placeholder(name), column)`: only inserts and sets know the column by themselves.
 */
export interface Prepared<R, T = Tables> {
  readonly name: string;
  readonly build: Build<R, T>;
}

/** Names a hot statement. Declare it at module level, once. */
export function prepared<R, T = Tables>(name: string, build: Build<R, T>): Prepared<R, T> {
  return { name, build };
}

/** How many rows must come back; a number means exactly so many. */
export type Expect = 'one' | 'some' | 'any' | number;

/** One statement and what it must return; when it does not, the caller's whole group is rolled back with `otherwise`. */
export interface Op<R = unknown, T = Tables> {
  readonly expect: Expect;
  readonly statement: Build<R, T> | Prepared<R, T>;
  readonly values?: Record<string, unknown> | undefined;
  readonly otherwise?: (() => LabaError) | undefined;
  /** The statement has no `returning`: what it wrote is counted and does not come back. */
  readonly isCountOnly?: boolean;
}

type Options = { values?: Record<string, unknown>; otherwise?: () => LabaError };

/** Must return exactly one row. */
export function one<R, T = Tables>(statement: Build<R, T> | Prepared<R, T>, options: Options = {}): Op<R, T> {
  return { expect: 'one', statement, ...options };
}

/** Must return at least one row. */
export function some<R, T = Tables>(statement: Build<R, T> | Prepared<R, T>, options: Options = {}): Op<R, T> {
  return { expect: 'some', statement, ...options };
}

/** May return any number of rows. */
export function any<R, T = Tables>(statement: Build<R, T> | Prepared<R, T>, options: Options = {}): Op<R, T> {
  return { expect: 'any', statement, ...options };
}

/** Must return exactly `count` rows: for a set that is written whole or not at all. */
export function exactly<R, T = Tables>(count: number, statement: Build<R, T> | Prepared<R, T>, options: Options = {}): Op<R, T> {
  return { expect: count, statement, ...options };
}

/**
 * As `exactly` and `any`, for sets so large that reading the rows again would cost as much as writing them. The statement ends without
 * `.returning(…)`; the op gives no rows.
 */
export function writes<T = Tables>(expect: number | 'any', statement: (q: Sql, t: T) => Write, options: Options = {}): Op<never, T> {
  return { expect, statement: statement as unknown as Build<never, T>, isCountOnly: true, ...options };
}

/** Whether so many rows are what was expected. For adapters. */
export function isMet(expect: Expect, rows: number): boolean {
  if (expect === 'any') return true;
  if (expect === 'some') return rows > 0;
  return rows === (expect === 'one' ? 1 : expect);
}

/** The rows of each op, in order. */
export type Rows<O> = { [K in keyof O]: O[K] extends { statement: Build<infer R, never> | Prepared<infer R, never> } ? R[] : never };

/** T is the set of tables: the house's own by default, the gateway's spool otherwise. */
export interface Database<T = Tables> {
  /** Rows of one select, outside any write. */
  read<R>(statement: Build<R, T> | Prepared<R, T>, values?: Record<string, unknown>): Promise<R[]>;
  /**
   * All statements or none. Resolves only after the commit is durable. Callers that arrive together share one commit,
   * each in its own savepoint and each told its own outcome.
   * @throws the op's `otherwise`, `changed-meanwhile` by default, when an expectation is broken; `storage-failed`; `overloaded`
   */
  atomically<const O extends readonly Op<unknown, T>[]>(ops: O): Promise<Rows<O>>;
  /** Called after every durable commit. Returns how to stop listening. */
  onCommit(listener: () => void): () => void;
  close(): Promise<void>;
}
