// A real Redis that is emptied, hangs, restarts or loses a worker: the queue refuses soon, tells it once, and goes on by itself.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type RedisServer } from '@laba/engines/redis-server';
import { BullmqQueue } from './bullmq-queue.ts';
import { QUEUE_POLICY } from './queues.ts';
import { hasRedis, ownPrefix } from './redis.test-kit.ts';
import { until } from './until.test-kit.ts';

const LANE = 'dispatch';
const RECOVERY_MS = 20_000;
/** Lines of one outage, and of one more that a busy machine only took for one. Every retry would be dozens. */
const BUSY_MACHINE = 4;

describe.skipIf(!hasRedis)('BullMQ on a Redis in trouble', () => {
  let dir: string;
  let redis: RedisServer;
  let prefix: string;
  let told: string[];
  let troubles: (string | undefined)[];
  const opened: BullmqQueue[] = [];

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-redis-'));
    redis = await startRedis({ dir });
  });
  afterAll(async () => {
    await redis.stop();
    rmSync(dir, { recursive: true });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close()));
  });

  async function open(): Promise<BullmqQueue> {
    const tell = (facts: Record<string, unknown>, words: string) => void told.push(`${words} ${JSON.stringify(facts)}`);
    const log = { error: tell, warn: tell, info: tell };
    const queue = await BullmqQueue.open({ url: redis.url, log, prefix, onTrouble: (words) => troubles.push(words) });
    opened.push(queue);
    return queue;
  }

  async function start(): Promise<{ queue: BullmqQueue; seen: string[] }> {
    prefix = ownPrefix();
    told = [];
    troubles = [];
    const seen: string[] = [];
    const queue = await open();
    queue.work(LANE, async (id) => void seen.push(id));
    await queue.push(LANE, ['first']);
    await until(() => seen.length === 1, 'the first came');
    return { queue, seen };
  }

  async function command(...words: string[]): Promise<unknown> {
    const line = new Redis(redis.url, { lazyConnect: true });
    try {
      await line.connect();
      return await line.call(words[0]!, ...words.slice(1));
    } finally {
      line.disconnect();
    }
  }

  async function refusedAfterMs(queue: BullmqQueue, id: string): Promise<number> {
    const begun = performance.now();
    await expect(queue.push(LANE, [id])).rejects.toThrow();
    return performance.now() - begun;
  }

  test('two processes share the work, and each job is done by one of them', async () => {
    const { queue, seen } = await start();
    const other: string[] = [];
    const second = await open();
    const slowly = (into: string[]) => async (id: string) => {
      into.push(id);
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    queue.work('alerting', slowly(seen));
    second.work('alerting', slowly(other));
    const ids = Array.from({ length: 100 }, (_, i) => `j${i}`);
    await queue.push('alerting', ids);
    await until(() => seen.length + other.length === 101, 'all came');
    expect([...seen.slice(1), ...other].sort()).toEqual(ids.sort());
    expect(seen.length).toBeGreaterThan(10);
    expect(other.length).toBeGreaterThan(10);
    await until(() => told.length === 0, 'nothing was complained of');
  });

  test('a job of a killed worker comes again', async () => {
    prefix = ownPrefix();
    told = [];
    const killed = await busyWorker();
    const queue = await open();
    await queue.push('alerting', ['lost-and-found']);
    await once(killed.stdout!, 'data');
    const seen: string[] = [];
    queue.work('alerting', async (id) => void seen.push(id));
    killed.kill('SIGKILL');
    const begun = performance.now();
    await until(() => seen.length === 1, 'it came again', RECOVERY_MS);
    expect(seen).toEqual(['lost-and-found']);
    console.info(`a killed worker's job came again after ${Math.round(performance.now() - begun)} ms`);
  });

  // A process of its own that takes one job and never ends it.
  async function busyWorker(): Promise<ChildProcess> {
    const room = JSON.stringify(new URL('bullmq-queue.ts', import.meta.url).href);
    const program = `
      const { BullmqQueue } = await import(${room});
      const log = { error() {}, warn() {}, info() {} };
      const queue = await BullmqQueue.open({ url: process.env.REDIS, prefix: process.env.PREFIX, log });
      queue.work('alerting', (id) => { process.stdout.write(id); return new Promise(() => {}); });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, REDIS: redis.url, PREFIX: prefix },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return child;
  }

  test('emptied, it carries what is pushed afterwards, also with jobs in hand', async () => {
    const { queue, seen } = await start();
    const gates: (() => void)[] = [];
    queue.work('alerting', (id) => {
      seen.push(id);
      return new Promise((resolve) => gates.push(resolve));
    });
    await queue.push('alerting', ['in-hand', 'in-hand-too']);
    await until(() => gates.length === 2, 'both are in hand');
    await queue.push(LANE, ['x'], { urgent: true });
    await command('FLUSHALL');
    gates.forEach((open) => open());
    await queue.push(LANE, ['after']);
    await queue.push('alerting', ['after-too']);
    await until(() => seen.includes('after') && seen.includes('after-too'), 'what came afterwards', RECOVERY_MS);
    gates.forEach((open) => open());
    expect(queue.degraded()).toEqual([]);
    expect(told.length).toBeLessThanOrEqual(3);
  });

  test('hanging, it is refused within about a second and told once; then the work goes on', async () => {
    const { queue, seen } = await start();
    await redis.signal('SIGSTOP');
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) waits.push(await refusedAfterMs(queue, `hung-${i}`));
    await until(() => queue.degraded().length > 0, 'it is told');
    expect(queue.degraded()).toEqual([`queue: Redis at 127.0.0.1:${redis.port} does not answer`]);
    await redis.signal('SIGCONT');
    await until(() => queue.degraded().length === 0, 'it is well again', RECOVERY_MS);
    await queue.push(LANE, ['after']);
    await until(() => seen.includes('after'), 'the work goes on', RECOVERY_MS);
    expect(Math.max(...waits)).toBeLessThan(5_000);
    expect(troubles[0]).toContain('does not answer');
    expect(told.length).toBeLessThanOrEqual(BUSY_MACHINE);
  });

  test('hanging for long enough that its lines are given up, it goes on all the same', async () => {
    const { queue, seen } = await start();
    await redis.signal('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 14_000));
    await redis.signal('SIGCONT');
    await until(() => queue.degraded().length === 0, 'it is well again', RECOVERY_MS);
    await queue.push(LANE, ['after']);
    await until(() => seen.includes('after'), 'the work goes on', RECOVERY_MS);
  });

  test('restarted empty, its workers come back by themselves, and the outage is told once', async () => {
    const { queue, seen } = await start();
    await redis.stop();
    await until(() => queue.degraded().length > 0, 'it is told');
    expect(queue.degraded()).toEqual([`queue: Redis at 127.0.0.1:${redis.port} is away`]);
    const waits: number[] = [];
    for (let i = 0; i < 20; i++) waits.push(await refusedAfterMs(queue, `gone-${i}`));
    await expect(queue.stats()).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await redis.restart();
    await until(() => queue.degraded().length === 0, 'it is well again', RECOVERY_MS);
    await queue.push(LANE, ['after'], { urgent: true });
    await until(() => seen.includes('after'), 'the work goes on', RECOVERY_MS);
    expect(Math.max(...waits)).toBeLessThan(5_000);
    expect(told.length).toBeLessThanOrEqual(BUSY_MACHINE);
    expect(troubles[0]).toContain('is away');
  });

  test('a closing process ends although Redis hangs', async () => {
    const { queue, seen } = await start();
    let open = () => {};
    queue.work('alerting', (id) => {
      seen.push(id);
      return new Promise((resolve) => (open = resolve));
    });
    await queue.push('alerting', ['in-hand']);
    await until(() => seen.includes('in-hand'), 'it is in hand');
    await redis.signal('SIGSTOP');
    try {
      let closed = false;
      const closing = queue.close().then(() => (closed = true));
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(closed).toBe(false);
      open();
      await closing;
    } finally {
      await redis.signal('SIGCONT');
    }
  });

  test('what is not urgent keeps the rate of its policy, and what is urgent passes it', async () => {
    const { queue } = await start();
    const seen: string[] = [];
    const perSecond = QUEUE_POLICY['mobilization']!.othersPerSecond!;
    const drills = Array.from({ length: 3 * perSecond }, (_, i) => `drill-${i}`);
    await queue.push('mobilization', drills);
    const begun = performance.now();
    queue.work('mobilization', async (id) => void seen.push(id));
    await until(() => seen.length >= perSecond, 'the drill spent its first second');
    await queue.push('mobilization', ['live'], { urgent: true });
    await until(() => seen.length === drills.length + 1, 'all came', RECOVERY_MS);
    expect(performance.now() - begun).toBeGreaterThan(1_500);
    expect(seen.indexOf('live')).toBeLessThan(2 * perSecond + 1);
  });

  test('nothing of a failure stays in Redis but a code', async () => {
    const { queue } = await start();
    queue.work('alerting', async () => {
      throw new Error('the phone of 王小明 is 13812345678');
    });
    await queue.push('alerting', ['bad']);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const keys = (await command('KEYS', `${prefix}:alerting:*`)) as string[];
    for (const key of keys) {
      if ((await command('TYPE', key)) !== 'hash') continue;
      expect(JSON.stringify(await command('HGETALL', key))).not.toMatch(/王小明|138/);
    }
    expect(keys.length).toBeGreaterThan(2);
  });
});
