// Servers whose starter was killed outright: they go with it, and what stayed is stopped by the next start in its folder.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPostgres, startPostgres } from './postgres-server.ts';
import { findRedis, startRedis } from './redis-server.ts';
import { freeLocalPort } from './server-process.ts';

// A starter of its own, to be killed: tells the server's number and stays.
const STARTER = `
import { startRedis } from ${JSON.stringify(new URL('./redis-server.ts', import.meta.url).href)};
const server = await startRedis(JSON.parse(process.argv[2]));
process.send(server.pid);
setInterval(() => {}, 1_000);
`;

describe('a server whose starter is killed', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'laba-leftover-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const lives = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  const startAndKill = async (plan: Record<string, unknown>): Promise<number> => {
    const file = join(dir, 'starter.mjs');
    writeFileSync(file, STARTER);
    const starter = fork(file, [JSON.stringify({ dir: join(dir, 'redis'), ...plan })]);
    const [pid] = (await once(starter, 'message')) as [number];
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    return pid;
  };

  it.skipIf(findRedis() === undefined)('goes with it when it was told to', async () => {
    const pid = await startAndKill({ endsWithStarter: true });
    await expect.poll(() => lives(pid), { timeout: 60_000 }).toBe(false);
  });

  it.skipIf(findRedis() === undefined)('that stayed is stopped by the next start in its folder, at the same port', async () => {
    const port = await freeLocalPort();
    const pid = await startAndKill({ port, password: 'the-first-one' });
    expect(lives(pid)).toBe(true);
    const next = await startRedis({ dir: join(dir, 'redis'), port });
    await expect.poll(() => lives(pid), { timeout: 60_000 }).toBe(false);
    expect(next.running).toBe(true);
    await next.stop();
  });

  it.skipIf(findRedis() === undefined)('a note of a process that is not that server any more ends nobody', async () => {
    mkdirSync(join(dir, 'redis'));
    writeFileSync(join(dir, 'redis', 'process.json'), JSON.stringify({ pid: process.pid, bornAt: '1', stopSignal: 'SIGKILL' }));
    await (await startRedis({ dir: join(dir, 'redis') })).stop();
  });

  it.skipIf(findRedis() === undefined)('a port that somebody else has is one line, and his answers are not taken for ours', async () => {
    const other = createServer((socket) => socket.end('+PONG\r\n')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(startRedis({ dir: join(dir, 'redis'), port })).rejects.toThrow(`redis did not start: port ${port} is busy.`);
    other.close();
  });

  it.skipIf(findPostgres() === undefined)('PostgreSQL that was cut short while it was made is made again', async () => {
    mkdirSync(join(dir, 'pg', 'data.new'), { recursive: true });
    writeFileSync(join(dir, 'pg', 'data.new', 'PG_VERSION'), '15\n');
    const server = await startPostgres({ dir: join(dir, 'pg'), durable: false });
    // Killed before it wrote down that its database was made.
    rmSync(join(dir, 'pg', 'made'));
    await server.stop();
    await (await startPostgres({ dir: join(dir, 'pg'), durable: false })).stop();
  });
});
