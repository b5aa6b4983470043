// Keys come, change over and go, by the API: each change is one new book signed by the root, and a key reaches no further than its node.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import type { GatewayIdentity } from '@laba/domain/gateway-protocol';
import { newKeyPair } from '@laba/messaging/envelope';
import { openKeyBook, readKeyBook } from '@laba/messaging/key-book';
import type { App } from '@laba/runtime/http';
import { any } from '@laba/storage/database';
import { loadJob } from '@laba/storage/jobs';
import { newestBooks } from '@laba/storage/keys';
import { switchWhenHeld } from './change-keys.ts';
import { enrolDirectly } from './enrol-gateway.ts';
import { allKeys } from './key-store.ts';
import { makeCountyKeys } from './make-county-keys.ts';
import { registryService } from './service.ts';
import {
  COUNTY,
  eventsOf,
  furnish,
  GROUP,
  officer,
  OTHER_GROUP,
  OTHER_TOWNSHIP,
  openApp,
  openHouse,
  signedIn,
  SYSTEM,
  TOWNSHIP,
  VILLAGE,
  type Caller,
  type TestHouse,
} from './test-house.ts';

const LIVE = `${COUNTY}-live`;
const DRILL = `${COUNTY}-drill`;
let house: TestHouse;
let app: App;
let admin: Caller;
let identity: GatewayIdentity;
beforeEach(async () => {
  house = openHouse();
  await furnish(house);
  await makeCountyKeys(house);
  [identity] = (await enrolDirectly(house, [{ siteId: 'room-1', publicKey: newKeyPair().publicKey }], SYSTEM)) as [GatewayIdentity];
  await officer(house, 'county-admin', [COUNTY], 'admin');
  app = await openApp(house);
  admin = await signedIn(app, 'admin');
});
afterEach(() => app.close());

const book = async (at = TOWNSHIP) => readKeyBook((await newestBooks(house.db))!.for(at).wire);
const kids = async () => (await book()).keys.map(({ kid }) => kid);
const states = async () =>
  Object.fromEntries(((await admin.get('/api/v1/keys')).body['keys'] as unknown as { kid: string; state: string }[]).map(({ kid, state }) => [kid, state]));
const keyEvents = async () =>
  (await eventsOf(house)).filter(({ type }) => type.startsWith('keys.')).map(({ type, gridCode, data }) => ({ type, gridCode, data }));

/** What the gateway said last. */
async function says(keyBook: number | undefined, lastSeenAtMs = house.clock.now()): Promise<void> {
  const state = {
    state: 'online' as const,
    bootCounter: 1,
    journalId: 'j',
    software: 'test',
    clockKnown: true,
    power: { source: 'mains' as const },
    speakers: [],
    reportsWaiting: 0,
    ...(keyBook === undefined ? {} : { keyBook }),
  };
  const row = {
    gatewayId: identity.gatewayId,
    siteId: 'room-1',
    gridCode: GROUP,
    online: true,
    lastSeenAtMs,
    bootCounter: 1,
    journalId: 'j',
    reportsHeldUpTo: 0,
    state,
  };
  await house.db.atomically([
    any((q, t) => q.insert(t.gatewayStatus).values(row).onConflictDoUpdate({ target: t.gatewayStatus.gatewayId, set: { state, lastSeenAtMs } }).returning()),
  ]);
}

async function switches(): Promise<string> {
  const [row] = await house.db.read((q, t) => q.select().from(t.job).where(eq(t.job.consumer, 'registry.switch-keys')));
  const reaction = await switchWhenHeld(house, (await loadJob(house.db, row!.id))!);
  if (reaction.ops !== undefined) await house.db.atomically(reaction.ops);
  return reaction.againAtMs === undefined ? 'done' : 'waits';
}

test('a new box is told the newest book’s keys, its version and the root; the root signs no command and is in no list', async () => {
  const { root, version } = await book();
  expect(identity.keyBook).toEqual({ version: 1, root });
  expect(version).toBe(1);
  expect(identity.keys.map(({ kid }) => kid)).toEqual([DRILL, LIVE]);
  expect(await states()).toEqual({ [DRILL]: 'signs', [LIVE]: 'signs' });
  expect(openKeyBook((await newestBooks(house.db))!.for(COUNTY).wire, [identity.keyBook!.root], COUNTY)).toHaveProperty('book');
});

