// A box becomes a gateway in two steps by two parties, and may then say and hear exactly what is its own.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatewayIdentitySchema, topics, type GatewayIdentity } from '@laba/domain/gateway-protocol';
import { LIMITS } from '@laba/domain/limits';
import { newKeyPair, open, seal, signingKey } from '@laba/messaging/envelope';
import type { App } from '@laba/runtime/http';
import { gatewayPrincipal } from './broker-auth.ts';
import { enrolDirectly } from './enrol-gateway.ts';
import { makeCountyKeys } from './make-county-keys.ts';
import { newSpokenCode, readSpokenCode } from '@laba/runtime/spoken-code';
import { trustedKeys } from '@laba/storage/keys';
import { secretHash } from './secret.ts';
import {
  anybody,
  bringIn,
  COUNTY,
  csv,
  eventsOf,
  furnish,
  GROUP,
  officer,
  openApp,
  openHouse,
  OTHER_GROUP,
  signedIn,
  SYSTEM,
  TOWNSHIP,
  VILLAGE,
  type Caller,
  type TestHouse,
} from './test-house.ts';

const KEY = newKeyPair().publicKey;
let house: TestHouse;
let app: App;
let duty: Caller;
let cutOff: string[];
beforeEach(async () => {
  house = openHouse();
  await furnish(house);
  await makeCountyKeys(house);
  await officer(house, 'county-officer', [COUNTY], 'duty');
  cutOff = [];
  app = await openApp(house, async (id) => {
    cutOff.push(id);
    throw new Error('was gone already');
  });
  duty = await signedIn(app, 'duty');
});
afterEach(() => app.close());

const claim = (code: string, ip = '10.0.0.1') =>
  app.inject({ method: 'POST', url: '/api/v1/gateways/claim', payload: { code, publicKey: KEY }, remoteAddress: ip });
const newCode = async (siteId = 'room-1') => String((await duty.post('/api/v1/gateways/claim-codes', { siteId })).body['code']);
const types = async () => (await eventsOf(house)).map(({ type }) => type).filter((type) => type.startsWith('gateway.'));
const speakers = async () => Object.fromEntries((await house.db.read((q, t) => q.select().from(t.speaker))).map(({ id, gatewayId }) => [id, gatewayId]));
const connects = (id: string, password: string, clientId = id) => gatewayPrincipal(house)(clientId, id, password);

async function enrolled(siteId = 'room-1'): Promise<GatewayIdentity> {
  const identity = (await claim(await newCode(siteId))).json<GatewayIdentity>();
  expect((await duty.post(`/api/v1/gateways/${identity.gatewayId}/confirm`)).body).toMatchObject({ status: 'active', siteId });
  return identity;
}

test('code, claim, confirmation: only then the broker lets it in and the speakers are its own', async () => {
  const made = await duty.post('/api/v1/gateways/claim-codes', { siteId: 'room-1' });
  expect(made.body).toMatchObject({ siteId: 'room-1', expiresAt: '2026-07-01T08:15:00+08:00' });
  const code = String(made.body['code']);
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  const [row] = await house.db.read((q, t) => q.select().from(t.gatewayClaim));
  expect(JSON.stringify(row)).not.toContain(code);
  const answer = await claim(code.toLowerCase().replace('-', ' '));
  expect(answer.statusCode).toBe(201);
  const identity = gatewayIdentitySchema.parse(answer.json());
  expect(identity).toMatchObject({
    county: COUNTY,
    siteId: 'room-1',
    gridCode: GROUP,
    speakers: [
      { speakerId: 'room-1-a', name: '东喇叭' },
      { speakerId: 'room-1-b', name: '西喇叭' },
    ],
    mqttUrl: 'mqtt://127.0.0.1:1883',
    audioUrl: 'http://127.0.0.1:8080/audio',
    utcOffsetMinutes: 480,
  });
  expect(identity.password).toMatch(/^[\w-]{43}$/);
  expect(identity.keys.map(({ kid, modes }) => [kid, modes])).toEqual([
    [`${COUNTY}-drill`, ['drill', 'test']],
    [`${COUNTY}-live`, ['live']],
  ]);
  const [stored] = await house.db.read((q, t) => q.select().from(t.gateway));
  expect(stored).toMatchObject({ status: 'claimed', passwordHash: secretHash(identity.password), publicKey: KEY });
  expect(await connects(identity.gatewayId, identity.password)).toBeUndefined();
  expect(await speakers()).toEqual({ 'room-1-a': null, 'room-1-b': null, 'room-2-a': null });
  expect((await duty.post(`/api/v1/gateways/${identity.gatewayId}/confirm`)).status).toBe(200);
  expect(await connects(identity.gatewayId, identity.password)).toBeDefined();
  expect(await speakers()).toEqual({ 'room-1-a': identity.gatewayId, 'room-1-b': identity.gatewayId, 'room-2-a': null });
  expect((await duty.post(`/api/v1/gateways/${identity.gatewayId}/confirm`)).body).toMatchObject({ code: 'transition-refused' });
  expect(await types()).toEqual(['gateway.claim-made', 'gateway.claimed', 'gateway.confirmed']);
});

