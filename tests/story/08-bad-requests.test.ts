// Bad input, second part: who asks, how, how often, and at the same moment as whom. Refused by name, and nothing else changes.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventType } from '@laba/domain/events';
import { BareCaller, jsonOf, type Answer, type Problem } from '../harness/bare-caller.ts';
import { MOVE_NOW } from '../harness/officer.ts';
import { isRefusal, nothingChanges, refuses } from '../harness/refusals.ts';
import { COUNTY, DASUO, UPPER } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';

let town: Town;
let admin: BareCaller;
let first: BareCaller;
let second: BareCaller;
let cadre: BareCaller;
const caller = () => new BareCaller(() => town.house.url());
beforeAll(async () => {
  town = await openTown();
  [admin, first, second, cadre] = (await Promise.all(['admin', 'duty1', 'duty2', 'cadre1'].map((name) => caller().signIn(name, PASSWORD)))) as [
    BareCaller,
    BareCaller,
    BareCaller,
    BareCaller,
  ];
});
afterAll(() => town.close());

interface Shown {
  id: string;
  version: number;
  revision: number;
  approvals: unknown[];
}

const order = (more: Record<string, unknown> = {}) => ({
  mode: 'test',
  kind: 'order',
  order: 'move-now',
  areaCodes: [UPPER],
  eventCode: '11D00',
  durationMinutes: 30,
  ...more,
});
const countyRed = (words: string) => order({ mode: 'live', areaCodes: [COUNTY], texts: [{ language: 'zh-CN', title: '通知', text: words }] });
const seen = ({ version }: Shown) => ({ 'if-match': `"${version}"` });
async function drafted(by: BareCaller, body: unknown = order()): Promise<Shown> {
  const answer = await by.post('/api/v1/alerts', body);
  expect(answer.status, answer.text).toBe(201);
  return jsonOf<Shown>(answer);
}
async function raised(by: BareCaller): Promise<Shown> {
  const alert = await drafted(by);
  const answer = await by.post(`/api/v1/alerts/${alert.id}/raise`);
  expect(answer.status, answer.text).toBe(200);
  await reported(alert);
  return jsonOf<Shown>(answer);
}
async function reported(alert: Shown): Promise<void> {
  await town.eventually('every pole has reported', async () => {
    const { queued = 0, sent = 0, ...done } = await town.deliveryStates(alert.id);
    return queued + sent === 0 && Object.keys(done).length > 0;
  });
}

describe('two officers at the same moment: exactly one wins', () => {
  async function oneWins(alert: Shown, types: EventType[], attempts: Promise<Answer>[]): Promise<void> {
    const answers = await Promise.all(attempts);
    expect(answers.map((answer) => Math.floor(answer.status / 100)).sort(), answers.map((answer) => answer.text).join('\n')).toEqual([2, 4]);
    const lost = answers.find((answer) => answer.status >= 300)!;
    const { code } = jsonOf<Problem>(lost);
    expect(['changed-meanwhile', 'transition-refused']).toContain(code);
    isRefusal(lost, code as 'changed-meanwhile');
    const told = await town.house.deps.db.read((q, t) => q.select({ type: t.event.type }).from(t.event).where(eq(t.event.alertId, alert.id)));
    expect(told.filter(({ type }) => types.includes(type as EventType))).toHaveLength(1);
    await town.clock.settle();
  }

  it('raise and raise', async () => {
    const alert = await drafted(first);
    await oneWins(
      alert,
      ['alert.raised'],
      [first, second].map((officer) => officer.post(`/api/v1/alerts/${alert.id}/raise`)),
    );
    await reported(alert);
  });

  it('end and cancel', async () => {
    const alert = await raised(first);
    await oneWins(
      alert,
      ['alert.ended', 'alert.cancelled'],
      [first.post(`/api/v1/alerts/${alert.id}/end`, { checkedBy: '演示监测员' }), second.post(`/api/v1/alerts/${alert.id}/cancel`, { reason: '误发' })],
    );
  });

  it('approve and edit', async () => {
    const alert = await drafted(first, countyRed('大家转移。'));
    await oneWins(
      alert,
      ['alert.approved', 'alert.edited'],
      [
        second.post(`/api/v1/alerts/${alert.id}/approve`, { means: 'screen' }, seen(alert)),
        first.send('PATCH', `/api/v1/alerts/${alert.id}`, { body: countyRed('大家马上转移。'), headers: seen(alert) }),
      ],
    );
  });

  it('update and update', async () => {
    const alert = await raised(first);
    await oneWins(
      alert,
      ['alert.updated'],
      [first, second].map((officer) => officer.post(`/api/v1/alerts/${alert.id}/update`, order({ areaCodes: [DASUO] }), seen(alert))),
    );
    expect(jsonOf<Shown>(await first.get(`/api/v1/alerts/${alert.id}`)).revision).toBe(2);
  });
});

