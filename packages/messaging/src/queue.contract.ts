// What the house asks of any queue: it carries job ids at least once, urgent ones first, and only it tries again.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { Permanent, type Queue } from './queue.ts';
import { QUEUE_POLICY } from './queues.ts';
import { until } from './until.test-kit.ts';

/** A queue under test. */
export interface QueueUnderTest {
  queue: Queue;
  /** Lets `ms` go by for whatever the queue waits with between tries. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
  /** False for a queue whose limit is not a number of jobs in this process. */
  bounded: boolean;
}

const LANE = 'dispatch';
const POLICY = QUEUE_POLICY[LANE]!;

export function queueContract(name: string, start: () => Promise<QueueUnderTest>): void {
  describe(`the queue: ${name}`, () => {
    let under: QueueUnderTest;
    let queue: Queue;
    beforeEach(async () => {
      under = await start();
      queue = under.queue;
    });
    afterEach(() => under.stop());

    test('carries every id to the handler of its queue, also those pushed before there was one', async () => {
      const seen: string[] = [];
      await queue.push(LANE, ['a', 'b']);
      queue.work(LANE, async (id) => {
        seen.push(id);
      });
      queue.work('alerting', async (id) => {
        seen.push(`alerting ${id}`);
      });
      await queue.push(LANE, ['c']);
      await queue.push('alerting', ['d']);
      await until(() => seen.length === 4, 'all four came');
      expect(seen.sort()).toEqual(['a', 'alerting d', 'b', 'c']);
    });

    test('tries again after a failure, later each time, until it succeeds', async () => {
      let tries = 0;
      queue.work(LANE, async () => {
        tries += 1;
        if (tries < 3) throw new Error('planted');
      });
      await queue.push(LANE, ['a']);
      await until(() => tries === 1, 'the first try came');
      await under.pass(POLICY.backoffMs[0]! - 5);
      expect(tries).toBe(1);
      await under.pass(10);
      await until(() => tries === 2, 'the second try came');
      await under.pass(POLICY.backoffMs[1]! + 5);
      await until(() => tries === 3, 'the third try came');
      await under.pass(10_000);
      expect(tries).toBe(3);
      expect(await queue.stats()).toEqual({ waiting: 0, running: 0, failed: 0 });
    });

    test('gives up after the tries of its policy, and counts it', async () => {
      let tries = 0;
      queue.work(LANE, async () => {
        tries += 1;
        throw new Error('planted');
      });
      await queue.push(LANE, ['a']);
      for (let i = 0; i < POLICY.attempts + 2; i++) await under.pass(5_000);
      expect(tries).toBe(POLICY.attempts);
      expect((await queue.stats()).failed).toBe(1);
    });

    test('never tries what failed for good', async () => {
      let tries = 0;
      queue.work(LANE, async () => {
        tries += 1;
        throw new Permanent('planted');
      });
      await queue.push(LANE, ['a']);
      for (let i = 0; i < 3; i++) await under.pass(5_000);
      expect(tries).toBe(1);
      expect((await queue.stats()).failed).toBe(1);
    });

    test('a failing job does not stand in the way of others', async () => {
      const seen: string[] = [];
      queue.work(LANE, async (id) => {
        seen.push(id);
        if (id.startsWith('bad')) throw new Error('planted');
      });
      await queue.push(
        LANE,
        Array.from({ length: POLICY.concurrency * 2 }, (_, i) => `bad${i}`),
      );
      await queue.push(LANE, ['good']);
      await until(() => seen.includes('good'), 'the good one came without any time passing');
    });

    test('takes urgent jobs before the others that wait', async () => {
      const seen: string[] = [];
      const gates: (() => void)[] = [];
      queue.work(LANE, async (id) => {
        seen.push(id);
        if (id.startsWith('block')) await new Promise<void>((resolve) => gates.push(resolve));
      });
      await queue.push(
        LANE,
        Array.from({ length: POLICY.concurrency }, (_, i) => `block${i}`),
      );
      await until(() => gates.length === POLICY.concurrency, 'every worker is busy');
      await queue.push(LANE, ['drill-1', 'drill-2']);
      await queue.push(LANE, ['live-1', 'live-2'], { urgent: true });
      expect(await queue.stats()).toMatchObject({ waiting: 4, running: POLICY.concurrency });
      gates.forEach((open) => open());
      await until(() => seen.length === POLICY.concurrency + 4, 'all came');
      expect(seen.slice(-4)).toEqual(['live-1', 'live-2', 'drill-1', 'drill-2']);
    });

    test('runs no more at once than its policy allows', async () => {
      let now = 0;
      let most = 0;
      let done = 0;
      queue.work(LANE, async () => {
        now += 1;
        most = Math.max(most, now);
        await until(() => most >= POLICY.concurrency, 'every worker is busy');
        now -= 1;
        done += 1;
      });
      await queue.push(
        LANE,
        Array.from({ length: 200 }, (_, i) => `j${i}`),
      );
      await until(() => done === 200, 'all came');
      expect(most).toBe(POLICY.concurrency);
    });

    test('the same id may come twice, and is then carried twice', async () => {
      const seen: string[] = [];
      queue.work(LANE, async (id) => {
        seen.push(id);
      });
      await queue.push(LANE, ['a']);
      await queue.push(LANE, ['a']);
      await until(() => seen.length === 2, 'both came');
    });

    test('refuses what is beyond its limit, whole', async ({ skip }) => {
      skip(!under.bounded, 'this queue is not bounded by a number of jobs in the process');
      await queue.push(
        LANE,
        Array.from({ length: LIMITS.memoryQueueJobs }, (_, i) => `j${i}`),
      );
      await expect(queue.push(LANE, ['one', 'more'])).rejects.toMatchObject({ code: 'overloaded' });
      expect((await queue.stats()).waiting).toBe(LIMITS.memoryQueueJobs);
    });

    test('close waits for what runs, starts nothing more, and refuses what comes after', async () => {
      const seen: string[] = [];
      const gates: (() => void)[] = [];
      queue.work(LANE, async (id) => {
        seen.push(id);
        await new Promise<void>((resolve) => gates.push(resolve));
        seen.push(`end of ${id}`);
      });
      await queue.push(
        LANE,
        Array.from({ length: POLICY.concurrency }, (_, i) => `j${i}`),
      );
      await until(() => gates.length === POLICY.concurrency, 'every worker is busy');
      await queue.push(LANE, ['never']);
      let closed = false;
      const closing = queue.close().then(() => {
        closed = true;
      });
      await new Promise((resolve) => setImmediate(resolve));
      expect(closed).toBe(false);
      await expect(queue.push(LANE, ['late'])).rejects.toMatchObject({ code: 'draining' });
      gates.forEach((open) => open());
      await closing;
      expect(seen).toHaveLength(2 * POLICY.concurrency);
      expect(seen).not.toContain('never');
    });

    test('a queue nobody wrote a policy for is a mistake that is told', async () => {
      await expect(queue.push('nowhere', ['a'])).rejects.toThrow('nowhere');
    });
  });
}
