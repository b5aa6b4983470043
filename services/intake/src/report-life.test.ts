// Chapter 1, report: from the telephone, the form and the sensor to the officer's verdict.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { fakeOfficer, openRoom, type FakeRoom } from '@laba/runtime/fake-room';
import type { Deps } from '@laba/runtime/service';
import { any } from '@laba/storage/database';
import { intakeService } from './service.ts';

const GROUP = '53332410020101';
const VILLAGE = '533324100201';
const OTHER_VILLAGE = '533324101201';

const admin = fakeOfficer('admin', 'county-admin', '533324');
const county = fakeOfficer('county', 'county-officer', '533324');
const township = fakeOfficer('township', 'township-officer', '533324100');
const cadre = fakeOfficer('cadre', 'village-cadre', VILLAGE);
const stranger = fakeOfficer('stranger', 'village-cadre', OTHER_VILLAGE);

let room: FakeRoom;

beforeEach(async () => {
  room = await openRoom(intakeService, [admin, county, township, cadre, stranger]);
  const node = (code: string, tier: 'county' | 'township' | 'village' | 'group') => ({ code, tier, name: `演示${code}` });
  await room.deps.db.atomically([
    any((q, t) =>
      q
        .insert(t.gridNode)
        .values([node('533324', 'county'), node('533324100', 'township'), node(VILLAGE, 'village'), node(GROUP, 'group'), node(OTHER_VILLAGE, 'village')])
        .returning({ code: t.gridNode.code }),
    ),
  ]);
});
afterEach(() => room.close());

const report = (over: Record<string, unknown> = {}) => ({ gridCode: GROUP, hazard: 'debris-flow', text: '沟里有响声', ...over });
const send = (over: Record<string, unknown> = {}, who = cadre) =>
  room.ask<{ id: string; state: string; mergedInto: string | null; number: string; code: string }>(who, 'POST', '/api/v1/reports', report(over));
const events = () => room.deps.db.read((q, t) => q.select().from(t.event).orderBy(t.event.seq));
const stored = () => room.deps.db.read((q, t) => q.select().from(t.report).orderBy(t.report.receivedAtMs, t.report.id));

describe('a report by telephone', () => {
  it('is stored, numbered and told once', async () => {
    const answer = await send({ reporterName: '演示村民', reporterPhone: '10000000001' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ state: 'new', mergedInto: null, number: expect.stringMatching(/^[0-9A-F]{4}-[0-9A-F]{4}$/) as string });
    expect(await events()).toMatchObject([
      { type: 'report.received', who: 'officer:cadre', gridCode: GROUP, subjectId: answer.body.id, data: { hazard: 'debris-flow', source: 'telephone' } },
    ]);
  });

  it('keeps the reporter encrypted, out of lists and events, and shows him to who verifies', async () => {
    const { body } = await send({ reporterName: '演示村民', reporterPhone: '10000000001' });
    const everything = JSON.stringify([await stored(), await events(), (await room.ask(cadre, 'GET', '/api/v1/reports')).text]);
    expect(everything).not.toContain('10000000001');
    expect(everything).not.toContain('演示村民');
    const one = await room.ask(cadre, 'GET', `/api/v1/reports/${body.id}`);
    expect(one.body['reporter']).toEqual({ name: '演示村民', phone: '10000000001' });
  });

  it('never raises an alert', async () => {
    await send();
    expect(await room.deps.db.read((q, t) => q.select().from(t.alert))).toEqual([]);
    expect(await room.deps.db.read((q, t) => q.select().from(t.job))).toEqual([]);
  });

  it('with one Idempotency-Key is one report', async () => {
    const key = { 'idempotency-key': 'abc' };
    const first = await room.ask(cadre, 'POST', '/api/v1/reports', report({ hazard: 'other' }), key);
    const again = await room.ask(cadre, 'POST', '/api/v1/reports', report({ hazard: 'other' }), key);
    expect(again.body).toEqual(first.body);
    expect(await stored()).toHaveLength(1);
  });

  it.each([
    ['no such place', { gridCode: '53332410020199' }, 'unknown-code'],
    ['a place outside the scope', { gridCode: OTHER_VILLAGE }, 'out-of-scope'],
    ['a hazard nobody knows', { hazard: 'dragon' }, 'bad-input'],
    ['no hazard', { hazard: undefined }, 'bad-input'],
    ['words without end', { text: '水'.repeat(100_000) }, 'bad-text'],
    ['a need without words', { hazard: 'need', text: '' }, 'bad-text'],
    ['only invisible characters for a need', { hazard: 'need', text: '\u202e\u200b\u0007' }, 'bad-text'],
    ['a source it may not claim', { source: 'sensor' }, 'bad-input'],
    ['no place', { gridCode: '' }, 'out-of-scope'],
  ])('with %s is refused and leaves nothing', async (_name, over, code) => {
    const answer = await send(over);
    expect(answer.body.code).toBe(code);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await stored()).toEqual([]);
    expect(await events()).toEqual([]);
  });

  it('is stored with clean words', async () => {
    await send({ text: '  沟里\u202e有\u0000响声\r\n很大 ' });
    expect((await stored())[0]!.text).toBe('沟里有响声 很大');
  });
});