describe('an act that is not possible', () => {
  it('a second raise of the same alert', async () => {
    const alert = await raised(first);
    await refuses(town, 'transition-refused', () => second.post(`/api/v1/alerts/${alert.id}/raise`), /possible now/);
  });

  it('approval by who wrote the words, and by who is asked twice', async () => {
    const alert = await drafted(first, countyRed('大家转移。'));
    await refuses(town, 'same-officer', () => first.post(`/api/v1/alerts/${alert.id}/approve`, { means: 'screen' }));
    await refuses(town, 'approval-needed', () => first.post(`/api/v1/alerts/${alert.id}/raise`), /second officer/);
    expect((await second.post(`/api/v1/alerts/${alert.id}/approve`, { means: 'screen' })).status).toBe(200);
    await refuses(town, 'already-done', () => second.post(`/api/v1/alerts/${alert.id}/approve`, { means: 'screen' }));
  });

  it('raise by a role that may not', async () => {
    const policy = jsonOf<{ version: number; rows: { name: string; roles: string[] }[] }>(await admin.get('/api/v1/policy'));
    const { version: _version, ...rules } = policy;
    const onlyCounty = { ...rules, rows: rules.rows.map((row) => (row.name === 'path test' ? { ...row, roles: ['county-admin', 'county-officer'] } : row)) };
    expect((await admin.send('PUT', '/api/v1/policy', { body: onlyCounty })).status).toBe(200);
    const alert = await drafted(cadre);
    await refuses(town, 'role-refused', () => cadre.post(`/api/v1/alerts/${alert.id}/raise`), /who may: county/);
    await refuses(town, 'role-refused', () => cadre.send('PUT', '/api/v1/policy', { body: rules }));
    expect((await admin.send('PUT', '/api/v1/policy', { body: rules })).status).toBe(200);
  });

  it('an If-Match that is old, or no ETag at all', async () => {
    const alert = await raised(first);
    const act = (tag: string) => () => first.post(`/api/v1/alerts/${alert.id}/quieten`, {}, { 'if-match': tag });
    await refuses(town, 'changed-meanwhile', act(`"${alert.version - 1}"`));
    for (const tag of ['1', '"one"', '""', '"1", "2"', '"99999999999999999999"']) await refuses(town, 'bad-input', act(tag), /ETag/);
  });
});