describe('a grid node', () => {
  test('gets a pair of its own, once, which reaches no further; only where there is such a node', async () => {
    expect(await admin.post('/api/v1/keys', { scope: TOWNSHIP })).toMatchObject({
      status: 201,
      body: { made: [`${TOWNSHIP}-live`, `${TOWNSHIP}-drill`], book: 2 },
    });
    expect((await book()).keys.filter(({ kid }) => kid.startsWith(TOWNSHIP + '-')).map(({ scope, modes }) => [scope, modes])).toEqual([
      [TOWNSHIP, ['drill', 'test']],
      [TOWNSHIP, ['live']],
    ]);
    expect((await admin.post('/api/v1/keys', { scope: TOWNSHIP })).body).toMatchObject({ code: 'already-done' });
    expect((await admin.post('/api/v1/keys', { scope: '533324999' })).body).toMatchObject({ code: 'unknown-code' });
    expect((await admin.post('/api/v1/keys', { scope: '5333' })).body).toMatchObject({ code: 'bad-input' });
    expect((await admin.post('/api/v1/keys', { scope: COUNTY })).body).toMatchObject({ code: 'already-done' });
    expect((await keyEvents()).at(-1)).toEqual({ type: 'keys.made', gridCode: TOWNSHIP, data: { kids: [`${TOWNSHIP}-live`, `${TOWNSHIP}-drill`], book: 2 } });
  });

  test('gets one pair when the same request is sent again, and the same answer', async () => {
    const sends = () => admin.post('/api/v1/keys', { scope: TOWNSHIP }, { 'idempotency-key': 'once' });
    const first = await sends();
    expect(await sends()).toMatchObject({ status: 201, body: first.body, headers: { 'idempotency-replayed': 'true' } });
    expect((await book()).version).toBe(2);
  });

  test('without keys has none to rotate; the township’s administrator changes none of the county’s', async () => {
    expect((await admin.post('/api/v1/keys/rotate', { scope: VILLAGE })).body).toMatchObject({ code: 'not-found' });
    await officer(house, 'county-admin', [TOWNSHIP], 'township');
    const township = await signedIn(app, 'township');
    expect((await township.post('/api/v1/keys/rotate', { scope: COUNTY })).body).toMatchObject({ code: 'out-of-scope' });
    expect((await township.post(`/api/v1/keys/${LIVE}/revoke`)).body).toMatchObject({ code: 'out-of-scope' });
    expect((await township.post('/api/v1/keys', { scope: TOWNSHIP })).status).toBe(201);
    expect(((await township.get('/api/v1/keys')).body['keys'] as unknown as { scope: string }[]).map(({ scope }) => scope)).toEqual([TOWNSHIP, TOWNSHIP]);
    await officer(house, 'county-officer', [COUNTY], 'duty');
    expect((await (await signedIn(app, 'duty')).post(`/api/v1/keys/${LIVE}/revoke`)).body).toMatchObject({ code: 'role-refused' });
  });
});

test('a book names the county’s keys and those of one township: what lies elsewhere is nobody’s business there, and leaves room', async () => {
  const made = (await admin.post('/api/v1/keys', { scope: VILLAGE })).body as unknown as { made: string[] };
  const others = (await admin.post('/api/v1/keys', { scope: OTHER_TOWNSHIP })).body as unknown as { made: string[] };
  const named = async (at: string) => (await book(at)).keys.map(({ kid }) => kid).sort();
  expect(await named(GROUP)).toEqual([...made.made, DRILL, LIVE].sort());
  expect(await named(OTHER_GROUP)).toEqual([...others.made, DRILL, LIVE].sort());
  expect(await named(COUNTY)).toEqual([DRILL, LIVE]);
  expect(await named('533324999')).toEqual([DRILL, LIVE]);
  expect(new Set(await Promise.all([GROUP, OTHER_GROUP, COUNTY].map(async (at) => (await book(at)).version)))).toEqual(new Set([3]));
});

