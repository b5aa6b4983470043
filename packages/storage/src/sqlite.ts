// SQLite behind the Database port: WAL, synchronous=FULL, group commit with savepoints.
import { fileURLToPath } from 'node:url';
import SqliteDriver from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Build, Database, Op, Prepared, Query, Rows } from './database.ts';
import { sqliteTables, type Tables } from './tables.ts';

/** What a database file holds: its tables and the folder of their migrations. */
export interface Schema<T> {
  tables: T;
  migrations: string;
}

interface Group<T> {
  ops: readonly Op<unknown, T>[];
  resolve: (rows: unknown[][]) => void;
  reject: (error: unknown) => void;
}

type Outcome = { rows: unknown[][] } | { error: unknown };

/** The house's own schema. */
export const HOUSE: Schema<Tables> = { tables: sqliteTables, migrations: fileURLToPath(new URL('./migrations/sqlite', import.meta.url)) };

export class SqliteDatabase<T = Tables> implements Database<T> {
  readonly #driver: SqliteDriver.Database;
  readonly #drizzle: BetterSQLite3Database;
  readonly #tables: T;
  readonly #prepared = new Map<Prepared<unknown, T>, ReturnType<Query<unknown>['prepare']>>();
  readonly #listeners = new Set<() => void>();
  #waiting: Group<T>[] = [];
  #scheduled = false;
  #closed = false;

  private constructor(driver: SqliteDriver.Database, tables: T) {
    this.#driver = driver;
    this.#tables = tables;
    this.#drizzle = drizzle({ client: driver, casing: 'snake_case' });
  }

  /** Opens (and creates) the file, brings it to the newest schema and asserts that commits are durable. */
  static open<T>(file: string, schema: Schema<T>): SqliteDatabase<T> {
    const driver = new SqliteDriver(file);
    driver.pragma('journal_mode = WAL');
    driver.pragma('synchronous = FULL');
    driver.pragma('foreign_keys = ON');
    driver.pragma('busy_timeout = 5000');
    const database = new SqliteDatabase(driver, schema.tables);
    migrate(database.#drizzle, { migrationsFolder: schema.migrations });
    // better-sqlite3 falls back to NORMAL after the first transaction unless FULL was set by hand: look again after a write.
    driver.pragma('user_version = 1');
    if (driver.pragma('synchronous', { simple: true }) !== 2) throw new Error('SQLite would not keep synchronous=FULL: commits would not be durable.');
    return database;
  }

  async read<R>(statement: Build<R, T> | Prepared<R, T>, values?: Record<string, unknown>): Promise<R[]> {
    return this.#run(statement, values);
  }

  atomically<const O extends readonly Op<unknown, T>[]>(ops: O): Promise<Rows<O>> {
    return new Promise<Rows<O>>((resolve, reject) => {
      if (this.#closed) return reject(new LabaError('draining', 'The database is closed.'));
      if (this.#waiting.length >= LIMITS.pendingGroups) return reject(new LabaError('overloaded'));
      this.#waiting.push({ ops, resolve: resolve as (rows: unknown[][]) => void, reject });
      this.#schedule();
    });
  }

  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    while (this.#waiting.length > 0) this.#commitGroups();
    this.#closed = true;
    this.#driver.close();
  }

  #run<R>(statement: Build<R, T> | Prepared<R, T>, values?: Record<string, unknown>): R[] {
    if (typeof statement === 'function') return statement(this.#drizzle, this.#tables).all();
    let hot = this.#prepared.get(statement);
    if (hot === undefined) {
      hot = statement.build(this.#drizzle, this.#tables).prepare();
      this.#prepared.set(statement, hot);
    }
    return hot.all(values) as R[];
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#closed) return;
      this.#commitGroups();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #commitGroups(): void {
    const groups = this.#waiting.splice(0, LIMITS.groupsPerCommit);
    if (groups.length === 0) return;
    let outcomes: Outcome[];
    try {
      this.#driver.exec('BEGIN IMMEDIATE');
      outcomes = groups.map((group) => this.#savepoint(group.ops));
      this.#driver.exec('COMMIT');
    } catch (error) {
      if (this.#driver.inTransaction) this.#driver.exec('ROLLBACK');
      const refused = new LabaError('storage-failed', `The commit failed: ${(error as Error).message}. Nothing was written.`);
      for (const group of groups) group.reject(refused);
      return;
    }
    groups.forEach((group, i) => {
      const outcome = outcomes[i]!;
      if ('error' in outcome) group.reject(outcome.error);
      else group.resolve(outcome.rows);
    });
    for (const listener of this.#listeners) listener();
  }

  // A full disk or an I/O error ends the whole transaction under SQLite's feet: then nobody's group was written.
  #savepoint(ops: readonly Op<unknown, T>[]): Outcome {
    this.#driver.exec('SAVEPOINT caller');
    try {
      const rows = ops.map((op) => this.#expect(op, this.#run(op.statement, op.values)));
      this.#driver.exec('RELEASE caller');
      return { rows };
    } catch (error) {
      if (!this.#driver.inTransaction) throw error;
      this.#driver.exec('ROLLBACK TO caller');
      this.#driver.exec('RELEASE caller');
      return { error };
    }
  }

  #expect(op: Op<unknown, T>, rows: unknown[]): unknown[] {
    const broken = (op.expect === 'one' && rows.length !== 1) || (op.expect === 'some' && rows.length === 0);
    if (broken) throw op.otherwise?.() ?? new LabaError('changed-meanwhile');
    return rows;
  }
}