describe('the same request again', () => {
  it('is carried out once and answered alike', async () => {
    const key = { 'idempotency-key': 'draft-1' };
    const once = await first.post('/api/v1/alerts', order(), key);
    const again = await nothingChanges(town, () => first.post('/api/v1/alerts', order(), key));
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([once.status, once.text, 'true']);
  });

  it('sent ten times at once makes one alert', async () => {
    const before = await town.house.deps.db.read((q, t) => q.select({ id: t.alert.id }).from(t.alert));
    const answers = await Promise.all(Array.from({ length: 10 }, () => first.post('/api/v1/alerts', order(), { 'idempotency-key': 'draft-2' })));
    expect((await town.house.deps.db.read((q, t) => q.select({ id: t.alert.id }).from(t.alert))).length).toBe(before.length + 1);
    for (const answer of answers.filter(({ status }) => status !== 201)) isRefusal(answer, 'already-done');
  });

  it('under the same key with another body is refused, and with a key that is none', async () => {
    await first.post('/api/v1/alerts', order(), { 'idempotency-key': 'draft-3' });
    await refuses(town, 'idempotency-mismatch', () => first.post('/api/v1/alerts', order({ durationMinutes: 31 }), { 'idempotency-key': 'draft-3' }));
    await refuses(town, 'bad-input', () => first.post('/api/v1/alerts', order(), { 'idempotency-key': 'k'.repeat(129) }), /Idempotency-Key/);
  });
});

describe('who asks', () => {
  it('without a session, with a made-up one, without or with a wrong CSRF token is refused', async () => {
    await refuses(town, 'not-signed-in', () => caller().post('/api/v1/alerts', order()));
    for (const cookie of [
      'laba_session=',
      'laba_session=x',
      `laba_session=${'A'.repeat(43)}`,
      "laba_session=' or 1=1 --",
      'laba_session=%00%ff',
      `laba_session=${'x'.repeat(5_000)}`,
    ])
      await refuses(town, 'not-signed-in', () => caller().post('/api/v1/alerts', order(), { cookie }));
    await refuses(town, 'csrf-missing', () => first.post('/api/v1/alerts', order(), { 'x-csrf-token': undefined }));
    for (const token of ['', 'x', 'A'.repeat(43), 'A'.repeat(10_000)])
      await refuses(town, 'csrf-missing', () => first.post('/api/v1/alerts', order(), { 'x-csrf-token': token }));
    await refuses(town, 'csrf-missing', () => first.post('/api/v1/alerts', { ...order(), csrfToken: { toString: 'x' } }, { 'x-csrf-token': undefined }));
  });

  it('with a session that expired is refused', async () => {
    const late = await caller().signIn('town1', PASSWORD);
    expect((await late.get('/api/v1/sessions/current')).status).toBe(200);
    const now = town.clock.now();
    town.clock.set(now + 12 * 3_600_000);
    await refuses(town, 'not-signed-in', () => late.post('/api/v1/alerts', order()));
    town.clock.set(now);
  });

  it('with the session of an officer disabled meanwhile is refused', async () => {
    const leaver = await caller().signIn('cadre2', PASSWORD);
    const { officer } = jsonOf<{ officer: { id: string } }>(await leaver.get('/api/v1/sessions/current'));
    expect((await admin.post(`/api/v1/officers/${officer.id}/disable`)).status).toBe(200);
    await refuses(town, 'not-signed-in', () => leaver.post('/api/v1/alerts', order()));
    isRefusal(await caller().post('/api/v1/sessions', { username: 'cadre2', password: PASSWORD }), 'sign-in-failed');
  });
});

describe('bodies', () => {
  const send =
    (body: string | Buffer, headers: Record<string, string> = {}) =>
    () =>
      first.post('/api/v1/alerts', body, headers);

  it('of 2 MB are refused', async () => {
    await refuses(town, 'too-large', send(Buffer.alloc(2 * 1_048_576, ' ')), /1048576 bytes/);
  });

  it.each([
    ['10,000 deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, /body/],
    ['10,000 deep in a field', `{"mode":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`, undefined],
    ['half a million deep', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, undefined],
    ['cut off', '{"mode":"live",', undefined],
    ['empty', '', undefined],
    ['no JSON', 'mode=live', undefined],
    ['an array', JSON.stringify([order()]), /body/],
    ['null', 'null', /body/],
    ['a word', '"live"', /body/],
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), undefined],
    ['with __proto__', `{"__proto__":{"mode":"live"},${JSON.stringify(order()).slice(1)}`, undefined],
    ['with constructor.prototype', `{"constructor":{"prototype":{"mode":"live"}},${JSON.stringify(order()).slice(1)}`, undefined],
  ])('%s are refused by name', async (_what, body, says) => {
    const answer = await nothingChanges(town, send(body));
    const { code } = jsonOf<Problem>(answer);
    expect(['bad-input', 'mode-required']).toContain(code);
    isRefusal(answer, code as 'bad-input', says);
    expect(({} as Record<string, unknown>)['mode']).toBeUndefined();
  });

  it.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'nonsense', 'text/csv'])(
    'sent as %s are refused, and told what to send',
    async (type) => {
      await refuses(town, 'bad-input', send(JSON.stringify(order()), { 'content-type': type }), /application\/json/);
    },
  );
});

