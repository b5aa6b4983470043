// A PostgreSQL that is stopped, killed, hangs or cuts its connections: nothing acknowledged is lost, and the house comes back by itself.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres, type PostgresServer } from '@laba/engines/postgres-server';
import { any } from './database.ts';
import { names, put } from './database-under-test.test-kit.ts';
import { command } from './postgres.test-kit.ts';
import { isHere, until } from './postgres-trouble.test-kit.ts';
import { PostgresDatabase } from './postgres.ts';

const run = promisify(execFile);

describe.skipIf(!isHere)('a PostgreSQL that fails', () => {
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
  });

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

async function childrenOf(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', String(pid)]);
  return stdout.trim().split(/\s+/).map(Number);
}
