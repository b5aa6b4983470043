// An officer of the county comes into the village's own house by a code of digits, and nobody else does.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import type { App } from '@laba/runtime/http';
import { any } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import {
  anybody,
  COUNTY,
  eventsOf,
  furnish,
  GROUP,
  officer,
  openApp,
  openHouse,
  OTHER_TOWNSHIP,
  signedIn,
  TOWNSHIP,
  VILLAGE,
  type Caller,
  type TestHouse,
} from '../test-house.ts';
import { introduce, tellDown } from './two-houses.test-kit.ts';
import { voidLocalCodes } from './void-local-codes.ts';

const OTHER_VILLAGE = '533324102201';

let county: TestHouse;
let village: TestHouse;
let countyApp: App;
let villageApp: App;
let admin: Caller;
let cadre: Officer;

beforeEach(async () => {
  county = openHouse();
  village = openHouse({ node: VILLAGE });
  await furnish(county);
  await officer(county, 'county-admin', [COUNTY], 'admin');
  cadre = await officer(county, 'village-cadre', [VILLAGE], 'cadre');
  [countyApp, villageApp] = [await openApp(county), await openApp(village)];
  admin = await signedIn(countyApp, 'admin');
  await introduce(county, village, VILLAGE);
});
afterEach(async () => {
  await countyApp.close();
  await villageApp.close();
});

interface Made {
  id: string;
  code: string;
}
async function make(by: Caller, officerId: string, gridCode = VILLAGE, replaces?: string): Promise<Made> {
  const { status, body, text } = await by.post('/api/v1/local-codes', { officerId, gridCode, replaces });
  if (status !== 201) throw new Error(text);
  return body as unknown as Made;
}
const tell = () => tellDown(county, village, VILLAGE);
let address = 0;
const tryIn = (username: string, code: string) =>
  villageApp.inject({ method: 'POST', url: '/api/v1/local-sessions', payload: { username, code }, remoteAddress: `10.9.0.${++address % 250}` });
async function inside(username: string, code: string): Promise<Caller> {
  const answer = await tryIn(username, code);
  expect(answer.statusCode, answer.body).toBe(200);
  return anybody(villageApp, { cookie: `laba_session=${answer.cookies[0]!.value}`, 'x-csrf-token': answer.json<{ csrfToken: string }>().csrfToken });
}
const isIn = async (caller: Caller) => (await caller.get('/api/v1/sessions/current')).status === 200;
const wrong = (code: string) => `${(Number(code[0]) + 1) % 10}${code.slice(1)}`;
const rowsAt = (house: TestHouse) => house.db.read((q, t) => q.select().from(t.localOfficer));
const typesAt = async (house: TestHouse) => (await eventsOf(house)).map(({ type }) => type).filter((type) => type.startsWith('officer.'));

test('a code is ten digits, told once, kept as argon2id, and in no event and no answer', async () => {
  const { code } = await make(admin, cadre.id);
  expect(code).toMatch(/^\d{5} \d{5}$/);
  expect(await rowsAt(county)).toMatchObject([{ officerId: cadre.id, gridCode: VILLAGE, scopes: [VILLAGE], failures: 0 }]);
  expect((await rowsAt(county))[0]!.codeVerifier).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  await tell();
  await inside('cadre', code);
  const digits = code.replace(' ', '');
  for (const house of [county, village]) {
    const kept = JSON.stringify(
      await Promise.all([house.db.read((q, t) => q.select().from(t.event)), rowsAt(house), house.db.read((q, t) => q.select().from(t.idempotency))]),
    );
    expect(kept).not.toMatch(new RegExp(`${digits}|${code}`));
  }
  expect((await admin.get('/api/v1/local-codes')).text).not.toContain(code);
  expect(await typesAt(county)).toContain('officer.local-code-made');
  expect(await typesAt(village)).toContain('officer.signed-in');
});

test('the same request asked again does not tell the code again', async () => {
  const body = { officerId: cadre.id, gridCode: VILLAGE };
  const first = await admin.post('/api/v1/local-codes', body, { 'idempotency-key': 'k' });
  const again = await admin.post('/api/v1/local-codes', body, { 'idempotency-key': 'k' });
  expect([first.status, again.status, again.body['code']]).toEqual([201, 409, 'already-done']);
});

