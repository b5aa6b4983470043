// Officers come in by password only, five tries, then a quarter of an hour; sessions end when they say they end.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import type { App } from '@laba/runtime/http';
import { createOfficer } from './create-officer.ts';
import { makeFirstLink } from './make-first-link.ts';
import { hashPassword, isPassword } from './password.ts';
import { registrySessions } from './sessions.ts';
import { anybody, COUNTY, eventsOf, furnish, officer, openApp, openHouse, PASSWORD, signedIn, SYSTEM, TOWNSHIP, type TestHouse } from './test-house.ts';
import { useFirstLink } from './use-first-link.ts';

let house: TestHouse;
let app: App;
beforeEach(async () => {
  house = openHouse();
  await furnish(house);
  await officer(house, 'county-admin', [COUNTY], 'admin');
  app = await openApp(house);
});
afterEach(() => app.close());

const tryIn = (username: string, password: string, ip = '10.0.0.1') =>
  app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username, password }, remoteAddress: ip });
const types = async () => (await eventsOf(house)).map(({ type }) => type).filter((type) => type.startsWith('officer.'));

test('a password is kept as argon2id with its costs, and nowhere as it is', async () => {
  const [row] = await house.db.read((q, t) => q.select().from(t.officer));
  expect(row?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  const hash = await hashPassword('ｐａｓｓｗｏｒｄ 演示 12');
  expect(await isPassword(hash, 'password 演示 12')).toBe(true);
  expect(await isPassword(hash, 'password 演示 13')).toBe(false);
  expect(await isPassword(null, 'password 演示 12')).toBe(false);
});

test('the cookie is HttpOnly and SameSite=Strict, Secure behind TLS; the token is kept hashed', async () => {
  const plain = await tryIn('Admin ', PASSWORD);
  expect(plain.json()).toMatchObject({ officer: { username: 'admin', role: 'county-admin', scopes: [COUNTY] } });
  const [cookie] = plain.cookies;
  expect(cookie).toMatchObject({ name: 'laba_session', httpOnly: true, sameSite: 'Strict', path: '/', maxAge: LIMITS.sessionMs / 1_000 });
  expect(cookie).not.toHaveProperty('secure', true);
  const [row] = await house.db.read((q, t) => q.select().from(t.session));
  expect(row?.tokenHash).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(row)).not.toContain(cookie!.value);
  const tls = openHouse({ tls: true });
  await furnish(tls);
  await officer(tls, 'county-admin', [COUNTY], 'admin');
  const secured = await openApp(tls);
  const answer = await secured.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username: 'admin', password: PASSWORD } });
  expect(answer.cookies[0]).toMatchObject({ secure: true });
  await secured.close();
});

test('five failures lock for a quarter of an hour, even the right password; one event tells of it', async () => {
  for (let i = 0; i < LIMITS.signInFailures; i++) expect((await tryIn('admin', 'wrong wrong wrong')).json()).toMatchObject({ code: 'sign-in-failed' });
  expect((await tryIn('admin', PASSWORD)).json()).toMatchObject({ code: 'locked-out' });
  expect(await types()).toEqual(['officer.created', 'officer.locked-out']);
  await house.clock.advance(LIMITS.signInLockMs - 1);
  expect((await tryIn('admin', PASSWORD, '10.0.0.2')).statusCode).toBe(429);
  await house.clock.advance(1);
  expect((await tryIn('admin', PASSWORD, '10.0.0.2')).statusCode).toBe(200);
  expect((await tryIn('admin', 'wrong wrong wrong', '10.0.0.2')).json()).toMatchObject({ code: 'sign-in-failed' });
});

test('four failures and a success leave no failures behind', async () => {
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < LIMITS.signInFailures - 1; i++) await tryIn('admin', 'wrong wrong wrong', `10.0.${round}.1`);
    expect((await tryIn('admin', PASSWORD, `10.0.${round}.1`)).statusCode).toBe(200);
  }
});

