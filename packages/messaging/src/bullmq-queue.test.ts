// BullMQ on a real Redis passes what every queue of the house must pass, in real time.
import { describe } from 'vitest';
import { BullmqQueue } from './bullmq-queue.ts';
import { queueContract, type QueueUnderTest } from './queue.contract.ts';
import { hasRedis, ownPrefix, sharedRedisUrl } from './redis.test-kit.ts';

const silent = { error: () => {}, warn: () => {}, info: () => {} };

// Long enough to be told from no wait on a busy machine, short enough not to be waited for.
const stretched = (ms: number) => Math.min(ms * 10, 300);
const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.min(ms * 5, 400)));

describe.skipIf(!hasRedis)('on Redis', () => {
  queueContract('BullMQ', async (): Promise<QueueUnderTest> => {
    const queue = await BullmqQueue.open({ url: await sharedRedisUrl(), log: silent, prefix: ownPrefix(), backoffMs: stretched });
    return { queue, pass, stop: () => queue.close(), bounded: false };
  });
});
