// What answers at LABA_REDIS_URL is looked at before anything is served: one line says what is wrong and what to do.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { startRedis, type RedisServer } from '@laba/engines/redis-server';
import { freeLocalPort } from '@laba/engines/server-process';
import { checkRedis } from './redis-line.ts';
import { hasRedis } from './redis.test-kit.ts';

const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function redisWith(settings: Record<string, string>): Promise<RedisServer> {
  const dir = mkdtempSync(join(tmpdir(), 'laba-redis-'));
  const redis = await startRedis({ dir, settings });
  ends.push(async () => {
    await redis.stop();
    rmSync(dir, { recursive: true });
  });
  return redis;
}

/** Answers every command with the same words, as some other server would. */
async function serverThatSays(answer: string): Promise<string> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) =>
      data
        .toString()
        .split('\r\n')
        .filter((word) => /^[a-z]{3,}$/i.test(word))
        .forEach(() => socket.write(answer)),
    );
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  ends.push(() => void server.close());
  return `redis://127.0.0.1:${port}/0`;
}

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;

async function refusal(url: string): Promise<string> {
  return checkRedis(url).then(
    () => 'taken',
    (error: Error) => error.message,
  );
}

test('nobody there', async () => {
  const port = await freeLocalPort();
  expect(await refusal(`redis://127.0.0.1:${port}/0`)).toBe(`LABA_REDIS_URL: nobody listens at 127.0.0.1:${port}; start Redis or correct the address.`);
});

test('no such host', async () => {
  expect(await refusal('redis://nowhere.invalid:6379/0')).toBe('LABA_REDIS_URL: there is no host of the name in nowhere.invalid:6379.');
});

test('a version that is too old is named', async () => {
  const url = await serverThatSays(bulk('redis_version:5.0.7\r\nmaxmemory_policy:noeviction\r\nrole:master\r\n'));
  expect(await refusal(url)).toContain('is version 5.0.7; Laba needs 6.2 or newer.');
});

test('a replica is refused', async () => {
  const url = await serverThatSays(bulk('redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\nrole:slave\r\n'));
  expect(await refusal(url)).toContain('is a replica and takes no writes; name its primary.');
});

test('something that is no Redis', async () => {
  const message = await refusal(await serverThatSays('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect(message).toMatch(/^LABA_REDIS_URL: 127\.0\.0\.1:\d+ cannot be used as a Redis: /);
  expect(message).not.toContain('\n');
});

test('something that never answers', async () => {
  const server = createServer(() => {});
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)));
  ends.push(() => void server.close());
  expect(await refusal(`redis://127.0.0.1:${port}/0`)).toBe(`LABA_REDIS_URL: 127.0.0.1:${port} does not answer within 3 s.`);
});

describe.skipIf(!hasRedis)('a real Redis', () => {
  test('is taken as the house starts it', async () => {
    expect(await refusal((await redisWith({})).url)).toBe('taken');
  });

  test('that would drop jobs to save memory is refused, with what to set', async () => {
    const { url, port } = await redisWith({ 'maxmemory-policy': 'allkeys-lru' });
    expect(await refusal(url)).toBe(
      `LABA_REDIS_URL: the Redis at 127.0.0.1:${port} has maxmemory-policy allkeys-lru, with which jobs vanish when memory is short; ` +
        "put 'maxmemory-policy noeviction' in redis.conf and restart it, or run: redis-cli config set maxmemory-policy noeviction",
    );
  });

  test('with another password, or asked without one, refuses', async () => {
    const { url, port } = await redisWith({});
    const refused = `LABA_REDIS_URL: the Redis at 127.0.0.1:${port} refuses this user or password.`;
    expect(await refusal(url.replace(/:[^:@]+@/, ':wrong@'))).toBe(refused);
    expect(await refusal(`redis://127.0.0.1:${port}/0`)).toBe(refused);
    expect(refused).not.toContain('wrong');
  });
});
