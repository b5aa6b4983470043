// The relay: what an event caused is done once, at its time, whatever the queue loses or doubles (I1, I2).
import { randomBytes } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LabaError } from '@laba/domain/errors';
import type { ConsumerName } from '@laba/domain/events';
import { makeIds, type Ids } from '@laba/domain/ids';
import { MemoryQueue } from '@laba/messaging/memory-queue';
import { Permanent, type Queue } from '@laba/messaging/queue';
import { one, type Database, type Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { noReactions } from '@laba/storage/no-reactions.test-kit';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { FakeClock } from './fake-clock.ts';
import { silentLog } from './log.ts';
import { IDLE_LOOK_MS, LEASE_MS, Relay } from './relay.ts';
import type { Consumer, Reaction } from './service.ts';

const CARRIED = 'dispatch.freeze-audience';

/** A queue in the test's hands: it may lose what it is given, or carry it. */
class LossyQueue implements Queue {
  readonly outlivesProcess = false;
  readonly inner: Queue;
  losing = false;
  readonly refusing = new Set<string>();
  readonly pushed: { queue: string; ids: readonly string[]; urgent: boolean }[] = [];

  constructor(inner: Queue) {
    this.inner = inner;
  }

  async push(queue: string, ids: readonly string[], options: { urgent?: boolean } = {}): Promise<void> {
    this.pushed.push({ queue, ids, urgent: options.urgent ?? false });
    if (this.refusing.has(queue)) throw new LabaError('overloaded');
    if (!this.losing) await this.inner.push(queue, ids, options);
  }

  work(queue: string, handler: (jobId: string) => Promise<void>): void {
    this.inner.work(queue, handler);
  }

  stats() {
    return this.inner.stats();
  }

  close() {
    return this.inner.close();
  }
}

let clock: FakeClock;
let db: Database;
let queue: LossyQueue;
let ids: Ids;
let relay: Relay;
let ran: Job[];
let reactions: Map<ConsumerName, Consumer>;

function makeRelay(): Relay {
  queue = new LossyQueue(new MemoryQueue((ms) => clock.sleep(ms)));
  return new Relay({ db, queue, clock, ids, log: silentLog }, reactions);
}

beforeEach(async () => {
  clock = new FakeClock();
  db = SqliteDatabase.open(':memory:', HOUSE);
  ids = makeIds(() => clock.now(), randomBytes);
  ran = [];
  reactions = new Map();
  react(CARRIED, async () => ({}));
  relay = makeRelay();
});

afterEach(async () => {
  await relay.stop();
  await queue.close();
  await db.close();
});

function react(consumer: ConsumerName, reaction: (job: Job) => Promise<Reaction>): void {
  reactions.set(consumer, async (job) => {
    ran.push(job);
    return reaction(job);
  });
}

const put = (name: string): Op => one((q, t) => q.insert(t.setting).values({ name, value: 1 }).returning({ name: t.setting.name }));
const settings = async () => (await db.read((q, t) => q.select({ name: t.setting.name }).from(t.setting).orderBy(asc(t.setting.name)))).map(({ name }) => name);
const jobs = (consumer: ConsumerName = CARRIED) => db.read((q, t) => q.select().from(t.job).where(eq(t.job.consumer, consumer)));
const events = async () => await db.read((q, t) => q.select().from(t.event).orderBy(asc(t.event.seq)));

const { 'dispatch.freeze-audience': _carried, ...OTHERS } = noReactions('alert.raised');

function raise(alertId = 'a1', more: { urgent?: boolean; due?: Partial<Record<ConsumerName, number | null>> } = {}): Promise<unknown> {
  return db.atomically(
    record(ids, {
      type: 'alert.raised',
      atMs: clock.now(),
      who: 'officer:o1',
      via: 'http',
      gridCode: '533324',
      subjectId: alertId,
      alertId,
      data: { revision: 1, mode: 'live', areaCodes: ['533324'], officers: [] },
      urgent: more.urgent ?? true,
      due: { ...OTHERS, ...more.due },
    }),
  );
}

describe('work that is due', () => {
  test('is carried right after the commit that caused it, without any time passing', async () => {
    await relay.start();
    await raise();
    await clock.settle();
    expect(ran).toMatchObject([{ consumer: CARRIED, urgent: true, event: { type: 'alert.raised', alertId: 'a1' } }]);
    expect(await jobs()).toMatchObject([{ doneAtMs: clock.now(), outcome: 'done', attempts: 0 }]);
  });

  test('that was there before the start is carried at the start', async () => {
    await raise();
    await relay.start();
    await clock.settle();
    expect(ran).toHaveLength(1);
  });

  test('leaves its ops in the commit that ends it: both or neither', async () => {
    react(CARRIED, async (job) => ({ ops: [put(`done-${job.event.alertId}`)] }));
    await relay.start();
    await raise('a1');
    await clock.settle();
    expect(await settings()).toEqual(['done-a1']);
    // The second alert's ops break: then its job is not done either.
    react(CARRIED, async () => ({ ops: [put('done-a2'), put('done-a1')] }));
    await raise('a2');
    await clock.settle();
    expect(await settings()).toEqual(['done-a1']);
    expect((await jobs()).map(({ doneAtMs }) => doneAtMs === null)).toEqual([false, true]);
  });

  test('urgent work is handed to the queue first', async () => {
    await raise('drill', { urgent: false });
    await raise('live', { urgent: true });
    await relay.start();
    await clock.settle();
    expect(queue.pushed.map(({ urgent }) => urgent)).toEqual([true, false]);
    expect(ran.map(({ event }) => event.alertId)).toEqual(['live', 'drill']);
  });

  test('more than one push can hold is carried in several', async () => {
    for (let i = 0; i < 700; i++) void raise(`a${i}`);
    await relay.start();
    await clock.settle(400);
    expect(ran).toHaveLength(700);
    expect(new Set(ran.map(({ id }) => id)).size).toBe(700);
  });

  test('of a consumer this process does not play stays open for who does', async () => {
    await relay.start();
    await raise('a1', { due: { 'mobilization.call-members': clock.now() } });
    await clock.settle();
    expect(await jobs('mobilization.call-members')).toMatchObject([{ doneAtMs: null }]);
  });
});

describe('work that waits', () => {
  test('runs at its due time, not before', async () => {
    await relay.start();
    await raise('a1', { due: { [CARRIED]: clock.now() + 3_000 } });
    await clock.advance(2_999);
    expect(ran).toEqual([]);
    await clock.advance(1);
    expect(ran).toHaveLength(1);
  });

  test('that its consumer postpones runs again then, and commits what each round left', async () => {
    const startMs = clock.now();
    const times: number[] = [];
    react(CARRIED, async () => {
      times.push(clock.now() - startMs);
      return times.length < 3 ? { ops: [put(`round-${times.length}`)], againAtMs: clock.now() + 90_000 } : { ops: [put('end')] };
    });
    await relay.start();
    await raise();
    await clock.advance(300_000);
    expect(times).toEqual([0, 90_000, 180_000]);
    expect(await settings()).toEqual(['end', 'round-1', 'round-2']);
    expect(await jobs()).toMatchObject([{ outcome: 'done' }]);
  });

  test('is committed once a round, though the queue carries it twice at the same time', async () => {
    let rounds = 0;
    react(CARRIED, async () => {
      rounds += 1;
      const mine = `round-${rounds}`;
      await clock.sleep(10);
      return { ops: [put(mine)], againAtMs: clock.now() + 60_000 };
    });
    await relay.start();
    await raise();
    await clock.settle();
    const [job] = await jobs();
    await queue.inner.push('dispatch', [job!.id, job!.id]);
    await clock.advance(1_000);
    expect(rounds).toBe(3);
    expect(await settings()).toHaveLength(1);
    expect(await jobs()).toMatchObject([{ attempts: 0, lastError: null }]);
  });

  test('is not run early by a copy that was left on the queue', async () => {
    react(CARRIED, async () => ({ againAtMs: clock.now() + 60_000 }));
    await relay.start();
    await raise();
    await clock.settle();
    const [job] = await jobs();
    await queue.inner.push('dispatch', [job!.id]);
    await clock.advance(1_000);
    expect(ran).toHaveLength(1);
  });

  test('may ask to come again at once', async () => {
    let left = 3;
    react(CARRIED, async () => (left-- > 0 ? { againAtMs: clock.now() } : {}));
    await relay.start();
    await raise();
    await clock.advance(2_000);
    expect(ran).toHaveLength(4);
    expect(await jobs()).toMatchObject([{ outcome: 'done' }]);
  });
});

describe('when something is lost', () => {
  test('between push and done, the job is pushed again after the lease', async () => {
    await relay.start();
    queue.losing = true;
    await raise();
    await clock.settle();
    queue.losing = false;
    await clock.advance(LEASE_MS);
    expect(ran).toEqual([]);
    await clock.advance(IDLE_LOOK_MS + 1);
    expect(ran).toHaveLength(1);
  });

  test('with the whole process, the next one starts where it ended, without waiting for the lease', async () => {
    await relay.start();
    queue.losing = true;
    await raise('a1');
    await raise('a2');
    await clock.settle();
    await relay.stop();
    relay = makeRelay();
    await relay.start();
    await clock.settle();
    expect(ran.map(({ event }) => event.alertId).sort()).toEqual(['a1', 'a2']);
  });

  test('a wiped queue is filled again, and nothing is done twice', async () => {
    react(CARRIED, async (job) => ({ ops: [put(`done-${job.event.alertId}`)] }));
    await relay.start();
    await raise('before');
    await clock.settle();
    queue.losing = true;
    for (let i = 0; i < 20; i++) await raise(`a${i}`);
    await clock.settle();
    queue.losing = false;
    await clock.advance(LEASE_MS + 2 * IDLE_LOOK_MS);
    expect(await settings()).toHaveLength(21);
    expect(ran).toHaveLength(21);
  });

  test('a queue that takes nothing does not keep work from another', async () => {
    react('mobilization.call-members', async () => ({}));
    await relay.stop();
    relay = makeRelay();
    await relay.start();
    queue.refusing.add('dispatch');
    await raise('a1', { due: { 'mobilization.call-members': clock.now() } });
    await clock.settle();
    expect(ran.map(({ consumer }) => consumer)).toEqual(['mobilization.call-members']);
  });

  test('after a failure of the database or the queue the relay looks again by itself', async () => {
    await relay.start();
    const read = db.read.bind(db);
    db.read = () => Promise.reject(new LabaError('storage-failed'));
    await raise();
    await clock.settle();
    db.read = read;
    expect(ran).toEqual([]);
    await clock.advance(IDLE_LOOK_MS + 1);
    expect(ran).toHaveLength(1);
  });

  test('a job carried twice is done once: the second run changes nothing and is no failure', async () => {
    react(CARRIED, async (job) => {
      await clock.sleep(10);
      return { ops: [put(`done-${job.event.alertId}-${ran.length}`)] };
    });
    await relay.start();
    await raise();
    await clock.settle();
    const [job] = await jobs();
    await queue.inner.push('dispatch', [job!.id]);
    await clock.advance(5_000);
    expect(ran).toHaveLength(2);
    expect(await settings()).toHaveLength(1);
    expect(await jobs()).toMatchObject([{ outcome: 'done', attempts: 0, lastError: null }]);
    expect((await queue.stats()).failed).toBe(0);
    expect((await events()).map(({ type }) => type)).toEqual(['alert.raised']);
  });
});

describe('a reaction that fails', () => {
  test('is tried again by the queue, and its tries and last error are kept', async () => {
    react(CARRIED, async () => {
      if (ran.length < 3) throw new Error('the broker is away');
      return {};
    });
    await relay.start();
    await raise();
    await clock.advance(500);
    expect(ran).toHaveLength(3);
    expect(await jobs()).toMatchObject([{ outcome: 'done', attempts: 2, lastError: 'the broker is away' }]);
  });

  test('beyond the tries of the queue comes again after the lease, for as long as it takes', async () => {
    let healed = false;
    react(CARRIED, async () => {
      if (!healed) throw new LabaError('broker-offline');
      return {};
    });
    await relay.start();
    await raise();
    await clock.advance(20_000);
    expect(await jobs()).toMatchObject([{ doneAtMs: null, attempts: 5 }]);
    healed = true;
    await clock.advance(LEASE_MS + IDLE_LOOK_MS);
    expect(await jobs()).toMatchObject([{ outcome: 'done' }]);
  });

  test.each([
    ['with a refusal that no retry mends', () => new LabaError('unknown-code', 'no such node'), 'no such node'],
    ['because its own statement was carried out before', () => new LabaError('already-done', 'this delivery exists'), 'this delivery exists'],
    ['and says itself that it is for good', () => new Permanent('no such speaker'), 'no such speaker'],
  ])('%s is buried once, with an event', async (_how, make, why) => {
    react(CARRIED, async () => {
      throw make();
    });
    await relay.start();
    await raise('a1');
    await clock.advance(120_000);
    expect(ran).toHaveLength(1);
    const [job] = await jobs();
    expect(job).toMatchObject({ outcome: 'buried', lastError: why });
    expect((await events()).slice(1)).toMatchObject([
      { type: 'job.buried', who: 'system', via: 'job', gridCode: '533324', alertId: 'a1', subjectId: job!.id, data: { consumer: CARRIED, error: why } },
    ]);
  });
});

test('after stop nothing is carried and no timer is left', async () => {
  await relay.start();
  await clock.advance(5_000);
  await relay.stop();
  await raise();
  await clock.advance(60_000);
  expect(ran).toEqual([]);
  expect(clock.waiting).toBe(0);
});
