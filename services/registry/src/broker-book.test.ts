// A Mosquitto of its own lets in whom the database lets in, to exactly their topics; and it is told again when it has forgotten.
import { execFile } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { topics, type GatewayIdentity } from '@laba/domain/gateway-protocol';
import { DynamicSecurity } from '@laba/messaging/dynamic-security';
import { newKeyPair } from '@laba/messaging/envelope';
import { hasMosquitto, MosquittoUnderTest } from '@laba/messaging/mosquitto.test-kit';
import type { Mqtt } from '@laba/messaging/mqtt';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { until } from '@laba/messaging/until.test-kit';
import { authorize } from '@laba/runtime/auth';
import type { Service } from '@laba/runtime/service';
import { finishJob, loadJob } from '@laba/storage/jobs';
import { revokeGateway } from './confirm-gateway.ts';
import { enrolDirectly } from './enrol-gateway.ts';
import { findGateway } from './gateway-store.ts';
import { makeCountyKeys } from './make-county-keys.ts';
import { registryService } from './service.ts';
import { COUNTY, furnish, GROUP, officer, openHouse, SYSTEM, type TestHouse } from './test-house.ts';

const silent = { error() {}, warn() {}, info() {} };

describe.skipIf(!hasMosquitto)('the accounts at a Mosquitto (needs mosquitto)', () => {
  let broker: MosquittoUnderTest;
  let house: TestHouse;
  let registry: Service;
  let line: Mqtt;
  let lines: Mqtt[];

  beforeEach(async () => {
    broker = await MosquittoUnderTest.start();
    line = broker.line('county-registry-1');
    house = { ...openHouse(), mqtt: line };
    await furnish(house);
    await makeCountyKeys(house);
    registry = registryService(house, { book: new DynamicSecurity(line, 'county-registry-1') });
    await until(() => line.online, 'the county is online');
    await registry.start?.();
    lines = [line];
  });
  afterEach(async () => {
    await registry.stop?.();
    await Promise.all(lines.map((one) => one.close()));
    await broker.stop();
  });

  async function enrol(siteId: string): Promise<GatewayIdentity> {
    const [identity] = await enrolDirectly(house, [{ siteId, publicKey: newKeyPair().publicKey }], SYSTEM);
    await runJobs();
    return identity!;
  }

  // What the relay does, without waiting.
  async function runJobs(): Promise<void> {
    for (const { id, doneAtMs } of await house.db.read((q, t) => q.select().from(t.job))) {
      const job = doneAtMs === null ? await loadJob(house.db, id) : undefined;
      if (job === undefined) continue;
      await registry.consumers!['registry.keep-broker-book']!(job);
      await house.db.atomically([finishJob(id, house.clock.now())]);
    }
  }

  function connect({ gatewayId, password }: GatewayIdentity): Mqtt {
    const opened = connectMqtt({ url: broker.url, clientId: gatewayId, username: gatewayId, password }, { log: silent, reconnectMs: 20 });
    lines.push(opened);
    return opened;
  }

  async function online(identity: GatewayIdentity): Promise<Mqtt> {
    const opened = connect(identity);
    await until(() => opened.online, 'the box is online');
    return opened;
  }

  function run(command: string, { gatewayId, password }: GatewayIdentity, args: readonly string[]): Promise<string> {
    const all = ['-p', String(broker.server.port), '-i', gatewayId, '-u', gatewayId, '-P', password, '-q', '1', ...args];
    return new Promise((resolve) => execFile(command, all, { timeout: 8_000 }, (_error, stdout, stderr) => resolve(stdout + stderr)));
  }

  test('a box that is enrolled comes in, hears its own topics and no others', async () => {
    const box = await enrol('room-1');
    const other = await enrol('room-2');
    const gateway = await online(box);
    const heard: string[] = [];
    for (const topic of [topics.areaCommand(COUNTY, COUNTY), topics.areaCommand(COUNTY, GROUP), topics.gatewayCommand(COUNTY, box.gatewayId)])
      await gateway.subscribe(topic, (at) => void heard.push(at));
    for (const filter of ['#', 'laba/#', 'laba/v1/+/area/+/cmd', '$SYS/#', '$CONTROL/#', `$share/g/${topics.gatewayCommand(COUNTY, other.gatewayId)}`]) {
      await expect(gateway.subscribe(filter, () => {})).rejects.toMatchObject({ code: 'role-refused' });
    }
    await expect(gateway.subscribe(topics.gatewayCommand(COUNTY, other.gatewayId), () => {})).rejects.toMatchObject({ code: 'role-refused' });
    await line.publish(topics.areaCommand(COUNTY, COUNTY), 'all');
    await line.publish(topics.gatewayCommand(COUNTY, box.gatewayId), 'one');
    await until(() => heard.length === 2, 'it heard both');
  });

  test('mosquitto_pub with its credentials says what is its own, and nothing else gets through', async () => {
    const box = await enrol('room-1');
    const other = await enrol('room-2');
    const heard: string[] = [];
    await line.subscribe(`laba/v1/${COUNTY}/gateway/#`, (topic, payload) => void heard.push(`${topic} ${payload.toString()}`));
    await line.subscribe(`laba/v1/${COUNTY}/area/#`, (topic) => void heard.push(topic));
    for (const topic of [topics.gatewayReport(COUNTY, other.gatewayId), topics.areaCommand(COUNTY, GROUP), topics.gatewayCommand(COUNTY, box.gatewayId)])
      await run('mosquitto_pub', box, ['-t', topic, '-m', 'forged']);
    await run('mosquitto_pub', box, ['-t', '$CONTROL/dynamic-security/v1', '-m', '{"commands":[{"command":"deleteClient","username":"county"}]}']);
    await run('mosquitto_pub', { ...box, gatewayId: other.gatewayId }, ['-t', topics.gatewayReport(COUNTY, other.gatewayId), '-m', 'stolen']);
    const own = topics.gatewayReport(COUNTY, box.gatewayId);
    await run('mosquitto_pub', box, ['-t', own, '-m', 'mine']);
    await until(() => heard.length > 0, 'its own came');
    expect(heard).toEqual([`${own} mine`]);
    expect((await broker.book.list()).has('county')).toBe(true);
  });

  test('its account fits no other client id', async () => {
    const box = await enrol('room-1');
    const said = await run('mosquitto_pub', box, ['-i', 'somebody-else', '-t', topics.gatewayReport(COUNTY, box.gatewayId), '-m', 'x']);
    expect(said).toMatch(/not authori[sz]ed|bad user name/i);
  });

  test('a box that is revoked is cut off at once and does not come back', async () => {
    const box = await enrol('room-1');
    const gateway = await online(box);
    const chief = await officer(house, 'county-officer', [COUNTY]);
    const row = (await findGateway(house.db, box.gatewayId))!;
    await revokeGateway(house, authorize(chief, 'gateway.enrol', [row.gridCode]), row, SYSTEM);
    await runJobs();
    await until(() => !gateway.online && gateway.trouble?.includes('refused the account') === true, 'it is out');
    expect([...(await broker.book.list()).keys()].sort()).toEqual(['county']);
  });

  test('a broker that was killed and comes back empty is told who may connect, by the house itself', async () => {
    const box = await enrol('room-1');
    await enrol('room-2');
    const gateway = await online(box);
    await broker.restart({ empty: true });
    await until(() => gateway.online, 'the box is back');
    await until(() => registry.degraded!().length === 0, 'nothing is degraded');
    expect((await broker.book.list()).size).toBe(3);
  });

  test('what Laba wrote and nobody has any more is taken out; what an operator entered himself stays', async () => {
    await broker.book.put([{ id: 'ghost', password: 'x', publish: [`laba/v1/${COUNTY}/gateway/ghost/report`], subscribe: [] }]);
    await line.publish('$CONTROL/dynamic-security/v1', JSON.stringify({ commands: [{ command: 'createClient', username: 'monitor', password: 'y' }] }));
    await registry.stop?.();
    await registry.start?.();
    await until(() => registry.degraded!().length === 0, 'it was held against the database');
    for (let there = true; there; there = (await broker.book.list()).has('ghost')) await new Promise((resolve) => setTimeout(resolve, 20));
    expect([...(await broker.book.list()).keys()].sort()).toEqual(['county', 'monitor']);
  });

  test('two copies of the house that enter the same box at once do not cut it off', async () => {
    const box = await enrol('room-1');
    const gateway = await online(box);
    const said: boolean[] = [];
    gateway.onLine((up) => said.push(up));
    const { accounts } = await import('./broker-accounts.ts').then((it) => it.brokerAccounts(house));
    await Promise.all([broker.book.put(accounts), new DynamicSecurity(line, 'another').put(accounts)]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(said).toEqual([]);
  });
});
