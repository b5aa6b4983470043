// PostgreSQL passes what every database of the house must pass, and what only a server, a network and other processes can do wrong.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { and, eq, gt, lte } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeIds } from '@laba/domain/ids';
import { findPostgres, startPostgres, type PostgresServer } from '@laba/engines/postgres-server';
import { any, one, type Database } from './database.ts';
import { names, put } from './database-under-test.test-kit.ts';
import { record, recordEach } from './events.ts';
import { byTurns, steadyRows } from './locks.ts';
import * as migrationSource from './migration-source.postgres.ts';
import { HOUSE, PostgresDatabase } from './postgres.ts';
import { EventOrder } from './postgres-event-order.ts';
import { command, freshDatabaseUrl, freshPostgres, type FreshDatabase } from './postgres.test-kit.ts';
import { storageContract } from './storage.contract.ts';
import { postgresTables } from './tables.ts';

const isHere = findPostgres() !== undefined;
if (!isHere && process.env['LABA_REQUIRE']?.split(',').includes('postgres')) throw new Error('PostgreSQL is required and is not installed.');

const WRITER = fileURLToPath(new URL('./postgres-writer.test-kit.ts', import.meta.url));
const OPEN = { mayLoseCommits: true };
const run = promisify(execFile);
const ids = makeIds(
  () => 1,
  (size) => crypto.getRandomValues(new Uint8Array(size)),
);