describe('rotated keys', () => {
  test('sign when every gateway heard of lately holds them, not before', async () => {
    await says(1);
    expect((await admin.post('/api/v1/keys/rotate', { scope: COUNTY })).body).toEqual({ made: [`${LIVE}-2`, `${DRILL}-2`], book: 2 });
    expect(await states()).toEqual({ [LIVE]: 'signs', [DRILL]: 'signs', [`${LIVE}-2`]: 'waits', [`${DRILL}-2`]: 'waits' });
    expect((await admin.get('/api/v1/keys')).body).toMatchObject({ book: 2, behind: { count: 1, gateways: [{ gatewayId: identity.gatewayId, book: 1 }] } });
    expect(await switches()).toBe('waits');
    expect((await admin.post('/api/v1/keys/rotate', { scope: COUNTY })).body).toMatchObject({ code: 'already-done' });
    await says(2);
    expect(await switches()).toBe('done');
    expect(await states()).toEqual({ [LIVE]: 'signs', [DRILL]: 'signs', [`${LIVE}-2`]: 'signs', [`${DRILL}-2`]: 'signs' });
    expect((await keyEvents()).at(-1)).toMatchObject({ type: 'keys.switched', data: { kids: [`${DRILL}-2`, `${LIVE}-2`], missing: 0 } });
    expect(await switches()).toBe('done');
  });

  test('do not wait for a box that was not heard of for a week, and wait for one from before key books until somebody means it', async () => {
    await says(1, house.clock.now() - 8 * 86_400_000);
    await admin.post('/api/v1/keys/rotate', { scope: COUNTY });
    await says(undefined);
    expect(await switches()).toBe('waits');
    expect((await admin.post('/api/v1/keys/switch', { scope: COUNTY })).status).toBe(200);
    expect((await keyEvents()).at(-1)).toMatchObject({ type: 'keys.switched', data: { missing: 1 } });
    expect((await admin.post('/api/v1/keys/switch', { scope: COUNTY })).body).toMatchObject({ code: 'not-found' });
  });
});

describe('a revoked key', () => {
  test('is in no book any more; the county gets another in the same book, under a name that was never given', async () => {
    expect((await admin.post(`/api/v1/keys/${LIVE}/revoke`)).body).toEqual({ made: [`${LIVE}-2`], book: 2 });
    expect(await kids()).toEqual([DRILL, `${LIVE}-2`]);
    expect((await admin.post(`/api/v1/keys/${LIVE}/revoke`)).body).toMatchObject({ code: 'already-done' });
    expect((await admin.post('/api/v1/keys/nobody/revoke')).body).toMatchObject({ code: 'not-found' });
    expect((await admin.post(`/api/v1/keys/${COUNTY}-root/revoke`)).body).toMatchObject({ code: 'not-found' });
    expect((await admin.post(`/api/v1/keys/${LIVE}-2/revoke`)).body).toEqual({ made: [`${LIVE}-3`], book: 3 });
    expect(await makeCountyKeys(house)).toEqual([]);
  });

  test('is followed at once by the one that waits; a node’s by none', async () => {
    await admin.post('/api/v1/keys/rotate', { scope: COUNTY });
    expect((await admin.post(`/api/v1/keys/${LIVE}/revoke`)).body).toEqual({ made: [], book: 3 });
    expect(await states()).toMatchObject({ [LIVE]: 'revoked', [`${LIVE}-2`]: 'signs', [`${DRILL}-2`]: 'waits' });
    await admin.post('/api/v1/keys', { scope: TOWNSHIP });
    expect((await admin.post(`/api/v1/keys/${TOWNSHIP}-live/revoke`)).body).toEqual({ made: [], book: 5 });
    expect(await kids()).toEqual([DRILL, `${DRILL}-2`, `${LIVE}-2`, `${TOWNSHIP}-drill`]);
  });

  test('of two officers at the same moment: one book after the other, none lost', async () => {
    const both = await Promise.all([admin.post(`/api/v1/keys/${LIVE}/revoke`), admin.post(`/api/v1/keys/${DRILL}/revoke`)]);
    const done = both.filter(({ status }) => status === 200).length;
    expect(done).toBeGreaterThan(0);
    const revoked = (await allKeys(house.db)).filter(({ revokedAtMs }) => revokedAtMs !== null).map(({ kid }) => kid);
    expect(revoked).toHaveLength(done);
    expect((await book()).version).toBe(1 + done);
    for (const kid of revoked) expect(await kids()).not.toContain(kid);
  });
});

test('a county out of a backup goes on above what its gateways hold, but not above what cannot be', async () => {
  await says(41);
  expect((await admin.post('/api/v1/keys', { scope: TOWNSHIP })).body).toMatchObject({ book: 42 });
  await says(1_000_000_000);
  expect((await admin.post('/api/v1/keys', { scope: VILLAGE })).body).toMatchObject({ book: 43 });
});

test('a county from before key books gets its root and its first book when it starts', async () => {
  await house.db.atomically([
    any((q, t) => q.delete(t.keyBook).returning()),
    any((q, t) =>
      q
        .delete(t.signingKey)
        .where(eq(t.signingKey.kid, `${COUNTY}-root`))
        .returning(),
    ),
  ]);
  const service = registryService(house);
  await service.start?.();
  expect(await kids()).toEqual([DRILL, LIVE]);
  expect((await book()).version).toBe(1);
  await service.stop?.();
});
