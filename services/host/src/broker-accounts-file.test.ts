// A Mosquitto that starts with the file of everybody lets in exactly those, and the county finds nothing to tell it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startMosquitto, type MosquittoServer } from '@laba/engines/mosquitto-server';
import { topics, type GatewayIdentity } from '@laba/domain/gateway-protocol';
import { registerSensor } from '@laba/intake/register-sensor';
import { DynamicSecurity } from '@laba/messaging/dynamic-security';
import { newKeyPair } from '@laba/messaging/envelope';
import { hasMosquitto } from '@laba/messaging/mosquitto.test-kit';
import type { Mqtt } from '@laba/messaging/mqtt';
import { connectMqtt } from '@laba/messaging/mqtt-client';
import { until } from '@laba/messaging/until.test-kit';
import { enrolDirectly } from '@laba/registry/enrol-gateway';
import { makeCountyKeys } from '@laba/registry/make-county-keys';
import { registryService } from '@laba/registry/service';
import { COUNTY, furnish, GROUP, officer, openHouse, SYSTEM, type TestHouse } from '@laba/registry/test-house';
import { authorize } from '@laba/runtime/auth';
import { accountsBefore, accountsFile } from './broker-accounts-file.ts';

const silent = { error() {}, warn() {}, info() {} };
const PASSWORD = 'the county’s / password';

interface Accounts {
  clients: { username: string; salt: string }[];
  roles: { rolename: string }[];
}

describe('the file of accounts with which a broker starts', () => {
  let house: TestHouse;
  let boxes: GatewayIdentity[];
  let gauge: { id: string; password: string; topic: string };
  let dir: string;

  beforeEach(async () => {
    house = openHouse({ brokerUrl: `mqtt://county:${encodeURIComponent(PASSWORD)}@localhost` });
    await furnish(house);
    await makeCountyKeys(house);
    boxes = await enrolDirectly(
      house,
      ['room-1', 'room-2'].map((siteId) => ({ siteId, publicKey: newKeyPair().publicKey })),
      SYSTEM,
    );
    const chief = await officer(house, 'county-admin', [COUNTY]);
    const sensor = { id: 'gauge-1', gridCode: GROUP, hazard: 'flood', quantity: 'river-level-m', threshold: 3 } as const;
    gauge = await registerSensor(house, sensor, authorize(chief, 'people.import', [GROUP]), SYSTEM);
    dir = mkdtempSync(join(tmpdir(), 'laba-accounts-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test('of the file that was there, an operator’s own accounts stay; what Laba wrote and nobody has any more goes; the others are not hashed again', async () => {
    const { text } = await accountsFile(house);
    const before = JSON.parse(text) as Accounts;
    before.clients.push({ ...before.clients[1]!, username: 'ghost' }, { username: 'monitor', salt: 'x' });
    before.roles.push({ rolename: 'ghost' }, { rolename: 'monitoring' });
    const { text: now, devices } = await accountsFile(house, JSON.stringify(before));
    const { clients, roles } = JSON.parse(now) as Accounts;
    const ids = [...boxes.map(({ gatewayId }) => gatewayId).sort(), gauge.id];
    expect(devices).toBe(3);
    expect(clients.map(({ username }) => username)).toEqual(['county', ...ids, 'monitor']);
    expect(roles.map(({ rolename }) => rolename)).toEqual(['county', ...ids, 'monitoring']);
    expect(clients[1]!.salt).toBe(before.clients[1]!.salt);
    expect(clients[0]!.salt).not.toBe(before.clients[0]!.salt);
  });

  test('a file that is something else is not written over', () => {
    const file = join(dir, 'passwd');
    expect(accountsBefore(file)).toBeUndefined();
    for (const text of ['', 'root:x:0:0', '{"clients":3}', 'null']) {
      writeFileSync(file, text);
      expect(() => accountsBefore(file)).toThrow(/no file of Mosquitto/);
    }
  });

  describe.skipIf(!hasMosquitto)('at a Mosquitto (needs mosquitto)', () => {
    let server: MosquittoServer;
    let lines: Mqtt[];

    beforeEach(async () => {
      lines = [];
      server = await startMosquitto({ dir: join(dir, 'broker'), county: COUNTY, adminPassword: PASSWORD, accounts: (await accountsFile(house)).text });
    });
    afterEach(async () => {
      await Promise.all(lines.map((line) => line.close()));
      await server.stop();
    });

    function connect(username: string, password: string): Mqtt {
      const line = connectMqtt(
        { url: `mqtt://127.0.0.1:${server.port}`, clientId: username, username, password, ...(username === 'county' ? { version: 5 } : {}) },
        { log: silent, reconnectMs: 20 },
      );
      lines.push(line);
      return line;
    }

    test('the boxes come in with their own passwords, say and hear what is theirs, and nobody else comes in', async () => {
      const [box, other] = boxes as [GatewayIdentity, GatewayIdentity];
      const county = connect('county', PASSWORD);
      const gateway = connect(box.gatewayId, box.password);
      const sensor = connect(gauge.id, gauge.password);
      const thief = connect(other.gatewayId, box.password);
      const stranger = connect('stranger', box.password);
      await until(() => [county, gateway, sensor].every(({ online }) => online), 'the county, the box and the sensor are online');
      await until(() => [thief, stranger].every(({ trouble }) => trouble?.includes('refused the account') === true), 'the others are refused');
      const heard: string[] = [];
      await county.subscribe(topics.gatewayReport(COUNTY, box.gatewayId), (_topic, payload) => void heard.push(payload.toString()));
      await county.subscribe(gauge.topic, (_topic, payload) => void heard.push(payload.toString()));
      await gateway.subscribe(topics.gatewayCommand(COUNTY, box.gatewayId), (_topic, payload) => void heard.push(payload.toString()));
      await expect(gateway.subscribe(topics.gatewayCommand(COUNTY, other.gatewayId), () => {})).rejects.toMatchObject({ code: 'role-refused' });
      await gateway.publish(topics.gatewayReport(COUNTY, box.gatewayId), 'mine');
      await county.publish(topics.gatewayCommand(COUNTY, box.gatewayId), 'yours');
      await sensor.publish(gauge.topic, 'rising');
      await until(() => heard.length === 3, 'all were heard');
      expect(heard.sort()).toEqual(['mine', 'rising', 'yours']);
    });

    test('held against the database, nothing is entered, changed or taken out', async () => {
      const line = connect('county', PASSWORD);
      const commands: string[] = [];
      const publish = line.publish.bind(line);
      line.publish = (topic, payload, options) => {
        if (topic.startsWith('$CONTROL'))
          commands.push(...(JSON.parse(String(payload)) as { commands: { command: string }[] }).commands.map(({ command }) => command));
        return publish(topic, payload, options);
      };
      const registry = registryService({ ...house, mqtt: line }, { book: new DynamicSecurity(line, 'test') });
      await registry.start?.();
      await until(() => commands.length > 0, 'it was held against the database');
      await registry.stop?.();
      expect(commands).toEqual(['listClients']);
      expect(registry.degraded?.()).toEqual([]);
    });
  });
});