/** Until `look` holds. */
async function until(look: () => boolean | Promise<boolean>, patienceMs = 10_000): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await look())) {
    if (performance.now() > giveUpAt) throw new Error('It did not come about.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function refusal(url: string, schema = HOUSE, options = {}): Promise<string> {
  const opened = await PostgresDatabase.open(url, schema, options).catch((error: unknown) => error as Error);
  if (opened instanceof Error) return opened.message;
  await opened.close();
  return 'opened';
}

const changed = (url: string, change: (url: URL) => void): string => {
  const copy = new URL(url);
  change(copy);
  return copy.href;
};

describe.skipIf(!isHere)('with a PostgreSQL', () => {
  storageContract('PostgreSQL', freshPostgres);

  describe('a database of its own', () => {
    let under: FreshDatabase;
    let db: PostgresDatabase;
    beforeEach(async () => {
      under = await freshPostgres();
      db = under.db;
    });
    afterEach(() => under.stop());

    /** A transaction of another process, held open by the test. */
    async function stranger(work: (client: pg.Client) => Promise<void>): Promise<void> {
      const client = new pg.Client({ connectionString: under.url });
      await client.connect();
      await client.query('BEGIN');
      await work(client);
      await client.end();
    }

    test('that another process commits to is told of, and its own commits are not told twice', async () => {
      const other = await under.another();
      let heard = 0;
      db.onCommit(() => heard++);
      await other.atomically([put('a')]);
      await until(() => heard === 1);
      await db.atomically([put('b')]);
      expect(heard).toBe(2);
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(heard).toBe(2);
      for (let i = 0; i < 50; i++) await other.atomically([put(`c${i}`)]);
      await until(() => heard > 2);
      // Told together: far fewer words than commits.
      expect(heard).toBeLessThan(40);
      await other.close();
    });

    test('that two transactions lock crosswise breaks one off, and both are carried out', async () => {
      await db.atomically([put('a'), put('b')]);
      const other = await under.another();
      const touch = (name: string) => one((q, t) => q.update(t.setting).set({ value: 2 }).where(eq(t.setting.name, name)).returning({ name: t.setting.name }));
      await Promise.all(
        Array.from({ length: 40 }, (_, i) => {
          const by: Database = i % 2 === 0 ? db : other;
          return by.atomically(i % 4 < 2 ? [touch('a'), touch('b')] : [touch('b'), touch('a')]);
        }),
      );
      expect(await db.read((q, t) => q.select({ value: t.setting.value }).from(t.setting))).toEqual([{ value: 2 }, { value: 2 }]);
      await other.close();
    });

    test('whose row a stranger writes breaks off at a deadlock and tries again by itself', async () => {
      await db.atomically([put('a'), put('b')]);
      await stranger(async (client) => {
        await client.query(`SET deadlock_timeout = '10s'`);
        await client.query(`UPDATE setting SET value = '5' WHERE name = 'b'`);
        const writing = db.atomically([
          one((q, t) => q.update(t.setting).set({ value: 1 }).where(eq(t.setting.name, 'a')).returning()),
          one((q, t) => q.update(t.setting).set({ value: 1 }).where(eq(t.setting.name, 'b')).returning()),
        ]);
        await until(async () => (await waitingFor(under.url)) > 0);
        await client.query(`UPDATE setting SET value = '6' WHERE name = 'a'`);
        await client.query('COMMIT');
        await writing;
      });
      expect(await db.read((q, t) => q.select({ value: t.setting.value }).from(t.setting))).toEqual([{ value: 1 }, { value: 1 }]);
    });

    test('facts of many rows are of exactly those that the same group then changes, whatever a stranger does between', async () => {
      const call = (id: string) => ({
        id,
        alertId: 'al',
        revision: 1,
        memberId: id,
        gridCode: '533324',
        mode: 'live' as const,
        state: 'queued' as const,
        changedAtMs: 1,
      });
      await db.atomically([
        any((q, t) =>
          q
            .insert(t.call)
            .values([call('c1'), call('c2')])
            .returning(),
        ),
      ]);
      let writing: Promise<unknown> = Promise.resolve();
      await stranger(async (client) => {
        await client.query(`UPDATE call SET state = 'answered' WHERE id = 'c1'`);
        writing = db.atomically([
          recordEach(ids, { type: 'call.closed', atMs: 1, who: 'system', via: 'job', alertId: 'al', data: { reason: 'ended' } }, (t) => ({
            from: t.call,
            subjectId: t.call.id,
            gridCode: t.call.gridCode,
            where: eq(t.call.state, 'queued'),
          })),
          any((q, t) => q.update(t.call).set({ state: 'closed' }).where(eq(t.call.state, 'queued')).returning({ id: t.call.id })),
        ]);
        await until(async () => (await waitingFor(under.url)) > 0);
        await client.query('COMMIT');
      });
      await writing;
      expect(await db.read((q, t) => q.select({ id: t.event.subjectId }).from(t.event))).toEqual([{ id: 'c2' }]);
      expect(await db.read((q, t) => q.select({ id: t.call.id, state: t.call.state }).from(t.call).orderBy(t.call.id))).toEqual([
        { id: 'c1', state: 'answered' },
        { id: 'c2', state: 'closed' },
      ]);
    });

    test('a decision that rests on a row that is not there is made by one process at a time', async () => {
      const other = await under.another();
      const first = (by: Database, name: string) =>
        by.atomically([byTurns('first'), any((q, t) => q.select({ name: t.setting.name }).from(t.setting)), put(name)]);
      const seen = await Promise.all(Array.from({ length: 10 }, (_, i) => first(i % 2 === 0 ? db : other, `n${i}`)));
      // Each saw all who had their turn before: no two saw the same.
      expect(seen.map(([, rows]) => rows.length).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      await other.close();
    });

    test('a row that a group holds steady is changed by others only after its commit', async () => {
      await db.atomically([put('alert', 'raised')]);
      await stranger(async (client) => {
        await client.query(`SELECT FROM setting WHERE name = 'alert' FOR SHARE`);
        let ended = false;
        const ending = db
          .atomically([one((q, t) => q.update(t.setting).set({ value: 'over' }).where(eq(t.setting.name, 'alert')).returning())])
          .then(() => (ended = true));
        const alsoHolding = under.another();
        const second = await alsoHolding;
        await second.atomically([any((q, t) => steadyRows(t, q.select({ name: t.setting.name }).from(t.setting)))]);
        await second.close();
        expect(ended).toBe(false);
        await client.query('COMMIT');
        await ending;
      });
    });

    describe('the timeline', () => {
      const event = (id: string) =>
        record(ids, { type: 'job.buried', atMs: 1, who: 'system', via: 'job', gridCode: '533324', subjectId: id, data: { consumer: 'c', error: 'e' } });
      const told = async (order: EventOrder, after: number) => {
        const upTo = await order.settled();
        const rows = await db.read((q, t) =>
          q
            .select({ seq: t.event.seq, id: t.event.subjectId })
            .from(t.event)
            .where(and(gt(t.event.seq, after), lte(t.event.seq, upTo)))
            .orderBy(t.event.seq),
        );
        return { rows: rows.map(({ id }) => id), upTo };
      };
      const late = `INSERT INTO event (id, type, at_ms, who, via, grid_code, subject_id, data) VALUES ('late', 'job.buried', 1, 'system', 'job', '533324', 'late', '{}')`;

      test('is handed on in order also when a lower number is committed after a higher one', async () => {
        const order = new EventOrder(db);
        await db.atomically(event('first'));
        const begun = await told(order, 0);
        let reading: ReturnType<typeof told> | undefined;
        let isRead = false;
        await stranger(async (client) => {
          await client.query(late);
          await db.atomically(event('second'));
          reading = told(order, begun.upTo);
          void reading.then(() => (isRead = true));
          await new Promise((resolve) => setTimeout(resolve, 100));
          expect(isRead).toBe(false);
          await client.query('COMMIT');
        });
        expect((await reading!).rows).toEqual(['late', 'second']);
      });

      test('also from the first look on', async () => {
        let reading: ReturnType<typeof told> | undefined;
        await stranger(async (client) => {
          await client.query(late);
          await db.atomically(event('second'));
          reading = told(new EventOrder(db), 0);
          await new Promise((resolve) => setTimeout(resolve, 50));
          await client.query('COMMIT');
        });
        expect((await reading!).rows).toEqual(['late', 'second']);
      });

      test('does not wait for a number that was rolled back, nor for ever for one that is held', async () => {
        const order = new EventOrder(db);
        const begun = await told(order, 0);
        await stranger(async (client) => {
          await client.query(late);
          await client.query('ROLLBACK');
        });
        await db.atomically(event('second'));
        expect((await told(order, begun.upTo)).rows).toEqual(['second']);
        await stranger(async (client) => {
          await client.query(late);
          await db.atomically(event('third'));
          expect((await told(order, begun.upTo)).rows).toEqual(['second', 'third']);
          await client.query('ROLLBACK');
        });
      });
    });

    test('a broken connection of a writer or reader harms one call at most, and is replaced', async () => {
      await db.atomically([put('a')]);
      await command(under.url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'laba' AND datname = current_database()`);
      let heard = 0;
      db.onCommit(() => heard++);
      await until(() =>
        db.atomically([put('b')]).then(
          () => true,
          () => false,
        ),
      );
      expect(await names(db)).toEqual(['a', 'b']);
      const other = await under.another();
      heard = 0;
      // Also the ear for others' commits comes back.
      await until(async () => {
        await other.atomically([put(`n${ids()}`)]);
        return heard > 0;
      });
      await other.close();
    });

    describe('the answer to COMMIT', () => {
      /** What happens at the commit of a row of this name. */
      async function atCommit(name: string, does: string): Promise<void> {
        await command(under.url, `CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${does}; RETURN NULL; END $$`);
        await command(
          under.url,
          `CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON setting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.name = '${name}') EXECUTE FUNCTION at_commit()`,
        );
      }

      test('is waited for: a commit that the server refuses is not told as written', async () => {
        await atCommit('a', `RAISE EXCEPTION 'planted'`);
        await expect(db.atomically([put('a')])).rejects.toMatchObject({ code: 'storage-failed' });
        await db.atomically([put('b')]);
        expect(await names(db)).toEqual(['b']);
      });

      test('that does not come because the connection was cut before the commit is told as not written', async () => {
        await atCommit('a', 'PERFORM pg_sleep(0.5)');
        const writing = db.atomically([put('a')]).catch((error: unknown) => error);
        await until(async () => (await committing(under.url)) > 0);
        await command(
          under.url,
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active' AND datname = current_database()`,
        );
        expect(await writing).toMatchObject({ code: 'storage-failed' });
        expect(await names(db)).toEqual([]);
      });

      test('that is lost on the way is asked for: what was committed is told as written', async () => {
        const line = await cuttingLine(under.url);
        const cut = await PostgresDatabase.open(line.url, undefined, OPEN);
        await cut.atomically([put('a')]);
        line.cutAtCommit();
        expect(await cut.atomically([put('b')])).toEqual([[{ name: 'b' }]]);
        expect(line.cuts()).toBe(1);
        expect(await names(db)).toEqual(['a', 'b']);
        await cut.close();
        await line.close();
      });

      test('that is lost with the server is told as unknown', async () => {
        const line = await cuttingLine(under.url);
        const cut = await PostgresDatabase.open(line.url, undefined, OPEN);
        await cut.atomically([put('a')]);
        line.cutAtCommit();
        line.refuse();
        await expect(cut.atomically([put('b')])).rejects.toMatchObject({ code: 'outcome-unknown' });
        await cut.close();
        await line.close();
      });
    });

    test('no row of a statement that failed is named in the error', async () => {
      const error = await db
        .atomically([
          one((q, t) =>
            q
              .insert(t.setting)
              .values({ name: 'secret-name', value: 'x', ...({ name: null } as object) } as never)
              .returning(),
          ),
        ])
        .catch((told: unknown) => told as Error);
      expect((error as Error).message).not.toMatch(/secret|params/i);
    });
  });

  describe('opened', () => {
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

  describe('a server that fails', () => {
    let dir: string;
    let server: PostgresServer;
    let db: PostgresDatabase;
    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'laba-postgres-'));
      server = await startPostgres({ dir: join(dir, 'server') });
    });
    afterAll(async () => {
      await server.stop();
      rmSync(dir, { recursive: true, force: true });
    });
    beforeEach(async () => {
      db = await PostgresDatabase.open(server.url);
      await db.atomically([any((q, t) => q.delete(t.setting).returning({ name: t.setting.name }))]);
    });
    afterEach(() => db.close());

    /** Eight callers that write on until told to stop. */
    function load() {
      const acknowledged: string[] = [];
      const codes = new Set<string>();
      let isOn = true;
      const callers = Array.from({ length: 8 }, async (_, who) => {
        for (let i = 0; isOn; i++) {
          const name = `w${who}-${i}`;
          try {
            await db.atomically([put(name)]);
            acknowledged.push(name);
          } catch (error) {
            codes.add((error as { code: string }).code);
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        }
      });
      const stop = async () => {
        isOn = false;
        await Promise.all(callers);
      };
      return { acknowledged, codes, stop };
    }

    for (const [how, fell] of [
      ['is stopped in good order', () => server.stop()],
      ['is killed', () => server.signal('SIGKILL')],
    ] as const)
      test(`and ${how} under load: nothing acknowledged is lost, and work goes on after its return`, async () => {
        const { acknowledged, codes, stop } = load();
        await until(() => acknowledged.length > 200);
        await fell();
        await new Promise((resolve) => setTimeout(resolve, 200));
        await server.restart();
        const before = acknowledged.length;
        await until(() => acknowledged.length > before + 200, 20_000);
        await stop();
        const held = new Set(await names(db));
        expect(acknowledged.filter((name) => !held.has(name))).toEqual([]);
        // Each refusal says that nothing was written, or that this is not known.
        expect([...codes].filter((code) => code !== 'storage-failed' && code !== 'outcome-unknown')).toEqual([]);
      });

    test('by hanging is given up in time, and is used again when it goes on', async () => {
      await db.atomically([put('before')]);
      await server.signal('SIGSTOP');
      // Its children serve the connections: the group of processes hangs as one machine would.
      for (const pid of await childrenOf(server.pid)) process.kill(pid, 'SIGSTOP');
      const begunAt = performance.now();
      const outcomes = await Promise.allSettled([db.atomically([put('during')]), db.atomically([put('also')]), names(db)]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      for (const outcome of outcomes)
        expect((outcome as PromiseRejectedResult).reason).toMatchObject({ code: expect.stringMatching(/^(storage-failed|outcome-unknown)$/) });
      expect(performance.now() - begunAt).toBeLessThan(15_000);
      for (const pid of await childrenOf(server.pid)) process.kill(pid, 'SIGCONT');
      await server.signal('SIGCONT');
      await until(() =>
        db.atomically([put('after')]).then(
          () => true,
          () => false,
        ),
      );
      expect(await names(db)).toContain('after');
    }, 60_000);

    test('to answer COMMIT is asked what became of it', async () => {
      const writing = Array.from({ length: 30 }, async (_, i) => {
        const name = `n${i}`;
        await new Promise((resolve) => setTimeout(resolve, i * 7));
        return db.atomically([put(name)]).then(
          () => ({ name, code: 'written' }),
          (error: { code: string }) => ({ name, code: error.code }),
        );
      });
      const cutting = (async () => {
        for (let i = 0; i < 12; i++) {
          await command(server.url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'laba' AND query LIKE 'COMMIT%'`);
          await new Promise((resolve) => setTimeout(resolve, 15));
        }
      })();
      const told = await Promise.all(writing);
      await cutting;
      const held = new Set(await names(db));
      for (const { name, code } of told) {
        if (code === 'written') expect(held.has(name), name).toBe(true);
        if (code === 'storage-failed') expect(held.has(name), name).toBe(false);
      }
    });
  });

  test('the shipped migrations make every table and every column, and are what the tables ask for now', async () => {
    const under = await freshPostgres();
    for (const table of Object.values(postgresTables)) expect(await under.db.read((q) => q.select().from(table as typeof postgresTables.setting))).toEqual([]);
    await under.stop();
    expect(Object.keys(migrationSource).toSorted()).toEqual(Object.keys(postgresTables).toSorted());
  });

  test('processes that write at once are each told the truth', async () => {
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
});

async function committing(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active' AND datname = current_database()`,
  );
  await client.end();
  return rows[0]!.n;
}

/** A line to the server that can lose the answer to the next COMMIT. */
async function cuttingLine(url: string) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let [isArmed, isRefusing, cuts] = [false, false, 0];
  const line = createServer((near) => {
    if (isRefusing) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    let isCut = false;
    near.on('data', (chunk: Buffer) => {
      if (isArmed && chunk.includes('COMMIT')) {
        [isArmed, isCut] = [false, true];
        cuts++;
        // Long enough for the commit itself.
        setTimeout(() => near.destroy(), 200);
      }
      far.write(chunk);
    });
    far.on('data', (chunk: Buffer) => void (isCut || near.write(chunk)));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  return {
    url: changed(url, (copy) => (copy.port = String((line.address() as AddressInfo).port))),
    cutAtCommit: () => (isArmed = true),
    refuse: () => (isRefusing = true),
    cuts: () => cuts,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => line.close(resolve));
    },
  };
}

async function waitingFor(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  );
  await client.end();
  return rows[0]!.n;
}

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(pid)]);
  return stdout.trim().split(/\s+/).map(Number);
}
