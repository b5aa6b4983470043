// PostgreSQL passes what every database of the house must pass; it is opened only where it keeps what it acknowledges.
import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { names } from './database-under-test.test-kit.ts';
import * as migrationSource from './migration-source.postgres.ts';
import { command, freshDatabaseUrl, freshPostgres } from './postgres.test-kit.ts';
import { changed, isHere, OPEN, until } from './postgres-trouble.test-kit.ts';
import { HOUSE, PostgresDatabase } from './postgres.ts';
import { storageContract } from './storage.contract.ts';
import { postgresTables } from './tables.ts';

const WRITER = fileURLToPath(new URL('./postgres-writer.test-kit.ts', import.meta.url));
const run = promisify(execFile);

async function refusal(url: string, schema = HOUSE, options = {}): Promise<string> {
  const opened = await PostgresDatabase.open(url, schema, options).catch((error: unknown) => error as Error);
  if (opened instanceof Error) return opened.message;
  await opened.close();
  return 'opened';
}

if (isHere) storageContract('PostgreSQL', freshPostgres);

describe.skipIf(!isHere)('a PostgreSQL that is opened', () => {
  test('by several processes at once on an empty database: one migrates, all go on', async () => {
    const { url, drop } = await freshDatabaseUrl();
    const empty = changed(url, (copy) => (copy.pathname += '_empty'));
    await command(url, `CREATE DATABASE ${new URL(empty).pathname.slice(1)}`);
    const outputs = await Promise.all(['a', 'b', 'c'].map((name) => run(process.execPath, [WRITER, empty, name, '5'])));
    for (const { stdout } of outputs) expect(stdout.trim().split('\n')).toHaveLength(6);
    const db = await PostgresDatabase.open(empty, undefined, OPEN);
    expect(await names(db)).toHaveLength(15);
    await db.close();
    await command(url, `DROP DATABASE ${new URL(empty).pathname.slice(1)} WITH (FORCE)`);
    await drop();
  });

  test('with a migration that breaks off nothing half done', async () => {
    const { url, drop } = await freshDatabaseUrl();
    await command(url, 'DROP SCHEMA drizzle CASCADE');
    await command(url, 'DROP TABLE alert');
    // The shipped migration makes `alert` first and then meets a table that is there.
    expect(await refusal(url, HOUSE, OPEN)).toMatch(/^The schema of [^\n]+ is as it was: relation "\w+" already exists\.$/);
    await expect(command(url, 'SELECT 1 FROM alert')).rejects.toThrow(/does not exist/);
    await drop();
  });

  test('what a newer Laba wrote is refused in one line', async () => {
    const { url, drop } = await freshDatabaseUrl();
    await command(url, `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('later', ${Date.UTC(2040, 0, 1)})`);
    expect(await refusal(url, HOUSE, OPEN)).toMatch(/^The database "test_\w+" at 127\.0\.0\.1:\d+ was written by a newer Laba: [^\n]+$/);
    await drop();
  });

  test('with a wrong password, user, database, port or TLS says so in one line and never tells the password', async () => {
    const { url, drop } = await freshDatabaseUrl();
    const told = {
      password: await refusal(changed(url, (copy) => (copy.password = 'not-the-password'))),
      user: await refusal(changed(url, (copy) => (copy.username = 'nobody-here'))),
      none: await refusal(changed(url, (copy) => (copy.password = ''))),
      database: await refusal(changed(url, (copy) => (copy.pathname = '/no_such'))),
      port: await refusal(changed(url, (copy) => (copy.port = '1'))),
      tls: await refusal(changed(url, (copy) => copy.searchParams.set('sslmode', 'require'))),
      nonsense: await refusal('not an address'),
    };
    expect(told.password).toMatch(/refused the user "laba".*check the user and the password/);
    expect(told.user).toMatch(/refused the user "nobody-here"/);
    expect(told.none).toMatch(/refused the user "laba"/);
    expect(told.database).toMatch(/has no database "no_such": create it/);
    expect(told.port).toMatch(/No PostgreSQL answers at 127\.0\.0\.1:1 .*start it/);
    expect(told.tls).toMatch(/do not agree on TLS/);
    for (const words of Object.values(told)) expect(words).not.toMatch(/\n|not-the-password|laba-on-this-machine|opened/);
    await drop();
  });

  test('on a server that would lose commits is refused', async () => {
    const { url, drop } = await freshDatabaseUrl();
    expect(await refusal(url)).toMatch(/would lose commits \(fsync=off, synchronous_commit=off\)/);
    await drop();
  });
});

test.skipIf(!isHere)('the shipped migrations make every table and every column, and are what the tables ask for now', async () => {
  const under = await freshPostgres();
  for (const table of Object.values(postgresTables)) expect(await under.db.read((q) => q.select().from(table as typeof postgresTables.setting))).toEqual([]);
  await under.stop();
  expect(Object.keys(migrationSource).toSorted()).toEqual(Object.keys(postgresTables).toSorted());
});

test.skipIf(!isHere)('processes that write at once are each told the truth', async () => {
  const { url, drop } = await freshDatabaseUrl();
  const children = ['p', 'q'].map((name) => spawn(process.execPath, [WRITER, url, name, '1000'], { stdio: ['ignore', 'pipe', 'inherit'] }));
  const said = children.map((child) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return () => text.split('\n').filter((line) => line.includes('-'));
  });
  await until(() => said.every((lines) => lines().length > 20), 20_000);
  children[0]!.kill('SIGKILL');
  await new Promise((resolve) => children[0]!.once('close', resolve));
  children[1]!.kill('SIGKILL');
  await new Promise((resolve) => children[1]!.once('close', resolve));
  const db = await PostgresDatabase.open(url, undefined, OPEN);
  const held = new Set(await names(db));
  for (const name of said.flatMap((lines) => lines().slice(0, -1))) expect(held.has(name), name).toBe(true);
  await db.close();
  await drop();
});
