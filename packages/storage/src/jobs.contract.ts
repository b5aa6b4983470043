// What the house asks of any database for its outbox: one event, its jobs, each done once.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asc, eq } from 'drizzle-orm';
import { EVENTS } from '@laba/domain/events';
import { makeIds } from '@laba/domain/ids';
import { one, type Database, type Op } from './database.ts';
import { names, put, type DatabaseUnderTest } from './database-under-test.test-kit.ts';
import { record } from './events.ts';
import {
  buryJob,
  claimDueJobs,
  dueJobs,
  finishJob,
  hastenJobs,
  inTurn,
  jobCounts,
  loadJob,
  markNonePushed,
  markPushed,
  nextDueAtMs,
  noteFailure,
  overdueCounts,
  overdueJobs,
  postponeJob,
} from './jobs.ts';
import { noReactions } from './no-reactions.test-kit.ts';

const NOW = 1_782_842_400_000;
const LEASE_MS = 30_000;
const ids = makeIds(
  () => NOW,
  (size) => crypto.getRandomValues(new Uint8Array(size)),
);

/** A raised alert and the work it causes. */
function raised(change: Partial<Parameters<typeof record<'alert.raised'>>[1]> = {}) {
  return record<'alert.raised'>(ids, {
    type: 'alert.raised',
    atMs: NOW,
    who: 'officer:o1',
    via: 'http',
    gridCode: '533324',
    subjectId: 'a1',
    alertId: 'a1',
    data: { revision: 1, mode: 'live', areaCodes: ['533324'], officers: ['o1'] },
    ...change,
  });
}

const jobRows = (db: Database) => db.read((q, t) => q.select().from(t.job).orderBy(asc(t.job.consumer)));
const setJob = (id: string, change: { urgent?: boolean; dueAtMs?: number; pushedAtMs?: number | null }): Op =>
  one((q, t) => q.update(t.job).set(change).where(eq(t.job.id, id)).returning({ id: t.job.id }));