test('a code works once, also when ten boxes say it at the same moment, and for a quarter of an hour', async () => {
  const code = await newCode();
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => claim(code, `10.0.1.${i}`)));
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, ...Array<number>(9).fill(403)]);
  expect(await house.db.read((q, t) => q.select().from(t.gateway))).toHaveLength(1);
  expect((await claim(code)).json()).toMatchObject({ code: 'claim-invalid' });
  const late = await newCode();
  await house.clock.advance(LIMITS.claimCodeMs);
  expect((await claim(late)).json()).toMatchObject({ code: 'claim-invalid' });
  expect((await claim('not a code')).json()).toMatchObject({ code: 'claim-invalid' });
  expect((await anybody(app).post('/api/v1/gateways/claim', { code: late, publicKey: 'short' })).body).toMatchObject({ code: 'bad-input' });
  expect((await duty.post('/api/v1/gateways/claim-codes', { siteId: 'nowhere' })).status).toBe(404);
});

test('guessing codes is slowed down after a few tries, whatever cookie is made up', async () => {
  const statuses: number[] = [];
  for (let i = 0; i < LIMITS.claimsPerMinute + 2; i++) {
    statuses.push(
      (
        await app.inject({
          method: 'POST',
          url: '/api/v1/gateways/claim',
          payload: { code: newSpokenCode(), publicKey: KEY },
          cookies: { laba_session: `made-up-${i}` },
        })
      ).statusCode,
    );
  }
  expect(statuses).toEqual([...Array<number>(LIMITS.claimsPerMinute).fill(403), 429, 429]);
});

test('a repeated Idempotency-Key never gives the password or the code again, and neither is stored', async () => {
  const key = { 'idempotency-key': 'k1' };
  const code = String((await duty.post('/api/v1/gateways/claim-codes', { siteId: 'room-1' }, key)).body['code']);
  expect((await duty.post('/api/v1/gateways/claim-codes', { siteId: 'room-1' }, key)).body).toMatchObject({ code: 'already-done' });
  const box = anybody(app);
  const identity = (await box.post('/api/v1/gateways/claim', { code, publicKey: KEY }, key)).body as unknown as GatewayIdentity;
  expect((await box.post('/api/v1/gateways/claim', { code, publicKey: KEY }, key)).body).toMatchObject({ code: 'already-done' });
  const kept = JSON.stringify(await house.db.read((q, t) => q.select().from(t.idempotency)));
  expect(kept).not.toContain(identity.password);
  expect(kept).not.toContain(code);
});

test('a code is read as people type it', () => {
  expect(readSpokenCode('7k3m 9qxt')).toBe('7K3M-9QXT');
  expect(readSpokenCode('７Ｋ３Ｍ-9QXT')).toBe('7K3M-9QXT');
  expect(readSpokenCode('oilo-0000')).toBe('0110-0000');
  expect(readSpokenCode('7K3M-9QX')).toBeUndefined();
  expect(readSpokenCode('7K3M-9QXU')).toBeUndefined();
  expect(new Set(Array.from({ length: 1_000 }, newSpokenCode)).size).toBe(1_000);
});

test('a revoked gateway is refused, loses its speakers, and an open connection loses its voice at the next heartbeat', async () => {
  const identity = await enrolled();
  const principal = (await connects(identity.gatewayId, identity.password))!;
  const state = topics.gatewayState(COUNTY, identity.gatewayId);
  expect(principal.mayPublish(state, true)).toBe(true);
  expect((await duty.post(`/api/v1/gateways/${identity.gatewayId}/revoke`)).body).toMatchObject({ status: 'revoked' });
  expect(await connects(identity.gatewayId, identity.password)).toBeUndefined();
  expect(Object.values(await speakers())).toEqual([null, null, null]);
  expect(cutOff).toEqual([identity.gatewayId]);
  principal.mayPublish(state, true);
  await house.clock.settle();
  expect(principal.mayPublish(state, true)).toBe(false);
  expect(principal.maySubscribe(topics.gatewayCommand(COUNTY, identity.gatewayId))).toBe(false);
  expect((await duty.post(`/api/v1/gateways/${identity.gatewayId}/revoke`)).body).toMatchObject({ code: 'transition-refused' });
  expect((await duty.post(`/api/v1/gateways/${identity.gatewayId}/confirm`)).body).toMatchObject({ code: 'transition-refused' });
});

