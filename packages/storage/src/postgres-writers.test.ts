// What other processes do to the same PostgreSQL at the same moment, and what becomes of a COMMIT whose answer is lost.
import { and, eq, gt, lte } from 'drizzle-orm';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeIds } from '@laba/domain/ids';
import { any, one, type Database } from './database.ts';
import { names, put } from './database-under-test.test-kit.ts';
import { record, recordEach } from './events.ts';
import { byTurns, steadyRows } from './locks.ts';
import { EventOrder } from './postgres-event-order.ts';
import { command, freshPostgres, type FreshDatabase } from './postgres.test-kit.ts';
import { committing, cuttingLine, isHere, OPEN, until, waitingFor } from './postgres-trouble.test-kit.ts';
import { PostgresDatabase } from './postgres.ts';

const ids = makeIds(
  () => 1,
  (size) => crypto.getRandomValues(new Uint8Array(size)),
);

describe.skipIf(!isHere)('a PostgreSQL that others write to as well', () => {
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
