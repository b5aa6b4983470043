// Strangers at the embedded broker's door, on real sockets: nobody grows it, nobody speaks or hears what is not his.
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { startEmbeddedBroker } from './embedded-broker.ts';
import { EmbeddedUnderTest } from './embedded-broker.test-kit.ts';
import { until } from './until.test-kit.ts';
import { connectPacket, publishPacket, RawClient, subscribePacket } from './raw-client.test-kit.ts';
import { PacketMeter } from './socket-limits.ts';

const OWN = { publish: ['laba/g1/report', 'laba/g1/state'], subscribe: ['laba/g1/cmd', 'laba/area/cmd'], retain: ['laba/g1/state'] };

let house: EmbeddedUnderTest;
let port: number;

beforeEach(async () => {
  house = await EmbeddedUnderTest.start();
  port = house.broker.port;
  await house.account('g1', OWN);
  await house.account('g2', { publish: ['laba/g2/report'], subscribe: ['laba/g2/cmd'] });
  await house.account('county', { publish: ['laba/#'], subscribe: ['laba/+/report', 'laba/+/state', 'laba/everything/#'] });
});
afterEach(() => house.stop());

const reasons = () => house.logged.map(({ facts }) => facts['why']);

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
    expect(reasons()).toContain('not-connect');
  });

  test('an oversized CONNECT is cut', async () => {
    const client = await RawClient.open(port);
    client.send(connectPacket('g1', { will: { topic: 'laba/g1/state', payload: Buffer.alloc(LIMITS.mqttUnauthenticatedBytes), qos: 1, retain: true } }));
    await client.isCut();
    expect(client.received).toEqual([]);
  });

  test('a CONNECT cut in two gets in; broken ones do not', async () => {
    const client = await RawClient.open(port);
    client.socket.write(Buffer.from([0x10]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { generate } = await import('mqtt-packet');
    client.socket.write(generate(connectPacket('g1')).subarray(1));
    expect(await client.connack()).toBe(0);
    for (const bytes of [[0x10, 0], [0x10, 2, 0, 4], [0x10, 4, 0xff, 0xff, 1, 1], [0x10, 0xff, 0xff, 0xff, 0xff, 1], [0x10, 8, 0, 4, 77, 81, 84, 84, 4, 0xc2]]) {
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
    five.socket.on('data', (chunk) => { raw = Buffer.concat([raw, chunk]); });
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
    await RawClient.signedIn(port, 'g1', { will });
    const second = await RawClient.signedIn(port, 'g1', { will });
    second.send(publishPacket('laba/g1/state', { payload: 'online', retain: true }));
    await second.gets('puback');
    const county = await RawClient.signedIn(port, 'county');
    county.send(subscribePacket(['laba/+/state']));
    const kept = (await county.gets('publish')) as unknown as { payload: Buffer };
    expect(kept.payload.toString()).toBe('online');
  });

  test('an account that was withdrawn loses its line', async () => {
    const client = await RawClient.signedIn(port, 'g1');
    await house.broker.disconnect('g1');
    await client.isCut();
    await house.broker.disconnect('nobody');
    expect(house.broker.connections).toBe(0);
  });
});

describe('what may be said', () => {
  const refused: [string, ReturnType<typeof publishPacket>][] = [
    ["another gateway's topic", publishPacket('laba/g2/report')],
    ["its own gateway's command topic", publishPacket('laba/g1/cmd')],
    ['an area', publishPacket('laba/area/cmd')],
    ['$SYS', publishPacket('$SYS/x')],
    ['$share', publishPacket('$share/g/laba/g1/report')],
    ['a retained message where only fleeting ones are allowed', publishPacket('laba/g1/report', { retain: true })],
    ['a retained message on a foreign topic', publishPacket('laba/g2/state', { retain: true })],
    ['QoS 2', publishPacket('laba/g1/report', { qos: 2 })],
    ['QoS 0 on a foreign topic', publishPacket('laba/g2/report', { qos: 0, messageId: undefined })],
  ];

  test.each(refused)('a device that publishes to %s is cut off, and nobody hears it', async (_what, packet) => {
    const county = await RawClient.signedIn(port, 'county');
    county.send(subscribePacket(['laba/+/report', 'laba/+/state']));
    await county.gets('suback');
    const client = await RawClient.signedIn(port, 'g1');
    client.send(packet);
    await client.isCut();
    expect(client.received.map(({ cmd }) => cmd)).toEqual(['connack']);
    const honest = await RawClient.signedIn(port, 'g2');
    honest.send(publishPacket('laba/g2/report', { payload: 'honest' }));
    const heard = (await county.gets('publish')) as unknown as { payload: Buffer };
    expect(heard.payload.toString()).toBe('honest');
  });

  test('a topic with a wildcard is cut off', async () => {
    for (const topic of ['laba/+/report', 'laba/#']) {
      const client = await RawClient.signedIn(port, 'county');
      // The packet library refuses to make this one: a template topic of the same length is overwritten.
      const { generate } = await import('mqtt-packet');
      const bytes = generate(publishPacket('a'.repeat(topic.length)));
      bytes.write(topic, 4, 'utf8');
      client.socket.write(bytes);
      await client.isCut();
    }
  });

  test('a packet beyond 64 KB is cut off while it comes; one just below passes', async () => {
    const county = await RawClient.signedIn(port, 'county');
    county.send(subscribePacket(['laba/+/report']));
    await county.gets('suback');
    const client = await RawClient.signedIn(port, 'g1');
    client.send(publishPacket('laba/g1/report', { payload: Buffer.alloc(LIMITS.mqttPacketBytes - 64, 1) }));
    await county.gets('publish');
    client.send(publishPacket('laba/g1/report', { payload: Buffer.alloc(LIMITS.mqttPacketBytes + 1, 1) }));
    await client.isCut();
    expect(reasons()).toContain('packet-too-large');
    expect(county.received.filter(({ cmd }) => cmd === 'publish')).toHaveLength(1);
  });

  test('a last will on a foreign topic, retained where that is not allowed, with QoS 2 or under $ is refused at the door', async () => {
    const wills = [
      { topic: 'laba/g2/state', payload: 'lost', qos: 1, retain: true },
      { topic: 'laba/g1/report', payload: 'lost', qos: 1, retain: true },
      { topic: 'laba/g1/state', payload: 'lost', qos: 2, retain: true },
      { topic: '$SYS/x', payload: 'lost', qos: 0, retain: false },
    ];
    for (const will of wills) {
      const client = await RawClient.open(port);
      client.send(connectPacket('g1', { will }));
      expect(await client.connack()).toBe(5);
      await client.isCut();
    }
  });
});

describe('what may be heard', () => {
  test.each(['laba/g2/cmd', 'laba/+/cmd', 'laba/#', '#', '+', '$SYS/#', '$share/x/laba/g1/cmd', 'laba/g1/cmd/#'])('a device that asks for %s is refused, and keeps its line', async (filter) => {
    const client = await RawClient.signedIn(port, 'g1');
    client.send(subscribePacket([filter, 'laba/g1/cmd']));
    const suback = (await client.gets('suback')) as unknown as { granted: number[] };
    expect(suback.granted).toEqual([0x80, 1]);
    const county = await RawClient.signedIn(port, 'county');
    county.send(publishPacket('laba/g2/cmd'));
    county.send(publishPacket('laba/g1/cmd', { payload: 'mine' }));
    const heard = (await client.gets('publish')) as unknown as { payload: Buffer };
    expect(heard.payload.toString()).toBe('mine');
    expect(client.closed).toBe(false);
  });

  test('QoS 2 is refused, and a wildcard works for whom the house allows it', async () => {
    const county = await RawClient.signedIn(port, 'county');
    county.send(subscribePacket(['laba/+/report'], 2));
    expect((await county.gets('suback') as unknown as { granted: number[] }).granted).toEqual([0x80]);
    const other = await RawClient.signedIn(port, 'county');
    other.send(subscribePacket(['laba/everything/#', 'laba/+/report']));
    const g1 = await RawClient.signedIn(port, 'g1');
    g1.send(publishPacket('laba/g1/report', { payload: 'said' }));
    expect((await other.gets('publish') as unknown as { payload: Buffer }).payload.toString()).toBe('said');
  });

  test('a permission that is withdrawn stops the sound at once, though the line still stands', async () => {
    let allowed = true;
    const broker = await startEmbeddedBroker({
      host: '127.0.0.1', port: 0, log: { warn() {}, debug() {} },
      authenticate: async (clientId) => ({ clientId, mayPublish: () => true, maySubscribe: () => allowed }),
    });
    const ear = await RawClient.signedIn(broker.port, 'ear');
    ear.send(subscribePacket(['laba/a', 'laba/b']));
    await ear.gets('suback');
    const mouth = await RawClient.signedIn(broker.port, 'mouth');
    allowed = false;
    mouth.send(publishPacket('laba/a'));
    await mouth.gets('puback');
    allowed = true;
    mouth.send(publishPacket('laba/b'));
    expect((await ear.gets('publish') as unknown as { topic: string }).topic).toBe('laba/b');
    await broker.close();
  });
});

describe('the broker itself', () => {
  test('a busy port is told in one line that says what to do', async () => {
    await expect(startEmbeddedBroker({ host: '127.0.0.1', port, log: { warn() {}, debug() {} }, authenticate: async () => undefined }))
      .rejects.toThrow(`MQTT port ${port} is busy: stop the other program or set LABA_MQTT_PORT`);
    const foreign = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => foreign.once('listening', resolve));
    foreign.close();
  });

  test('an account book that cannot be read refuses as "unavailable", and the broker goes on', async () => {
    let broken = true;
    const broker = await startEmbeddedBroker({
      host: '127.0.0.1', port: 0, log: { warn() {}, debug() {} },
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

  test('three hundred devices that come at once all get in', async () => {
    const names = Array.from({ length: 300 }, (_, i) => `d${i}`);
    for (const name of names) await house.account(name, OWN);
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
    await until(() => other.received.filter(({ cmd }) => cmd === 'publish').length === count, 'the other one got all', 8_000);
    expect(performance.now() - startedAt).toBeLessThan(LIMITS.mqttSlowClientMs / 2);
    expect(house.broker.connections).toBe(2);
    expect(reasons()).toContain('too-much-unread');
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
    await until(() => county.received.filter(({ cmd }) => cmd === 'publish').length === count, 'all came', 8_000);
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