test('a second gateway at a site replaces the first, so that no speaker ever has two voices', async () => {
  const first = await enrolled();
  const second = await enrolled();
  expect(await connects(first.gatewayId, first.password)).toBeUndefined();
  expect(cutOff).toEqual([first.gatewayId]);
  expect(await connects(second.gatewayId, second.password)).toBeDefined();
  expect(await speakers()).toMatchObject({ 'room-1-a': second.gatewayId, 'room-1-b': second.gatewayId });
  expect((await types()).slice(-3)).toEqual(['gateway.claimed', 'gateway.revoked', 'gateway.confirmed']);
  const list = (await duty.get('/api/v1/enrolments?status=active')).body as unknown as { gateways: { id: string; fingerprint: string }[] };
  expect(list.gateways).toEqual([expect.objectContaining({ id: second.gatewayId, fingerprint: expect.stringMatching(/^([0-9a-f]{4} ?){4}$/) })]);
});

test("the broker's table: a gateway says and hears exactly its own topics", async () => {
  const own = await enrolled('room-1');
  const other = await enrolled('room-2');
  const principal = (await connects(own.gatewayId, own.password))!;
  const id = own.gatewayId;
  const [report, state, hello] = [topics.gatewayReport(COUNTY, id), topics.gatewayState(COUNTY, id), topics.gatewayHello(COUNTY, id)];
  const publish: [string, boolean, boolean][] = [
    [report, false, true],
    [state, false, true],
    [hello, false, true],
    [state, true, true],
    [report, true, false],
    [hello, true, false],
    [topics.gatewayCommand(COUNTY, id), false, false],
    [topics.areaCommand(COUNTY, GROUP), false, false],
    [topics.areaCommand(COUNTY, COUNTY), true, false],
    [topics.gatewayReport(COUNTY, other.gatewayId), false, false],
    [topics.gatewayState(COUNTY, other.gatewayId), true, false],
    [topics.gatewayState('533325', id), true, false],
    [`${state}/`, false, false],
    [`${report}/x`, false, false],
    ['$SYS/broker', false, false],
    ['#', false, false],
    ['', false, false],
    [`laba/v1/${COUNTY}/gateway/+/report`, false, false],
  ];
  for (const [topic, retain, may] of publish) expect([topic, retain, principal.mayPublish(topic, retain)]).toEqual([topic, retain, may]);
  const subscribe: [string, boolean][] = [
    [topics.areaCommand(COUNTY, COUNTY), true],
    [topics.areaCommand(COUNTY, TOWNSHIP), true],
    [topics.areaCommand(COUNTY, VILLAGE), true],
    [topics.areaCommand(COUNTY, GROUP), true],
    [topics.gatewayCommand(COUNTY, id), true],
    [topics.areaCommand(COUNTY, OTHER_GROUP), false],
    [topics.areaCommand(COUNTY, '533324102'), false],
    [topics.gatewayCommand(COUNTY, other.gatewayId), false],
    [report, false],
    [state, false],
    ['#', false],
    ['$SYS/#', false],
    [`laba/v1/${COUNTY}/area/+/cmd`, false],
    [`laba/v1/${COUNTY}/#`, false],
    ['', false],
  ];
  for (const [filter, may] of subscribe) expect([filter, principal.maySubscribe(filter)]).toEqual([filter, may]);
});

test('a wrong password, another client id, an unknown id and absurd lengths are refused', async () => {
  const { gatewayId, password } = await enrolled();
  expect(await connects(gatewayId, `${password.slice(0, -1)}x`)).toBeUndefined();
  expect(await connects(gatewayId, '')).toBeUndefined();
  expect(await connects(gatewayId, secretHash(password))).toBeUndefined();
  expect(await connects(gatewayId, password, 'county')).toBeUndefined();
  expect(await connects('county', password)).toBeUndefined();
  expect(await connects('x'.repeat(1_000), password)).toBeUndefined();
  expect(await connects(gatewayId, 'x'.repeat(100_000))).toBeUndefined();
});

test('a sensor may publish its reading and nothing else', async () => {
  await house.db.atomically([
    {
      expect: 'one',
      statement: (q, t) =>
        q
          .insert(t.sensor)
          .values({
            id: 'rain-1',
            gridCode: GROUP,
            hazard: 'rainstorm',
            quantity: 'rain-mm-per-hour',
            threshold: 30,
            passwordHash: secretHash('sensor secret'),
          })
          .returning({ id: t.sensor.id }),
    },
  ]);
  expect(await connects('rain-1', 'wrong')).toBeUndefined();
  const principal = (await connects('rain-1', 'sensor secret'))!;
  expect(principal.mayPublish(topics.sensorReading(COUNTY, 'rain-1'), false)).toBe(true);
  expect(principal.mayPublish(topics.sensorReading(COUNTY, 'rain-1'), true)).toBe(false);
  expect(principal.mayPublish(topics.sensorReading(COUNTY, 'rain-2'), false)).toBe(false);
  expect(principal.mayPublish(topics.gatewayReport(COUNTY, 'rain-1'), false)).toBe(false);
  expect(principal.maySubscribe(topics.sensorReading(COUNTY, 'rain-1'))).toBe(false);
});

