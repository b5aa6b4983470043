// The queue with a spare: what its engine refuses is carried in this process, once, and nothing is left running.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LabaError } from '@laba/domain/errors';
import { MemoryQueue } from './memory-queue.ts';
import type { Queue } from './queue.ts';
import { SpareQueue } from './spare-queue.ts';
import { until } from './until.test-kit.ts';

const LANE = 'dispatch';

/** An engine that may be away, or go away in the middle of a push. */
class ShakyQueue implements Queue {
  readonly outlivesProcess = true;
  readonly inner = new MemoryQueue(async () => {});
  takes = Number.POSITIVE_INFINITY;
  closed = false;

  async push(queue: string, ids: readonly string[]): Promise<void> {
    await this.inner.push(queue, ids.slice(0, this.takes));
    if (ids.length > this.takes) throw new LabaError('overloaded', 'planted');
  }

  work(queue: string, handler: (jobId: string) => Promise<void>): void {
    this.inner.work(queue, handler);
  }

  stats() {
    return this.inner.stats();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.inner.close();
  }
}

let main: ShakyQueue;
let queue: SpareQueue;
beforeEach(() => {
  main = new ShakyQueue();
  queue = new SpareQueue(main, new MemoryQueue(async () => {}));
});
afterEach(() => queue.close());

test('while the engine takes jobs, it alone carries them', async () => {
  const seen: string[] = [];
  queue.work(LANE, async (id) => void seen.push(id));
  await queue.push(LANE, ['a', 'b'], { urgent: true });
  await until(() => seen.length === 2, 'both came');
  expect(seen).toEqual(['a', 'b']);
  expect(queue.outlivesProcess).toBe(true);
});

test('what the engine refuses is carried here, and the caller is not told', async () => {
  main.takes = 0;
  const seen: string[] = [];
  queue.work(LANE, async (id) => void seen.push(id));
  await queue.push(LANE, ['a', 'b']);
  await until(() => seen.length === 2, 'both came');
  main.takes = Number.POSITIVE_INFINITY;
  await queue.push(LANE, ['c']);
  await until(() => seen.length === 3, 'the engine is back');
});

test('what the engine took before it refused comes twice at most, and nothing is missing', async () => {
  main.takes = 1;
  const seen: string[] = [];
  queue.work(LANE, async (id) => void seen.push(id));
  await queue.push(LANE, ['a', 'b', 'c']);
  await until(() => seen.length === 4, 'all came');
  expect(seen.toSorted()).toEqual(['a', 'a', 'b', 'c']);
});

test('when neither takes them the caller is told: the jobs come again by their lease', async () => {
  main.takes = 0;
  await queue.close();
  await expect(queue.push(LANE, ['a'])).rejects.toMatchObject({ code: 'draining' });
});

test('both are counted and both are closed, after what runs has ended', async () => {
  let ended = 0;
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  queue.work(LANE, async () => {
    await gate;
    ended += 1;
  });
  await queue.push(LANE, ['a']);
  main.takes = 0;
  await queue.push(LANE, ['b']);
  await expect.poll(() => queue.stats()).toMatchObject({ running: 2 });
  const closed = queue.close();
  open();
  await closed;
  expect(ended).toBe(2);
  expect(main.closed).toBe(true);
});
