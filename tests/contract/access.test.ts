// Every documented route, tried by those who must not: without a session, and with one but without its CSRF token.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIds } from '@laba/domain/ids';
import { compose, type House } from '@laba/host/compose';
import { systemClock } from '@laba/runtime/clock';
import { readConfig } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { populate } from '../harness/populate.ts';

const PASSWORD = 'a password for stories only';

/** Open to anyone by design; each checks its own secret or limit. Adding one here is a decision. */
const OPEN = new Set([
  'GET /livez',
  'GET /readyz',
  'POST /api/v1/sessions',
  // By a local code, at the house of a village; a county's has no such door.
  'POST /api/v1/local-sessions',
  'GET /audio/{file}',
  'POST /api/v1/gateways/claim',
  'POST /api/v1/houses/claim',
  // Only with the word that the county's broker knows; where no broker asks there is no such door.
  'POST /api/v1/broker/authenticate',
  'POST /api/v1/broker/authorize',
  // Only with the secret of the channel's provider; without such a provider there is no such door.
  'POST /api/v1/channels/{channel}/incoming',
  // A public key, and the link of one's own call.
  'GET /api/v1/push-key',
  'POST /m/{token}/push',
  'POST /api/v1/calls/{id}/answer',
  'GET /m/{token}/state',
  'POST /m/{token}/answers',
  'POST /m/{token}/reports',
  'GET /m/{token}/events',
  'POST /m/{token}/safety',
  // A helper's own doors, by his personal link.
  'GET /m/{token}/rollcall',
  'POST /m/{token}/rollcall/persons/{personId}/mark',
  'POST /m/{token}/rollcall/households/{householdId}/mark',
  'POST /m/{token}/rollcall/found',
  'GET /r/{token}',
  'POST /r/{token}',
  'GET /report-form.css',
  // Who is on no list joins by the code that an officer opened.
  'GET /j/{code}',
  'POST /j/{code}',
  'GET /first/{token}',
  'POST /first/{token}',
]);

describe('every documented route', () => {
  let folder: string;
  let house: House;
  let operations: { name: string; method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; url: string }[];
  let cookie: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'laba-access-'));
    house = await compose(readConfig({ LABA_DATA: folder, LABA_PORT: '0', LABA_MQTT_PORT: '0' }), {
      clock: systemClock,
      ids: makeIds(() => systemClock.now(), randomBytes),
      log: silentLog,
    });
    await populate(house.deps, PASSWORD, () => 'A'.repeat(43));
    await house.app.ready();
    const { paths } = (await house.app.inject('/api/v1/openapi.json')).json<{ paths: Record<string, Record<string, unknown>> }>();
    operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => {
        const verb = method.toUpperCase() as 'GET';
        return { name: `${verb} ${path}`, method: verb, url: path.replaceAll(/\{\w+\}/g, 'nobody') };
      }),
    );
    const signedIn = await house.app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username: 'admin', password: PASSWORD } });
    cookie = signedIn.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  });
  afterAll(async () => {
    await house.app.close();
    await house.stop();
    rmSync(folder, { recursive: true });
  });

  it('is refused without a session, unless it is open by design', async () => {
    const closed = operations.filter((one) => !OPEN.has(one.name));
    expect(closed.length).toBeGreaterThan(40);
    const answers = await Promise.all(
      closed.map(async ({ name, method, url }) => ({
        name,
        code: codeOf(await house.app.inject({ method, url, headers: { 'content-type': 'application/json' }, ...(method === 'GET' ? {} : { payload: '{}' }) })),
      })),
    );
    expect(answers.filter((answer) => answer.code !== 'not-signed-in')).toEqual([]);
  });

  it('that changes something is refused with a session but without its CSRF token', async () => {
    const changing = operations.filter((one) => !OPEN.has(one.name) && one.method !== 'GET');
    expect(changing.length).toBeGreaterThan(20);
    for (const { name, method, url } of changing) {
      const response = await house.app.inject({ method, url, headers: { cookie, 'content-type': 'application/json' }, payload: '{}' });
      expect([name, codeOf(response)]).toEqual([name, 'csrf-missing']);
    }
  });
});

function codeOf(response: { statusCode: number; body: string }): string {
  try {
    return (JSON.parse(response.body) as { code?: string }).code ?? String(response.statusCode);
  } catch {
    return String(response.statusCode);
  }
}
