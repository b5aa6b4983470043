// The embedded broker under load and in trouble: it has a limit for everything and says what is wrong.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { startEmbeddedBroker } from './embedded-broker.ts';
import { EmbeddedUnderTest, GATEWAY } from './embedded-broker.test-kit.ts';
import { connectPacket, publishPacket, RawClient, subscribePacket } from './raw-client.test-kit.ts';
import { PacketMeter } from './socket-limits.ts';
import { until } from './until.test-kit.ts';

let house: EmbeddedUnderTest;
let port: number;

beforeEach(async () => {
  house = await EmbeddedUnderTest.withGateways();
  port = house.broker.port;
});
afterEach(() => house.stop());

describe('the broker itself', () => {
  test('a busy port is told in one line that says what to do', async () => {
    await expect(startEmbeddedBroker({ host: '127.0.0.1', port, log: { warn() {}, debug() {} }, authenticate: async () => undefined })).rejects.toThrow(
      `MQTT port ${port} is busy: stop the other program or set LABA_MQTT_PORT`,
    );
  });

  test('an account book that cannot be read refuses as "unavailable", and the broker goes on', async () => {
    let broken = true;
    const broker = await startEmbeddedBroker({
      host: '127.0.0.1',
      port: 0,
      log: { warn() {}, debug() {} },
      authenticate: async (clientId) => {
        if (broken) throw new Error('planted');
        return { clientId, mayPublish: () => true, maySubscribe: () => true };
      },
    });
    const client = await RawClient.open(broker.port);
    client.send(connectPacket('g1'));
    expect(await client.connack()).toBe(3);
    broken = false;
    await RawClient.signedIn(broker.port, 'g1');
    await broker.close();
  });

  test('only so many strangers are heard at a time, and all the others have their turn', async () => {
    let asked = 0;
    let most = 0;
    const broker = await startEmbeddedBroker({
      host: '127.0.0.1',
      port: 0,
      log: { warn() {}, debug() {} },
      authenticate: async (clientId) => {
        asked += 1;
        most = Math.max(most, asked);
        await new Promise((resolve) => setTimeout(resolve, 20));
        asked -= 1;
        return { clientId: clientId === 'liar' ? 'g1' : clientId, mayPublish: () => true, maySubscribe: () => true };
      },
    });
    const clients = await Promise.all(Array.from({ length: 40 }, () => RawClient.open(broker.port)));
    clients.forEach((client, i) => client.send(connectPacket(`d${i}`)));
    expect(await Promise.all(clients.map((client) => client.connack()))).toEqual(clients.map(() => 0));
    expect(most).toBe(LIMITS.mqttUnauthenticatedSocketsPerAddress);
    const liar = await RawClient.open(broker.port);
    liar.send(connectPacket('liar'));
    expect(await liar.connack()).toBe(5);
    await broker.close();
  });

  test('three hundred devices that come at once all get in', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `d${i}`);
    for (const name of names) await house.account(name, GATEWAY);
    await Promise.all(names.map((name) => RawClient.signedIn(port, name)));
    expect(house.broker.connections).toBe(300);
  });

  test('close ends all lines quickly, also those that never said a word', async () => {
    const clients = await Promise.all(['g1', 'g2', 'county'].map((name) => RawClient.signedIn(port, name)));
    clients.push(await RawClient.open(port));
    const startedAt = performance.now();
    await house.broker.close();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await Promise.all(clients.map((client) => client.isCut()));
    expect(house.broker.connections).toBe(0);
  });

  test('a device that reads nothing is cut off and holds up nobody', async () => {
    const frozen = await RawClient.signedIn(port, 'g1');
    frozen.send(subscribePacket(['laba/area/cmd']));
    await frozen.gets('suback');
    frozen.socket.pause();
    await house.account('g3', { publish: [], subscribe: ['laba/area/cmd'] });
    const other = await RawClient.signedIn(port, 'g3');
    other.send(subscribePacket(['laba/area/cmd']));
    await other.gets('suback');
    const county = await RawClient.signedIn(port, 'county');
    const big = Buffer.alloc(60_000, 1);
    const count = 400;
    const startedAt = performance.now();
    for (let i = 0; i < count; i++) county.send(publishPacket('laba/area/cmd', { payload: big, messageId: i + 1 }));
    await until(() => other.received.filter(({ cmd }) => cmd === 'publish').length === count, 'the other one got all');
    expect(performance.now() - startedAt).toBeLessThan(LIMITS.mqttSlowClientMs / 2);
    expect(house.broker.connections).toBe(2);
    expect(house.reasons()).toContain('too-much-unread');
  });

  test('for a slow collector the senders wait, and nothing is lost', async () => {
    const county = await RawClient.signedIn(port, 'county');
    county.send(subscribePacket(['laba/+/report']));
    await county.gets('suback');
    county.socket.pause();
    const client = await RawClient.signedIn(port, 'g1');
    const big = Buffer.alloc(60_000, 1);
    const count = 400;
    for (let i = 0; i < count; i++) client.send(publishPacket('laba/g1/report', { payload: big, messageId: i + 1 }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(client.received.filter(({ cmd }) => cmd === 'puback').length).toBeLessThan(count);
    county.socket.resume();
    await until(() => county.received.filter(({ cmd }) => cmd === 'publish').length === count, 'all came');
  });
});

describe('the meter', () => {
  test('finds the borders of packets however the bytes are cut', () => {
    const small = Buffer.concat([Buffer.from([0x30, 3]), Buffer.from('abc'), Buffer.from([0xc0, 0]), Buffer.from([0x30, 0x80, 0x01]), Buffer.alloc(128)]);
    const large = Buffer.from([0x30, 0xc8, 0x01]);
    for (let cut = 1; cut < small.length; cut++) {
      const meter = new PacketMeter(131);
      expect(meter.accept(small.subarray(0, cut)) && meter.accept(small.subarray(cut))).toBe(true);
      expect(meter.accept(large)).toBe(false);
    }
    expect(new PacketMeter(131).accept(Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff]))).toBe(false);
  });
});