test('it is typed as it comes: with spaces, dashes or wide digits', async () => {
  const { code } = await make(admin, cadre.id);
  await tell();
  const wide = [...code].map((char) => (char === ' ' ? '－' : String.fromCodePoint(char.codePointAt(0)! + 0xfee0))).join('');
  for (const typed of [code, code.replace(' ', ''), ` ${code.replace(' ', '-')} `, wide]) expect((await tryIn(' CADRE', typed)).statusCode).toBe(200);
});

test('whoever comes by it may there what a cadre may, in that village only, whatever he is in the county', async () => {
  const duty = await officer(county, 'county-officer', [COUNTY], 'duty');
  const me = await signedIn(countyApp, 'duty');
  const { code } = await make(me, duty.id);
  await tell();
  expect((await rowsAt(county))[0]!.scopes).toEqual([VILLAGE]);
  // Even if the row said more.
  await village.db.atomically([
    any((q, t) =>
      q
        .update(t.localOfficer)
        .set({ scopes: [COUNTY] })
        .returning({ id: t.localOfficer.id }),
    ),
  ]);
  const here = await inside('duty', code);
  expect((await here.get('/api/v1/sessions/current')).body).toMatchObject({
    officer: { id: duty.id, name: duty.name, role: 'village-cadre', scopes: [VILLAGE] },
  });
  for (const [method, url] of [
    ['get', '/api/v1/officers'],
    ['get', '/api/v1/keys'],
    ['get', '/api/v1/grid/kept'],
  ] as const)
    expect([403, 404]).toContain((await here[method](url)).status);
  expect((await here.post('/api/v1/imports/divisions', 'x', { 'content-type': 'text/csv' })).body).toMatchObject({ code: 'role-refused' });
  expect((await here.post('/api/v1/keys', { scope: VILLAGE })).body).toMatchObject({ code: 'role-refused' });
  expect((await here.post('/api/v1/gateways/claim-codes', { siteId: 'room-1' })).body).toMatchObject({ code: 'role-refused' });
  // A stolen box lets nobody else in.
  expect((await here.post('/api/v1/local-codes', { officerId: duty.id, gridCode: VILLAGE })).body).toMatchObject({ code: 'transition-refused' });
  expect((await here.post(`/api/v1/local-codes/${(await rowsAt(village))[0]!.id}/revoke`)).body).toMatchObject({ code: 'transition-refused' });
});

test('a code for one village reaches no other village, and no password of anybody reaches any', async () => {
  const other = openHouse({ node: OTHER_VILLAGE });
  await introduce(county, other, OTHER_VILLAGE);
  const { code } = await make(admin, cadre.id);
  await tell();
  await tellDown(county, other, OTHER_VILLAGE);
  expect(await rowsAt(other)).toEqual([]);
  expect(await village.db.read((q, t) => q.select().from(t.officer))).toEqual([]);
  const otherApp = await openApp(other);
  const answer = await otherApp.inject({ method: 'POST', url: '/api/v1/local-sessions', payload: { username: 'cadre', code } });
  expect(answer.json()).toMatchObject({ code: 'local-code-wrong' });
  await otherApp.close();
  // Neither does it open the house of the township above it, nor the county's.
  const township = openHouse({ node: TOWNSHIP });
  await introduce(county, township, TOWNSHIP);
  await tellDown(county, township, TOWNSHIP);
  expect(await rowsAt(township)).toHaveLength(1);
  const townshipApp = await openApp(township);
  expect((await townshipApp.inject({ method: 'POST', url: '/api/v1/local-sessions', payload: { username: 'cadre', code } })).statusCode).toBe(401);
  await townshipApp.close();
  expect((await anybody(countyApp).post('/api/v1/local-sessions', { username: 'cadre', code })).status).toBe(404);
  expect((await anybody(countyApp).get('/sign-in')).status).toBe(404);
});