test('fifteen wrong passwords at once give no more than five tries; ten right ones at once are all let in', async () => {
  const wrong = await Promise.all(Array.from({ length: 15 }, (_, i) => tryIn('admin', `wrong wrong ${i}`, `10.1.0.${i}`)));
  expect(wrong.filter((answer) => answer.statusCode === 401)).toHaveLength(LIMITS.signInFailures);
  expect(await types()).toEqual(['officer.created', 'officer.locked-out']);
  await house.clock.advance(LIMITS.signInLockMs);
  const right = await Promise.all(Array.from({ length: 10 }, (_, i) => tryIn('admin', PASSWORD, `10.2.0.${i}`)));
  expect(right.map((answer) => answer.statusCode)).toEqual(Array(10).fill(200));
});

test('a try that the house fell over is counted: the lock comes with the next one', async () => {
  await house.db.atomically([
    { expect: 'any', statement: (q, t) => q.update(t.officer).set({ failures: LIMITS.signInFailures }).returning({ id: t.officer.id }) },
  ]);
  expect((await tryIn('admin', PASSWORD)).json()).toMatchObject({ code: 'locked-out' });
  await house.clock.advance(LIMITS.signInLockMs);
  expect((await tryIn('admin', PASSWORD)).statusCode).toBe(200);
});

test('a name that does not exist gives the same answers, locks alike, and takes as long', async () => {
  const answers = async (name: string, ip: string) => {
    const seen: unknown[] = [];
    const tookMs: number[] = [];
    for (let i = 0; i < LIMITS.signInFailures + 2; i++) {
      const started = process.cpuUsage();
      const answer = await tryIn(name, 'wrong wrong wrong', ip);
      const used = process.cpuUsage(started);
      if (answer.statusCode === 401) tookMs.push((used.user + used.system) / 1_000);
      seen.push(answer.json());
    }
    return { seen, fastestMs: Math.min(...tookMs) };
  };
  const known = await answers('admin', '10.3.0.1');
  const unknown = await answers('nobody', '10.3.0.2');
  expect(unknown.seen).toEqual(known.seen);
  // Processor time, the least of five. Without the hashing an answer takes a tenth of it.
  expect(unknown.fastestMs).toBeGreaterThan(known.fastestMs * 0.5);
  expect(unknown.fastestMs).toBeLessThan(known.fastestMs * 2);
});

test('an address that tries too often is slowed down, whatever cookie it makes up', async () => {
  const statuses = new Set<number>();
  for (let i = 0; i <= LIMITS.signInsPerMinute; i++) {
    statuses.add(
      (await app.inject({ method: 'POST', url: '/api/v1/sessions', payload: { username: `n${i}`, password: 'x' }, cookies: { laba_session: `made-up-${i}` } }))
        .statusCode,
    );
  }
  expect(statuses).toEqual(new Set([401, 429]));
});

test('a session lasts its hours, ends on sign-out, and the oldest of too many go', async () => {
  const me = await signedIn(app, 'admin');
  expect((await me.get('/api/v1/sessions/current')).body).toMatchObject({ officer: { username: 'admin' }, csrfToken: me.headers['x-csrf-token'] });
  await house.clock.advance(LIMITS.sessionMs - 1);
  expect((await me.get('/api/v1/sessions/current')).status).toBe(200);
  await house.clock.advance(1);
  expect((await me.get('/api/v1/sessions/current')).status).toBe(401);
  const again = await signedIn(app, 'admin');
  const other = await signedIn(app, 'admin');
  expect((await again.delete('/api/v1/sessions/current')).status).toBe(204);
  expect((await again.get('/api/v1/sessions/current')).status).toBe(401);
  expect((await other.get('/api/v1/sessions/current')).status).toBe(200);
  expect((await types()).slice(-3)).toEqual(['officer.signed-in', 'officer.signed-in', 'officer.signed-out']);
  for (let i = 0; i < LIMITS.sessionsPerOfficer + 3; i++) {
    await house.clock.advance(60_000);
    await tryIn('admin', PASSWORD, `10.4.0.${i}`);
  }
  expect(await house.db.read((q, t) => q.select().from(t.session))).toHaveLength(LIMITS.sessionsPerOfficer);
  expect((await other.get('/api/v1/sessions/current')).status).toBe(401);
});

