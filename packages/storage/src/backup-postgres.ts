// A county's PostgreSQL database in one file and out of it again, by PostgreSQL's own programs.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import type { SchemaStamp } from './backup-sqlite.ts';
import { connectionSettings } from './postgres-connection.ts';
import { addressOf, cannotOpen } from './postgres-trouble.ts';

const run = promisify(execFile);
/** What the house uses; nothing else in the database is touched. */
const SCHEMAS = ['public', 'drizzle'] as const;

/** Its own lines, told by PostgreSQL's programs, may be long: the first says what is wrong. */
function firstLine(error: unknown): string {
  const { stderr } = error as { stderr?: unknown };
  const text = typeof stderr === 'string' && stderr.trim() !== '' ? stderr : (error as Error).message;
  return text.trim().split('\n')[0]!.slice(0, 300);
}

// By the environment: an argument is seen by every user of the machine.
function environmentOf(url: string): NodeJS.ProcessEnv {
  const parsed = new URL(url);
  const { user, database } = addressOf(url);
  const setting = (name: string, parameter: string) => {
    const value = parsed.searchParams.get(parameter);
    return value === null ? {} : { [name]: value };
  };
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C.UTF-8',
    PGHOST: parsed.searchParams.get('host') ?? (parsed.hostname || 'localhost'),
    PGPORT: parsed.port || '5432',
    PGUSER: user,
    PGPASSWORD: decodeURIComponent(parsed.password),
    PGDATABASE: database,
    PGCONNECT_TIMEOUT: '10',
    ...setting('PGSSLMODE', 'sslmode'),
    ...setting('PGSSLROOTCERT', 'sslrootcert'),
  };
}

async function withClient<R>(url: string, work: (client: pg.Client) => Promise<R>): Promise<R> {
  const client = new pg.Client(connectionSettings(url));
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw cannotOpen(url, error);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Writes the database as of now into `to`, while houses write: one snapshot.
 * @throws one line: not reached, refused, no right
 */
export async function dumpPostgres(url: string, pgDump: string, to: string): Promise<SchemaStamp> {
  const stamp = await withClient(url, async (client) => {
    const { rows } = await client.query<{ n: number; newest: string }>(
      'SELECT count(*)::int AS n, coalesce(max(created_at), 0)::text AS newest FROM drizzle.__drizzle_migrations',
    );
    return { steps: rows[0]!.n, newestMs: Number(rows[0]!.newest) };
  }).catch((error: unknown) => {
    throw /does not exist/.test((error as Error).message) ? new Error(`The database at ${addressOf(url).host} holds no county yet.`) : error;
  });
  const schemas = SCHEMAS.flatMap((name) => ['--schema', name]);
  await run(pgDump, ['--format=custom', '--no-owner', '--no-privileges', ...schemas, '--file', to], { env: environmentOf(url) }).catch((error: unknown) => {
    throw new Error(`pg_dump could not copy the database: ${firstLine(error)}`);
  });
  return stamp;
}

/** What stands in the way of a restore. */
export interface PostgresUse {
  /** Connections of houses. */
  houses: number;
  tables: number;
}

export function usePostgres(url: string): Promise<PostgresUse> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ houses: number; tables: number }>(
      `SELECT (SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'laba' AND datname = current_database() AND pid <> pg_backend_pid()) AS houses,
              (SELECT count(*)::int FROM pg_tables WHERE schemaname IN ('public', 'drizzle')) AS tables`,
    );
    return rows[0]!;
  });
}

/**
 * Puts a dump into the database, all or nothing. What is there is moved aside first, into schemas named after `aside`.
 * @throws one line; then the database is as it was
 */
export async function restorePostgres(url: string, pgRestore: string, file: string, aside: string): Promise<void> {
  const movedTo = (name: string) => pg.escapeIdentifier(name === 'public' ? aside : `${aside}_${name}`);
  await withClient(url, async (client) => {
    await client.query('BEGIN');
    for (const name of await presentSchemas(client)) await client.query(`ALTER SCHEMA ${name} RENAME TO ${movedTo(name)}`);
    // The dump of a schema named by hand makes it anew, public too.
    await client.query('COMMIT');
  });
  try {
    await run(pgRestore, ['--no-owner', '--no-privileges', '--single-transaction', '--exit-on-error', '--dbname', addressOf(url).database, file], {
      env: environmentOf(url),
    });
  } catch (error) {
    await withClient(url, (client) => moveBack(client, movedTo));
    throw new Error(`pg_restore could not restore the database: ${firstLine(error)}`, { cause: error });
  }
}

async function presentSchemas(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>('SELECT nspname AS name FROM pg_namespace WHERE nspname = ANY($1)', [[...SCHEMAS]]);
  return rows.map((row) => row.name);
}

async function moveBack(client: pg.Client, movedTo: (name: string) => string): Promise<void> {
  await client.query('BEGIN');
  for (const name of SCHEMAS) {
    const { rowCount } = await client.query('SELECT 1 FROM pg_namespace WHERE quote_ident(nspname) = $1 OR nspname = $1', [movedTo(name).replaceAll('"', '')]);
    if (rowCount === 0) continue;
    await client.query(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
    await client.query(`ALTER SCHEMA ${movedTo(name)} RENAME TO ${name}`);
  }
  await client.query('COMMIT');
}
