// A recording over HTTP as it should not come: of another kind, larger than is read, and from nobody.
import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Role } from '@laba/domain/officer';
import { createApp, SESSION_COOKIE, type App } from '@laba/runtime/http';
import { encodeWav, SAMPLE_RATE } from '@laba/runtime/wav';
import { COUNTY, TestCounty } from './county.test-kit.ts';

const PATH = '/api/v1/bulletin-recordings';
const MEGABYTE = 1_048_576;
const CHUNK = Buffer.alloc(65_536, 7);
let county: TestCounty;
let app: App;
beforeEach(async () => {
  county = await TestCounty.open();
  const officer = { id: 'o-1', username: 'demo', name: '演示值班员甲', role: 'county-officer' as Role, scopes: [COUNTY] };
  const sessions = { find: async (token: string) => (token === 'x' ? { officer, csrfToken: 'token', openedAtMs: 0 } : undefined) };
  app = await createApp({ config: county.deps.config, db: county.db, clock: county.clock, log: county.deps.log, sessions, degraded: () => [] });
  county.service.routes?.(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await app.close();
  await county.close();
});

const signedIn = (key: string) => ({ cookie: `${SESSION_COOKIE}=x`, 'x-csrf-token': 'token', 'idempotency-key': key, 'content-type': 'audio/wav' });
const put = (payload: Buffer, key = 'k-1') => app.inject({ method: 'POST', url: PATH, headers: signedIn(key), payload });

interface Answer {
  status: number;
  body: { wrong?: string; figures?: Record<string, number>; code?: string };
  /** How much of it had been sent when the answer came. */
  sentBytes: number;
  /** By how much the memory for bodies grew at most meanwhile. */
  grewBytes: number;
}

/** Sends so much, a piece at a time, until it is answered. */
async function send(bytes: number, headers: Record<string, string>): Promise<Answer> {
  const beforeBytes = process.memoryUsage().arrayBuffers;
  const { port } = app.server.address() as AddressInfo;
  const sending = request({ host: '127.0.0.1', port, path: PATH, method: 'POST', headers });
  const seen: Pick<Answer, 'sentBytes' | 'grewBytes'> = { sentBytes: 0, grewBytes: 0 };
  let answer: { status: number; text: string } | undefined;
  sending.on('error', () => undefined);
  const answered = once(sending, 'response').then(async ([response]) => {
    const text = (await response.setEncoding('utf8').toArray()).join('');
    answer = { status: response.statusCode, text };
  });
  while (answer === undefined && seen.sentBytes < bytes && !sending.destroyed) {
    sending.write(CHUNK);
    seen.sentBytes += CHUNK.length;
    seen.grewBytes = Math.max(seen.grewBytes, process.memoryUsage().arrayBuffers - beforeBytes);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await answered;
  sending.destroy();
  return { ...seen, status: answer!.status, body: JSON.parse(answer!.text) };
}

it('100 MB that say so are refused in words before they are sent, and nothing of them is kept in memory', async () => {
  const { status, body, sentBytes, grewBytes } = await send(100 * MEGABYTE, { ...signedIn('k-1'), 'content-length': String(100 * MEGABYTE) });
  expect(status).toBe(413);
  expect(body).toMatchObject({ code: 'too-large', wrong: 'file-large', figures: { mb: 100, most: 32 } });
  expect(sentBytes).toBeLessThan(40 * MEGABYTE);
  expect(grewBytes).toBeLessThan(8 * MEGABYTE);
});

it('100 MB that do not say so are refused once more than is read has come', async () => {
  const { status, body, grewBytes } = await send(100 * MEGABYTE, { ...signedIn('k-1'), 'transfer-encoding': 'chunked' });
  expect(status).toBe(413);
  expect(body.code).toBe('too-large');
  expect(grewBytes).toBeLessThan(80 * MEGABYTE);
});

it.each([
  ['who never signed in', {}, 401],
  ['whose session is none', { cookie: `${SESSION_COOKIE}=made-up` }, 401],
  ['who sends no CSRF token', { cookie: `${SESSION_COOKIE}=x` }, 403],
])('of somebody %s nothing is read', async (_who, headers, wanted) => {
  const { status, sentBytes } = await send(30 * MEGABYTE, { ...headers, 'content-type': 'audio/wav', 'content-length': String(30 * MEGABYTE) });
  expect(status).toBe(wanted);
  expect(sentBytes).toBeLessThan(20 * MEGABYTE);
});

it('what is no recording is named with its figures, so that it can be said in another language; a right one is kept', async () => {
  const sine = (seconds: number, height: number) => encodeWav(Int16Array.from({ length: seconds * SAMPLE_RATE }, (_, i) => height * Math.sin(i / 6)));
  const wrong: [Buffer, string, object][] = [
    [Buffer.from('a letter'), 'file-kind', {}],
    [sine(200, 9_000), 'file-long', { seconds: 200, most: 180 }],
    [sine(3, 0), 'file-silent', { level: -120 }],
  ];
  for (const [at, [payload, name, figures]] of wrong.entries()) {
    const answer = await put(payload, `wrong-${at}`);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'bad-audio', wrong: name, figures });
  }
  expect((await put(sine(3, 9_000), 'right')).json()).toMatchObject({ seconds: 3 });
});