test("the county's keys: made once, private halves encrypted, drill and live kept apart", async () => {
  expect(await makeCountyKeys(house)).toEqual([]);
  const keys = await trustedKeys(house.db);
  const rows = await house.db.read((q, t) => q.select().from(t.signingKey));
  const live = rows.find(({ kid }) => kid === `${COUNTY}-live`)!;
  expect(live.privateCipher).toMatch(/^v1\./);
  const payload = {
    type: 'held' as const,
    aud: COUNTY,
    mode: 'live' as const,
    commandId: 'c',
    seq: 0,
    iat: 1,
    exp: 2,
    scope: [COUNTY],
    body: { journalId: 'j', reportsHeldUpTo: 0, highestSeq: 0 },
  };
  const wire = seal(payload, signingKey(live.kid, house.vault.decrypt(live.privateCipher)));
  expect(open(wire, keys, COUNTY)).toMatchObject({ kid: live.kid });
  const drill = rows.find(({ kid }) => kid === `${COUNTY}-drill`)!;
  expect(open(seal(payload, signingKey(drill.kid, house.vault.decrypt(drill.privateCipher))), keys, COUNTY)).toEqual({ refused: 'key-mode' });
  const both = openHouse();
  await Promise.all([makeCountyKeys(both), makeCountyKeys(both)]);
  expect(await both.db.read((q, t) => q.select().from(t.signingKey))).toHaveLength(3);
  expect((await eventsOf(both)).map(({ type }) => type)).toEqual(['keys.made']);
});

test('a room with a gateway does not move, and its speakers go nowhere, until the gateway is revoked', async () => {
  const { gatewayId } = await enrolled();
  const head = 'site_id,name,grid_code,placed_by,speaker_id,speaker_name';
  const moved = csv(head, `room-1,演示活动室一,${OTHER_GROUP},,room-1-a,喇叭`, `room-2,演示活动室二,${OTHER_GROUP},,room-1-b,喇叭`);
  await expect(bringIn(house, 'sites', moved)).rejects.toMatchObject({
    fields: {
      errors: [
        { row: 2, column: 'grid_code' },
        { row: 3, column: 'speaker_id' },
      ],
    },
  });
  await duty.post(`/api/v1/gateways/${gatewayId}/revoke`);
  await bringIn(house, 'sites', moved);
  expect(await house.db.read((q, t) => q.select({ gridCode: t.site.gridCode }).from(t.site))).toEqual([{ gridCode: OTHER_GROUP }, { gridCode: OTHER_GROUP }]);
});

test("the demo's 211 boxes are enrolled at once in under a second, with the same rows and events", async () => {
  const lines = Array.from({ length: 211 }, (_, i) => `s${i},演示活动室${i},${GROUP},,s${i}-a,喇叭`);
  await bringIn(house, 'sites', csv('site_id,name,grid_code,placed_by,speaker_id,speaker_name', ...lines));
  const started = process.cpuUsage();
  const identities = await enrolDirectly(
    house,
    lines.map((_, i) => ({ siteId: `s${i}`, publicKey: KEY })),
    SYSTEM,
  );
  const used = process.cpuUsage(started);
  const tookMs = (used.user + used.system) / 1_000;
  expect(tookMs).toBeLessThan(1_000);
  for (const identity of identities) gatewayIdentitySchema.parse(identity);
  expect(identities.map(({ siteId }) => siteId)).toEqual(lines.map((_, i) => `s${i}`));
  const last = identities.at(-1)!;
  expect((await speakers())['s210-a']).toBe(last.gatewayId);
  expect(await connects(last.gatewayId, last.password)).toBeDefined();
  expect((await types()).filter((type) => type === 'gateway.confirmed')).toHaveLength(211);
  await enrolDirectly(house, [{ siteId: 's0', publicKey: KEY }], SYSTEM);
  expect(await connects(identities[0]!.gatewayId, identities[0]!.password)).toBeUndefined();
  await expect(enrolDirectly(house, [{ siteId: 's0', publicKey: KEY }], { ...SYSTEM, via: 'http' })).rejects.toMatchObject({ code: 'role-refused' });
});
