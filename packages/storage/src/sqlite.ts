// SQLite behind the Database port: WAL, synchronous=FULL, group commit with savepoints.
import { fileURLToPath } from 'node:url';
import SqliteDriver from 'better-sqlite3';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { isMet, type Build, type Database, type Op, type Prepared, type Query, type Rows, type Sql, type Write } from './database.ts';
import { broken, slices, tell, type Group, type Outcome } from './group.ts';
import { sqliteTables, type Tables } from './tables.ts';

/** What a database file holds: its tables and the folder of their migrations. */
export interface Schema<T> {
  tables: T;
  migrations: string;
  /** So much room in the file and in its log is its own from the opening on: who fills the disk takes it from nobody. */
  reserveBytes?: number;
}

const NOT_UNIQUE = new Set(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_ROWID']);
const DISK_TROUBLE = /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|NOMEM|READONLY|BUSY|LOCKED|CANTOPEN|PROTOCOL)/;
const GROUP_STEPS = { begin: 'BEGIN IMMEDIATE', commit: 'COMMIT', save: 'SAVEPOINT caller', release: 'RELEASE caller', undo: 'ROLLBACK TO caller' } as const;

/** The house's own schema. */
export const HOUSE: Schema<Tables> = { tables: sqliteTables, migrations: fileURLToPath(new URL('./migrations/sqlite', import.meta.url)) };

export interface SqliteOptions {
  /** For tests: no commit waits for the disk. What a process wrote outlives the process, but not a power cut. */
  mayLoseCommits?: boolean | undefined;
}

export class SqliteDatabase<T = Tables> implements Database<T> {
  readonly #driver: SqliteDriver.Database;
  readonly #drizzle: BetterSQLite3Database;
  readonly #tables: T;
  readonly #prepared = new Map<Prepared<unknown, T>, ReturnType<Query<unknown>['prepare']>>();
  readonly #steps: Record<keyof typeof GROUP_STEPS, SqliteDriver.Statement>;
  readonly #listeners = new Set<() => void>();
  #waiting: Group<T>[] = [];
  #scheduled = false;
  #closed = false;