export function jobsContract(name: string, start: () => Promise<DatabaseUnderTest>): void {
  describe(`the outbox on ${name}`, () => {
    let under: DatabaseUnderTest;
    let db: Database;
    beforeEach(async () => {
      under = await start();
      db = under.db;
    });
    afterEach(() => under.stop());

    describe('the timeline and its work', () => {
      test('one event and one job per consumer, in the same commit as the change', async () => {
        await db.atomically([put('change'), ...raised({ urgent: true })]);
        const events = await db.read((q, t) => q.select().from(t.event));
        expect(events).toMatchObject([
          {
            type: 'alert.raised',
            atMs: NOW,
            who: 'officer:o1',
            via: 'http',
            gridCode: '533324',
            alertId: 'a1',
            subjectId: 'a1',
            data: { revision: 1, areaCodes: ['533324'] },
          },
        ]);
        const jobs = await jobRows(db);
        expect(jobs.length).toBeGreaterThan(1);
        expect(new Set(jobs.map(({ consumer }) => consumer)).size).toBe(jobs.length);
        for (const job of jobs)
          expect(job).toMatchObject({ eventId: events[0]!.id, urgent: true, dueAtMs: NOW, pushedAtMs: null, doneAtMs: null, outcome: null, attempts: 0 });
      });

      test('neither event nor job when the change breaks', async () => {
        await db.atomically([put('a')]);
        await expect(db.atomically([put('a'), ...raised()])).rejects.toThrow();
        expect(await jobCounts(db)).toEqual({ open: 0, buried: 0 });
        expect(await db.read((q, t) => q.select().from(t.event))).toEqual([]);
      });

      test('a consumer may be due later, or not at all', async () => {
        await db.atomically(raised({ due: { 'alerting.expire': NOW + 5_000, 'alerting.ask-before-expiry': null } }));
        const jobs = await jobRows(db);
        expect(jobs.find(({ consumer }) => consumer === 'alerting.expire')?.dueAtMs).toBe(NOW + 5_000);
        expect(jobs.some(({ consumer }) => consumer === 'alerting.ask-before-expiry')).toBe(false);
        expect(await nextDueAtMs(db, NOW)).toBe(NOW + 5_000);
        expect(await nextDueAtMs(db, NOW + 5_000)).toBeUndefined();
      });

      test('may be hastened by what they are about, and never put off', async () => {
        await db.atomically([...raised({ due: { 'alerting.expire': NOW + 5_000 } }), ...raised({ subjectId: 'a2', due: { 'alerting.expire': NOW + 5_000 } })]);
        await db.atomically([hastenJobs('alerting.expire', ['a1'], NOW + 3_000)]);
        await db.atomically([hastenJobs('alerting.expire', ['a1', 'a2'], NOW + 4_000)]);
        const due = (await jobRows(db)).flatMap(({ consumer, dueAtMs }) => (consumer === 'alerting.expire' ? [dueAtMs - NOW] : []));
        expect(due.toSorted()).toEqual([3_000, 4_000]);
        expect((await jobRows(db)).filter(({ consumer, dueAtMs }) => consumer !== 'alerting.expire' && dueAtMs !== NOW)).toEqual([]);
      });

      test('events are numbered upwards and never twice', async () => {
        await Promise.all(Array.from({ length: 20 }, () => db.atomically(raised())));
        const seqs = (await db.read((q, t) => q.select({ seq: t.event.seq }).from(t.event).orderBy(asc(t.event.id)))).map(({ seq }) => seq);
        expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
        expect(new Set(seqs).size).toBe(20);
      });

      test('a job is loaded with its event, and not found when there is none', async () => {
        await db.atomically(raised({ urgent: true }));
        const [row] = await jobRows(db);
        const job = await loadJob(db, row!.id);
        expect(job).toMatchObject({
          id: row!.id,
          consumer: row!.consumer,
          urgent: true,
          attempts: 0,
          dueAtMs: NOW,
          doneAtMs: null,
          event: { type: 'alert.raised', subjectId: 'a1', data: { mode: 'live' } },
        });
        expect(await loadJob(db, 'none')).toBeUndefined();
      });
    });

    describe('a job', () => {
      let id: string;
      beforeEach(async () => {
        await db.atomically(
          raised({
            due: { ...noReactions('alert.raised'), 'dispatch.freeze-audience': NOW },
          }),
        );
        const jobs = await jobRows(db);
        expect(jobs).toHaveLength(1);
        id = jobs[0]!.id;
      });

      test('is finished once: the second time changes nothing and says so', async () => {
        await db.atomically([finishJob(id, NOW + 1), put('first')]);
        await expect(db.atomically([finishJob(id, NOW + 2), put('second')])).rejects.toMatchObject({ code: 'already-done' });
        expect(await names(db)).toEqual(['first']);
        expect(await jobRows(db)).toMatchObject([{ doneAtMs: NOW + 1, outcome: 'done' }]);
        expect(await dueJobs(db, NOW + 1e9, LEASE_MS, 10)).toEqual([]);
      });

      test('is postponed: due again then, with fresh tries, and not before', async () => {
        await db.atomically([markPushed([id], NOW), noteFailure(id, 'x')]);
        await db.atomically([postponeJob(id, NOW + 3_000, NOW)]);
        expect(await loadJob(db, id)).toMatchObject({ dueAtMs: NOW + 3_000, attempts: 0, doneAtMs: null });
        expect(await dueJobs(db, NOW + 2_999, LEASE_MS, 10)).toEqual([]);
        expect(await dueJobs(db, NOW + 3_000, LEASE_MS, 10)).toMatchObject([{ id }]);
      });

      test('is postponed by one run only: a second run of the same round changes nothing', async () => {
        await db.atomically([postponeJob(id, NOW + 3_000, NOW), put('first')]);
        await expect(db.atomically([postponeJob(id, NOW + 3_000, NOW), put('second')])).rejects.toMatchObject({ code: 'already-done' });
        expect(await names(db)).toEqual(['first']);
      });

      test('is not postponed after its end', async () => {
        await db.atomically([finishJob(id, NOW)]);
        await expect(db.atomically([postponeJob(id, NOW + 1)])).rejects.toMatchObject({ code: 'already-done' });
      });

      test('is buried with its error, once', async () => {
        await db.atomically([buryJob(id, NOW + 1, 'no such area')]);
        expect(await jobRows(db)).toMatchObject([{ doneAtMs: NOW + 1, outcome: 'buried', lastError: 'no such area' }]);
        expect(await jobCounts(db)).toEqual({ open: 0, buried: 1 });
        await expect(db.atomically([finishJob(id, NOW + 2)])).rejects.toMatchObject({ code: 'already-done' });
        await expect(db.atomically([buryJob(id, NOW + 2, 'again')])).rejects.toMatchObject({ code: 'already-done' });
      });

      test('counts its failed tries', async () => {
        await db.atomically([noteFailure(id, 'first')]);
        await db.atomically([noteFailure(id, 'second')]);
        expect(await jobRows(db)).toMatchObject([{ attempts: 2, lastError: 'second', doneAtMs: null }]);
      });

      test('that was pushed is left alone for the lease, then pushed again', async () => {
        await db.atomically([markPushed([id], NOW)]);
        expect(await dueJobs(db, NOW + LEASE_MS, LEASE_MS, 10)).toEqual([]);
        expect(await dueJobs(db, NOW + LEASE_MS + 1, LEASE_MS, 10)).toMatchObject([{ id }]);
      });

      test('that was on a queue that is gone is due at once', async () => {
        await db.atomically([markPushed([id], NOW)]);
        await db.atomically([markNonePushed()]);
        expect(await dueJobs(db, NOW, LEASE_MS, 10)).toMatchObject([{ id }]);
      });

      test('is overdue only when it is open and past its time by more than the grace', async () => {
        const overdue = (atMs: number, consumer = 'dispatch.freeze-audience') => overdueJobs(db, atMs, 10_000, 10, [consumer]);
        expect(await overdue(NOW + 10_000)).toEqual([]);
        expect(await overdueCounts(db, NOW + 10_000, 10_000)).toEqual(new Map());
        expect(await overdue(NOW + 10_001)).toMatchObject([{ id, dueAtMs: NOW }]);
        expect(await overdue(NOW + 10_001, 'mobilization.call-members')).toEqual([]);
        expect(await overdueCounts(db, NOW + 10_001, 10_000)).toEqual(new Map([['dispatch.freeze-audience', 1]]));
        await db.atomically([finishJob(id, NOW)]);
        expect(await overdue(NOW + 10_001)).toEqual([]);
        expect(await overdueCounts(db, NOW + 10_001, 10_000)).toEqual(new Map());
      });
    });

    test('due jobs come urgent first, then oldest first, as many as asked for', async () => {
      for (let i = 0; i < 3; i++) await db.atomically(raised());
      const jobs = await jobRows(db);
      const [a, b, c, d, ...others] = jobs.map(({ id }) => id) as [string, string, string, string, ...string[]];
      await db.atomically([
        setJob(a, { dueAtMs: NOW - 3 }),
        setJob(b, { dueAtMs: NOW - 1, urgent: true }),
        setJob(c, { dueAtMs: NOW - 2, urgent: true }),
        setJob(d, { dueAtMs: NOW - 4 }),
        ...others.map((id) => setJob(id, { dueAtMs: NOW + 1 })),
      ]);
      expect((await dueJobs(db, NOW, LEASE_MS, 10)).map(({ id }) => id)).toEqual([c, b, d, a]);
      expect((await dueJobs(db, NOW, LEASE_MS, 2)).map(({ id }) => id)).toEqual([c, b]);
      expect((await dueJobs(db, NOW, LEASE_MS, 10))[0]).toMatchObject({ urgent: true });
      expect((await overdueJobs(db, NOW + 1, 2, 10, [...new Set(jobs.map(({ consumer }) => consumer))])).map(({ id }) => id)).toEqual([d, a, c]);
    });

    describe('claimed jobs', () => {
      const EVERY: readonly string[] = EVENTS['alert.raised'].consumers;
      const claim = async (by: Database, nowMs: number, limit: number, consumers = EVERY) =>
        inTurn((await by.atomically([claimDueJobs(nowMs, LEASE_MS, limit, consumers)]))[0]);

      test('go to one claimer only, whoever claims at the same moment', async () => {
        const other = await under.another();
        await Promise.all(Array.from({ length: 60 }, () => db.atomically(raised())));
        const all = (await jobRows(db)).map(({ id }) => id);
        const got: string[] = [];
        for (let round = 0; round < 40 && got.length < all.length; round++) {
          const claims = await Promise.all([db, other, db, other].map((by) => claim(by, NOW, 17)));
          got.push(...claims.flat().map(({ id }) => id));
        }
        expect(got.toSorted()).toEqual(all.toSorted());
        expect(await claim(db, NOW, 1_000)).toEqual([]);
        await other.close();
      });

      test('are the urgent and oldest of those consumers, as many as asked for, and are marked', async () => {
        for (let i = 0; i < 3; i++) await db.atomically(raised());
        const [a, b, c, d, ...others] = (await jobRows(db)).map(({ id }) => id) as [string, string, string, string, ...string[]];
        await db.atomically([
          setJob(a, { dueAtMs: NOW - 3 }),
          setJob(b, { dueAtMs: NOW - 1, urgent: true }),
          setJob(c, { dueAtMs: NOW - 2, urgent: true }),
          setJob(d, { dueAtMs: NOW - 4 }),
          ...others.map((id) => setJob(id, { dueAtMs: NOW + 1 })),
        ]);
        expect(await claim(db, NOW, 10, ['no.consumer'])).toEqual([]);
        expect((await claim(db, NOW, 3)).map(({ id }) => id)).toEqual([c, b, d]);
        expect(await claim(db, NOW, 10)).toMatchObject([{ id: a, urgent: false, dueAtMs: NOW - 3 }]);
        expect((await jobRows(db)).filter(({ pushedAtMs }) => pushedAtMs === NOW)).toHaveLength(4);
      });

      test('are left alone for the lease, and for good when they are done', async () => {
        await db.atomically(
          raised({
            due: { ...noReactions('alert.raised'), 'dispatch.freeze-audience': NOW },
          }),
        );
        const id = (await claim(db, NOW, 10))[0]!.id;
        expect(await claim(db, NOW + LEASE_MS, 10)).toEqual([]);
        expect(await claim(db, NOW + LEASE_MS + 1, 10)).toMatchObject([{ id }]);
        await db.atomically([finishJob(id, NOW)]);
        expect(await claim(db, NOW + 10 * LEASE_MS, 10)).toEqual([]);
      });
    });
  });
}
