// The relay when the machine's clock is set back: nothing that waits sleeps for as long (I2).
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConsumerName } from '@laba/domain/events';
import { makeIds, type Ids } from '@laba/domain/ids';
import { MemoryQueue } from '@laba/messaging/memory-queue';
import type { Database } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { noReactions } from '@laba/storage/no-reactions.test-kit';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { FakeClock } from './fake-clock.ts';
import { silentLog } from './log.ts';
import { IDLE_LOOK_MS, Relay } from './relay.ts';
import type { Consumer, Reaction } from './service.ts';

const CONSUMER = 'alerting.expire';
const HOURS_MS = 3 * 3_600_000;

let clock: FakeClock;
let db: Database;
let ids: Ids;
let queue: MemoryQueue;
let relay: Relay;
let rounds: number;
let reaction: () => Reaction;

beforeEach(async () => {
  clock = new FakeClock();
  db = SqliteDatabase.open(':memory:', HOUSE);
  ids = makeIds(() => clock.now(), randomBytes);
  rounds = 0;
  reaction = () => ({ againAtMs: clock.now() + 60_000 });
  await startRelay();
});

afterEach(async () => {
  await stopRelay();
  await db.close();
});

async function startRelay(): Promise<void> {
  queue = new MemoryQueue((ms) => clock.sleep(ms));
  const consumer: Consumer = async () => {
    rounds += 1;
    return reaction();
  };
  relay = new Relay({ db, queue, clock, ids, log: silentLog }, new Map<ConsumerName, Consumer>([[CONSUMER, consumer]]));
  await relay.start();
}

async function stopRelay(): Promise<void> {
  await relay.stop();
  await queue.close();
}

async function raise(dueAtMs = clock.now()): Promise<void> {
  const due = { ...noReactions('alert.raised'), [CONSUMER]: dueAtMs };
  const data = { revision: 1, mode: 'live' as const, areaCodes: ['533324'], officers: [] };
  const who = { who: 'officer:o1', via: 'http', gridCode: '533324', subjectId: 'a1', alertId: 'a1' } as const;
  await db.atomically(record(ids, { type: 'alert.raised', atMs: clock.now(), ...who, data, due }));
}

const jobs = () => db.read((q, t) => q.select().from(t.job));

describe('a clock that went back by hours', () => {
  test('does not make what waits for its next round wait for hours', async () => {
    await raise();
    await clock.advance(61_000);
    expect(rounds).toBe(2);
    clock.set(clock.now() - HOURS_MS);
    await clock.advance(IDLE_LOOK_MS + 61_000);
    expect(rounds).toBeGreaterThanOrEqual(4);
  });

  test('while the house was down neither', async () => {
    await raise();
    await clock.settle();
    await stopRelay();
    clock.set(clock.now() - HOURS_MS);
    await startRelay();
    await clock.settle();
    expect(rounds).toBe(2);
  });

  test('leaves it to the reaction whether its time has come', async () => {
    const dueAtMs = clock.now() + 600_000;
    reaction = () => (clock.now() < dueAtMs ? { againAtMs: dueAtMs } : {});
    await raise(dueAtMs);
    clock.set(clock.now() - 60_000);
    await clock.advance(IDLE_LOOK_MS * 2);
    expect(await jobs()).toMatchObject([{ doneAtMs: null, dueAtMs }]);
    expect(rounds).toBe(1);
    await clock.advance(660_000);
    expect(await jobs()).toMatchObject([{ outcome: 'done' }]);
  });
});
