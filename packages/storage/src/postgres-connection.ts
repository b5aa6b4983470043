// Connections to PostgreSQL: how a built statement is sent, how many are sent ahead, and how whole numbers come back.
import { DrizzleQueryError } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { LIMITS } from '@laba/domain/limits';
import type { Build, Prepared, Sql } from './database.ts';
import { endsConnection } from './postgres-trouble.ts';

type Statement<R, T> = Build<R, T> | Prepared<R, T>;
/** What a built statement is on this engine. */
interface PostgresQuery<R> {
  prepare(name?: string): { execute(values?: Record<string, unknown>): Promise<R[]> };
}

const INT8 = pg.types.builtins.INT8;
const NUMERIC = pg.types.builtins.NUMERIC;
// Counts and sums are whole and small: numbers, as in SQLite. JSON numbers are parsed by JSON.
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format as 'text')) as never,
};

// The driver checks the certificate in all of these modes, and says so in ten lines unless it is asked for by that name.
const CHECKED_MODES = new Set(['prefer', 'require', 'verify-ca']);

function withPlainTls(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (!CHECKED_MODES.has(url.searchParams.get('sslmode') ?? '') || url.searchParams.has('uselibpqcompat')) return text;
  url.searchParams.set('sslmode', 'verify-full');
  return url.href;
}

// A plan that was made while a table was small reads the whole of it for each row at the first raise to a large county; compiling one
// takes longer than our statements do.
const SESSION = '-c default_transaction_isolation=read\\ committed -c TimeZone=UTC -c plan_cache_mode=force_custom_plan -c jit=off';

/** The settings that every connection shares. */
export function connectionSettings(url: string): pg.ClientConfig {
  return {
    connectionString: withPlainTls(url),
    connectionTimeoutMillis: LIMITS.databaseConnectMs,
    statement_timeout: LIMITS.databaseStatementMs,
    query_timeout: LIMITS.databaseAnswerMs,
    idle_in_transaction_session_timeout: LIMITS.databaseIdleTransactionMs,
    keepAlive: true,
    application_name: 'laba',
    options: SESSION,
    types,
  };
}

const names = new WeakMap<object, string>();
let named = 0;

// Two statements of one name would be refused by a connection that knows the first.
function nameOf(statement: Prepared<unknown, never>): string {
  let name = names.get(statement);
  if (name === undefined) {
    name = `${statement.name.slice(0, 48)}-${++named}`;
    names.set(statement, name);
  }
  return name;
}

/** Whoever sends statements: one client, or a pool of them. */
interface Sender {
  query(config: pg.QueryConfig, values?: unknown[]): Promise<unknown>;
}

/** Statements of the house, sent through one client or pool; hot ones are built once and named. */
export class StatementSender<T> {
  readonly #drizzle: NodePgDatabase;
  readonly #tables: T;
  readonly #hot = new Map<Prepared<unknown, T>, ReturnType<PostgresQuery<unknown>['prepare']>>();

  constructor(sender: Sender, tables: T) {
    // Drizzle brings type parsers of its own with each statement.
    const client: Sender = { query: (config, values) => sender.query({ ...config, types }, values) };
    this.#drizzle = drizzle({ client: client as never, casing: 'snake_case' });
    this.#tables = tables;
  }

  /** @throws what the driver said, without drizzle's list of parameters: they may be personal data */
  async run<R>(statement: Statement<R, T>, values?: Record<string, unknown>): Promise<R[]> {
    try {
      return await this.#prepare(statement).execute(values);
    } catch (error) {
      throw error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;
    }
  }

  #prepare<R>(statement: Statement<R, T>): ReturnType<PostgresQuery<R>['prepare']> {
    if (typeof statement === 'function') return this.#build(statement).prepare();
    let hot = this.#hot.get(statement) as ReturnType<PostgresQuery<R>['prepare']> | undefined;
    if (hot === undefined) {
      hot = this.#build(statement.build).prepare(nameOf(statement));
      this.#hot.set(statement, hot);
    }
    return hot;
  }

  // The builders have SQLite's types and the same verbs: see columns.postgres.ts.
  #build<R>(build: Build<R, T>): PostgresQuery<R> {
    return build(this.#drizzle as unknown as Sql, this.#tables) as unknown as PostgresQuery<R>;
  }
}

/** One connection for transactions; statements are sent ahead of their answers. */
export class WriterConnection<T> extends StatementSender<T> {
  readonly #client: pg.Client;
  #lost = false;

  private constructor(client: pg.Client, tables: T) {
    super(client, tables);
    this.#client = client;
    client.on('error', () => (this.#lost = true));
    client.on('end', () => (this.#lost = true));
  }

  /** @throws the driver's error */
  static async open<T>(url: string, tables: T): Promise<WriterConnection<T>> {
    const client = new pg.Client({ ...connectionSettings(url), pipeline: true });
    const connection = new WriterConnection(client, tables);
    await client.connect().catch((error: unknown) => {
      connection.drop();
      throw error;
    });
    return connection;
  }

  /** Nothing more can be sent; what was not committed is lost. */
  get lost(): boolean {
    return this.#lost;
  }

  /** @throws what the driver said; `lost` tells whether more can be sent */
  override async run<R>(statement: Build<R, T> | Prepared<R, T>, values?: Record<string, unknown>): Promise<R[]> {
    return super.run(statement, values).catch((error: unknown) => this.#failed(error));
  }

  /** One or more plain commands; the result of the last. */
  async command(text: string): Promise<pg.QueryResult> {
    const result = (await this.#client.query({ text, types }).catch((error: unknown) => this.#failed(error))) as pg.QueryResult | pg.QueryResult[];
    return Array.isArray(result) ? result.at(-1)! : result;
  }

  #failed(error: unknown): never {
    if (endsConnection(error)) this.drop();
    throw error;
  }

  /** Ends it without waiting for a server that may be hung. */
  drop(): void {
    this.#lost = true;
    this.#client.connection.stream.destroy();
  }

  async close(): Promise<void> {
    if (!this.#lost) await this.#client.end();
  }
}
