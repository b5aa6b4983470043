// PostgreSQL behind the Database port: several processes, group commit on a few connections, and word of the others' commits.
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Build, Database, Op, Prepared, Rows } from './database.ts';
import { tell, type Group, type Outcome } from './group.ts';
import { connectionSettings, StatementSender, WriterConnection } from './postgres-connection.ts';
import { CommitNews } from './postgres-news.ts';
import { askOutcome, prepareDatabase } from './postgres-open.ts';
import { commitTogether, CommitUnanswered } from './postgres-transaction.ts';
import { cannotOpen, isBrokenOff, isServerTrouble, outcomeUnknown, storageFailed } from './postgres-trouble.ts';
import type { Schema } from './sqlite.ts';
import { postgresTables, type Tables } from './tables.ts';

/** The house's own schema. */
export const HOUSE: Schema<Tables> = { tables: postgresTables, migrations: fileURLToPath(new URL('./migrations/postgres', import.meta.url)) };

/** What the adapter needs of a log. */
interface Log {
  warn(fields: Record<string, unknown>, words: string): void;
}

export interface PostgresOptions {
  log?: Log;
  /** For servers of tests only: accepts fsync or synchronous_commit switched off. */
  mayLoseCommits?: boolean;
}

interface Writer<T> {
  connection: WriterConnection<T> | undefined;
}

export class PostgresDatabase<T = Tables> implements Database<T> {
  readonly #url: string;
  readonly #tables: T;
  readonly #log: Log | undefined;
  readonly #pool: pg.Pool;
  readonly #reader: StatementSender<T>;
  readonly #news: CommitNews;
  readonly #idle: Writer<T>[] = Array.from({ length: LIMITS.databaseWriters }, () => ({ connection: undefined }));
  readonly #listeners = new Set<() => void>();
  #waiting: Group<T>[] = [];
  #scheduled = false;
  #closing: Promise<void> | undefined;
  #drained = () => {};

  private constructor(url: string, tables: T, log: Log | undefined) {
    this.#url = url;
    this.#tables = tables;
    this.#log = log;
    this.#pool = new pg.Pool({ ...connectionSettings(url), max: LIMITS.databaseReaders });
    this.#pool.on('error', (error) => log?.warn({ why: error.message }, 'a connection to the database was lost'));
    this.#reader = new StatementSender(this.#pool, tables);
    this.#news = new CommitNews(url, () => this.#fire());
  }

  /**
   * Asserts that commits are durable, brings the database to the newest schema and connects.
   * @throws an error of one line: no such server, user or database, a server that may lose commits, a newer schema
   */
  static async open<T = Tables>(
    url: string,
    schema: Schema<T> = HOUSE as Schema<unknown> as Schema<T>,
    options: PostgresOptions = {},
  ): Promise<PostgresDatabase<T>> {
    await prepareDatabase(url, schema.migrations, options.mayLoseCommits === true);
    const database = new PostgresDatabase(url, schema.tables, options.log);
    await database.#news.start().catch((error: unknown) => {
      throw cannotOpen(url, error);
    });
    return database;
  }

  async read<R>(statement: Build<R, T> | Prepared<R, T>, values?: Record<string, unknown>): Promise<R[]> {
    if (this.#closing !== undefined) throw new LabaError('draining', 'The database is closed.');
    try {
      return await this.#reader.run(statement, values);
    } catch (error) {
      throw isServerTrouble(error) || isFromDriver(error) ? new LabaError('storage-failed', `The database did not answer: ${(error as Error).message}`) : error;
    }
  }

  atomically<const O extends readonly Op<unknown, T>[]>(ops: O): Promise<Rows<O>> {
    return new Promise<Rows<O>>((resolve, reject) => {
      if (this.#closing !== undefined) return reject(new LabaError('draining', 'The database is closed.'));
      if (this.#waiting.length >= LIMITS.pendingGroups) return reject(new LabaError('overloaded'));
      this.#waiting.push({ ops, resolve: resolve as (rows: unknown[][]) => void, reject });
      this.#schedule();
    });
  }

  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    if (this.#waiting.length > 0 || this.#idle.length < LIMITS.databaseWriters) await new Promise<void>((resolve) => (this.#drained = resolve));
    await this.#news.stop();
    await Promise.all([this.#pool.end(), ...this.#idle.map(({ connection }) => connection?.close())]);
  }

  // Callers of the same turn of the loop share a commit.
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#waiting.length > 0) {
      const writer = this.#idle.pop();
      if (writer === undefined) return;
      void this.#write(writer, this.#waiting.splice(0, LIMITS.groupsPerCommit)).finally(() => {
        this.#idle.push(writer);
        this.#pump();
        if (this.#waiting.length === 0 && this.#idle.length === LIMITS.databaseWriters) this.#drained();
      });
    }
  }

  async #write(writer: Writer<T>, groups: Group<T>[]): Promise<void> {
    const brokenOff = await this.#commit(writer, groups);
    for (const group of brokenOff) {
      let left = [group];
      for (let tries = 1; left.length > 0 && tries < LIMITS.databaseDeadlockTries; tries++) left = await this.#commit(writer, left);
      for (const { reject } of left) reject(new LabaError('storage-failed', 'Others kept writing the same rows. Nothing was written.'));
    }
  }

  /** @returns the groups that were broken off for another transaction's sake: to be tried again, each by itself */
  async #commit(writer: Writer<T>, groups: Group<T>[]): Promise<Group<T>[]> {
    try {
      const outcomes = await commitTogether(await this.#connect(writer), groups).catch((error: unknown) => this.#find(error));
      this.#committed();
      const isLeft = (i: number) => 'error' in outcomes[i]! && isBrokenOff(outcomes[i].error);
      tell(
        groups.filter((_, i) => !isLeft(i)),
        outcomes.filter((_, i) => !isLeft(i)),
      );
      return groups.filter((_, i) => isLeft(i));
    } catch (error) {
      for (const { reject } of groups) reject(error);
      return [];
    }
  }

  /** @throws `storage-failed`, also to all who wait: none of them would fare better */
  async #connect(writer: Writer<T>): Promise<WriterConnection<T>> {
    if (writer.connection !== undefined && !writer.connection.lost) return writer.connection;
    try {
      writer.connection = await WriterConnection.open(this.#url, this.#tables);
      return writer.connection;
    } catch (error) {
      const failed = storageFailed(error);
      for (const { reject } of this.#waiting.splice(0)) reject(failed);
      throw failed;
    }
  }

  /** The answer to COMMIT was lost: the server knows. @throws `storage-failed`, or `outcome-unknown` when it cannot be asked */
  async #find(error: unknown): Promise<Outcome[]> {
    if (!(error instanceof CommitUnanswered)) throw error;
    const outcome = await askOutcome(this.#url, error.transactionId);
    this.#log?.warn({ outcome: outcome ?? 'unknown' }, 'the connection to the database went during a commit');
    if (outcome === 'committed') return error.outcomes;
    throw outcome === 'aborted' ? storageFailed(error.cause) : outcomeUnknown(error.cause);
  }

  #committed(): void {
    this.#fire();
    this.#news.tell();
  }

  #fire(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** No SQLSTATE, but words or a code of the connection. */
function isFromDriver(error: unknown): boolean {
  const { message, code } = error as { message?: string; code?: unknown };
  return (typeof code === 'string' && /^E[A-Z]+$/.test(code)) || /^(Connection terminated|Query read timeout|timeout e|Client (was|has))/.test(message ?? '');
}
