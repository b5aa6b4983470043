// One Redis for all tests of a run, and a prefix of its own for each test.
import { randomUUID } from 'node:crypto';
import { findRedis, startRedis } from '@laba/engines/redis-server';
import { sharedEngine } from '@laba/engines/shared-engines.test-kit';

/** For `describe.skipIf(!hasRedis)`. @throws when LABA_REQUIRE names redis and it is missing */
export const hasRedis = lookForRedis();

function lookForRedis(): boolean {
  const found = findRedis() !== undefined;
  const isDemanded = (process.env['LABA_REQUIRE'] ?? '').split(',').some((name) => name.trim() === 'redis');
  if (!found && isDemanded) throw new Error('LABA_REQUIRE asks for redis, but redis-server is not installed.');
  return found;
}

/** The address of the Redis that all test files share: never flush it. */
export async function sharedRedisUrl(): Promise<string> {
  const { url } = await sharedEngine('redis', async (dir) => {
    const { url, pid } = await startRedis({ dir });
    return { url, pid };
  });
  return url;
}

export const ownPrefix = () => `test-${randomUUID()}`;
