// Stands where `@laba/storage/sqlite` is imported when the house's tests run on PostgreSQL: see vitest.postgres.config.ts.
import type { Database } from './database.ts';
import { freshDatabaseUrl } from './postgres.test-kit.ts';
import { PostgresDatabase } from './postgres.ts';
import { HOUSE, SqliteDatabase as RealSqlite, type Schema } from './sqlite.ts';

export { HOUSE, type Schema } from './sqlite.ts';

/** One database for each file, and a new one for each `:memory:`. */
const urls = new Map<string, Promise<string>>();

/** The house's tables on PostgreSQL, opened by the first statement; other tables (the gateway's spool) on SQLite, as they are. */
export class SqliteDatabase {
  static open<T>(file: string, schema: Schema<T>): Database<T> {
    if ((schema as unknown) !== HOUSE) return RealSqlite.open(file, schema);
    return new OpenedLater(openPostgres(file)) as unknown as Database<T>;
  }
}

async function openPostgres(file: string): Promise<PostgresDatabase> {
  const fresh = async () => (await freshDatabaseUrl()).url;
  let url = file === ':memory:' ? fresh() : urls.get(file);
  if (url === undefined) {
    url = fresh();
    urls.set(file, url);
  }
  return PostgresDatabase.open(await url, undefined, { mayLoseCommits: true });
}

let underWay = 0;

// The fake clock's turn, see vitest.postgres.config.ts: what was asked is answered, and what waited for the answer goes on.
Object.assign(globalThis, {
  whenAnswered: (goOn: () => void) => {
    const look = () => (underWay === 0 ? setImmediate(goOn) : setTimeout(look, 1));
    setImmediate(look);
  },
});

async function counted<X>(work: () => Promise<X>): Promise<X> {
  underWay++;
  try {
    return await work();
  } finally {
    underWay--;
  }
}

class OpenedLater implements Database {
  readonly #opening: Promise<PostgresDatabase>;
  #db: PostgresDatabase | undefined;
  readonly #early = new Map<() => void, () => void>();

  constructor(opening: Promise<PostgresDatabase>) {
    this.#opening = opening.then((db) => {
      this.#db = db;
      for (const listener of this.#early.keys()) this.#early.set(listener, db.onCommit(listener));
      return db;
    });
    this.#opening.catch(() => {});
  }

  read: Database['read'] = (statement, values) => counted(async () => (this.#db ?? (await this.#opening)).read(statement, values));

  atomically: Database['atomically'] = (ops) => counted(async () => (this.#db ?? (await this.#opening)).atomically(ops));

  onCommit(listener: () => void): () => void {
    if (this.#db !== undefined) return this.#db.onCommit(listener);
    this.#early.set(listener, () => {});
    return () => {
      this.#early.get(listener)?.();
      this.#early.delete(listener);
    };
  }

  async close(): Promise<void> {
    await (await this.#opening).close();
  }
}
