// Role by route by scope: the whole table of this room's routes, so that no hole can hide. And what reads show.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROLES, roleMay, type Action, type Role } from '@laba/domain/officer';
import type { App } from '@laba/runtime/http';
import { newKeyPair } from '@laba/messaging/envelope';
import { enrolDirectly } from './enrol-gateway.ts';
import { initCounty } from './init-county.ts';
import { makeCountyKeys } from './make-county-keys.ts';
import { useFirstLink } from './use-first-link.ts';
import {
  anybody,
  bringIn,
  COUNTY,
  csv,
  divisionsFile,
  eventsOf,
  furnish,
  GROUP,
  GROUPS,
  officer,
  openApp,
  openHouse,
  OTHER_GROUP,
  OTHER_TOWNSHIP,
  PASSWORD,
  signedIn,
  SYSTEM,
  TOWNSHIP,
  VILLAGE,
  type Answer,
  type Caller,
  type TestHouse,
} from './test-house.ts';

let house: TestHouse;
let app: App;
beforeEach(async () => {
  house = openHouse();
  await furnish(house);
  app = await openApp(house);
});
afterEach(() => app.close());

interface Target {
  township: string;
  siteId: string;
  gatewayId: string;
  officerId: string;
}

/** What each route answers a role that may, at home; everywhere else 401, 403 and nothing changed. */
const ROUTES: { name: string; action: Action; call: (caller: Caller, target: Target) => Promise<Answer>; ok: number[] }[] = [
  { name: 'GET grid', action: 'grid.read', call: (caller, { township }) => caller.get(`/api/v1/grid?under=${township}`), ok: [200] },
  { name: 'GET sites', action: 'site.read', call: (caller, { township }) => caller.get(`/api/v1/sites?under=${township}`), ok: [200] },
  { name: 'GET enrolments', action: 'site.read', call: (caller, { township }) => caller.get(`/api/v1/enrolments?under=${township}`), ok: [200] },
  { name: 'POST claim-codes', action: 'gateway.enrol', call: (caller, { siteId }) => caller.post('/api/v1/gateways/claim-codes', { siteId }), ok: [201] },
  { name: 'POST confirm', action: 'gateway.enrol', call: (caller, { gatewayId }) => caller.post(`/api/v1/gateways/${gatewayId}/confirm`), ok: [409] },
  { name: 'POST revoke', action: 'gateway.enrol', call: (caller, { gatewayId }) => caller.post(`/api/v1/gateways/${gatewayId}/revoke`), ok: [200] },
  {
    name: 'POST officers',
    action: 'officer.manage',
    call: (caller, { township }) => caller.post('/api/v1/officers', { username: `new-${township}`, name: '演示', role: 'county-admin', scopes: [township] }),
    ok: [201],
  },
  { name: 'POST first-link', action: 'officer.manage', call: (caller, { officerId }) => caller.post(`/api/v1/officers/${officerId}/first-link`), ok: [201] },
  { name: 'POST unlock', action: 'officer.manage', call: (caller, { officerId }) => caller.post(`/api/v1/officers/${officerId}/unlock`), ok: [409] },
  { name: 'POST disable', action: 'officer.manage', call: (caller, { officerId }) => caller.post(`/api/v1/officers/${officerId}/disable`), ok: [200] },
];

async function target(township: string, siteId: string): Promise<Target> {
  const [box] = await enrolDirectly(house, [{ siteId, publicKey: newKeyPair().publicKey }], SYSTEM);
  const { id } = await officer(house, 'village-cadre', [township], `of-${township}`);
  return { township, siteId, gatewayId: box!.gatewayId, officerId: id };
}

test('role × route × scope: at home only what the role may, elsewhere nothing at all', async () => {
  await makeCountyKeys(house);
  const foreign = await target(OTHER_TOWNSHIP, 'room-2');
  const callers = new Map<Role | 'nobody', Caller>([['nobody', anybody(app)]]);
  for (const role of ROLES) {
    await officer(house, role, [TOWNSHIP]);
    callers.set(role, await signedIn(app, role));
  }
  const home = await target(TOWNSHIP, 'room-1');
  for (const { name, action, call, ok } of ROUTES) {
    for (const [role, caller] of callers) {
      const before = await eventsOf(house);
      const away = await call(caller, foreign);
      const wanted = role === 'nobody' ? 401 : 403;
      expect([name, role, 'away', away.status]).toEqual([name, role, 'away', wanted]);
      if (role === 'nobody' || !roleMay(role, action)) {
        const here = await call(caller, home);
        expect([name, role, 'home', here.status]).toEqual([name, role, 'home', wanted]);
      }
      expect(await eventsOf(house)).toEqual(before);
    }
    const may = ROLES.find((role) => roleMay(role, action))!;
    const answer = await call(callers.get(may)!, home);
    expect([name, may, ok.includes(answer.status), answer.text]).toEqual([name, may, true, answer.text]);
  }
});

