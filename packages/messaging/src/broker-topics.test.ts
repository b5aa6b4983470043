// Who is known at the embedded broker, on real sockets: nobody speaks or hears what is not his.
import { generate } from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { startEmbeddedBroker } from './embedded-broker.ts';
import { EmbeddedUnderTest } from './embedded-broker.test-kit.ts';
import { connectPacket, publishPacket, RawClient, subscribePacket } from './raw-client.test-kit.ts';

let house: EmbeddedUnderTest;
let port: number;

beforeEach(async () => {
  house = await EmbeddedUnderTest.withGateways();
  port = house.broker.port;
});
afterEach(() => house.stop());

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
    expect(house.reasons()).toContain('packet-too-large');
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
  test.each(['laba/g2/cmd', 'laba/+/cmd', 'laba/#', '#', '+', '$SYS/#', '$share/x/laba/g1/cmd', 'laba/g1/cmd/#'])(
    'a device that asks for %s is refused, and keeps its line',
    async (filter) => {
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
    },
  );

  test('QoS 2 is refused, and a wildcard works for whom the house allows it', async () => {
    const county = await RawClient.signedIn(port, 'county');
    county.send(subscribePacket(['laba/+/report'], 2));
    expect(((await county.gets('suback')) as unknown as { granted: number[] }).granted).toEqual([0x80]);
    const other = await RawClient.signedIn(port, 'county');
    other.send(subscribePacket(['laba/everything/#', 'laba/+/report']));
    const g1 = await RawClient.signedIn(port, 'g1');
    g1.send(publishPacket('laba/g1/report', { payload: 'said' }));
    expect(((await other.gets('publish')) as unknown as { payload: Buffer }).payload.toString()).toBe('said');
  });

  test('a permission that is withdrawn stops the sound at once, though the line still stands', async () => {
    let allowed = true;
    const broker = await startEmbeddedBroker({
      host: '127.0.0.1',
      port: 0,
      log: { warn() {}, debug() {} },
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
    expect(((await ear.gets('publish')) as unknown as { topic: string }).topic).toBe('laba/b');
    await broker.close();
  });
});