test('a box that says codes of its own is not believed above', async () => {
  const forged = { ...(await made()), id: 'forged', officerId: 'stranger', username: 'stranger' };
  await village.db.atomically([any((q, t) => q.insert(t.localOfficer).values(forged).returning({ id: t.localOfficer.id }))]);
  await tellDown(village, county, VILLAGE);
  expect((await rowsAt(county)).map(({ id }) => id)).toHaveLength(1);
  await tell();
  expect((await rowsAt(county)).some(({ id }) => id === 'forged')).toBe(false);
});

async function made() {
  await make(admin, cadre.id);
  await tell();
  return (await rowsAt(village))[0]!;
}

test('five wrong codes lock for two minutes, also over a restart; the right one after that is let in', async () => {
  const { code } = await make(admin, cadre.id);
  await tell();
  for (let i = 0; i < LIMITS.localCodeFailures; i++) expect((await tryIn('cadre', wrong(code))).json()).toMatchObject({ code: 'local-code-wrong' });
  expect((await tryIn('cadre', code)).json()).toMatchObject({ code: 'local-code-locked' });
  await villageApp.close();
  villageApp = await openApp(village);
  // What the county tells of him again does not unlock.
  await county.db.atomically([any((q, t) => q.update(t.localOfficer).set({ name: '演示改名' }).returning({ id: t.localOfficer.id }))]);
  await tell();
  expect((await rowsAt(village))[0]).toMatchObject({ name: '演示改名', failures: LIMITS.localCodeFailures });
  await village.clock.advance(LIMITS.localCodeLockMs - 1);
  expect((await tryIn('cadre', code)).json()).toMatchObject({ code: 'local-code-locked' });
  await village.clock.advance(1);
  expect((await tryIn('cadre', code)).statusCode).toBe(200);
  expect((await typesAt(village)).filter((type) => type === 'officer.locked-out')).toHaveLength(1);
});

test('four wrong codes and a right one leave no failures behind', async () => {
  const { code } = await make(admin, cadre.id);
  await tell();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < LIMITS.localCodeFailures - 1; i++) await tryIn('cadre', wrong(code));
    expect((await tryIn('cadre', code)).statusCode).toBe(200);
  }
});

test('forty wrong codes at once give no more than five tries, and lock once', async () => {
  const { code } = await make(admin, cadre.id);
  await tell();
  const answers = await Promise.all(Array.from({ length: 40 }, () => tryIn('cadre', wrong(code))));
  expect(answers.filter((answer) => answer.statusCode === 401)).toHaveLength(LIMITS.localCodeFailures);
  expect(answers.filter((answer) => answer.json<{ code: string }>().code === 'too-many-requests').length).toBeGreaterThan(0);
  expect((await typesAt(village)).filter((type) => type === 'officer.locked-out')).toHaveLength(1);
});

test('sign-ins at the door come one after the other, whoever is named, and the line has an end', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => tryIn(`nobody${i}`, '00000 00000')));
  const codes = Map.groupBy(answers, (answer) => answer.json<{ code: string }>().code);
  expect(codes.get('local-code-wrong')).toHaveLength(LIMITS.signInsPerMinute);
  expect(codes.get('too-many-requests')).toHaveLength(40 - LIMITS.signInsPerMinute);
});

test('a clock that jumps back by years does not lock anybody out for years, and gives no tries', async () => {
  const { code } = await make(admin, cadre.id);
  await tell();
  for (let i = 0; i < LIMITS.localCodeFailures; i++) await tryIn('cadre', wrong(code));
  for (let i = 0; i < LIMITS.localCodeFailures; i++) await tryIn('nobody', code);
  village.clock.set(1_000);
  expect((await tryIn('nobody', code)).json()).toMatchObject({ code: 'local-code-locked' });
  expect((await tryIn('cadre', code)).json()).toMatchObject({ code: 'local-code-locked' });
  await village.clock.advance(LIMITS.localCodeLockMs - 1);
  expect((await tryIn('cadre', code)).json()).toMatchObject({ code: 'local-code-locked' });
  expect((await tryIn('nobody', code)).json()).toMatchObject({ code: 'local-code-locked' });
  await village.clock.advance(1);
  expect((await tryIn('nobody', code)).json()).toMatchObject({ code: 'local-code-wrong' });
  expect((await tryIn('cadre', code)).statusCode).toBe(200);
});

