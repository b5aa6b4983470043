// What /readyz knows of its own process: a database that is away or slow, an event loop that hangs, a disk that fills.
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '@laba/storage/database';
import { systemClock, type Clock } from './clock.ts';
import { Health } from './health.ts';

let answer: () => Promise<never[]>;
let health: Health;
/** Makes 2 s of patience 50 ms of the test's time. */
const hasty: Clock = { ...systemClock, after: (ms, callback) => systemClock.after(ms / 40, callback) };

beforeEach(async () => {
  answer = async () => [];
  const db = { read: () => answer() } as unknown as Database;
  health = new Health({ db, clock: hasty, dataDir: tmpdir() });
  await health.start();
});
afterEach(() => health.stop());

test('a database that answers', async () => {
  expect(await health.databaseAnswers()).toBe(true);
  expect(health.degraded()).toEqual([]);
});

test('a database that refuses, or hangs, is away until it answers again', async () => {
  answer = () => Promise.reject(new Error('connection refused'));
  expect(await health.databaseAnswers()).toBe(false);
  expect(health.degraded()).toEqual(['database: it does not answer']);
  answer = () => new Promise(() => {});
  expect(await health.databaseAnswers()).toBe(false);
  answer = async () => [];
  expect(await health.databaseAnswers()).toBe(true);
  expect(health.degraded()).toEqual([]);
});

test('a slow database still serves', async () => {
  await health.stop();
  const db = { read: () => new Promise((resolve) => setTimeout(() => resolve([]), 550)) } as unknown as Database;
  health = new Health({ db, clock: systemClock, dataDir: tmpdir() });
  expect(await health.databaseAnswers()).toBe(true);
  expect(health.degraded()).toEqual([expect.stringMatching(/^database: slow, its last answer took \d+ ms$/)]);
});

test('an event loop that hangs again and again is told; one long step is not', async () => {
  const block = (ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  block(700);
  await wait(200);
  expect(health.degraded()).toEqual([]);
  while (health.lag().samples < 200) await wait(100);
  for (let i = 0; i < 4; i++) {
    block(700);
    await wait(50);
  }
  expect(health.lag().p99Ms).toBeGreaterThan(500);
  expect(health.degraded()).toEqual([expect.stringMatching(/^process: its event loop lags \d+ ms$/)]);
});

test('how much of the disk is free is known', () => {
  expect(health.diskFree()).toBeGreaterThan(0);
  expect(health.diskFree()).toBeLessThanOrEqual(1);
});