describe('paths', () => {
  it.each([
    '/api/v1/nothing',
    '/api/v2/alerts',
    '/wp-login.php',
    '/audio/',
    '/audio/%00.wav',
    `/audio/${'0'.repeat(64)}.wav`,
    '/audio/..%2f..%2fsecret.key',
    '/audio/../../secret.key',
    `/audio/${'0'.repeat(63)}%00.wav`,
    '/assets/..%2fservice.ts',
    '/assets/../service.ts',
    '/assets/%2e%2e%2fservice.ts',
    '/assets/page.html%00',
    '/assets/constructor',
    '/assets/__proto__',
    '/assets/page.html%00.js',
    `/assets/${'x'.repeat(3_000)}`,
    '//etc/passwd',
    '/api/v1/alerts/..%2f..%2flivez',
  ])('%s leads nowhere', async (path) => {
    const answer = await nothingChanges(town, () => first.get(path));
    const { code } = jsonOf<Problem>(answer);
    expect(['not-found', 'bad-input']).toContain(code);
    isRefusal(answer, code as 'not-found');
  });

  it.each(['/%', '/audio/%c0%af', '/assets/%ff', '/m/%zz', '/r/%e0%80'])('%s is no path', async (path) => {
    await refuses(town, 'bad-input', () => first.get(path));
  });

  it('a method that nothing knows leads nowhere', async () => {
    await refuses(town, 'not-found', () => first.send('PUT', '/api/v1/alerts', { body: {} }));
  });

  it('a header larger than programs take is refused by name', async () => {
    await refuses(town, 'too-large', () => first.get(`/livez?${'x'.repeat(100_000)}`));
  });
});

describe('searches', () => {
  it('take %, _ and quotes as the signs they are', async () => {
    for (const words of ['%', '_', '%%', '53332410120_', '\\', "' or 1=1 --", '*', '\0', '\u202e']) {
      const answer = await nothingChanges(town, () => first.get(`/api/v1/grid/search?q=${encodeURIComponent(words)}`));
      expect([answer.status, jsonOf<{ nodes: unknown[] }>(answer).nodes], words).toEqual([200, []]);
    }
  });

  it.each([
    '/api/v1/grid/search',
    `/api/v1/grid/search?q=${'x'.repeat(65)}`,
    '/api/v1/grid/search?q=a&q=b',
    '/api/v1/grid?depth=-1',
    '/api/v1/grid?under=5333241',
    '/api/v1/reports?after=%00',
    '/api/v1/reports?state=open',
    '/api/v1/alerts?state=raised%27',
    '/api/v1/sites?limit=1e9',
    '/api/v1/sites?limit=0',
  ])('%s is refused', async (path) => {
    await refuses(town, 'bad-input', () => first.get(path));
  });
});

it('after all of this a plain alert still sounds', async () => {
  await (await town.officer('cadre1')).orders({ at: [DASUO] });
  expect(await town.speaker('dasuo-1').hears(MOVE_NOW)).toHaveLength(1);
  expect(await town.brokenPromises()).toEqual([]);
});