describe('reports of the same hazard', () => {
  it('within half an hour and one place inside the other are merged into the first', async () => {
    const first = await send();
    await room.deps.clock.advance(29 * 60_000);
    const second = await send({ gridCode: VILLAGE });
    expect(second.body).toMatchObject({ state: 'merged', mergedInto: first.body.id });
    expect((await stored())[0]).toMatchObject({ id: first.body.id, mergedCount: 1, version: 1 });
    expect((await events()).map((event) => event.type)).toEqual(['report.received', 'report.received', 'report.merged']);
  });

  it.each([
    ['after half an hour', 31, {}, county],
    ['of another hazard', 1, { hazard: 'landslide' }, county],
    ['at another place', 1, { gridCode: OTHER_VILLAGE }, county],
  ])('%s stand alone', async (_name, minutes, over, who) => {
    await send();
    await room.deps.clock.advance(minutes * 60_000);
    expect((await send(over, who)).body.state).toBe('new');
  });

  it('are never needs: two needs are two needs', async () => {
    await send({ hazard: 'need', text: '缺药' });
    expect((await send({ hazard: 'need', text: '缺药' })).body.state).toBe('new');
  });

  it('that come in the same moment become one with the rest merged', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send()));
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
    const rows = await stored();
    expect(rows.filter((row) => row.state === 'new')).toHaveLength(1);
    expect(rows.filter((row) => row.state === 'merged')).toHaveLength(19);
    expect(rows.find((row) => row.state === 'new')).toMatchObject({ mergedCount: 19 });
  });

  it('are not merged into one that an officer called false', async () => {
    const first = await send();
    await room.ask(cadre, 'POST', `/api/v1/reports/${first.body.id}/verify`, { result: 'false' });
    expect((await send()).body.state).toBe('new');
  });
});

