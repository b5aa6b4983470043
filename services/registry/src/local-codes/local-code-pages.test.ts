// Local codes without a script: the officer's page that makes them and prints the slip, and the door of a village's own house.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import type { App } from '@laba/runtime/http';
import { anybody, COUNTY, furnish, officer, openApp, openHouse, signedIn, VILLAGE, type Caller, type TestHouse } from '../test-house.ts';
import { introduce, tellDown } from './two-houses.test-kit.ts';

let county: TestHouse;
let village: TestHouse;
let countyApp: App;
let villageApp: App;
let cadreId: string;
let cadre: Caller;

beforeEach(async () => {
  county = openHouse();
  village = openHouse({ node: VILLAGE });
  await furnish(county);
  await officer(county, 'county-admin', [COUNTY], 'admin');
  cadreId = (await officer(county, 'village-cadre', [VILLAGE], 'cadre')).id;
  [countyApp, villageApp] = [await openApp(county), await openApp(village)];
  cadre = await signedIn(countyApp, 'cadre');
  await introduce(county, village, VILLAGE);
});
afterEach(async () => {
  await countyApp.close();
  await villageApp.close();
});

const post = (app: App, url: string, fields: Record<string, string>, cookie = '') =>
  app.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(cookie === '' ? {} : { cookie }) },
  });
const asCadre = (url: string, fields: Record<string, string>) =>
  post(countyApp, url, { csrfToken: cadre.headers['x-csrf-token']!, ...fields }, cadre.headers['cookie']);
const codeOn = (page: string) => /class="digits">([\d ]+)</.exec(page)![1]!;

test('a cadre makes his own code and prints the slip; the page sent again does not void it', async () => {
  const page = (await cadre.get('/codes')).text;
  expect(page).toContain(`<option value="${VILLAGE}.">`);
  expect(page).not.toContain('name="officer"');
  const slip = await asCadre('/codes', { officerId: cadreId, place: `${VILLAGE}.` });
  expect(slip.statusCode).toBe(200);
  expect(slip.headers['cache-control']).toBe('no-store');
  for (const words of ['本地码', 'Local code', '只显示这一次', 'Shown this once', '演示cadre']) expect(slip.body).toContain(words);
  const again = await asCadre('/codes', { officerId: cadreId, place: `${VILLAGE}.` });
  expect([again.statusCode, again.body.includes('别人刚刚改过')]).toEqual([409, true]);
  await tellDown(county, village, VILLAGE);
  expect((await post(villageApp, '/sign-in', { username: 'cadre', code: codeOn(slip.body) })).statusCode).toBe(303);
  // A new one, from the page as it is now.
  const [, place] = /<option value="([^"]+)"/.exec((await cadre.get('/codes')).text)!;
  expect(codeOn((await asCadre('/codes', { officerId: cadreId, place: place! })).body)).not.toBe(codeOn(slip.body));
});

test('an administrator chooses for whom, sees what is good, and revokes', async () => {
  const admin = await signedIn(countyApp, 'admin');
  expect((await admin.get('/codes')).text).toContain('name="officer"');
  expect((await admin.get(`/codes?officer=${cadreId}`)).text).toContain(`<option value="${VILLAGE}.">`);
  await asCadre('/codes', { officerId: cadreId, place: `${VILLAGE}.` });
  const page = (await admin.get(`/codes?officer=${cadreId}`)).text;
  const [, action] = /action="(\/codes\/[^"]+\/revoke)"/.exec(page)!;
  const fields = { csrfToken: admin.headers['x-csrf-token']! };
  expect((await post(countyApp, action!, {}, admin.headers['cookie'])).statusCode).toBe(403);
  expect((await post(countyApp, action!, fields, admin.headers['cookie'])).statusCode).toBe(303);
  expect((await admin.get('/codes')).text).not.toContain('/revoke"');
});

test('the officer’s page is for who is signed in, and not there at a village’s own house', async () => {
  expect((await anybody(countyApp).get('/codes')).status).toBe(401);
  expect((await post(countyApp, '/codes', { officerId: cadreId, place: `${VILLAGE}.` })).statusCode).toBe(401);
  expect((await asCadre('/codes', { officerId: cadreId, place: 'x' })).statusCode).toBe(400);
});

test('the door names who may come in, says in both languages what was wrong, and leads to the house', async () => {
  expect((await anybody(villageApp).get('/sign-in')).text).toContain('还没有人有本地码');
  const slip = await asCadre('/codes', { officerId: cadreId, place: `${VILLAGE}.` });
  await tellDown(county, village, VILLAGE);
  const door = (await anybody(villageApp).get('/sign-in')).text;
  expect(door).toContain('<option value="cadre" selected>演示cadre</option>');
  expect(door).toContain('inputmode="numeric"');
  expect(door).not.toContain('<script');
  const wrong = await post(villageApp, '/sign-in', { username: 'cadre', code: '1' });
  expect([wrong.statusCode, wrong.body]).toEqual([401, expect.stringMatching(/姓名或本地码不对.*The name or the local code is wrong/s)]);
  expect((await post(villageApp, '/sign-in', {})).statusCode).toBe(401);
  for (let i = 0; i < LIMITS.localCodeFailures; i++) await post(villageApp, '/sign-in', { username: 'cadre', code: '1' });
  const locked = await post(villageApp, '/sign-in', { username: 'cadre', code: codeOn(slip.body) });
  expect([locked.statusCode, locked.body]).toEqual([429, expect.stringMatching(/请 2 分钟后再试.*wait 2 minutes/s)]);
  await village.clock.advance(LIMITS.localCodeLockMs);
  const open = await post(villageApp, '/sign-in', { username: 'cadre', code: codeOn(slip.body) });
  expect([open.statusCode, open.headers['location']]).toEqual([303, '/']);
  const cookie = `laba_session=${open.cookies[0]!.value}`;
  expect((await anybody(villageApp, { cookie }).get('/api/v1/sessions/current')).body).toMatchObject({ officer: { role: 'village-cadre', scopes: [VILLAGE] } });
  expect((await anybody(villageApp, { cookie }).get('/codes')).status).toBe(409);
});
