// Strangers at the embedded broker's door, on real sockets: nobody grows it, nobody takes another's place.
import { generate } from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { EmbeddedUnderTest } from './embedded-broker.test-kit.ts';
import { connectPacket, publishPacket, RawClient, subscribePacket } from './raw-client.test-kit.ts';
import { until } from './until.test-kit.ts';

let house: EmbeddedUnderTest;
let port: number;

beforeEach(async () => {
  house = await EmbeddedUnderTest.withGateways();
  port = house.broker.port;
});
afterEach(() => house.stop());

describe('before it is known who speaks', () => {
  test('four idle sockets, a hundred, and one that drips are closed within the time to connect; who is known gets in meanwhile', async () => {
    const before = process.memoryUsage();
    const startedAt = performance.now();
    const idle = await Promise.all(Array.from({ length: 104 }, () => RawClient.open(port)));
    const dripping = await RawClient.open(port, '127.0.0.3');
    dripping.socket.write(Buffer.from([0x10, 0xff, 0x1e]));
    const drip = setInterval(() => dripping.socket.write('x'), 100);
    const other = await RawClient.open(port, '127.0.0.2');
    other.send(connectPacket('g1'));
    expect(await other.connack()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await until(() => dripping.closed && idle.every(({ closed }) => closed), 'all were closed', LIMITS.mqttConnectTimeoutMs + 1_500);
    clearInterval(drip);
    expect(performance.now() - startedAt).toBeGreaterThan(LIMITS.mqttConnectTimeoutMs - 500);
    expect(house.broker.connections).toBe(1);
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(32 * 1_048_576);
    other.end();
  });

  test('sockets that pour bytes are cut at 4 KB, and memory does not grow', async () => {
    const before = process.memoryUsage();
    const flood = Buffer.alloc(1_048_576, 0x41);
    // A CONNECT that announces 200 MB, then the flood.
    const announced = Buffer.concat([Buffer.from([0x10, 0x80, 0x80, 0x80, 0x64]), flood]);
    const pourers = await Promise.all(Array.from({ length: 4 }, () => RawClient.open(port)));
    for (const client of pourers) for (let i = 0; i < 16; i++) client.socket.write(i === 0 ? announced : flood);
    await Promise.all(pourers.map((client) => client.isCut()));
    const after = process.memoryUsage();
    expect(after.rss - before.rss).toBeLessThan(64 * 1_048_576);
  });

  test('a first packet that is not CONNECT is cut at once', async () => {
    for (const packet of [publishPacket('laba/g1/report'), subscribePacket(['laba/g1/cmd']), { cmd: 'pingreq' } as const]) {
      const client = await RawClient.open(port);
      client.send(packet);
      await client.isCut();
    }
    const web = await RawClient.open(port);
    web.socket.write('GET / HTTP/1.1\r\n\r\n');
    await web.isCut();
    expect(house.reasons()).toContain('not-connect');
  });

  test('an oversized CONNECT is cut', async () => {
    const client = await RawClient.open(port);
    client.send(connectPacket('g1', { will: { topic: 'laba/g1/state', payload: Buffer.alloc(LIMITS.mqttUnauthenticatedBytes), qos: 1, retain: true } }));
    await client.isCut();
    expect(client.received).toEqual([]);
  });

  test('a good CONNECT with more behind it than a stranger may send is cut, though the password is right', async () => {
    const client = await RawClient.open(port);
    client.socket.write(Buffer.concat([generate(connectPacket('g1')), Buffer.alloc(LIMITS.mqttUnauthenticatedBytes, 0xc0)]));
    await client.isCut();
    expect(client.received).toEqual([]);
    expect(house.reasons()).toContain('too-many-bytes');
  });

  test('a CONNECT cut in two gets in; broken ones do not', async () => {
    const client = await RawClient.open(port);
    client.socket.write(Buffer.from([0x10]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    client.socket.write(generate(connectPacket('g1')).subarray(1));
    expect(await client.connack()).toBe(0);
    for (const bytes of [
      [0x10, 0],
      [0x10, 2, 0, 4],
      [0x10, 4, 0xff, 0xff, 1, 1],
      [0x10, 0xff, 0xff, 0xff, 0xff, 1],
      [0x10, 8, 0, 4, 77, 81, 84, 84, 4, 0xc2],
    ]) {
      const broken = await RawClient.open(port);
      broken.socket.write(Buffer.from(bytes));
      await broken.isCut();
    }
  });

  test('MQTT 3.1 is welcome, MQTT 5 and unknown versions are told so in their own words', async () => {
    const old = await RawClient.open(port);
    old.send(connectPacket('g1', { protocolId: 'MQIsdp', protocolVersion: 3 }));
    expect(await old.connack()).toBe(0);
    const five = await RawClient.open(port);
    let raw = Buffer.alloc(0);
    five.socket.on('data', (chunk) => {
      raw = Buffer.concat([raw, chunk]);
    });
    five.send(connectPacket('g2', { protocolVersion: 5, properties: { sessionExpiryInterval: 60 } }));
    await five.isCut();
    expect([...raw]).toEqual([0x20, 3, 0, 0x84, 0]);
    const future = await RawClient.open(port);
    future.socket.write(Buffer.from([0x10, 12, 0, 4, 77, 81, 84, 84, 9, 2, 0, 60, 0, 0]));
    expect(await future.connack()).toBe(1);
    await future.isCut();
  });

  test('a wrong password, no password, another user name and an odd client id are refused', async () => {
    const attempts: [object, number][] = [
      [connectPacket('g1', { password: Buffer.from('guess') }), 5],
      [connectPacket('g1', { password: undefined }), 5],
      [connectPacket('nobody'), 5],
      [connectPacket('g1', { username: 'g2' }), 2],
      [connectPacket('', { clientId: '', username: '' }), 2],
      [connectPacket('a b'), 2],
    ];
    for (const [packet, code] of attempts) {
      const client = await RawClient.open(port);
      client.send(packet as never);
      expect(await client.connack()).toBe(code);
      await client.isCut();
    }
    expect(house.broker.connections).toBe(0);
  });

  test('what strangers are refused for is logged sparsely and without their words', async () => {
    for (let i = 0; i < 30; i++) {
      const client = await RawClient.open(port);
      client.send(connectPacket('13800000000 Mr Example', { username: 'x' }));
      await client.isCut();
    }
    expect(house.logged.length).toBeLessThan(5);
    expect(JSON.stringify(house.logged)).not.toContain('Example');
  });
});

describe('one account, one line', () => {
  test('the same account again takes the line over', async () => {
    const first = await RawClient.signedIn(port, 'g1');
    const second = await RawClient.signedIn(port, 'g1');
    await first.isCut();
    second.send({ cmd: 'pingreq' });
    await second.gets('pingresp');
    expect(house.broker.connections).toBe(1);
  });

  test('nobody steals a client id: not with a wrong password, not with another account', async () => {
    const owner = await RawClient.signedIn(port, 'g1');
    const thieves = [connectPacket('g1', { password: Buffer.from('guess') }), connectPacket('g1', { username: 'g2', password: Buffer.from('password-of-g2') })];
    for (const packet of thieves) {
      const thief = await RawClient.open(port);
      thief.send(packet);
      expect(await thief.connack()).not.toBe(0);
    }
    owner.send({ cmd: 'pingreq' });
    await owner.gets('pingresp');
    expect(owner.closed).toBe(false);
  });

  test('a take-over puts out the old last will before the new line speaks', async () => {
    const will = { topic: 'laba/g1/state', payload: Buffer.from('lost'), qos: 1, retain: true };
    const first = await RawClient.signedIn(port, 'g1', { will });
    first.send(subscribePacket(['laba/g1/cmd', 'laba/area/cmd']));
    await first.gets('suback');
    const second = await RawClient.open(port);
    // In one breath with its CONNECT, as MQTT allows.
    second.socket.write(
      Buffer.concat([generate(connectPacket('g1', { will })), generate(publishPacket('laba/g1/state', { payload: 'online', retain: true }))]),
    );
    await second.gets('puback');
    const county = await RawClient.signedIn(port, 'county');
    county.send(subscribePacket(['laba/+/state']));
    const kept = (await county.gets('publish')) as unknown as { payload: Buffer };
    expect(kept.payload.toString()).toBe('online');
  });

  test('nothing is kept for who is away: a session asked for is a clean one', async () => {
    const first = await RawClient.signedIn(port, 'g1', { clean: false });
    first.send(subscribePacket(['laba/g1/cmd']));
    await first.gets('suback');
    first.end();
    await until(() => house.broker.connections === 0, 'it is gone');
    const county = await RawClient.signedIn(port, 'county');
    county.send(publishPacket('laba/g1/cmd'));
    await county.gets('puback');
    const second = await RawClient.signedIn(port, 'g1', { clean: false });
    expect(await second.gets('connack')).toMatchObject({ sessionPresent: false });
    second.send({ cmd: 'pingreq' });
    await second.gets('pingresp');
    expect(second.received.map(({ cmd }) => cmd)).toEqual(['connack', 'pingresp']);
  });

  test('an account that was withdrawn loses its line', async () => {
    const client = await RawClient.signedIn(port, 'g1');
    await house.broker.disconnect('g1');
    await client.isCut();
    await house.broker.disconnect('nobody');
    expect(house.broker.connections).toBe(0);
  });
});
