// Two houses with one county's code at one broker find each other out; the processes of one house do not accuse each other.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { COUNTY, hasMosquitto, MosquittoUnderTest } from '@laba/messaging/mosquitto.test-kit';
import type { Mqtt } from '@laba/messaging/mqtt';
import { until } from '@laba/messaging/until.test-kit';
import { houseId } from '@laba/registry/assert-same-county';
import { forgetHouseId } from '@laba/registry/county-store';
import { openHouse } from '@laba/registry/test-house';
import { FakeClock } from '@laba/runtime/fake-clock';
import { databaseIdentity } from '@laba/storage/database-identity';
import { freshPostgres } from '@laba/storage/postgres.test-kit';
import { isHere } from '@laba/storage/postgres-trouble.test-kit';
import { houseTopic, HouseWatch } from './watch-houses.ts';

const ANOTHER = /^broker: another house of county 533324 \([0-9a-f]{8}\) speaks at it, beside this one .* stop one, or give each a broker of its own$/;

describe.skipIf(!hasMosquitto)('houses at one Mosquitto (needs mosquitto)', () => {
  let broker: MosquittoUnderTest;
  let clock: FakeClock;
  let lines: Mqtt[];
  let watches: HouseWatch[];
  let errors: string[];

  beforeEach(async () => {
    broker = await MosquittoUnderTest.start();
    clock = new FakeClock();
    lines = [];
    watches = [];
    errors = [];
  });
  afterEach(async () => {
    await Promise.all(watches.map((watch) => watch.stop()));
    await Promise.all(lines.map((line) => line.close()));
    await broker.stop();
  });

  /** A process of the house `self`, its line up. */
  async function start(self: string): Promise<HouseWatch> {
    const mqtt = broker.line(`county-${lines.length}`);
    const log = { error: (_facts: unknown, words?: string) => void errors.push(words ?? ''), warn() {}, info() {} };
    const watch = new HouseWatch({ mqtt, clock, log: log as never, county: COUNTY, self: async () => self });
    lines.push(mqtt);
    watches.push(watch);
    await watch.start();
    await until(() => mqtt.online, 'its line is up');
    return watch;
  }

  /** Half minutes of the clock, each with time for the network to bring what was said in it. */
  async function halfMinutes(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      await clock.advance(30_000);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  test('each is told of the other at once, says it once in its log, and forgets it two minutes after it was heard last', async () => {
    const first = await start('one');
    const second = await start('another');
    await until(() => first.degraded().length === 1 && second.degraded().length === 1, 'both know');
    expect(first.degraded()[0]).toMatch(ANOTHER);
    expect(second.degraded()[0]).toMatch(ANOTHER);
    await halfMinutes(6);
    expect([first.degraded().length, second.degraded().length, errors.length]).toEqual([1, 1, 2]);
    await second.stop();
    await lines[1]!.close();
    await clock.advance(110_000);
    expect(first.degraded()).toHaveLength(1);
    await clock.advance(20_000);
    expect(first.degraded()).toEqual([]);
  });

  test('a house that comes later is greeted by what the broker kept', async () => {
    const first = await start('one');
    await first.say();
    await lines[0]!.close();
    const second = await start('another');
    await until(() => second.degraded().length === 1, 'it knows');
  });

  test('two processes of one house, and words that make no sense, accuse nobody', async () => {
    const watch = [await start('one'), await start('one')];
    for (const words of ['', '{}', '{"house":7}', 'null', `{"house":"${'x'.repeat(32)}"}`]) await lines[0]!.publish(houseTopic(COUNTY), words);
    await halfMinutes(6);
    expect(watch.flatMap((one) => one.degraded())).toEqual([]);
    expect(errors).toEqual([]);
  });
});

describe('by what a house is told from another', () => {
  test('its database keeps it, and all its processes read the same; a restored one gets another', async () => {
    const house = openHouse();
    const known = await Promise.all([houseId(house), houseId(house)]);
    expect(new Set(known).size).toBe(1);
    expect(await houseId(openHouse())).not.toBe(known[0]);
    await house.db.atomically([forgetHouseId()]);
    expect(await houseId(house)).not.toBe(known[0]);
  });

  test.skipIf(!isHere)('a copy of the same rows in another database is another (needs postgresql)', async () => {
    const [one, copy] = [await freshPostgres(), await freshPostgres()];
    const again = await one.another();
    expect(await databaseIdentity(again)).toBe(await databaseIdentity(one.db));
    expect(await databaseIdentity(one.db)).toMatch(/^\d+\.\d+$/);
    expect(await databaseIdentity(copy.db)).not.toBe(await databaseIdentity(one.db));
    await Promise.all([one.stop(), copy.stop()]);
  });
});