test("what changes something needs the session's own CSRF token", async () => {
  const me = await signedIn(app, 'admin');
  const cookie = me.headers['cookie']!;
  for (const csrf of [{}, { 'x-csrf-token': 'made-up' }]) {
    const stranger = anybody(app, { cookie, ...csrf });
    expect((await stranger.delete('/api/v1/sessions/current')).body).toMatchObject({ code: 'csrf-missing' });
    expect((await stranger.post('/api/v1/officers', { username: 'x2', name: 'x', role: 'village-cadre', scopes: [COUNTY] })).body).toMatchObject({
      code: 'csrf-missing',
    });
    expect((await stranger.post('/api/v1/gateways/claim-codes', { siteId: 'room-1' })).body).toMatchObject({ code: 'csrf-missing' });
    expect((await stranger.post('/api/v1/imports/divisions', 'x', { 'content-type': 'text/csv' })).body).toMatchObject({ code: 'csrf-missing' });
  }
  expect((await me.get('/api/v1/sessions/current')).status).toBe(200);
});

test('a session tells when its officer entered his password, whatever else he did since', async () => {
  const before = house.clock.now();
  const [cookie] = (await tryIn('admin', PASSWORD)).cookies;
  await house.clock.advance(3_600_000);
  expect(await registrySessions(house).find(cookie!.value)).toMatchObject({ openedAtMs: before });
  const [anew] = (await tryIn('admin', PASSWORD)).cookies;
  expect(await registrySessions(house).find(anew!.value)).toMatchObject({ openedAtMs: before + 3_600_000 });
});

test('the session port answers only whole tokens', async () => {
  const sessions = registrySessions(house);
  expect(await sessions.find('')).toBeUndefined();
  expect(await sessions.find('x'.repeat(10_000))).toBeUndefined();
});

test('a disabled officer is out at once and cannot come back; nobody disables himself', async () => {
  const duty = await officer(house, 'county-officer', [COUNTY], 'duty');
  const his = await signedIn(app, 'duty');
  const me = await signedIn(app, 'admin');
  const list = (await me.get('/api/v1/officers')).body as unknown as { officers: { id: string; username: string }[] };
  const own = list.officers.find(({ username }) => username === 'admin')!;
  expect((await me.post(`/api/v1/officers/${own.id}/disable`)).body).toMatchObject({ code: 'transition-refused' });
  expect((await me.post(`/api/v1/officers/${duty.id}/disable`)).status).toBe(200);
  expect((await his.get('/api/v1/sessions/current')).status).toBe(401);
  expect((await tryIn('duty', PASSWORD)).json()).toMatchObject({ code: 'sign-in-failed' });
  expect((await me.post(`/api/v1/officers/${duty.id}/disable`)).status).toBe(409);
  expect((await me.post(`/api/v1/officers/${duty.id}/first-link`)).status).toBe(404);
  expect(await types()).toContain('officer.disabled');
});

test('an administrator unlocks a locked officer', async () => {
  const duty = await officer(house, 'county-officer', [COUNTY], 'duty');
  for (let i = 0; i < LIMITS.signInFailures; i++) await tryIn('duty', 'wrong wrong wrong');
  const me = await signedIn(app, 'admin');
  expect(((await me.get('/api/v1/officers')).body as unknown as { officers: unknown[] }).officers).toContainEqual(
    expect.objectContaining({ username: 'duty', lockedOut: true }),
  );
  expect((await me.post(`/api/v1/officers/${duty.id}/unlock`)).status).toBe(200);
  expect((await tryIn('duty', PASSWORD)).statusCode).toBe(200);
  expect((await me.post(`/api/v1/officers/${duty.id}/unlock`)).body).toMatchObject({ code: 'transition-refused' });
});

