// SQLite passes what every database of the house must pass, and what only a file can do wrong.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDriver from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { one } from './database.ts';
import { HOUSE, SqliteDatabase } from './sqlite.ts';
import { storageContract } from './storage.contract.ts';
import * as migrationSource from './migration-source.sqlite.ts';
import { OWNERS } from './ownership.ts';
import { sqliteTables } from './tables.ts';

storageContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'laba-storage-'));
  const file = join(folder, 'laba.db');
  const db = SqliteDatabase.open(file, HOUSE);
  return {
    db,
    another: async () => SqliteDatabase.open(file, HOUSE),
    stop: async () => {
      await db.close();
      rmSync(folder, { recursive: true });
    },
  };
});

const put = (name: string, value: unknown = 1) =>
  one((q, t: typeof sqliteTables) => q.insert(t.setting).values({ name, value }).returning({ name: t.setting.name }));

describe('a SQLite file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'laba-storage-'));
    file = join(folder, 'laba.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Watches every driver that is opened meanwhile. */
  async function withDrivers(work: (drivers: SqliteDriver.Database[]) => Promise<void>): Promise<void> {
    const drivers: SqliteDriver.Database[] = [];
    const pragma = Object.getOwnPropertyDescriptor(SqliteDriver.prototype, 'pragma')!.value as SqliteDriver.Database['pragma'];
    SqliteDriver.prototype.pragma = function watched(this: SqliteDriver.Database, ...given: Parameters<typeof pragma>) {
      if (!drivers.includes(this)) drivers.push(this);
      return pragma.apply(this, given);
    };
    try {
      await work(drivers);
    } finally {
      SqliteDriver.prototype.pragma = pragma;
    }
  }

  test('waits for the disk at every commit: synchronous is FULL also after writes, the journal is WAL', async () => {
    await withDrivers(async (drivers) => {
      const db = SqliteDatabase.open(file, HOUSE);
      for (let i = 0; i < 3; i++) {
        await db.atomically([put(`n${i}`)]);
        expect(drivers[0]!.pragma('synchronous', { simple: true })).toBe(2);
      }
      expect(drivers[0]!.pragma('journal_mode', { simple: true })).toBe('wal');
      await db.close();
    });
  });

  test('keeps its rows when it is opened again', async () => {
    const first = SqliteDatabase.open(file, HOUSE);
    await first.atomically([put('kept', { a: 1 })]);
    await first.close();
    const second = SqliteDatabase.open(file, HOUSE);
    expect(await second.read((q, t) => q.select().from(t.setting))).toEqual([{ name: 'kept', value: { a: 1 } }]);
    await second.close();
  });

  test('on a full disk refuses as storage-failed, loses nothing acknowledged, and works again when there is room', async () => {
    await withDrivers(async (drivers) => {
      const db = SqliteDatabase.open(file, HOUSE);
      const [driver] = drivers;
      await db.atomically([put('before')]);
      const pages = driver!.pragma('page_count', { simple: true }) as number;
      driver!.pragma(`max_page_count = ${pages + 8}`);
      const outcomes = await Promise.allSettled(Array.from({ length: 60 }, (_, i) => db.atomically([put(`n${i}`, 'x'.repeat(2_000))])));
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused.length).toBeGreaterThan(0);
      for (const { reason } of refused) expect(reason).toMatchObject({ code: 'storage-failed' });
      driver!.pragma('max_page_count = 1000000');
      await db.atomically([put('after')]);
      const held = (await db.read((q, t) => q.select({ name: t.setting.name }).from(t.setting))).map(({ name }) => name);
      const acknowledged = outcomes.flatMap((outcome, i) => (outcome.status === 'fulfilled' ? [`n${i}`] : []));
      expect(held.sort()).toEqual(['before', 'after', ...acknowledged].sort());
      await db.close();
    });
  });

  test('that another program holds is refused as storage-failed, and nobody is told it was written', async () => {
    await withDrivers(async (drivers) => {
      const db = SqliteDatabase.open(file, HOUSE);
      drivers[0]!.pragma('busy_timeout = 10');
      const holder = new SqliteDriver(file);
      holder.exec('BEGIN IMMEDIATE');
      await expect(db.atomically([put('a')])).rejects.toMatchObject({ code: 'storage-failed' });
      holder.exec('ROLLBACK');
      holder.close();
      await db.atomically([put('b')]);
      expect(await db.read((q, t) => q.select({ name: t.setting.name }).from(t.setting))).toEqual([{ name: 'b' }]);
      await db.close();
    });
  });

  test('that a newer Laba wrote is refused in one line, and is left as it is', async () => {
    await SqliteDatabase.open(file, HOUSE).close();
    const newer = new SqliteDriver(file);
    newer.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run('later', Date.UTC(2040, 0, 1));
    const count = 'SELECT count(*) AS n FROM __drizzle_migrations';
    const held = newer.prepare(count).get();
    newer.close();
    let told = '';
    try {
      SqliteDatabase.open(file, HOUSE);
    } catch (error) {
      told = (error as Error).message;
    }
    expect(told).toMatch(/^The database .*laba\.db was written by a newer Laba: [^\n]+$/);
    const after = new SqliteDriver(file);
    expect(after.prepare(count).get()).toEqual(held);
    after.close();
  });

  test('a listener that fails does not stop the commits that wait behind it', async () => {
    const db = SqliteDatabase.open(file, HOUSE);
    const failures: unknown[] = [];
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    process.once('uncaughtException', (error) => failures.push(error));
    let fail = true;
    db.onCommit(() => {
      if (!fail) return;
      fail = false;
      void db.atomically([put('behind')]);
      throw new Error('planted');
    });
    await db.atomically([put('a')]);
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    for (const listener of before) process.on('uncaughtException', listener);
    expect(failures).toHaveLength(1);
    expect(await db.read((q, t) => q.select({ name: t.setting.name }).from(t.setting))).toEqual([{ name: 'a' }, { name: 'behind' }]);
    await db.close();
  });
});

describe('the list of tables', () => {
  test('the migration generator is told of every table', () => {
    expect(Object.keys(migrationSource).sort()).toEqual(Object.keys(sqliteTables).sort());
  });

  test('every table has an owner', () => {
    expect(Object.keys(OWNERS).sort()).toEqual(Object.keys(sqliteTables).sort());
  });

  test('the shipped migrations make every table and every column', async () => {
    const db = SqliteDatabase.open(':memory:', HOUSE);
    for (const table of Object.values(sqliteTables)) expect(await db.read((q) => q.select().from(table as typeof sqliteTables.setting))).toEqual([]);
    await db.close();
  });
});