test('a name that has no code gives the same answers, locks alike, and takes as long', async () => {
  await make(admin, cadre.id);
  await tell();
  const answers = async (name: string) => {
    const seen: unknown[] = [];
    const tookMs: number[] = [];
    for (let i = 0; i < LIMITS.localCodeFailures + 1; i++) {
      const started = process.cpuUsage();
      const answer = await tryIn(name, '00000 00000');
      const used = process.cpuUsage(started);
      if (answer.statusCode === 401) tookMs.push((used.user + used.system) / 1_000);
      seen.push(answer.json());
    }
    return { seen, fastestMs: Math.min(...tookMs) };
  };
  const [known, unknown] = [await answers('cadre'), await answers('nobody')];
  expect(unknown.seen).toEqual(known.seen);
  // Both did the same hashing; leaving it out takes a hundredth of the time.
  expect(unknown.fastestMs / known.fastestMs).toBeGreaterThan(0.5);
});

test('what cannot be a code is a wrong try like any other', async () => {
  const { code } = await make(admin, cadre.id);
  await tell();
  for (const typed of ['1', 'x'.repeat(64), '一二三四五六七八九十', `${code}1`, code.slice(1)])
    expect((await tryIn('cadre', typed)).json()).toMatchObject({ code: 'local-code-wrong' });
  expect((await tryIn('cadre', code)).json()).toMatchObject({ code: 'local-code-locked' });
  for (const body of [{}, { username: 'cadre' }, { username: '', code }, { username: 'cadre', code: 5 }, { username: 'x'.repeat(65), code }])
    expect((await anybody(villageApp).post('/api/v1/local-sessions', body)).status).toBe(400);
});

test('a revoked code ends what it opened as soon as the village hears of it; a new one ends the old', async () => {
  const first = await make(admin, cadre.id);
  await tell();
  const old = await inside('cadre', first.code);
  const second = await make(admin, cadre.id, VILLAGE, first.id);
  expect(await isIn(old)).toBe(true);
  await tell();
  expect(await isIn(old)).toBe(false);
  expect((await tryIn('cadre', first.code)).json()).toMatchObject({ code: 'local-code-wrong' });
  const now = await inside('cadre', second.code);
  expect((await admin.post(`/api/v1/local-codes/${second.id}/revoke`)).status).toBe(200);
  expect((await admin.post(`/api/v1/local-codes/${second.id}/revoke`)).status).toBe(404);
  await tell();
  expect(await isIn(now)).toBe(false);
  expect((await tryIn('cadre', second.code)).json()).toMatchObject({ code: 'local-code-wrong' });
  expect((await typesAt(county)).filter((type) => type.includes('local-code'))).toEqual([
    'officer.local-code-made',
    'officer.local-code-made',
    'officer.local-code-revoked',
  ]);
});

test('a revoked box voids the codes of all its ground that it may hold, and none that was made after', async () => {
  const low = await officer(county, 'village-cadre', [OTHER_VILLAGE], 'low');
  await make(admin, cadre.id);
  await make(admin, low.id, OTHER_VILLAGE);
  const event = { type: 'house.revoked', atMs: county.clock.now(), who: 'officer:x', via: 'http', gridCode: TOWNSHIP, subjectId: 'box', data: {} };
  const job = { event } as unknown as Job;
  await county.clock.advance(1);
  const late = await officer(county, 'village-cadre', [VILLAGE], 'late');
  const { id } = await make(admin, late.id);
  const { ops } = await voidLocalCodes(county, job);
  await county.db.atomically([...ops!]);
  expect((await rowsAt(county)).map((row) => row.officerId).sort()).toEqual([late.id, low.id].sort());
  expect((await rowsAt(county)).map((row) => row.id)).toContain(id);
  expect((await eventsOf(county)).filter(({ type }) => type === 'officer.local-code-revoked')).toMatchObject([{ subjectId: cadre.id, gridCode: VILLAGE }]);
  await tell();
  expect(await voidLocalCodes(village, job)).toEqual({});
});

