// The board of the queues in a real browser: only the county's administrator sees it, nobody changes anything, our content policy holds.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeIds } from '@laba/domain/ids';
import { findRedis, startRedis, type RedisServer } from '@laba/engines/redis-server';
import { compose, type House } from '@laba/host/compose';
import { queueBoard } from '@laba/host/queue-board';
import { BullmqQueue } from '@laba/messaging/bullmq-queue';
import { installed } from '@laba/messaging/installed.test-kit';
import { hasRedis } from '@laba/messaging/redis.test-kit';
import { systemClock } from '@laba/runtime/clock';
import { readConfig } from '@laba/runtime/config';
import { createApp, type App } from '@laba/runtime/http';
import { silentLog } from '@laba/runtime/log';
import { registrySessions } from '@laba/registry/sessions';
import { populate } from '../harness/populate.ts';
import { startChromium } from './shown-house.ts';

const PASSWORD = 'a password for stories only';

describe.skipIf(!hasRedis || findRedis() === undefined)('the board of the queues', () => {
  let dir: string;
  let redis: RedisServer;
  let queue: BullmqQueue;
  let house: House;
  let app: App;
  let url: string;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-board-'));
    redis = await startRedis({ dir: join(dir, 'redis') });
    queue = await BullmqQueue.open({ url: redis.url, log: silentLog, prefix: `test-${randomUUID()}` });
    await queue.push('dispatch', ['019a0000-job-of-the-board']);
    const config = readConfig({ LABA_DATA: join(dir, 'house'), LABA_PORT: '0', LABA_MQTT_PORT: '0' });
    house = await compose(config, { clock: systemClock, ids: makeIds(() => systemClock.now(), randomBytes), log: silentLog });
    await populate(house.deps, PASSWORD, () => 'A'.repeat(43));
    const sessions = registrySessions({ db: house.deps.db, clock: systemClock });
    const watch = (board: App) => queueBoard(board, queue.boards);
    app = await createApp({ config, db: house.deps.db, clock: systemClock, log: silentLog, sessions, degraded: () => [], watch });
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await app?.close();
    await house?.app.close();
    await house?.stop();
    await queue?.close();
    await redis?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  async function cookieOf(username: string): Promise<{ name: string; value: string }> {
    const { cookies } = await house.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username, password: PASSWORD } });
    return cookies[0]!;
  }

  test('is not for visitors, nor for officers on duty, nor to change anything', async () => {
    const ask = async (path: string, username?: string, method = 'GET') => {
      const cookie = username === undefined ? undefined : await cookieOf(username);
      const headers = cookie === undefined ? {} : { cookie: `${cookie.name}=${cookie.value}` };
      return (await fetch(url + path, { method, headers })).status;
    };
    for (const path of ['/admin/queues', '/admin/queues/', '/admin/queues/api/queues', '/admin/queues/queue/dispatch']) {
      expect(await ask(path), path).toBe(401);
      expect(await ask(path, 'duty1'), path).toBe(403);
      expect(await ask(path, 'admin'), path).toBe(200);
    }
    expect(await ask('/admin/queues/static/no-such-file.js')).toBe(401);
    expect(await ask('/admin/queues/api/queues/dispatch/pause', 'admin', 'PUT')).toBe(403);
    expect(await ask('/admin/queues/api/queues/dispatch/clean/wait', 'admin', 'PUT')).toBe(403);
  });

  test.skipIf(!installed('chromium', 'chromium'))('shows the queues under our content policy, and asks nobody else for anything', async () => {
    const browser = await startChromium();
    try {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      const { name, value } = await cookieOf('admin');
      await context.addCookies([{ name, value, url }]);
      const page = await context.newPage();
      const complaints: string[] = [];
      const strangers: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(url)) strangers.push(request.url());
      });
      const answer = await page.goto(`${url}/admin/queues/`);
      expect(answer!.headers()['content-security-policy']).toContain("script-src 'self'");
      expect(answer!.headers()['content-security-policy']).not.toContain('unsafe-inline');
      await page.waitForSelector('text=mobilization-others', { timeout: 60_000 });
      await page.goto(`${url}/admin/queues/queue/dispatch`);
      await page.waitForSelector('text=019a0000-job-of-the-board', { timeout: 60_000 });
      expect(strangers).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
