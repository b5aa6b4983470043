// What the house asks of any broker and of its own client: run on the embedded broker here, on others where they are installed.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLightLine } from './light-line.ts';
import type { Mqtt, MqttConnection } from './mqtt.ts';
import { connectMqtt, type MqttLog } from './mqtt-client.ts';
import { until } from './until.test-kit.ts';

/** A broker under test. Topics are free under `laba/`; the credentials may do everything below `allow`. */
export interface BrokerUnderTest {
  url: string;
  /** An account that may publish, retain and subscribe exactly what matches these filters. */
  account(clientId: string, allow: { publish: readonly string[]; subscribe: readonly string[] }): Promise<{ username: string; password: string }>;
  /** Ends all connections without a word, as a restart does, and takes new ones afterwards on the same address. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const silent: MqttLog = { error() {}, warn() {}, info() {} };
const RECONNECT_MS = 20;

/** `version`: the protocol level that the lines speak. */
export function mqttContract(name: string, start: () => Promise<BrokerUnderTest>, version: 4 | 5 = 4): void {
  describe(`MQTT on ${name}`, () => {
    let broker: BrokerUnderTest;
    let lines: Mqtt[] = [];

    beforeEach(async () => {
      broker = await start();
    });
    afterEach(async () => {
      await Promise.all(lines.map((line) => line.close()));
      lines = [];
      await broker.stop();
    });

    async function line(clientId: string, allow: { publish?: string[]; subscribe?: string[] }, more: Partial<MqttConnection> = {}): Promise<Mqtt> {
      const account = await broker.account(clientId, { publish: allow.publish ?? [], subscribe: allow.subscribe ?? [] });
      const opened = connectMqtt({ url: broker.url, version, clientId, ...account, ...more }, { log: silent, reconnectMs: RECONNECT_MS });
      lines.push(opened);
      return opened;
    }

    async function online(clientId: string, allow: { publish?: string[]; subscribe?: string[] }, more: Partial<MqttConnection> = {}): Promise<Mqtt> {
      const opened = await line(clientId, allow, more);
      await until(() => opened.online, `${clientId} is online`);
      return opened;
    }

    test('a message reaches who subscribed to its exact topic, byte for byte', async () => {
      const ear = await online('ear', { subscribe: ['laba/t/a'] });
      const mouth = await online('mouth', { publish: ['laba/t/a'] });
      const heard: string[] = [];
      await ear.subscribe('laba/t/a', (_topic, payload) => {
        heard.push(payload.toString('utf8'));
      });
      await mouth.publish('laba/t/a', '立即转移 \u{1F4E2}');
      await until(() => heard.length === 1, 'the message came');
      expect(heard).toEqual(['立即转移 \u{1F4E2}']);
    });

    test('+ stands for one level and # for all that follow, and each handler gets only what its filter fits', async () => {
      const ear = await online('ear', { subscribe: ['laba/+/report', 'laba/#'] });
      const mouth = await online('mouth', { publish: ['laba/#'] });
      const one: string[] = [];
      const all: string[] = [];
      await ear.subscribe('laba/+/report', (topic) => {
        one.push(topic);
      });
      await ear.subscribe('laba/#', (topic) => {
        all.push(topic);
      });
      for (const topic of ['laba/g1/report', 'laba/g1/x/report', 'laba/g2/state']) await mouth.publish(topic, 'x');
      await until(() => new Set(all).size === 3, 'all three came');
      expect(new Set(one)).toEqual(new Set(['laba/g1/report']));
      expect(new Set(all)).toEqual(new Set(['laba/g1/report', 'laba/g1/x/report', 'laba/g2/state']));
    });

    test('a retained message greets who comes later, an empty one takes it back', async () => {
      const mouth = await online('mouth', { publish: ['laba/t/state'] });
      await mouth.publish('laba/t/state', 'online', { retain: true });
      const ear = await online('ear', { subscribe: ['laba/t/state'] });
      const heard: string[] = [];
      await ear.subscribe('laba/t/state', (_topic, payload) => {
        heard.push(payload.toString());
      });
      await until(() => heard.length === 1, 'the retained message came');
      expect(heard).toEqual(['online']);
      await mouth.publish('laba/t/state', '', { retain: true });
      await until(() => heard.length === 2, 'the empty message came');
      const late = await online('late', { subscribe: ['laba/t/state'] });
      const lateHeard: string[] = [];
      await late.subscribe('laba/t/state', (_topic, payload) => {
        lateHeard.push(payload.toString());
      });
      await mouth.publish('laba/t/state', 'again');
      await until(() => lateHeard.length > 0, 'the next message came');
      expect(lateHeard).toEqual(['again']);
    });

    test('the last will is published and retained when a line breaks, and not when it is closed in good order', async () => {
      const will = { topic: 'laba/t/state', payload: 'lost' };
      const ear = await online('ear', { subscribe: ['laba/t/state'] });
      const heard: string[] = [];
      await ear.subscribe('laba/t/state', (_topic, payload) => {
        heard.push(payload.toString());
      });
      const polite = await online('box', { publish: ['laba/t/state'] }, { will });
      await polite.publish('laba/t/state', 'leaving');
      await polite.close();
      const twin = await online('box', { publish: ['laba/t/state'] }, { will });
      await twin.publish('laba/t/state', 'back');
      // The same account again takes the line over: the first one's line broke.
      const other = await online('box', { publish: ['laba/t/state'] }, { will });
      await until(() => heard.includes('lost'), 'the will came');
      await twin.close();
      await other.close();
      const late = await online('late', { subscribe: ['laba/t/state'] });
      const kept: string[] = [];
      await late.subscribe('laba/t/state', (_topic, payload) => {
        kept.push(payload.toString());
      });
      await until(() => kept.length > 0, 'the will was kept');
      expect(kept).toEqual(['lost']);
      expect(heard.slice(0, 3)).toEqual(['leaving', 'back', 'lost']);
    });

    test('a subscription that is refused is told to who asked, and leaves the others standing', async () => {
      const ear = await online('ear', { subscribe: ['laba/mine'] });
      const mouth = await online('mouth', { publish: ['laba/#'] });
      const heard: string[] = [];
      await ear.subscribe('laba/mine', (topic) => {
        heard.push(topic);
      });
      await expect(
        ear.subscribe('laba/theirs', (topic) => {
          heard.push(topic);
        }),
      ).rejects.toMatchObject({ code: 'role-refused' });
      await mouth.publish('laba/theirs', 'x');
      await mouth.publish('laba/mine', 'x');
      await until(() => heard.length > 0, 'the own message came');
      expect(heard).toEqual(['laba/mine']);
    });

    test('a publish without a line is rejected at once, and is not sent later', async () => {
      const ear = await online('ear', { subscribe: ['laba/t/a'] });
      const heard: string[] = [];
      await ear.subscribe('laba/t/a', (_topic, payload) => {
        heard.push(payload.toString());
      });
      const mouth = await line('mouth', { publish: ['laba/t/a'] });
      await expect(mouth.publish('laba/t/a', 'too early')).rejects.toMatchObject({ code: 'broker-offline' });
      await until(() => mouth.online, 'mouth is online');
      await mouth.publish('laba/t/a', 'now');
      await until(() => heard.length > 0, 'the message came');
      expect(heard).toEqual(['now']);
    });

    test('a line that breaks comes back by itself, with its subscriptions, and says so', async () => {
      const ear = await online('ear', { subscribe: ['laba/t/a', 'laba/t/b'] });
      const said: boolean[] = [];
      ear.onLine((up) => said.push(up));
      const heard: string[] = [];
      await ear.subscribe('laba/t/a', (_topic, payload) => {
        heard.push(payload.toString());
      });
      const mouth = await online('mouth', { publish: ['laba/t/a', 'laba/t/b'] });
      await broker.restart();
      await until(() => said.includes(false), 'the break was noticed');
      await ear.subscribe('laba/t/b', (_topic, payload) => {
        heard.push(payload.toString());
      });
      await until(() => ear.online && mouth.online, 'both are back');
      expect(said).toEqual([false, true]);
      await mouth.publish('laba/t/a', 'a');
      await mouth.publish('laba/t/b', 'b');
      await until(() => heard.length === 2, 'both messages came');
      expect(heard).toEqual(['a', 'b']);
    });

    test('a handler that fails harms neither the line nor the next message', async () => {
      const ear = await online('ear', { subscribe: ['laba/t/a'] });
      const mouth = await online('mouth', { publish: ['laba/t/a'] });
      let calls = 0;
      await ear.subscribe('laba/t/a', async () => {
        calls += 1;
        throw new Error('planted');
      });
      await mouth.publish('laba/t/a', '1');
      await mouth.publish('laba/t/a', '2');
      await until(() => calls === 2, 'both were tried');
      expect(ear.online).toBe(true);
    });

    test('a thousand messages all come, in their order', async () => {
      const ear = await online('ear', { subscribe: ['laba/t/a'] });
      const mouth = await online('mouth', { publish: ['laba/t/a'] });
      const heard: number[] = [];
      await ear.subscribe('laba/t/a', (_topic, payload) => {
        heard.push(Number(payload.toString()));
      });
      await Promise.all(Array.from({ length: 1_000 }, (_, i) => mouth.publish('laba/t/a', String(i))));
      await until(() => heard.length === 1_000, 'all came');
      expect(heard).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    });

    test('after close nothing is sent, heard or reconnected', async () => {
      const mouth = await online('mouth', { publish: ['laba/t/a'] });
      await mouth.close();
      expect(mouth.online).toBe(false);
      await expect(mouth.publish('laba/t/a', 'x')).rejects.toMatchObject({ code: 'broker-offline' });
      await new Promise((resolve) => setTimeout(resolve, 4 * RECONNECT_MS));
      expect(mouth.online).toBe(false);
    });

    test('a wrong password never gets a line', async () => {
      await broker.account('box', { publish: ['laba/t/a'], subscribe: [] });
      const thief = connectMqtt({ url: broker.url, version, clientId: 'box', username: 'box', password: 'guess' }, { log: silent, reconnectMs: RECONNECT_MS });
      lines.push(thief);
      await until(() => thief.trouble !== undefined, 'the refusal was told');
      expect(thief.trouble).toContain("refused the account 'box': wrong user name or password");
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(thief.online).toBe(false);
    });

    test('a message waits unacknowledged until its handler has resolved, and the next ones are handled meanwhile', async () => {
      const ear = await online('ear', { subscribe: ['laba/t/a'] });
      const mouth = await online('mouth', { publish: ['laba/t/a'] });
      const gates: (() => void)[] = [];
      await ear.subscribe('laba/t/a', () => new Promise<void>((resolve) => gates.push(resolve)));
      for (let i = 0; i < 50; i++) await mouth.publish('laba/t/a', String(i));
      await until(() => gates.length === 50, 'all are in hand at once');
      for (const open of gates.splice(0).toReversed()) open();
      await mouth.publish('laba/t/a', 'next');
      await until(() => gates.length === 1, 'the next one came');
      gates[0]!();
    });

    describe.skipIf(version < 5)('what MQTT 5 adds', () => {
      test('two lines in a group share: each message goes to one of them', async () => {
        const heard: string[][] = [[], []];
        for (const which of [0, 1]) {
          const ear = await online(`ear-${which}`, { subscribe: ['laba/t/a'] });
          await ear.subscribe('laba/t/a', (_topic, payload) => void heard[which]!.push(payload.toString()), { group: 'group' });
        }
        const mouth = await online('mouth', { publish: ['laba/t/a'] });
        for (let i = 0; i < 100; i++) await mouth.publish('laba/t/a', String(i));
        await until(() => heard[0]!.length + heard[1]!.length >= 100, 'all came');
        expect(new Set(heard.flat()).size).toBe(100);
        expect(heard.flat()).toHaveLength(100);
        expect(Math.min(heard[0]!.length, heard[1]!.length)).toBeGreaterThan(0);
      });

      test('when one of a group dies, the others get everything that comes from then on', async () => {
        const [one, other] = [await online('ear-1', { subscribe: ['laba/t/a'] }), await online('ear-2', { subscribe: ['laba/t/a'] })];
        const heard: string[] = [];
        await one.subscribe('laba/t/a', () => new Promise<void>(() => {}), { group: 'group' });
        await other.subscribe('laba/t/a', (_topic, payload) => void heard.push(payload.toString()), { group: 'group' });
        const mouth = await online('mouth', { publish: ['laba/t/a'] });
        for (let i = 0; i < 10; i++) await mouth.publish('laba/t/a', `before ${i}`);
        await one.close();
        for (let i = 0; i < 20; i++) await mouth.publish('laba/t/a', `after ${i}`);
        await until(() => heard.filter((text) => text.startsWith('after')).length === 20, 'all came');
      });

      test('what expired before it could be delivered is not delivered', async () => {
        const account = await broker.account('ear', { publish: [], subscribe: ['laba/t/a'] });
        const heard: string[] = [];
        const gates: (() => void)[] = [];
        // Two messages in hand at a time: the others wait at the broker.
        const ear = await openLightLine({
          ...{ url: broker.url, version: 5, clientId: 'ear', ...account, keepaliveSeconds: 20, receiveMaximum: 2 },
          onMessage({ payload }, acknowledge) {
            heard.push(payload.toString());
            gates.push(() => acknowledge(0));
          },
        });
        await ear.subscribe(['laba/t/a']);
        const mouth = await online('mouth', { publish: ['laba/t/a'] });
        await mouth.publish('laba/t/a', 'first');
        await mouth.publish('laba/t/a', 'second');
        await mouth.publish('laba/t/a', 'stale', { expirySeconds: 1 });
        await mouth.publish('laba/t/a', 'fresh', { expirySeconds: 60 });
        await new Promise((resolve) => setTimeout(resolve, 2_100));
        expect(heard).toEqual(['first', 'second']);
        for (const open of gates) open();
        await until(() => heard.length > 2, 'the next one came');
        expect(heard).toEqual(['first', 'second', 'fresh']);
        await ear.end();
      });

      test('a publish that is not allowed is refused by name', async () => {
        const mouth = await online('mouth', { publish: ['laba/t/a'] });
        await expect(mouth.publish('laba/t/b', 'x')).rejects.toMatchObject({ code: 'role-refused' });
        // Mosquitto 2.0 cuts the line after its refusal.
        await until(() => mouth.online, 'the line is up');
        await new Promise((resolve) => setTimeout(resolve, 5 * RECONNECT_MS));
        await until(() => mouth.online, 'the line is up again');
        await mouth.publish('laba/t/a', 'x');
      });
    });
  });
}
