// The house's MQTT client before brokers that fail: what was not acknowledged is refused at once and never sent again in secret.
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { generate, parser, type IPublishPacket, type Packet } from 'mqtt-packet';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { connectMqtt, type MqttLog } from './mqtt-client.ts';
import type { Mqtt } from './mqtt.ts';
import { until } from './until.test-kit.ts';

/** A broker that does what the test says: it may keep silent, refuse, or break the line. */
class OddBroker {
  readonly #server: Server;
  readonly sockets: Socket[] = [];
  readonly received: Packet[] = [];
  connack = 0;
  acknowledges = true;

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async start(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  published(): IPublishPacket[] {
    return this.received.filter((packet): packet is IPublishPacket => packet.cmd === 'publish');
  }

  count(cmd: string): number {
    return this.received.filter((packet) => packet.cmd === cmd).length;
  }

  askedFor(): string[] {
    return this.received.flatMap((packet) => (packet.cmd === 'subscribe' ? packet.subscriptions.map(({ topic }) => topic) : []));
  }

  breakLines(): void {
    for (const socket of this.sockets.splice(0)) socket.destroy();
  }

  say(packet: Packet): void {
    for (const socket of this.sockets) socket.write(generate(packet));
  }

  async stop(): Promise<void> {
    this.breakLines();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.sockets.push(socket);
    socket.on('error', () => {});
    const reader = parser();
    socket.on('data', (chunk) => reader.parse(chunk));
    reader.on('packet', (packet) => {
      this.received.push(packet);
      if (packet.cmd === 'connect') socket.write(generate({ cmd: 'connack', returnCode: this.connack, sessionPresent: false }));
      if (packet.cmd === 'subscribe') socket.write(generate({ cmd: 'suback', messageId: packet.messageId!, granted: packet.subscriptions.map(() => 1) }));
      if (packet.cmd === 'publish' && this.acknowledges) socket.write(generate({ cmd: 'puback', messageId: packet.messageId! }));
    });
  }
}

let broker: OddBroker;
let lines: Mqtt[];
let logged: string[];

beforeEach(async () => {
  broker = new OddBroker();
  lines = [];
  logged = [];
  await broker.start();
});
afterEach(async () => {
  await Promise.all(lines.map((line) => line.close()));
  await broker.stop();
});

function open(reconnectMs = 10): Mqtt {
  const note = (facts: Record<string, unknown>, words: string) => {
    logged.push(`${words} ${JSON.stringify(facts)}`);
  };
  const log: MqttLog = { error: note, warn: note, info: note };
  const line = connectMqtt({ url: `mqtt://127.0.0.1:${broker.port}`, clientId: 'county', username: 'county', password: 'secret-word' }, { log, reconnectMs });
  lines.push(line);
  return line;
}

async function online(): Promise<Mqtt> {
  const line = open();
  await until(() => line.online, 'the line is up');
  return line;
}

test('a publish is done when the broker acknowledges it, not before', async () => {
  broker.acknowledges = false;
  const line = await online();
  let done = false;
  const sending = line.publish('laba/a', 'x').then(() => {
    done = true;
  });
  await until(() => broker.published().length === 1, 'it arrived');
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(done).toBe(false);
  broker.say({ cmd: 'puback', messageId: broker.published()[0]!.messageId! });
  await sending;
  expect(broker.published()[0]).toMatchObject({ topic: 'laba/a', qos: 1, retain: false });
});

test('what was not acknowledged when the line broke is refused, and never sent again by itself', async () => {
  broker.acknowledges = false;
  const line = await online();
  const sending = Promise.allSettled(Array.from({ length: 5 }, (_, i) => line.publish('laba/a', `m${i}`)));
  await until(() => broker.published().length === 5, 'all arrived');
  broker.breakLines();
  for (const outcome of await sending) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'broker-offline' } });
  expect(line.online).toBe(false);
  broker.acknowledges = true;
  await until(() => line.online, 'the line is up again');
  await line.publish('laba/a', 'after');
  expect(broker.published().map(({ payload }) => payload.toString())).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'after']);
});

test('a subscription made while the line is down, and every other, is asked for before the line counts as up', async () => {
  const line = open();
  await line.subscribe('laba/a', () => {});
  await line.subscribe('laba/b', () => {});
  await line.subscribe('laba/b', () => {});
  const said: [boolean, number][] = [];
  line.onLine((up) => said.push([up, broker.askedFor().length]));
  await until(() => line.online, 'the line is up');
  expect(said).toEqual([[true, 2]]);
  broker.breakLines();
  await until(() => said.length === 3, 'the line was down and up again');
  expect(said.slice(1)).toEqual([
    [false, 2],
    [true, 4],
  ]);
});

test('connects with a clean session, MQTT 3.1.1, and says its name only in the place for it', async () => {
  await online();
  expect(broker.received[0]).toMatchObject({ cmd: 'connect', protocolVersion: 4, clean: true, clientId: 'county', username: 'county', keepalive: 20 });
  expect(logged.join('\n')).not.toContain('secret-word');
});

