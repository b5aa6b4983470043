// What who runs the house is told at /livez and /readyz: a process without its database takes no work, without its broker it says so.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeIds } from '@laba/domain/ids';
import { compose, type House } from '@laba/host/compose';
import { systemClock } from '@laba/runtime/clock';
import { readConfig } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { instead } from '@laba/runtime/metrics';
import type { Database } from '@laba/storage/database';
import { populate } from '../harness/populate.ts';

let folder: string;
let house: House;
let away = false;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'laba-readiness-'));
  const refused = () => Promise.reject(new Error('the database is away'));
  const database = (db: Database) => instead(db, { read: ((...asked) => (away ? refused() : db.read(...asked))) as Database['read'] });
  house = await compose(readConfig({ LABA_DATA: folder, LABA_PORT: '0', LABA_MQTT_PORT: '0' }), {
    clock: systemClock,
    ids: makeIds(() => systemClock.now(), randomBytes),
    log: silentLog,
    database,
  });
  await populate(house.deps, 'a password for stories only', () => 'A'.repeat(43));
  await house.start();
});
afterEach(async () => {
  away = false;
  await house.stop();
  rmSync(folder, { recursive: true });
});

const ask = async (path: string) => {
  const answer = await house.app.inject(path);
  return { status: answer.statusCode, body: answer.headers['content-type']?.toString().includes('json') ? answer.json<unknown>() : answer.body };
};

test('a process without its database says so, takes no work, and is well again by itself', async () => {
  expect(await ask('/readyz')).toMatchObject({ status: 200, body: { ready: true } });
  away = true;
  expect(await ask('/readyz')).toMatchObject({ status: 503, body: { ready: false, degraded: expect.arrayContaining(['database: it does not answer']) } });
  expect(await ask('/livez')).toEqual({ status: 200, body: { alive: true } });
  const { status, body } = await ask('/metrics');
  expect(status).toBe(200);
  expect(body).toContain('laba_engine_up{engine="database"} 0');
  expect(body).not.toMatch(/^laba_(outbox_age_seconds|gateways\{)/m);
  away = false;
  expect(await ask('/readyz')).toMatchObject({ status: 200, body: { ready: true, degraded: expect.not.arrayContaining(['database: it does not answer']) } });
});

test('a process without its broker goes on serving, and says so', async () => {
  await house.deps.mqtt.close();
  const { status, body } = await ask('/readyz');
  expect(status).toBe(200);
  expect((body as { degraded: string[] }).degraded.join('\n')).toMatch(/broker/i);
  expect((await ask('/metrics')).body).toContain('laba_engine_up{engine="broker"} 0');
});