  private constructor(driver: SqliteDriver.Database, tables: T) {
    this.#driver = driver;
    this.#tables = tables;
    this.#drizzle = drizzle({ client: driver, casing: 'snake_case' });
    this.#steps = {
      begin: driver.prepare(GROUP_STEPS.begin),
      commit: driver.prepare(GROUP_STEPS.commit),
      save: driver.prepare(GROUP_STEPS.save),
      release: driver.prepare(GROUP_STEPS.release),
      undo: driver.prepare(GROUP_STEPS.undo),
    };
  }

  /**
   * Opens (and creates) the file, brings it to the newest schema and asserts that commits are durable.
   * @throws an error of one line when a newer Laba wrote the file
   */
  static open<T>(file: string, schema: Schema<T>, { mayLoseCommits = false }: SqliteOptions = {}): SqliteDatabase<T> {
    const driver = new SqliteDriver(file);
    try {
      const database = SqliteDatabase.#prepareFile(driver, file, schema);
      if (mayLoseCommits) driver.pragma('synchronous = OFF');
      return database;
    } catch (error) {
      driver.close();
      throw error;
    }
  }

  static #prepareFile<T>(driver: SqliteDriver.Database, file: string, schema: Schema<T>): SqliteDatabase<T> {
    driver.pragma('busy_timeout = 5000');
    driver.pragma('journal_mode = WAL');
    driver.pragma('synchronous = FULL');
    driver.pragma('foreign_keys = ON');
    refuseNewer(driver, file, schema.migrations);
    const database = new SqliteDatabase(driver, schema.tables);
    migrate(database.#drizzle, { migrationsFolder: schema.migrations });
    if (schema.reserveBytes !== undefined) reserve(driver, schema.reserveBytes);
    // better-sqlite3 falls back to NORMAL after the first transaction unless FULL was set by hand: look again after a write.
    driver.pragma('user_version = 1');
    if (driver.pragma('synchronous', { simple: true }) !== 2) throw new Error('SQLite would not keep synchronous=FULL: commits would not be durable.');
    return database;
  }

  async read<R>(statement: Build<R, T> | Prepared<R, T>, values?: Record<string, unknown>): Promise<R[]> {
    if (this.#closed) throw new LabaError('draining', 'The database is closed.');
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

  #write(statement: (q: Sql, t: T) => Write): number {
    return (statement(this.#drizzle, this.#tables).run() as SqliteDriver.RunResult).changes;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#closed) return;
      try {
        this.#commitGroups();
      } finally {
        if (this.#waiting.length > 0) this.#schedule();
      }
    });
  }

  #commitGroups(): void {
    const groups = this.#waiting.splice(0, LIMITS.groupsPerCommit);
    if (groups.length === 0) return;
    let outcomes: Outcome[];
    try {
      this.#steps.begin.run();
      outcomes = slices(groups, LIMITS.groupsPerSavepoint).flatMap((some) => this.#savepoint(some));
      this.#steps.commit.run();
    } catch (error) {
      if (this.#driver.inTransaction) this.#driver.exec('ROLLBACK');
      const refused = storageFailed(error);
      for (const group of groups) group.reject(refused);
      return;
    }
    tell(groups, outcomes);
    for (const listener of this.#listeners) listener();
  }

  // A savepoint each would cost more than all else: they share one until somebody's expectation breaks.
  #savepoint(groups: readonly Group<T>[]): Outcome[] {
    this.#steps.save.run();
    try {
      const outcomes = groups.map(({ ops }) => ({ rows: ops.map((op) => this.#carryOut(op)) }));
      this.#steps.release.run();
      return outcomes;
    } catch (error) {
      // A full disk or an I/O error may end the whole transaction under SQLite's feet: then nobody's group was written.
      if (!this.#driver.inTransaction) throw error;
      this.#steps.undo.run();
      this.#steps.release.run();
      return groups.length === 1 ? [{ error }] : groups.flatMap((group) => this.#savepoint([group]));
    }
  }

  /** @throws the op's `otherwise` when a row that must be unique was there already: that too is a broken expectation. */
  #carryOut(op: Op<unknown, T>): unknown[] {
    let rows: unknown[] = [];
    let count: number;
    try {
      if (op.isCountOnly) count = this.#write(op.statement as unknown as (q: Sql, t: T) => Write);
      else count = (rows = this.#run(op.statement, op.values)).length;
    } catch (error) {
      const code = sqliteCode(error);
      if (NOT_UNIQUE.has(code)) throw broken(op);
      throw DISK_TROUBLE.test(code) ? storageFailed(error) : error;
    }
    if (!isMet(op.expect, count)) throw broken(op);
    return rows;
  }
}

function sqliteCode(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

function storageFailed(error: unknown): LabaError {
  return new LabaError('storage-failed', `The commit failed: ${(error as Error).message}. Nothing was written.`);
}

const PAGE_BYTES = 4_096;

// Free pages of the file are written over, and so is the log, as long as it is carried over before it is longer than what was reserved.
function reserve(driver: SqliteDriver.Database, bytes: number): void {
  driver.pragma(`wal_autocheckpoint = ${Math.floor(bytes / PAGE_BYTES / 4)}`);
  try {
    driver.exec(`CREATE TABLE reserve (room BLOB); INSERT INTO reserve VALUES (zeroblob(${bytes}))`);
    driver.pragma('wal_checkpoint(RESTART)');
  } catch (error) {
    // The disk is full already: what was reserved before is still there.
    if (!DISK_TROUBLE.test(sqliteCode(error))) throw error;
  }
  driver.exec('DROP TABLE IF EXISTS reserve');
}

/** Older code on a newer schema would write rows that the newer code cannot trust. */
function refuseNewer(driver: SqliteDriver.Database, file: string, folder: string): void {
  const [table] = driver.prepare(`SELECT name FROM sqlite_master WHERE name = '__drizzle_migrations'`).all();
  if (table === undefined) return;
  const held = driver.prepare('SELECT count(*) AS n, max(created_at) AS newest FROM __drizzle_migrations').get() as { n: number; newest: number | null };
  const known = readMigrationFiles({ migrationsFolder: folder });
  const newest = Math.max(0, ...known.map(({ folderMillis }) => folderMillis));
  if (held.n <= known.length && Number(held.newest ?? 0) <= newest) return;
  throw new Error(
    `The database ${file} was written by a newer Laba: it holds ${held.n} schema steps, this one knows ${known.length}. Start the newer version, or restore a backup.`,
  );
}
