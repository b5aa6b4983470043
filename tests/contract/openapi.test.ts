// The HTTP description that is served is a valid OpenAPI 3.1 document, and every route of the API says what it is for.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeIds } from '@laba/domain/ids';
import { compose, type House } from '@laba/host/compose';
import { systemClock } from '@laba/runtime/clock';
import { readConfig } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';

interface Operation {
  summary?: string;
  tags?: string[];
  responses?: Record<string, unknown>;
}

interface Served {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

let folder: string;
let house: House;
let served: Served;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'laba-openapi-'));
  const config = readConfig({ LABA_DATA: folder, LABA_PORT: '0', LABA_MQTT_PORT: '0' });
  house = await compose(config, { clock: systemClock, ids: makeIds(() => systemClock.now(), randomBytes), log: silentLog });
  await house.app.ready();
  served = (await house.app.inject('/api/v1/openapi.json')).json<Served>();
});

afterAll(async () => {
  await house.stop();
  rmSync(folder, { recursive: true });
});

const operations = (): [string, Operation][] =>
  Object.entries(served.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method.toUpperCase()} ${path}`, operation]),
  );

async function faultsOf(document: Record<string, unknown>): Promise<unknown> {
  const result = await new Validator().validate(structuredClone(document));
  return result.valid ? [] : result.errors;
}

test('the document is valid OpenAPI 3.1', async () => {
  expect(served.openapi).toBe('3.1.0');
  expect(await faultsOf({ ...served })).toEqual([]);
});

test('the validator sees a planted fault', async () => {
  expect(await faultsOf({ ...served, paths: { '/x': { get: { responses: 'none' } } } })).not.toEqual([]);
});

test('every route of the API has a summary and a tag', () => {
  const silent = operations().filter(([name, { summary, tags }]) => name.includes('/api/v1/') && (!summary || !tags?.length));
  expect(silent.map(([name]) => name)).toEqual([]);
});

test.each([
  'POST /api/v1/reports',
  'POST /api/v1/reports/{id}/verify',
  'POST /api/v1/alerts/forecast',
  'POST /api/v1/alerts',
  'POST /api/v1/alerts/{id}/approve',
  'POST /api/v1/alerts/{id}/raise',
  'POST /api/v1/alerts/{id}/update',
  'POST /api/v1/alerts/{id}/end',
  'POST /api/v1/alerts/{id}/cancel',
  'POST /api/v1/alerts/{id}/quieten',
  'GET /api/v1/alerts/{id}/coverage',
  'GET /api/v1/alerts/{id}/timeline',
  'POST /api/v1/calls/{id}/answer',
  'GET /api/v1/live',
])('%s is there: other people call it by this name', (name) => {
  expect(operations().map(([known]) => known)).toContain(name);
});
