// A fresh PostgreSQL database for each test, on one server for the whole run; copied from one that was migrated once.
import pg from 'pg';
import { startPostgres } from '@laba/engines/postgres-server';
import { sharedEngine, type SharedEngine } from '@laba/engines/shared-engines.test-kit';
import type { DatabaseUnderTest } from './database-under-test.test-kit.ts';
import { PostgresDatabase } from './postgres.ts';

const TEMPLATE = 'laba_template';

/** The run's server, with a migrated database to copy. It keeps nothing through a power cut. */
export function sharedPostgres(): Promise<SharedEngine> {
  return sharedEngine('postgres', async (dir) => {
    const server = await startPostgres({ dir, durable: false });
    await command(server.url, `CREATE DATABASE ${TEMPLATE}`);
    await (await PostgresDatabase.open(databaseUrl(server.url, TEMPLATE), undefined, { mayLoseCommits: true })).close();
    return { url: server.url, pid: server.pid };
  });
}

export interface FreshDatabase extends DatabaseUnderTest {
  db: PostgresDatabase;
  another(): Promise<PostgresDatabase>;
  url: string;
}

let made = 0;

/** The address of a database of its own, empty but for its schema, and how to drop it. */
export async function freshDatabaseUrl(): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = await sharedPostgres();
  const name = `test_${process.pid}_${++made}`;
  await command(server.url, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return { url: databaseUrl(server.url, name), drop: () => command(server.url, `DROP DATABASE ${name} WITH (FORCE)`) };
}

/** One open database, fresh; `stop` closes and drops it. */
export async function freshPostgres(): Promise<FreshDatabase> {
  const { url, drop } = await freshDatabaseUrl();
  const open = () => PostgresDatabase.open(url, undefined, { mayLoseCommits: true });
  const db = await open();
  return {
    db,
    url,
    another: open,
    stop: async () => {
      await db.close();
      await drop();
    },
  };
}

function databaseUrl(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** One command on a connection of its own. */
export async function command(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
