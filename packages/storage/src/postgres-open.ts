// Before the first statement: is this a PostgreSQL that keeps what it acknowledges, and does it hold our schema?
import { drizzle } from 'drizzle-orm/node-postgres';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { LIMITS } from '@laba/domain/limits';
import { connectionSettings } from './postgres-connection.ts';
import { addressOf, cannotOpen } from './postgres-trouble.ts';

const OLDEST = 150_000;
/** Any number that nobody else locks. */
const MIGRATION_LOCK = 5_333_240_001;

/**
 * Asserts that the server keeps what it acknowledges, and brings the database to the newest schema; processes that start together wait
 * for one another.
 * @throws an error of one line: no such server, user or database, no durability, a newer schema
 */
export async function prepareDatabase(url: string, migrations: string, mayLoseCommits: boolean): Promise<void> {
  if (!/^postgres(ql)?:/.test(url) || !URL.canParse(url))
    throw new Error("The database's address cannot be read: it looks like postgres://user:password@host:5432/database.");
  // Waiting for another process's migration takes as long as it takes.
  const client = new pg.Client({ ...connectionSettings(url), statement_timeout: 0, query_timeout: 0, idle_in_transaction_session_timeout: 0 });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    // A client that cannot answer the server's challenge leaves it waiting for a minute otherwise.
    client.connection.stream.destroy();
    throw cannotOpen(url, error);
  }
  try {
    await assertServer(client, url, mayLoseCommits);
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await refuseNewer(client, url, migrations);
    await migrate(drizzle({ client }), { migrationsFolder: migrations }).catch((error: unknown) => {
      throw new Error(`The schema of the database at ${addressOf(url).host} could not be brought up to date, and is as it was: ${causeOf(error)}.`, {
        cause: error,
      });
    });
  } finally {
    // The lock goes with the connection.
    await client.end();
  }
}

// Drizzle's own words are the whole statement.
function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

async function assertServer(client: pg.Client, url: string, mayLoseCommits: boolean): Promise<void> {
  const asked = await client.query<Record<'version' | 'fsync' | 'commit' | 'encoding', string>>(
    `SELECT current_setting('server_version_num') AS version, current_setting('fsync') AS fsync,
            current_setting('synchronous_commit') AS commit, current_setting('server_encoding') AS encoding`,
  );
  const { version, fsync, commit, encoding } = asked.rows[0]!;
  const { host } = addressOf(url);
  if (Number(version) < OLDEST) throw new Error(`PostgreSQL at ${host} is older than 15: Laba needs PostgreSQL 15 or newer.`);
  if (encoding !== 'UTF8') throw new Error(`The database at ${host} is encoded as ${encoding}: create it with ENCODING 'UTF8'.`);
  if (!mayLoseCommits && (fsync === 'off' || commit === 'off'))
    throw new Error(`PostgreSQL at ${host} would lose commits (fsync=${fsync}, synchronous_commit=${commit}): set both to on.`);
}

/** Older code on a newer schema would write rows that the newer code cannot trust. */
async function refuseNewer(client: pg.Client, url: string, folder: string): Promise<void> {
  const table = await client.query(`SELECT to_regclass('drizzle.__drizzle_migrations') IS NOT NULL AS is_there`);
  if (!(table.rows[0] as { is_there: boolean }).is_there) return;
  const asked = await client.query<{ n: number; newest: string | null }>(
    'SELECT count(*)::int AS n, max(created_at)::text AS newest FROM drizzle.__drizzle_migrations',
  );
  const { n, newest } = asked.rows[0]!;
  const known = readMigrationFiles({ migrationsFolder: folder });
  if (n <= known.length && Number(newest ?? 0) <= Math.max(0, ...known.map(({ folderMillis }) => folderMillis))) return;
  const { host, database } = addressOf(url);
  throw new Error(
    `The database "${database}" at ${host} was written by a newer Laba: it holds ${n} schema steps, this one knows ${known.length}. Start the newer version, or restore a backup.`,
  );
}

/** What became of a transaction whose COMMIT was not answered; undefined when the server could not be asked in time. */
export async function askOutcome(url: string, transactionId: string): Promise<'committed' | 'aborted' | undefined> {
  const giveUpAt = performance.now() + LIMITS.databaseOutcomeMs;
  for (;;) {
    const status = await statusOf(url, transactionId, giveUpAt - performance.now());
    if (status === 'committed' || status === 'aborted') return status;
    if (performance.now() > giveUpAt) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function statusOf(url: string, transactionId: string, patienceMs: number): Promise<string | undefined> {
  const patience = Math.max(100, patienceMs);
  const client = new pg.Client({ ...connectionSettings(url), connectionTimeoutMillis: patience, query_timeout: patience });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ status: string | null }>('SELECT pg_xact_status($1::xid8) AS status', [transactionId]);
    return rows[0]?.status ?? undefined;
  } catch {
    return undefined;
  } finally {
    client.connection.stream.destroy();
  }
}