describe('the verdict', () => {
  const verify = (id: string, verdict: unknown, who = cadre) =>
    room.ask<{ code: string; state: string; mergedInto: string }>(who, 'POST', `/api/v1/reports/${id}/verify`, verdict);

  it('is given once, by an officer of the place', async () => {
    const { body } = await send();
    expect((await verify(body.id, { result: 'true' }, stranger)).body.code).toBe('out-of-scope');
    expect((await verify(body.id, { result: 'true' })).body.state).toBe('true');
    expect((await verify(body.id, { result: 'false' }, county)).body.code).toBe('transition-refused');
    expect((await stored())[0]).toMatchObject({ state: 'true', verifiedBy: 'cadre', version: 2 });
    expect((await events()).filter((event) => event.type === 'report.verified')).toHaveLength(1);
  });

  it('of two officers at once is the verdict of one of them', async () => {
    const { body } = await send();
    const both = await Promise.all([verify(body.id, { result: 'true' }), verify(body.id, { result: 'false' }, county)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect((await events()).filter((event) => event.type === 'report.verified')).toHaveLength(1);
  });

  it('duplicate names the first, without chains and circles', async () => {
    const first = await send({ hazard: 'other', text: '一' });
    const second = await send({ hazard: 'other', text: '二' });
    const third = await send({ hazard: 'other', text: '三' });
    expect((await verify(second.body.id, { result: 'duplicate' })).body.code).toBe('bad-input');
    expect((await verify(second.body.id, { result: 'duplicate', duplicateOf: second.body.id })).body.code).toBe('bad-input');
    expect((await verify(second.body.id, { result: 'duplicate', duplicateOf: 'nothing' })).body.code).toBe('not-found');
    expect((await verify(second.body.id, { result: 'duplicate', duplicateOf: first.body.id })).body.mergedInto).toBe(first.body.id);
    expect((await verify(third.body.id, { result: 'duplicate', duplicateOf: second.body.id })).body.mergedInto).toBe(first.body.id);
    expect((await verify(first.body.id, { result: 'duplicate', duplicateOf: third.body.id })).body.code).toBe('bad-input');
    expect((await verify(first.body.id, { result: 'perhaps' })).body.code).toBe('bad-input');
  });
});

describe('the list of reports', () => {
  it('shows what lies in the scope, newest first, page by page', async () => {
    for (let i = 0; i < 205; i++) await send({ hazard: 'other', text: `第${i}条` });
    await send({ gridCode: OTHER_VILLAGE }, county);
    type Page = { reports: { id: string; text: string }[]; next: string | null };
    const first = await room.ask<Page>(cadre, 'GET', '/api/v1/reports');
    expect(first.body.reports).toHaveLength(LIMITS.rowsPerPage);
    expect(first.body.reports[0]!.text).toBe('第204条');
    const second = await room.ask<Page>(cadre, 'GET', `/api/v1/reports?after=${first.body.next}`);
    expect(second.body.reports.map((row) => row.text)).toEqual(['第4条', '第3条', '第2条', '第1条', '第0条']);
    expect(second.body.next).toBeNull();
    expect((await room.ask<Page>(stranger, 'GET', '/api/v1/reports?state=new')).body.reports).toHaveLength(1);
    expect((await room.ask<Page>(cadre, 'GET', '/api/v1/reports?state=merged')).body.reports).toHaveLength(0);
    expect((await room.ask(cadre, 'GET', '/api/v1/reports?after=nonsense')).body['code']).toBe('bad-input');
  });

  it('shows no single report outside the scope', async () => {
    const { body } = await send();
    expect((await room.ask(stranger, 'GET', `/api/v1/reports/${body.id}`)).body['code']).toBe('out-of-scope');
    expect((await room.ask(cadre, 'GET', '/api/v1/reports/nothing')).body['code']).toBe('not-found');
  });
});

describe('who may use the routes', () => {
  const routes = [
    ['POST', '/api/v1/reports', report()],
    ['GET', '/api/v1/reports', undefined],
    ['GET', '/api/v1/reports/x', undefined],
    ['POST', '/api/v1/reports/x/verify', { result: 'true' }],
    ['GET', `/api/v1/report-links/${VILLAGE}`, undefined],
    ['POST', '/api/v1/sensors', { gridCode: VILLAGE, hazard: 'rainstorm', quantity: 'rain-mm-per-hour', threshold: 30 }],
  ] as const;

  it.each(routes)('%s %s asks for a signed-in officer', async (method, url, body) => {
    expect((await room.ask(undefined, method, url, body)).body['code']).toBe('not-signed-in');
  });

  it.each([admin, county, township, cadre])('$role may do the duty, and only the administrator registers a sensor', async (officer) => {
    for (const [method, url, body] of routes) {
      const answer = await room.ask(officer, method, url, body);
      const refused = url === '/api/v1/sensors' && officer.role !== 'county-admin';
      expect(answer.body['code'] === 'role-refused', `${officer.role} ${method} ${url} → ${answer.status}`).toBe(refused);
    }
  });
});

describe('the village form', () => {
  const link = async () => (await room.ask<{ path: string; token: string }>(cadre, 'GET', `/api/v1/report-links/${VILLAGE}`)).body;
  const form = (path: string, fields: Record<string, string>) =>
    room.ask(undefined, 'POST', path, new URLSearchParams(fields).toString(), { 'content-type': 'application/x-www-form-urlencoded' });

  it('has one link per village, made at the first ask', async () => {
    const [first, second] = await Promise.all([link(), link()]);
    expect(first).toEqual(second);
    expect(first.token).toMatch(/^[\w-]{22}$/);
    expect((await events()).map((event) => event.type)).toEqual(['report.link-made']);
    expect((await room.ask(stranger, 'GET', `/api/v1/report-links/${VILLAGE}`)).body['code']).toBe('out-of-scope');
    expect((await room.ask(county, 'GET', '/api/v1/report-links/533324999999')).body['code']).toBe('unknown-code');
  });

  it('is plain HTML in Chinese and English, without any script', async () => {
    const page = await room.ask(undefined, 'GET', (await link()).path);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.text).toContain('险情报告');
    expect(page.text).toContain('Report a hazard');
    expect(page.text).not.toMatch(/<script|\son\w+=|style=/);
    expect((await room.ask(undefined, 'GET', '/report-form.css')).status).toBe(200);
  });

  it('says what was received and its number, and takes a second press for the same report', async () => {
    const { path } = await link();
    const fields = { hazard: 'rockfall', text: '<b>路上</b>有石头', once: 'once-1', reporterPhone: '10000000002' };
    const first = await form(path, fields);
    expect(first.status).toBe(201);
    const [row] = await stored();
    expect(row).toMatchObject({ source: 'web-form', hazard: 'rockfall', gridCode: VILLAGE, state: 'new' });
    expect(first.text).toContain('已收到');
    expect(first.text).toContain('&#60;b&#62;路上');
    const number = /<strong>([^<]+)<\/strong>/.exec(first.text)![1]!;
    expect(number.replace('-', '').toLowerCase()).toBe(row!.id.slice(-8));
    const again = await form(path, fields);
    expect(/<strong>([^<]+)<\/strong>/.exec(again.text)![1]).toBe(number);
    expect(await stored()).toHaveLength(1);
    expect(await events()).toMatchObject([{ type: 'report.link-made' }, { type: 'report.received', who: 'public' }]);
  });

  it('asks again when nothing was chosen, and refuses an unknown link', async () => {
    const { path } = await link();
    expect((await form(path, { text: '有事' })).text).toContain('请选择看到了什么');
    expect((await form(path, { hazard: 'constructor', text: '有事' })).status).toBe(400);
    expect((await form(path, { hazard: 'need', text: '' })).text).toContain('请用文字说明情况');
    expect((await form('/r/unknown', { hazard: 'fire' })).status).toBe(404);
    expect((await room.ask(undefined, 'GET', '/r/unknown')).status).toBe(404);
    expect(await stored()).toEqual([]);
  });

  it('takes no more from one address than the limit', async () => {
    const { path } = await link();
    const answers: number[] = [];
    for (let i = 0; i < LIMITS.publicReportsPerMinute + 1; i++) answers.push((await form(path, { hazard: 'other', text: `第${i}条`, once: `n${i}` })).status);
    expect(answers).toEqual([...Array.from({ length: LIMITS.publicReportsPerMinute }, () => 201), 429]);
    expect(await stored()).toHaveLength(LIMITS.publicReportsPerMinute);
  });
});

describe('a sensor', () => {
  const sensor = { id: 'rain-1', gridCode: VILLAGE, hazard: 'rainstorm', quantity: 'rain-mm-per-hour', threshold: 30 };
  const topic = 'laba/v1/533324/sensor/rain-1/reading';
  const reading = (readingId: string, value: number, over: Record<string, unknown> = {}) =>
    room.deps.mqtt.arrives(topic, { readingId, quantity: 'rain-mm-per-hour', value, ...over });
  beforeEach(async () => {
    const made = await room.ask(admin, 'POST', '/api/v1/sensors', sensor);
    expect(made.body).toMatchObject({ id: 'rain-1', topic, password: expect.stringMatching(/^[\w-]{43}$/) as string });
    const [row] = await room.deps.db.read((q, t) => q.select().from(t.sensor).where(eq(t.sensor.id, 'rain-1')));
    expect(row!.passwordHash).not.toContain(String(made.body['password']));
  });

  it('has its password told once: no answer that holds it is kept for a repetition', async () => {
    const made = await room.ask(admin, 'POST', '/api/v1/sensors', { ...sensor, id: 'rain-2' }, { 'idempotency-key': 'k' });
    expect(made.status).toBe(201);
    const kept = await room.deps.db.read((q, t) => q.select().from(t.idempotency));
    expect(JSON.stringify(kept)).not.toContain(String(made.body['password']));
    expect((await room.ask(admin, 'POST', '/api/v1/sensors', { ...sensor, id: 'rain-2' }, { 'idempotency-key': 'k' })).body['code']).toBe('already-done');
  });

  it('over its threshold makes a report, once per reading, and no alert', async () => {
    await reading('1', 29.9);
    await reading('2', 30);
    await reading('2', 30);
    await reading('3', 45);
    const rows = await stored();
    expect(rows.map((row) => [row.source, row.state])).toEqual(
      expect.arrayContaining([
        ['sensor', 'new'],
        ['sensor', 'merged'],
      ]),
    );
    expect(rows).toHaveLength(2);
    expect((await events()).filter((event) => event.type === 'report.received')).toHaveLength(2);
    expect((await events()).at(-1)!.who).toBe('sensor:rain-1');
    expect(await room.deps.db.read((q, t) => q.select().from(t.alert))).toEqual([]);
  });

  it('that nobody knows, or that speaks nonsense, is ignored', async () => {
    await room.deps.mqtt.arrives('laba/v1/533324/sensor/unknown/reading', { readingId: '1', quantity: 'rain-mm-per-hour', value: 99 });
    await room.deps.mqtt.arrives(topic, 'not json');
    await reading('1', 99, { quantity: 'tilt-deg' });
    await reading('x'.repeat(65), 99);
    expect(await stored()).toEqual([]);
  });

  it('cannot flood the inbox', async () => {
    for (let i = 0; i < 100; i++) await reading(`r${i}`, 50);
    expect(await stored()).toHaveLength(LIMITS.sensorReportsPerMinute);
    await room.deps.clock.advance(61_000);
    await reading('later', 50);
    expect(await stored()).toHaveLength(LIMITS.sensorReportsPerMinute + 1);
  });

  it('is not lost when the database fails: it is written when that is back, and said to wait until then', async () => {
    const { db, clock } = room.deps;
    let isAway = true;
    const refuse = () => Promise.reject(new LabaError('storage-failed'));
    const flaky: Deps['db'] = {
      read: (statement, values) => (isAway ? refuse() : db.read(statement, values)),
      atomically: (ops) => (isAway ? refuse() : db.atomically(ops)),
      onCommit: (listener) => db.onCommit(listener),
      close: async () => {},
    };
    const service = intakeService({ ...room.deps, db: flaky });
    await service.start?.();
    for (const [id, value] of [
      ['r1', 50],
      ['r2', 3],
      ['r3', 60],
    ] as const)
      await reading(id, value);
    await clock.advance(60_000);
    expect(service.degraded?.()).toEqual(['intake: 3 sensor readings wait to be written']);
    expect(await stored()).toEqual([]);
    isAway = false;
    await clock.advance(3_000);
    expect(service.degraded?.()).toEqual([]);
    expect((await stored()).map(({ text }) => /[\d.]+/.exec(text)?.[0]).sort()).toEqual(['50', '60']);
    await service.stop?.();
  });

  it('waits ten minutes at most, and of too many only some', async () => {
    const away: Deps['db'] = { ...room.deps.db, read: () => Promise.reject(new LabaError('storage-failed')) };
    const lost: string[] = [];
    const log = { ...room.deps.log, warn() {}, error: (_facts: unknown, words: string) => void lost.push(words) };
    const service = intakeService({ ...room.deps, db: away, log: log as never });
    await service.start?.();
    for (let i = 0; i < 100; i++) await reading(`r${i}`, 50);
    expect(service.degraded?.()).toEqual([`intake: ${LIMITS.sensorReportsPerMinute} sensor readings wait to be written`]);
    await room.deps.clock.advance(LIMITS.sensorWaitMs + 60_000);
    expect(service.degraded?.()).toEqual([]);
    expect(lost).toHaveLength(LIMITS.sensorReportsPerMinute);
    await service.stop?.();
  });

  it('is registered once, at a known place', async () => {
    expect((await room.ask(admin, 'POST', '/api/v1/sensors', sensor)).body['code']).toBe('already-done');
    expect((await room.ask(admin, 'POST', '/api/v1/sensors', { ...sensor, id: 'rain-2', gridCode: '533324999' })).body['code']).toBe('unknown-code');
  });
});