test("import over HTTP: only with the right, only in the county's scope, and a large body is read for nobody else", async () => {
  const send = (caller: Caller, query = '', bytes = divisionsFile('533324')) =>
    caller.post(`/api/v1/imports/divisions${query}`, bytes, { 'content-type': 'text/csv; charset=utf-8' });
  const huge = csv('code,name,parent_code,level', 'x'.repeat(2_000_000));
  expect((await send(anybody(app), '', huge)).status).toBe(401);
  for (const role of ROLES.filter((one) => one !== 'county-admin')) {
    await officer(house, role, [COUNTY]);
    expect((await send(await signedIn(app, role), '', huge)).body).toMatchObject({ code: 'role-refused' });
  }
  await officer(house, 'county-admin', [TOWNSHIP], 'local');
  expect((await send(await signedIn(app, 'local'))).body).toMatchObject({ code: 'out-of-scope' });
  await officer(house, 'county-admin', [COUNTY], 'admin');
  const admin = await signedIn(app, 'admin');
  expect((await send(admin, '?dryRun=true')).body).toMatchObject({ dryRun: true, rows: 35, updated: 35, errorCount: 0 });
  expect((await send(admin)).body).toMatchObject({ dryRun: false, rows: 35 });
  expect((await send(admin, '?county=150702', divisionsFile('1507'))).body).toMatchObject({ code: 'out-of-scope' });
  const foreign = await send(admin, '', divisionsFile('1507'));
  expect([foreign.status, foreign.body['code'], foreign.body['errorCount']]).toEqual([422, 'import-refused', 1445]);
  expect((await send(admin, '', huge)).body).toMatchObject({ code: 'import-refused', errors: [{ row: 2 }] });
  expect((await admin.post('/api/v1/imports/divisions', { code: 1 })).body).toMatchObject({ code: 'bad-input' });
  expect((await admin.post('/api/v1/imports/nonsense', divisionsFile('533324'), { 'content-type': 'text/csv' })).status).toBe(400);
  expect((await send(admin, '', Buffer.alloc(33_554_433, 'x'))).body).toMatchObject({ code: 'too-large' });
});

test('the same import request with the same key is carried out once', async () => {
  await officer(house, 'county-admin', [COUNTY], 'admin');
  const admin = await signedIn(app, 'admin');
  const send = (bytes: Buffer) => admin.post('/api/v1/imports/groups', bytes, { 'content-type': 'text/csv', 'idempotency-key': 'once' });
  const imports = async () => (await eventsOf(house)).filter(({ type, who }) => type === 'grid.imported' && who !== 'system').length;
  expect((await send(GROUPS)).status).toBe(200);
  expect((await send(GROUPS)).headers['idempotency-replayed']).toBe('true');
  expect((await send(Buffer.concat([GROUPS, Buffer.from('\n')]))).body).toMatchObject({ code: 'idempotency-mismatch' });
  expect(await imports()).toBe(1);
});

test("an officer list shows nobody whose scope reaches beyond one's own", async () => {
  await officer(house, 'county-admin', [TOWNSHIP], 'local');
  await officer(house, 'county-admin', [COUNTY], 'whole');
  await officer(house, 'village-cadre', [VILLAGE], 'cadre');
  await officer(house, 'township-officer', [VILLAGE, OTHER_TOWNSHIP], 'both');
  const names = async (who: string) =>
    ((await (await signedIn(app, who)).get('/api/v1/officers')).body as unknown as { officers: { username: string }[] }).officers.map(
      ({ username }) => username,
    );
  expect(await names('local')).toEqual(['cadre', 'local']);
  expect(await names('whole')).toEqual(['both', 'cadre', 'local', 'whole']);
  const local = await signedIn(app, 'local');
  expect(
    (await local.post('/api/v1/officers', { username: 'wide', name: '演示', role: 'village-cadre', scopes: [VILLAGE, OTHER_TOWNSHIP] })).body,
  ).toMatchObject({ code: 'out-of-scope' });
  expect(JSON.stringify((await local.get('/api/v1/officers')).body)).not.toContain('argon2');
});

interface Nodes {
  nodes: { code: string; sites: number; members: number; households: number; path?: string[] }[];
}