test('who is disabled in the county has no code any more, and is out of the village when it hears of it', async () => {
  const { code } = await make(admin, cadre.id);
  await tell();
  const here = await inside('cadre', code);
  expect((await admin.post(`/api/v1/officers/${cadre.id}/disable`)).status).toBe(200);
  expect(await rowsAt(county)).toEqual([]);
  await tell();
  expect(await isIn(here)).toBe(false);
  expect((await tryIn('cadre', code)).json()).toMatchObject({ code: 'local-code-wrong' });
  expect((await admin.post('/api/v1/local-codes', { officerId: cadre.id, gridCode: VILLAGE })).status).toBe(404);
});

test('everybody makes codes for himself, an administrator for who stands under him, nobody for others or beyond their reach', async () => {
  const me = await signedIn(countyApp, 'cadre');
  const neighbour = await officer(county, 'village-cadre', [OTHER_VILLAGE], 'neighbour');
  const low = await officer(county, 'county-admin', [OTHER_TOWNSHIP], 'low');
  const his = await signedIn(countyApp, 'low');
  const { id } = await make(me, cadre.id);
  const refused = async (by: Caller, officerId: string, gridCode: string) => (await by.post('/api/v1/local-codes', { officerId, gridCode })).body['code'];
  expect(await refused(me, neighbour.id, OTHER_VILLAGE)).toBe('role-refused');
  expect(await refused(his, cadre.id, VILLAGE)).toBe('out-of-scope');
  expect(await refused(me, cadre.id, OTHER_VILLAGE)).toBe('out-of-scope');
  expect(await refused(admin, low.id, VILLAGE)).toBe('out-of-scope');
  expect(await refused(me, cadre.id, COUNTY)).toBe('bad-input');
  expect(await refused(me, cadre.id, '533324999999')).toBe('unknown-code');
  expect(await refused(me, 'nobody', VILLAGE)).toBe('not-found');
  // Sent twice: what was just printed is not voided.
  expect(await refused(me, cadre.id, VILLAGE)).toBe('changed-meanwhile');
  expect((await his.post(`/api/v1/local-codes/${id}/revoke`)).body).toMatchObject({ code: 'out-of-scope' });
  expect((await his.get('/api/v1/local-codes')).body).toMatchObject({ codes: [], officers: [{ username: 'low' }, { username: 'neighbour' }] });
  expect((await his.get(`/api/v1/local-codes/places?officerId=${cadre.id}`)).body).toMatchObject({ code: 'out-of-scope' });
  expect((await me.get('/api/v1/local-codes/places')).body['places']).toContainEqual(expect.objectContaining({ code: VILLAGE, codeId: id }));
  expect((await me.post(`/api/v1/local-codes/${id}/revoke`)).status).toBe(200);
  // A group's cadre in his village's house: his group only.
  const group = await officer(county, 'village-cadre', [GROUP], 'group');
  const { code } = await make(admin, group.id);
  await tell();
  expect((await (await inside('group', code)).get('/api/v1/sessions/current')).body).toMatchObject({ officer: { scopes: [GROUP] } });
});

test('of two who make a code at once one wins; a village’s list has its limit', async () => {
  const body = { officerId: cadre.id, gridCode: VILLAGE };
  const answers = await Promise.all([admin.post('/api/v1/local-codes', body), admin.post('/api/v1/local-codes', body)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  const [row] = await rowsAt(county);
  const more = Array.from({ length: LIMITS.localOfficersPerNode - 1 }, (_, i) => ({ ...row!, id: `x${i}`, officerId: `x${i}`, username: `x${i}` }));
  await county.db.atomically([any((q, t) => q.insert(t.localOfficer).values(more).returning({ id: t.localOfficer.id }))]);
  const late = await officer(county, 'village-cadre', [VILLAGE], 'late');
  expect((await admin.post('/api/v1/local-codes', { officerId: late.id, gridCode: VILLAGE })).body).toMatchObject({ code: 'bad-input' });
});
