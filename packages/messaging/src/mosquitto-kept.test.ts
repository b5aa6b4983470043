// A device that has the broker keep what belongs to the moment: Mosquitto cannot forbid it, so the county neither believes it nor leaves it there.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COUNTY, hasMosquitto, MosquittoUnderTest } from './mosquitto.test-kit.ts';
import type { Mqtt } from './mqtt.ts';
import { until } from './until.test-kit.ts';

const HELLO = `laba/v1/${COUNTY}/gateway/box/hello`;
const STATE = `laba/v1/${COUNTY}/gateway/box/state`;

describe.skipIf(!hasMosquitto)('what a broker keeps where nothing is kept (needs mosquitto)', () => {
  let broker: MosquittoUnderTest;
  let lines: Mqtt[];
  let heard: string[];
  const note = (topic: string, payload: Buffer) => void heard.push(`${topic.split('/').at(-1)} ${payload.toString()}`);

  beforeEach(async () => {
    broker = await MosquittoUnderTest.start();
    lines = [];
    heard = [];
  });
  afterEach(async () => {
    await Promise.all(lines.map((line) => line.close()));
    await broker.stop();
  });

  async function online(name: string, version: 4 | 5 = 5): Promise<Mqtt> {
    const line = broker.line(name, { version });
    lines.push(line);
    await until(() => line.online, `${name} is online`);
    return line;
  }

  /** What a newcomer who believes everything is told that was kept. */
  async function kept(): Promise<string[]> {
    const told: string[] = [];
    const newcomer = await online(`newcomer-${lines.length}`);
    await newcomer.subscribe(`laba/v1/${COUNTY}/#`, (topic, payload) => void told.push(`${topic.split('/').at(-1)} ${payload.toString()}`));
    await newcomer.publish(`laba/v1/${COUNTY}/last`, 'now');
    await until(() => told.includes('last now'), 'everything kept came before it');
    return told.slice(0, told.indexOf('last now'));
  }

  test.each([4, 5] as const)('a hello that was kept is not heard by who comes later, and is gone then; a state is (MQTT level %i)', async (version) => {
    const box = await online('box', 4);
    await box.publish(HELLO, 'old', { retain: true });
    await box.publish(STATE, 'offline', { retain: true });
    expect((await kept()).sort()).toEqual(['hello old', 'state offline']);
    const county = await online('county-1', version);
    await county.subscribe(HELLO.replace('box', '+'), note, { live: true });
    await county.subscribe(STATE.replace('box', '+'), note);
    await until(() => heard.includes('state offline'), 'the state was heard');
    await box.publish(HELLO, 'new');
    await until(() => heard.includes('hello new'), 'what is said now is heard');
    expect(heard).toEqual(['state offline', 'hello new']);
    expect(await kept()).toEqual(['state offline']);
  });

  test('a group hears what is said now although it is to be kept, and takes it away at once', async () => {
    const county = await online('county-1');
    await county.subscribe(HELLO.replace('box', '+'), note, { live: true, group: 'dispatch' });
    const box = await online('box', 4);
    await box.publish(HELLO, 'careless', { retain: true });
    await until(() => heard.length > 0, 'it was heard');
    for (let left = await kept(); left.length > 0; left = await kept()) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toEqual(['hello careless']);
  });
});
