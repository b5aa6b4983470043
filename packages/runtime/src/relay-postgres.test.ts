// Several relays on one PostgreSQL, as processes of the clustered profile are: each claims what it plays, and each job runs once.
import { randomBytes } from 'node:crypto';
import { isNull } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConsumerName } from '@laba/domain/events';
import { makeIds } from '@laba/domain/ids';
import { installed } from '@laba/messaging/installed.test-kit';
import { MemoryQueue } from '@laba/messaging/memory-queue';
import { record } from '@laba/storage/events';
import { noReactions } from '@laba/storage/no-reactions.test-kit';
import { freshPostgres, type FreshDatabase } from '@laba/storage/postgres.test-kit';
import { systemClock } from './clock.ts';
import { silentLog } from './log.ts';
import { Relay } from './relay.ts';

const FREEZE = 'dispatch.freeze-audience';
const CALL = 'mobilization.call-members';

/** Carried in this process, and taken to outlive it: the relay then claims, as it does before Redis. */
class Lasting extends MemoryQueue {
  override readonly outlivesProcess = true as never;
}

describe.skipIf(!installed('pg_dump', 'postgres'))('relays of several processes', () => {
  let under: FreshDatabase;
  const ids = makeIds(() => Date.now(), randomBytes);
  const ran: { by: string; consumer: string; alert: string }[] = [];
  const stops: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    ran.length = 0;
    under = await freshPostgres();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
    await under.stop();
  });

  async function process(by: string, ...plays: ConsumerName[]): Promise<Relay> {
    const db = await under.another();
    const queue = new Lasting((ms) => systemClock.sleep(ms));
    const reaction = (consumer: string) => async (job: { event: { subjectId: string } }) => {
      ran.push({ by, consumer, alert: job.event.subjectId });
      return {};
    };
    const relay = new Relay({ db, queue, clock: systemClock, ids, log: silentLog }, new Map(plays.map((name) => [name, reaction(name)])));
    await relay.start();
    stops.push(
      () => db.close(),
      () => queue.close(),
      () => relay.stop(),
    );
    return relay;
  }

  const raise = (alertId: string) =>
    under.db.atomically(
      record(ids, {
        type: 'alert.raised',
        atMs: Date.now(),
        who: 'officer:o1',
        via: 'http',
        gridCode: '533324',
        subjectId: alertId,
        alertId,
        data: { revision: 1, mode: 'live', areaCodes: ['533324'], officers: [] },
        due: { ...noReactions('alert.raised'), 'dispatch.freeze-audience': Date.now(), 'mobilization.call-members': Date.now() },
      }),
    );
  const open = () => under.db.read((q, t) => q.select({ consumer: t.job.consumer }).from(t.job).where(isNull(t.job.doneAtMs)));

  test('each claims what it plays and leaves the rest to who plays it', async () => {
    await process('a', FREEZE);
    await raise('a1');
    await expect.poll(() => ran, { timeout: 60_000 }).toHaveLength(1);
    await expect.poll(open).toEqual([{ consumer: CALL }]);
    const other = await process('b', CALL);
    await expect.poll(open, { timeout: 60_000 }).toEqual([]);
    expect(ran).toEqual([
      { by: 'a', consumer: FREEZE, alert: 'a1' },
      { by: 'b', consumer: CALL, alert: 'a1' },
    ]);
    expect([FREEZE, CALL].map((name) => other.plays(name))).toEqual([false, true]);
  });

  test('of two copies each job is run by one', async () => {
    await process('a', FREEZE, CALL);
    await process('b', FREEZE, CALL);
    await Promise.all(Array.from({ length: 100 }, (_, i) => raise(`a${i}`)));
    await expect.poll(open, { timeout: 60_000 }).toEqual([]);
    expect(ran).toHaveLength(200);
    expect(new Set(ran.map(({ consumer, alert }) => `${consumer} ${alert}`)).size).toBe(200);
  });
});
