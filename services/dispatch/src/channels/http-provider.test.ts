// SMS and calls by a provider over HTTP, whatever its form.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '@laba/runtime/clock';
import { channelContract, outgoing, TIMEOUT_MS } from './channel.contract.ts';
import { startHttpPeer, type HttpPeer } from './http-peer.test-kit.ts';
import { httpProvider } from './http-provider.ts';
import { providersSchema, type HttpSettings } from './provider-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'laba-provider-'));
const secretFile = join(folder, 'secret');
writeFileSync(secretFile, 'a provider secret\n');
afterAll(() => rmSync(folder, { recursive: true }));

const PHONE = '10000000001';
const settings = (change: object): HttpSettings => providersSchema.parse({ sms: { kind: 'http', timeoutMs: TIMEOUT_MS, ...change } }).sms as HttpSettings;
const provider = (change: object, name: 'sms' | 'voice' = 'sms') => httpProvider(name, settings(change), systemClock);

for (const name of ['sms', 'voice'] as const)
  channelContract(`${name} by an HTTP provider`, async () => {
    const peer = await startHttpPeer({ code: 0, data: [{ id: 77 }] }, { code: 160_040 });
    const body = { mobiles: ['{phone}'], content: '{words}' };
    const sent = { path: 'code', is: ['0'] };
    return {
      channel: provider({ url: `${peer.url}/send`, body, sent, idPath: 'data.0.id' }, name),
      to: { phone: PHONE },
      arrived: () => peer.requests.map((request) => (JSON.parse(request.body.toString()) as { content: string }).content),
      does: (what) => peer.does(what),
      goesAway: () => peer.stop(),
      stop: () => peer.stop(),
    };
  });

describe("a provider's form", () => {
  let peer: HttpPeer;
  beforeEach(async () => {
    peer = await startHttpPeer({ code: 0, data: [{ id: 77 }] });
  });
  afterEach(() => peer.stop());

  it('is filled in the address, the headers and the body, each in its own way, and never by what a message says', async () => {
    const form = { to: '{phone}', text: '{text}', mark: '{nothing}' };
    const headers = { Authorization: 'Bearer {secret}' };
    const channel = provider({ url: `${peer.url}/send?id={id}&text={text}`, headers, body: form, form: true, secretFile, idPath: 'data.0.id' });
    expect(await channel.send(outgoing({ phone: PHONE }, { id: 'm 1', text: '走 & {secret}' }))).toEqual({ outcome: 'sent', providerId: '77' });
    const [request] = peer.requests;
    expect(request!.url.searchParams.get('text')).toBe('走 & {secret}');
    expect(request!.url.searchParams.get('id')).toBe('m 1');
    expect(request!.headers.authorization).toBe('Bearer a provider secret');
    expect(Object.fromEntries(new URLSearchParams(request!.body.toString()))).toEqual({ to: PHONE, text: '走 & {secret}', mark: '{nothing}' });
  });

  it('GET has no body', async () => {
    expect(await provider({ url: `${peer.url}/send?to={phone}`, method: 'GET', body: { a: 1 } }).send(outgoing({ phone: PHONE }))).toMatchObject({
      outcome: 'sent',
    });
    expect(peer.requests[0]).toMatchObject({ method: 'GET', body: Buffer.alloc(0) });
  });

  it.each([500, 502, 503, 408])('a %i is never a yes, whatever its body says', async (status) => {
    peer.answers(status, { code: 0 });
    expect(await provider({ url: peer.url, sent: { path: 'code', is: ['0'] } }).send(outgoing({ phone: PHONE }))).toMatchObject({
      outcome: 'failed-for-now',
      reason: 'provider-error',
    });
  });

  it('the time that a busy provider names is heeded, in seconds or as a date; nonsense is not', async () => {
    const channel = provider({ url: peer.url });
    peer.answers(429, {}, { 'retry-after': '7' });
    expect(await channel.send(outgoing({ phone: PHONE }))).toEqual({ outcome: 'failed-for-now', reason: 'provider-busy', afterMs: 7_000 });
    peer.answers(503, {}, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() });
    const said = await channel.send(outgoing({ phone: PHONE }));
    expect((said as { afterMs: number }).afterMs).toBeGreaterThan(3_500_000);
    peer.answers(429, {}, { 'retry-after': 'soon' });
    expect(await channel.send(outgoing({ phone: PHONE }))).toEqual({ outcome: 'failed-for-now', reason: 'provider-busy' });
  });

  it('a redirect is not followed, and an answer without the field that means yes is a no', async () => {
    const channel = provider({ url: peer.url, sent: { path: 'code', is: ['0'], busy: ['9'] } });
    peer.answers(302, {}, { location: 'http://127.0.0.1:1/' });
    expect(await channel.send(outgoing({ phone: PHONE }))).toMatchObject({ outcome: 'failed-for-good' });
    peer.answers(200, { toString: 0 });
    expect(await channel.send(outgoing({ phone: PHONE }))).toMatchObject({ outcome: 'failed-for-good' });
    peer.answers(200, { code: 9 });
    expect(await channel.send(outgoing({ phone: PHONE }))).toMatchObject({ outcome: 'failed-for-now', reason: 'provider-busy' });
  });
});

describe('what a provider hands over', () => {
  const reply = { words: 'content', from: 'mobile', id: 'smsid', answers: 'callId' };
  const receipt = { id: 'msgid', status: 'status', delivered: ['DELIVRD'], failed: ['UNDELIV'] };
  const read = (body: unknown, change: object = {}) =>
    provider({ url: 'http://peer', incoming: { secretFile, reply, receipt, ...change } }).webhook!.read(body);

  it('is read item by item: receipts that are final, replies, and pressed keys', () => {
    const items = [
      { msgid: 77, status: 'DELIVRD' },
      { msgid: '78', status: 'UNDELIV' },
      { msgid: '79', status: 'BUFFERED' },
      { mobile: '+86 10000000001', content: '１。', smsid: 's-1' },
      { callId: 'm-1', content: 1 },
    ];
    const expected = [
      { kind: 'receipt', providerId: '77', state: 'delivered' },
      { kind: 'receipt', providerId: '78', state: 'failed' },
      { kind: 'reply', from: '+86 10000000001', words: '１。', providerId: 's-1' },
      { kind: 'reply', answers: 'm-1', words: '1' },
    ];
    expect(read(items)).toEqual(expected);
    expect(read({ data: { list: items } }, { list: 'data.list' })).toEqual(expected);
    expect(read({ list: JSON.stringify(items) }, { list: 'list' })).toEqual(expected);
    expect(read(items[3])).toEqual([expected[2]]);
  });

  it.each([[null], ['words'], [{}], [[[]]], [{ status: 'DELIVRD' }], [{ content: '1' }], [{ __proto__: null, constructor: 1 }]])('%j is refused', (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('an empty message is a message', () => {
    expect(read({ mobile: PHONE, content: '' })).toEqual([{ kind: 'reply', from: PHONE, words: '' }]);
  });
});