test('a new officer sets his password on a plain page, once; the administrator never knows it', async () => {
  const me = await signedIn(app, 'admin');
  const made = await me.post(
    '/api/v1/officers',
    { username: 'cadre', name: '演示村干部', role: 'village-cadre', scopes: [`${TOWNSHIP}202`] },
    { 'idempotency-key': 'k1' },
  );
  expect(made.status).toBe(201);
  const { path } = made.body['firstLink'] as unknown as { path: string };
  expect(JSON.stringify(await house.db.read((q, t) => q.select().from(t.idempotency)))).not.toContain(path.split('/').at(-1));
  expect(
    (
      await me.post(
        '/api/v1/officers',
        { username: 'cadre', name: '演示村干部', role: 'village-cadre', scopes: [`${TOWNSHIP}202`] },
        { 'idempotency-key': 'k1' },
      )
    ).body,
  ).toMatchObject({ code: 'already-done' });
  const form = await anybody(app).get(path);
  expect(form.text).toContain('设置密码');
  expect(form.text).toContain('Set your password');
  expect(form.text).not.toContain('<script');
  const send = (password: string, again = password) =>
    app.inject({
      method: 'POST',
      url: path,
      payload: new URLSearchParams({ password, again, username: 'cadre' }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  for (const [password, again] of [
    ['short', 'short'],
    ['a long enough one', 'another long one'],
    ['aaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaa'],
    ['my name is CADRE!', 'my name is CADRE!'],
  ] as const) {
    expect((await send(password, again)).statusCode).toBe(422);
  }
  expect((await send('a long enough one')).statusCode).toBe(200);
  expect((await send('a long enough one')).statusCode).toBe(404);
  expect((await anybody(app).get(path)).status).toBe(404);
  expect((await tryIn('cadre', 'a long enough one')).statusCode).toBe(200);
  expect((await types()).slice(-5)).toEqual(['officer.signed-in', 'officer.created', 'officer.link-made', 'officer.password-set', 'officer.signed-in']);
});

test('of two who use one link at the same moment one wins; an old link, an expired link and a made-up one are refused', async () => {
  const cadre = await createOfficer(house, { username: 'cadre', name: '演示', role: 'village-cadre', scopes: [TOWNSHIP] }, SYSTEM);
  const replaced = await makeFirstLink(house, cadre.id);
  const token = await makeFirstLink(house, cadre.id);
  await expect(useFirstLink(house, replaced, 'first password one')).rejects.toMatchObject({ code: 'link-invalid' });
  const passwords = ['password number one', 'password number two', 'password number six'];
  const outcomes = await Promise.allSettled(passwords.map((password) => useFirstLink(house, token, password)));
  const won = outcomes.findIndex(({ status }) => status === 'fulfilled');
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect((await tryIn('cadre', passwords[won]!)).statusCode).toBe(200);
  expect((await types()).filter((type) => type === 'officer.password-set')).toHaveLength(1);
  const late = await makeFirstLink(house, cadre.id);
  await house.clock.advance(LIMITS.firstLinkMs);
  await expect(useFirstLink(house, late, 'password number two')).rejects.toMatchObject({ code: 'link-invalid' });
  expect((await anybody(app).get(`/first/${'x'.repeat(43)}`)).status).toBe(404);
});

test('a new password ends the sessions that were open under the old one', async () => {
  const his = await signedIn(app, 'admin');
  const [row] = await house.db.read((q, t) => q.select().from(t.officer));
  await useFirstLink(house, await makeFirstLink(house, row!.id), 'another password 7');
  expect((await his.get('/api/v1/sessions/current')).status).toBe(401);
});

test('bad drafts of officers are refused by name', async () => {
  const draft = { username: 'someone', name: '演示', role: 'village-cadre' as const, scopes: [TOWNSHIP] };
  const refuses = async (change: object, code: string) => expect(createOfficer(house, { ...draft, ...change }, SYSTEM)).rejects.toMatchObject({ code });
  await refuses({ username: 'a b' }, 'bad-input');
  await refuses({ name: '\u200b' }, 'bad-input');
  await refuses({ scopes: [] }, 'empty-area');
  await refuses({ scopes: ['533324999'] }, 'unknown-code');
  await refuses({ password: 'short' }, 'bad-input');
  await refuses({ username: 'ADMIN' }, 'already-done');
  await expect(createOfficer(house, draft, { ...SYSTEM, via: 'http' })).rejects.toMatchObject({ code: 'role-refused' });
});