test('refused at the door it goes on trying, and gets in when the account is there', async () => {
  broker.connack = 5;
  const line = open();
  await until(() => broker.count('connect') >= 2, 'it tried twice');
  expect(line.online).toBe(false);
  broker.connack = 0;
  await until(() => line.online, 'the line is up');
});

test('the same message reaches every handler whose filter fits, and one that fails is only logged', async () => {
  const line = await online();
  const seen: string[] = [];
  await line.subscribe('laba/+/report', () => {
    throw new Error('planted');
  });
  await line.subscribe('laba/+/report', (topic) => {
    seen.push(`one ${topic}`);
  });
  await line.subscribe('laba/g1/report', async (topic) => {
    seen.push(`two ${topic}`);
  });
  broker.say({ cmd: 'publish', topic: 'laba/g1/report', payload: '13800000000', qos: 0, dup: false, retain: false });
  await until(() => seen.length === 2, 'both heard it');
  expect(seen.sort()).toEqual(['one laba/g1/report', 'two laba/g1/report']);
  expect(logged.join('\n')).toContain('planted');
  expect(logged.join('\n')).not.toContain('13800000000');
});

test('a handler may publish and wait for the answer, however many do so at once', async () => {
  const line = await online();
  let answered = 0;
  await line.subscribe('laba/hello', async () => {
    await line.publish('laba/answer', 'x');
    answered += 1;
  });
  const count = 3_000;
  for (let i = 0; i < count; i++)
    broker.say({ cmd: 'publish', topic: 'laba/hello', payload: String(i), qos: 1, messageId: (i % 65_535) + 1, dup: false, retain: false });
  await until(() => answered === count, 'all were answered');
});

test('a message is acknowledged after its handler is done, in the order in which they came, also when a handler fails', async () => {
  const line = await online();
  const gates: ((fails: boolean) => void)[] = [];
  await line.subscribe('laba/a', () => new Promise<void>((resolve, reject) => gates.push((fails) => (fails ? reject(new Error('planted')) : resolve()))));
  for (const messageId of [7, 3, 5]) broker.say({ cmd: 'publish', topic: 'laba/a', payload: 'x', qos: 1, messageId, dup: false, retain: false });
  await until(() => gates.length === 3, 'all are in hand');
  const acknowledged = () => broker.received.flatMap((packet) => (packet.cmd === 'puback' ? [packet.messageId] : []));
  gates[1]!(false);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(acknowledged()).toEqual([]);
  gates[0]!(true);
  await until(() => acknowledged().length === 2, 'two are acknowledged');
  gates[2]!(false);
  await until(() => acknowledged().length === 3, 'the third too');
  expect(acknowledged()).toEqual([7, 3, 5]);
});

test('more messages in hand than the limit are dropped, told once, and the line goes on', async () => {
  const line = await online();
  const gates: (() => void)[] = [];
  const sizes: number[] = [];
  await line.subscribe(
    'laba/#',
    (_topic, payload) =>
      new Promise<void>((resolve) => {
        sizes.push(payload.length);
        gates.push(resolve);
      }),
  );
  const big = Buffer.alloc(1_048_576);
  const fits = LIMITS.mqttRunningBytes / big.length;
  for (let i = 0; i < fits + 5; i++) broker.say({ cmd: 'publish', topic: 'laba/a', payload: big, qos: 0, dup: false, retain: false });
  await until(() => logged.some((words) => words.includes('dropped')), 'the drop was told');
  expect(sizes).toHaveLength(fits);
  gates.splice(0).forEach((open) => open());
  broker.say({ cmd: 'publish', topic: 'laba/a', payload: 'small', qos: 0, dup: false, retain: false });
  await until(() => sizes.includes(5), 'the next one is handled');
  gates.splice(0).forEach((open) => open());
  expect(logged.filter((words) => words.includes('are dropped'))).toHaveLength(1);
});

test('a message larger than brokers take is refused here, not by a cut line', async () => {
  const line = await online();
  await expect(line.publish('laba/a', 'x'.repeat(LIMITS.mqttPacketBytes))).rejects.toMatchObject({ code: 'too-large' });
  expect(line.online).toBe(true);
  expect(broker.published()).toEqual([]);
});

test('a broker that is not there is tried again until it is, by waits that lie apart for each name', async () => {
  const { port } = broker;
  await broker.stop();
  broker = new OddBroker();
  Object.defineProperty(broker, 'port', { value: port, configurable: true });
  const line = open();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(line.online).toBe(false);
  await broker.start(port);
  await until(() => line.online, 'the line is up');
});

test('close says good-bye, refuses what is on its way, and does not come back', async () => {
  broker.acknowledges = false;
  const line = await online();
  const sending = Promise.allSettled([line.publish('laba/a', 'x')]);
  await line.close();
  expect(await sending).toMatchObject([{ status: 'rejected', reason: { code: 'broker-offline' } }]);
  await until(() => broker.count('disconnect') === 1, 'the good-bye came');
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(broker.count('connect')).toBe(1);
  await line.close();
});
