// The watchdog: what the queue lost is done all the same, and an officer can see that somebody looks (I2, I11).
import { randomBytes } from 'node:crypto';
import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ConsumerName } from '@laba/domain/events';
import { makeIds, type Ids } from '@laba/domain/ids';
import type { Queue } from '@laba/messaging/queue';
import type { Database } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { jobCounts } from '@laba/storage/jobs';
import { queueMessages } from '@laba/storage/messages';
import { noReactions } from '@laba/storage/no-reactions.test-kit';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { FakeClock } from './fake-clock.ts';
import { silentLog } from './log.ts';
import { Relay } from './relay.ts';
import type { Consumer } from './service.ts';
import { Watchdog } from './watchdog.ts';

/** Takes everything and carries nothing. */
const deaf: Queue = {
  outlivesProcess: false,
  push: async () => {},
  work() {},
  stats: async () => ({ waiting: 0, running: 0, failed: 0 }),
  close: async () => {},
};

let clock: FakeClock;
let db: Database;
let ids: Ids;
let relay: Relay;
let watchdog: Watchdog;
let reaction: Consumer;
let ran: string[];

beforeEach(async () => {
  clock = new FakeClock();
  db = SqliteDatabase.open(':memory:', HOUSE);
  ids = makeIds(() => clock.now(), randomBytes);
  ran = [];
  reaction = async () => ({});
  const consumers = new Map<ConsumerName, Consumer>([
    [
      'dispatch.freeze-audience',
      async (job) => {
        ran.push(job.event.subjectId);
        return reaction(job);
      },
    ],
  ]);
  relay = new Relay({ db, queue: deaf, clock, ids, log: silentLog }, consumers);
  watchdog = new Watchdog({ db, clock, ids, log: silentLog, county: '533324', plays: (consumer) => relay.plays(consumer), run: (id) => relay.run(id) });
  await relay.start();
  await watchdog.start();
});

afterEach(async () => {
  await watchdog.stop();
  await relay.stop();
  await db.close();
});

function raise(alertId: string, dueAtMs = clock.now(), more: Partial<Record<ConsumerName, number>> = {}): Promise<unknown> {
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
      due: { ...noReactions('alert.raised'), 'dispatch.freeze-audience': dueAtMs, ...more },
    }),
  );
}

const acted = async () => (await db.read((q, t) => q.select().from(t.event).orderBy(asc(t.event.seq)))).filter(({ type }) => type === 'watchdog.acted');

test('what the queue lost is run, and written down', async () => {
  await raise('a1');
  await raise('a2');
  await clock.advance(20_000);
  expect(ran.sort()).toEqual(['a1', 'a2']);
  expect(await jobCounts(db)).toEqual({ open: 0, buried: 0 });
  expect(await acted()).toMatchObject([{ who: 'system', via: 'watchdog', gridCode: '533324', data: { overdue: 2 } }]);
});

test('what is not late yet is left to the queue', async () => {
  await raise('a1');
  await raise('later', clock.now() + 60_000);
  await clock.advance(9_000);
  expect(ran).toEqual([]);
  await clock.advance(50_000);
  expect(ran).toEqual(['a1']);
  await clock.advance(20_000);
  expect(ran).toEqual(['a1', 'later']);
});

test('it shows lateness while it lasts, and not when all is done', async () => {
  expect(watchdog.degraded()).toEqual([]);
  reaction = async () => {
    throw new Error('planted');
  };
  await raise('a1');
  await clock.advance(20_000);
  expect(watchdog.degraded()).toEqual([expect.stringContaining('1 overdue')]);
  reaction = async () => ({});
  await clock.advance(15_000);
  expect(watchdog.degraded()).toEqual([]);
});

test("work of a service that no process plays is named, is nobody else's to do, and does not fill the round of what is", async () => {
  for (let i = 0; i < 600; i++) await raise(`a${i}`, clock.now(), { 'mobilization.call-members': clock.now() - 1_000 });
  await clock.advance(25_000);
  expect(new Set(ran).size).toBe(600);
  expect(watchdog.degraded()).toEqual(['queue: 600 overdue jobs of mobilization, which this process does not play: does one with SERVICES=mobilization run?']);
  expect(await acted()).toMatchObject([{ data: { overdue: 500 } }, { data: { overdue: 100 } }]);
});

test('a job that keeps failing is tried every round, but fills the timeline with one event only', async () => {
  reaction = async () => {
    throw new Error('planted');
  };
  await raise('a1');
  await clock.advance(60_000);
  expect(ran.length).toBeGreaterThan(5);
  expect(await acted()).toHaveLength(1);
});

test('a reaction that hangs neither stops the watchdog nor is started beside itself', async () => {
  let hang = true;
  reaction = () => (hang ? new Promise(() => {}) : Promise.resolve({}));
  await raise('stuck');
  await clock.advance(20_000);
  hang = false;
  await raise('fine');
  await clock.advance(60_000);
  expect(ran.filter((id) => id === 'stuck')).toHaveLength(1);
  expect(ran).toContain('fine');
  expect(watchdog.ageMs()).toBeLessThan(60_000);
  expect(watchdog.degraded()).toEqual([expect.stringContaining('1 overdue')]);
});

test('the age of the last round is told, and a watchdog that stands still is shown within a minute', async () => {
  await clock.advance(12_000);
  expect(watchdog.ageMs()).toBe(2_000);
  db.read = () => Promise.reject(new Error('planted'));
  await clock.advance(65_000);
  expect(watchdog.degraded()).toEqual([expect.stringMatching(/last round \d+ s ago/)]);
});

test('after stop it rests', async () => {
  await watchdog.stop();
  await raise('a1');
  await clock.advance(60_000);
  expect(ran).toEqual([]);
});

test('messages that nobody sends are seen, whoever should have sent them', async () => {
  const nowMs = clock.now();
  const base = { alertId: null, purpose: 'call', memberId: 'm', gridCode: '533324', channel: 'sms', step: 1, urgent: true, facts: {} } as const;
  const times = { dueAtMs: nowMs, notAfterMs: nowMs + 3_600_000, changedAtMs: nowMs };
  await db.atomically(queueMessages([{ ...base, ...times, id: '1', subjectId: 'call-1' }]));
  await clock.advance(60_000);
  expect(watchdog.degraded()).toEqual([]);
  await clock.advance(10_000);
  expect(watchdog.degraded()).toEqual(['messages: 1 late, oldest by 70 s']);
});