test('the grid: depth by real parents, counts of everything under a node, a member of two groups once', async () => {
  await bringIn(
    house,
    'members',
    csv(
      'member_id,name,phone,skills,available,grid_code,post',
      `m1,成员,,,1,${GROUP},`,
      `m1,成员,,,1,${OTHER_GROUP},`,
      `m2,成员,,,1,${GROUP},`,
      `m3,成员,,,1,${COUNTY},`,
    ),
  );
  await bringIn(
    house,
    'households',
    csv('household_id,grid_code,doorplate,head_name,phone,needs,helper_member_id', `h1,${GROUP},,户主,,,`, `h2,${VILLAGE},,户主,,,`),
  );
  await officer(house, 'county-officer', [COUNTY], 'duty');
  const duty = await signedIn(app, 'duty');
  const grid = async (query: string, caller = duty) => ((await caller.get(`/api/v1/grid${query}`)).body as unknown as Nodes).nodes;
  expect(await grid('')).toHaveLength(37);
  expect(await grid('?depth=0')).toEqual([expect.objectContaining({ code: COUNTY, sites: 2, members: 3, households: 2 })]);
  expect((await grid('?depth=1')).map(({ code }) => code.length)).toEqual([6, 9, 9, 9, 9, 9]);
  expect(await grid(`?under=${VILLAGE}&depth=1`)).toEqual([
    expect.objectContaining({ code: VILLAGE, sites: 1, members: 2, households: 2 }),
    expect.objectContaining({ code: GROUP, households: 1 }),
  ]);
  await officer(house, 'village-cadre', [GROUP, OTHER_TOWNSHIP], 'cadre');
  const cadre = await signedIn(app, 'cadre');
  expect((await grid('?depth=0', cadre)).map(({ code, sites }) => [code, sites])).toEqual([
    [GROUP, 1],
    [OTHER_TOWNSHIP, 1],
  ]);
  expect((await cadre.get(`/api/v1/grid?under=${VILLAGE}`)).body).toMatchObject({ code: 'out-of-scope' });
  expect((await cadre.get('/api/v1/grid?under=12')).status).toBe(400);
});

test('search finds names and codes within the scope, with the way there, and takes signs literally', async () => {
  await officer(house, 'county-officer', [COUNTY], 'duty');
  await officer(house, 'township-officer', [TOWNSHIP], 'local');
  const search = async (who: string, q: string) =>
    ((await (await signedIn(app, who)).get(`/api/v1/grid/search?q=${encodeURIComponent(q)}`)).body as unknown as Nodes).nodes;
  expect((await search('duty', '茨开村')).map(({ code, path }) => [code, path])).toEqual([[VILLAGE, ['贡山独龙族怒族自治县', '茨开镇']]]);
  expect((await search('duty', '演示')).map(({ code }) => code)).toEqual([GROUP, OTHER_GROUP]);
  expect((await search('local', '演示')).map(({ code }) => code)).toEqual([GROUP]);
  expect((await search('duty', OTHER_TOWNSHIP))[0]?.code).toBe(OTHER_TOWNSHIP);
  expect(await search('local', OTHER_TOWNSHIP)).toEqual([]);
  for (const signs of ['%', '_', '\\', "' or 1=1 --", '\u202e']) expect(await search('duty', signs)).toEqual([]);
});

test('sites come page by page, each officer his own', async () => {
  const lines = Array.from({ length: 7 }, (_, i) => `s${i},演示活动室,${GROUP},,s${i}-a,喇叭`);
  await bringIn(house, 'sites', csv('site_id,name,grid_code,placed_by,speaker_id,speaker_name', ...lines));
  await officer(house, 'township-officer', [TOWNSHIP], 'local');
  const local = await signedIn(app, 'local');
  const seen: string[] = [];
  let next: string | null = '';
  while (next !== null) {
    const body = (await local.get(`/api/v1/sites?limit=3&after=${next}`)).body as unknown as {
      sites: { id: string; speakers: unknown[] }[];
      next: string | null;
    };
    seen.push(...body.sites.map(({ id }) => id));
    next = body.next;
  }
  expect(seen).toEqual(['room-1', 's0', 's1', 's2', 's3', 's4', 's5', 's6']);
  expect((await local.get(`/api/v1/sites?under=${OTHER_TOWNSHIP}`)).body).toMatchObject({ code: 'out-of-scope' });
});

test('a real county begins: divisions, keys, and a link by which its first officer sets a password', async () => {
  const fresh = openHouse({ county: '150702' });
  const draft = { divisionsCsv: divisionsFile('1507'), county: '150702', adminUsername: 'Admin' };
  const first = await initCounty(fresh, draft);
  expect(first.nodes).toBeGreaterThan(50);
  const { token, nodes } = await initCounty(fresh, draft);
  expect(nodes).toBe(first.nodes);
  await expect(useFirstLink(fresh, first.token, PASSWORD)).rejects.toMatchObject({ code: 'link-invalid' });
  await useFirstLink(fresh, token, PASSWORD);
  const opened = await openApp(fresh);
  const admin = await signedIn(opened, 'admin');
  expect((await admin.get('/api/v1/sessions/current')).body).toMatchObject({ officer: { role: 'county-admin', scopes: ['150702'] } });
  await expect(initCounty(fresh, draft)).rejects.toMatchObject({ code: 'already-done' });
  await expect(initCounty(openHouse(), { ...draft, county: '110101' })).rejects.toMatchObject({ code: 'import-refused' });
  await opened.close();
});

test('every use case leaves exactly one event row per change, and no personal data in any', async () => {
  const events = await eventsOf(house);
  expect(events.map(({ type, data }) => [type, data['kind']])).toEqual([
    ['grid.imported', 'divisions'],
    ['grid.imported', 'groups'],
    ['grid.imported', 'sites'],
  ]);
  await officer(house, 'village-cadre', [VILLAGE], 'cadre');
  await signedIn(app, 'cadre');
  expect(JSON.stringify((await eventsOf(house)).slice(3))).not.toMatch(/演示|"cadre"|correct horse/);
});
