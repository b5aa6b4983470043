// A broker that asks the county: with the bodies that infra/emqx makes EMQX send, it gets the guard's own answers.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { topics, type GatewayIdentity } from '@laba/domain/gateway-protocol';
import { newKeyPair } from '@laba/messaging/envelope';
import { authorize } from '@laba/runtime/auth';
import type { App } from '@laba/runtime/http';
import { revokeGateway } from './confirm-gateway.ts';
import { enrolDirectly } from './enrol-gateway.ts';
import { findGateway } from './gateway-store.ts';
import { makeCountyKeys } from './make-county-keys.ts';
import { COUNTY, furnish, GROUP, officer, openApp, openHouse, SYSTEM, type TestHouse } from './test-house.ts';

const SECRET = 'a-secret-of-the-broker';
let house: TestHouse;
let app: App;
let box: GatewayIdentity;

beforeEach(async () => {
  house = openHouse({ profile: 'clustered', brokerUrl: 'mqtt://county:p%40ss@127.0.0.1:1883', brokerHookSecret: SECRET });
  await furnish(house);
  await makeCountyKeys(house);
  [box] = (await enrolDirectly(house, [{ siteId: 'room-1', publicKey: newKeyPair().publicKey }], SYSTEM)) as [GatewayIdentity];
  app = await openApp(house);
});
afterEach(() => app.close());

/** The blocks `body { … }` of the file, each with `${…}` where EMQX puts its own values in. */
const templates = [
  ...readFileSync(new URL('../../../infra/emqx/laba.conf', import.meta.url), 'utf8').matchAll(/body \{\n([^}]*(?:\$\{[^}]*\}[^}]*)*)\n\s*\}/g),
].map(([, inner]) => Object.fromEntries([...inner!.matchAll(/(\w+) = "\$\{(\w+)\}"/g)].map(([, key, placeholder]) => [key!, placeholder!])));

async function ask(route: 'authenticate' | 'authorize', values: Record<string, string>, secret = SECRET): Promise<string> {
  const template = templates[route === 'authenticate' ? 0 : 1]!;
  // EMQX leaves the word `undefined` where it has nothing to put in.
  const payload = Object.fromEntries(Object.entries(template).map(([key, placeholder]) => [key, values[placeholder] ?? 'undefined']));
  const answer = await app.inject({ method: 'POST', url: `/api/v1/broker/${route}`, payload, headers: { 'x-laba-broker': secret } });
  return answer.statusCode === 200 ? answer.json<{ result: string }>().result : String(answer.statusCode);
}

const as = (id: string) => ({ clientid: id, username: id });
const county = { clientid: 'county-house-1', username: 'county' };

test('the file names both routes, the header, and the fields that the routes want', () => {
  const text = readFileSync(new URL('../../../infra/emqx/laba.conf', import.meta.url), 'utf8');
  for (const route of ['authenticate', 'authorize']) expect(text).toContain(`url = "http://127.0.0.1:8080/api/v1/broker/${route}"`);
  expect(templates.map((fields) => Object.keys(fields))).toEqual([
    ['clientid', 'username', 'password'],
    ['clientid', 'username', 'topic', 'action', 'qos', 'retain'],
  ]);
  expect(text).toContain('no_match = deny');
});

test('lets in an active box and the county, each with its own password, and nobody else', async () => {
  const { gatewayId, password } = box;
  expect(await ask('authenticate', { ...as(gatewayId), password })).toBe('allow');
  expect(await ask('authenticate', { ...as(gatewayId), password: 'guess' })).toBe('deny');
  expect(await ask('authenticate', { clientid: 'another', username: gatewayId, password })).toBe('deny');
  expect(await ask('authenticate', { ...as('nobody'), password })).toBe('deny');
  expect(await ask('authenticate', { ...county, password: 'p@ss' })).toBe('allow');
  expect(await ask('authenticate', { ...county, password: '' })).toBe('deny');
  expect(await ask('authenticate', { clientid: gatewayId, username: 'county', password: 'p@ss' })).toBe('deny');
});

test('a box says and hears what is its own, exactly', async () => {
  const { gatewayId } = box;
  const may = (action: string, topic: string, more = {}) => ask('authorize', { ...as(gatewayId), action, topic, qos: '1', ...more });
  expect(await may('publish', topics.gatewayReport(COUNTY, gatewayId), { retain: 'false' })).toBe('allow');
  expect(await may('publish', topics.gatewayState(COUNTY, gatewayId), { retain: 'true' })).toBe('allow');
  expect(await may('subscribe', topics.areaCommand(COUNTY, GROUP))).toBe('allow');
  expect(await may('publish', topics.gatewayReport(COUNTY, gatewayId), { retain: 'true' })).toBe('deny');
  expect(await may('publish', topics.gatewayReport(COUNTY, gatewayId), { qos: '2' })).toBe('deny');
  for (const topic of ['#', '$SYS/#', topics.gatewayCommand(COUNTY, 'another'), `$share/g/${topics.gatewayCommand(COUNTY, gatewayId)}`])
    expect(await may('subscribe', topic)).toBe('deny');
  for (const topic of [topics.areaCommand(COUNTY, GROUP), topics.gatewayReport(COUNTY, 'another')]) expect(await may('publish', topic)).toBe('deny');
});

test('the county hears everything of its own, also shared among its processes, and nothing of another county', async () => {
  const may = (action: string, topic: string) => ask('authorize', { ...county, action, topic, qos: '1' });
  expect(await may('subscribe', `$share/dispatch/${topics.gatewayReport(COUNTY, '+')}`)).toBe('allow');
  expect(await may('publish', topics.areaCommand(COUNTY, COUNTY))).toBe('allow');
  expect(await may('publish', topics.areaCommand('530102', '530102'))).toBe('deny');
  expect(await may('subscribe', '#')).toBe('deny');
});

test('a box that was revoked may do nothing more', async () => {
  const chief = await officer(house, 'county-officer', [COUNTY]);
  const row = (await findGateway(house.db, box.gatewayId))!;
  await revokeGateway(house, authorize(chief, 'gateway.enrol', [row.gridCode]), row, SYSTEM);
  expect(await ask('authenticate', { ...as(box.gatewayId), password: box.password })).toBe('deny');
  expect(await ask('authorize', { ...as(box.gatewayId), action: 'publish', topic: topics.gatewayReport(COUNTY, box.gatewayId), qos: '1' })).toBe('deny');
});

test('who is not the broker is told nothing, and a house whose broker asks nothing has no such door', async () => {
  expect(await ask('authenticate', { ...as(box.gatewayId), password: box.password }, 'guess')).toBe('403');
  house.config.brokerHookSecret = undefined;
  expect(await ask('authenticate', { ...as(box.gatewayId), password: box.password })).toBe('404');
});
