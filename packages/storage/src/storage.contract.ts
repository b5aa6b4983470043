// What the house asks of any database: all or nothing, each caller told his own outcome, and only after it is durable.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asc, eq, isNull, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { makeIds } from '@laba/domain/ids';
import { LIMITS } from '@laba/domain/limits';
import { any, one, prepared, some, type Build, type Database, type Op } from './database.ts';
import { record } from './events.ts';
import { buryJob, dueJobs, finishJob, jobCounts, loadJob, markNonePushed, markPushed, nextDueAtMs, noteFailure, overdueJobs, postponeJob } from './jobs.ts';

/** A database under test, empty but for its schema. */
export interface DatabaseUnderTest {
  db: Database;
  /** Another connection to the same data: sees only what is committed. */
  another(): Promise<Database>;
  stop(): Promise<void>;
}

const NOW = 1_782_842_400_000;
const LEASE_MS = 30_000;
const ids = makeIds(() => NOW, (size) => crypto.getRandomValues(new Uint8Array(size)));

const put = (name: string, value: unknown = 1) => one((q, t) => q.insert(t.setting).values({ name, value }).returning({ name: t.setting.name }));
const names = async (db: Database) => (await db.read((q, t) => q.select({ name: t.setting.name }).from(t.setting).orderBy(asc(t.setting.name)))).map(({ name }) => name);

/** A raised alert and the work it causes. */
function raised(change: Partial<Parameters<typeof record<'alert.raised'>>[1]> = {}) {
  return record<'alert.raised'>(ids, {
    type: 'alert.raised', atMs: NOW, who: 'officer:o1', via: 'http', gridCode: '533324', subjectId: 'a1', alertId: 'a1',
    data: { revision: 1, mode: 'live', areaCodes: ['533324'], officers: ['o1'] }, ...change,
  });
}

const jobRows = (db: Database) => db.read((q, t) => q.select().from(t.job).orderBy(asc(t.job.consumer)));
const setJob = (id: string, change: { urgent?: boolean; dueAtMs?: number; pushedAtMs?: number | null }): Op =>
  one((q, t) => q.update(t.job).set(change).where(eq(t.job.id, id)).returning({ id: t.job.id }));

export function storageContract(name: string, start: () => Promise<DatabaseUnderTest>): void {
  describe(`storage on ${name}`, () => {
    let under: DatabaseUnderTest;
    let db: Database;
    beforeEach(async () => {
      under = await start();
      db = under.db;
    });
    afterEach(() => under.stop());

    describe('one group', () => {
      test('is written whole, and gives the rows of each statement in order', async () => {
        const rows = await db.atomically([put('a'), any((q, t) => q.select().from(t.setting)), put('b')]);
        expect(rows).toEqual([[{ name: 'a' }], [{ name: 'a', value: 1 }], [{ name: 'b' }]]);
        expect(await names(db)).toEqual(['a', 'b']);
      });

      test('is not written at all when its last statement breaks', async () => {
        await expect(db.atomically([put('a'), put('b'), one((q, t) => q.update(t.setting).set({ value: 2 }).where(eq(t.setting.name, 'none')).returning())])).rejects.toThrow();
        expect(await names(db)).toEqual([]);
      });

      test('holds each statement to what was expected of it', async () => {
        await db.atomically([put('a'), put('b')]);
        const touch = (name: string): Build<{ name: string }> => (q, t) =>
          q.update(t.setting).set({ value: 2 }).where(name === '*' ? undefined : eq(t.setting.name, name)).returning({ name: t.setting.name });
        await expect(db.atomically([one(touch('*'))])).rejects.toMatchObject({ code: 'changed-meanwhile' });
        await expect(db.atomically([one(touch('none'))])).rejects.toMatchObject({ code: 'changed-meanwhile' });
        await expect(db.atomically([some(touch('none'))])).rejects.toMatchObject({ code: 'changed-meanwhile' });
        expect(await db.atomically([one(touch('a')), some(touch('*')), any(touch('none')), any(touch('*'))])).toMatchObject([[{ name: 'a' }], [{}, {}], [], [{}, {}]]);
      });

      test('says what was named for the broken expectation, of the statement that broke', async () => {
        const otherwise = (what: string) => () => new LabaError('transition-refused', what);
        const nothing = (what: string) => one((q, t) => q.delete(t.setting).where(eq(t.setting.name, what)).returning({ name: t.setting.name }), { otherwise: otherwise(what) });
        await db.atomically([put('first')]);
        await expect(db.atomically([nothing('first'), nothing('second')])).rejects.toThrow('second');
        expect(await names(db)).toEqual(['first']);
      });

      test('that doubles a unique row breaks its expectation by name, and no other error is taken for that', async () => {
        await db.atomically([put('a')]);
        await expect(db.atomically([put('b'), put('a')])).rejects.toMatchObject({ code: 'changed-meanwhile' });
        const named = one((q, t) => q.insert(t.setting).values({ name: 'a', value: 2 }).returning(), { otherwise: () => new LabaError('already-done') });
        await expect(db.atomically([named])).rejects.toMatchObject({ code: 'already-done' });
        const missing = one((q, t) => q.insert(t.setting).values({ name: null as unknown as string, value: 2 }).returning(), { otherwise: () => new LabaError('already-done') });
        await expect(db.atomically([missing])).rejects.not.toMatchObject({ code: 'already-done' });
        expect(await names(db)).toEqual(['a']);
      });

      test('without statements is a commit of nothing', async () => {
        expect(await db.atomically([])).toEqual([]);
      });
    });

    describe('many groups at once', () => {
      test('each is told its own outcome, and a broken one touches no other', async () => {
        const before = await Promise.allSettled(Array.from({ length: 300 }, (_, i) =>
          i % 7 === 3 ? db.atomically([put(`n${i}`), put(`n${i}`)]) : db.atomically([put(`n${String(i).padStart(3, '0')}`)])));
        before.forEach((outcome, i) => expect(outcome.status, `group ${i}`).toBe(i % 7 === 3 ? 'rejected' : 'fulfilled'));
        expect(await names(db)).toEqual(Array.from({ length: 300 }, (_, i) => i).filter((i) => i % 7 !== 3).map((i) => `n${String(i).padStart(3, '0')}`));
      });

      test('a statement that cannot even be built rejects its own group only', async () => {
        const good = db.atomically([put('good')]);
        const bad = db.atomically([put('bad'), one(() => { throw new Error('planted'); })]);
        await expect(bad).rejects.toThrow('planted');
        await good;
        expect(await names(db)).toEqual(['good']);
      });

      test('that contend for one row: exactly one wins', async () => {
        await db.atomically([put('version', 1)]);
        const claim = () => db.atomically([one((q, t) => q.update(t.setting).set({ value: 2 }).where(eq(t.setting.value, 1)).returning({ name: t.setting.name }))]);
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, claim));
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      test('are carried out in the order they were asked for', async () => {
        await Promise.all(Array.from({ length: 50 }, (_, i) => db.atomically([one((q, t) =>
          q.insert(t.setting).values({ name: 'last', value: i }).onConflictDoUpdate({ target: t.setting.name, set: { value: i } }).returning())])));
        expect(await db.read((q, t) => q.select().from(t.setting))).toEqual([{ name: 'last', value: 49 }]);
      });

      test('beyond what may wait are refused as overloaded, and the others are carried out', async () => {
        const outcomes = await Promise.allSettled(Array.from({ length: LIMITS.pendingGroups + 5 }, () => db.atomically([])));
        const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
        expect(refused).toHaveLength(5);
        expect(refused[0]).toMatchObject({ reason: { code: 'overloaded' } });
      });
    });

    describe('durability', () => {
      test('resolves only after the commit: others see nothing before, everything then', async () => {
        const other = await under.another();
        const writing = db.atomically([put('a')]);
        expect(await names(other)).toEqual([]);
        await writing;
        expect(await names(other)).toEqual(['a']);
        await other.close();
      });

      test('tells its listeners after a commit that others can see already, until they stop listening', async () => {
        const other = await under.another();
        const seen: Promise<string[]>[] = [];
        const stop = db.onCommit(() => seen.push(names(other)));
        await db.atomically([put('a')]);
        stop();
        await db.atomically([put('b')]);
        expect(await Promise.all(seen)).toEqual([['a']]);
        await other.close();
      });

      test('close carries out what waits, and refuses what comes after', async () => {
        const other = await under.another();
        const writing = Promise.all(Array.from({ length: 30 }, (_, i) => db.atomically([put(`n${i}`)])));
        await db.close();
        await writing;
        expect(await names(other)).toHaveLength(30);
        await expect(db.atomically([put('late')])).rejects.toMatchObject({ code: 'draining' });
        await expect(db.read((q, t) => q.select().from(t.setting))).rejects.toMatchObject({ code: 'draining' });
        await db.close();
        await other.close();
      });
    });

    describe('values', () => {
      test('come back as they went in: JSON, truth, null, numbers, any words', async () => {
        const values = [null, 0, -1, 1.5, '', '0', 'null', '立即转移 \u{1F4E2} "quoted" \\ \n', true, false, [], {}, [1, [2, { a: null }]], { 键: ['值'] }];
        await db.atomically(values.map((value, i) => put(`v${String(i).padStart(2, '0')}`, value)).filter((_, i) => values[i] !== null));
        expect((await db.read((q, t) => q.select().from(t.setting).orderBy(asc(t.setting.name)))).map(({ value }) => value)).toEqual(values.filter((value) => value !== null));
        const member = { id: 'm1', name: '演示成员', phoneCipher: null, phoneHash: null, skills: ['doctor'] as never[], available: false };
        await db.atomically([one((q, t) => q.insert(t.member).values(member).returning())]);
        expect(await db.read((q, t) => q.select().from(t.member))).toEqual([member]);
        const farTime = 8_640_000_000_000_000;
        await db.atomically([one((q, t) => q.insert(t.counter).values({ name: 'far', value: farTime }).returning())]);
        expect(await db.read((q, t) => q.select().from(t.counter))).toEqual([{ name: 'far', value: farTime }]);
      });

      test('go through placeholders of prepared statements unchanged: JSON, truth, null', async () => {
        const insertMember = prepared('contract-insert-member', (q, t) => q.insert(t.member).values({
          id: sql.placeholder('id'), name: sql.placeholder('name'), skills: sql.placeholder('skills'), available: sql.placeholder('available'), phoneHash: sql.placeholder('phoneHash'),
        }).returning());
        const insertNode = prepared('contract-insert-node', (q, t) => q.insert(t.gridNode).values({
          code: sql.placeholder('code'), tier: 'village', name: 'x', languages: sql.placeholder('languages'),
        }).returning());
        await db.atomically([
          one(insertMember, { values: { id: 'm1', name: 'a', skills: ['x', { y: [null] }], available: true, phoneHash: null } }),
          one(insertMember, { values: { id: 'm2', name: 'b', skills: [], available: false, phoneHash: 'h' } }),
          one(insertNode, { values: { code: '1', languages: null } }),
          one(insertNode, { values: { code: '2', languages: ['lis'] } }),
        ]);
        expect(await db.read((q, t) => q.select({ id: t.member.id, skills: t.member.skills, available: t.member.available, phoneHash: t.member.phoneHash }).from(t.member).orderBy(asc(t.member.id))))
          .toEqual([{ id: 'm1', skills: ['x', { y: [null] }], available: true, phoneHash: null }, { id: 'm2', skills: [], available: false, phoneHash: 'h' }]);
        expect(await db.read((q, t) => q.select({ code: t.gridNode.code }).from(t.gridNode).where(isNull(t.gridNode.languages)))).toEqual([{ code: '1' }]);
        expect((await db.read((q, t) => q.select({ languages: t.gridNode.languages }).from(t.gridNode).orderBy(asc(t.gridNode.code))))).toEqual([{ languages: null }, { languages: ['lis'] }]);
      });

      test('that are required are refused as null also through a placeholder', async () => {
        const insert = prepared('contract-insert-null', (q, t) => q.insert(t.member).values({ id: 'm', name: 'n', skills: sql.placeholder('skills'), available: sql.placeholder('available') }).returning());
        await expect(db.atomically([one(insert, { values: { skills: [], available: null } })])).rejects.toThrow();
        await expect(db.atomically([one(insert, { values: { skills: null, available: true } })])).rejects.toThrow();
      });

      test('truth can be asked for in a prepared read', async () => {
        await db.atomically(['m1', 'm2', 'm3'].map((id) => one((q, t) => q.insert(t.member).values({ id, name: id, skills: [], available: id !== 'm2' }).returning())));
        const find = prepared('contract-find', (q, t) => q.select({ id: t.member.id }).from(t.member).where(eq(t.member.available, sql.param(sql.placeholder('available'), t.member.available))).orderBy(asc(t.member.id)));
        expect(await db.read(find, { available: true })).toEqual([{ id: 'm1' }, { id: 'm3' }]);
        expect(await db.read(find, { available: false })).toEqual([{ id: 'm2' }]);
      });
    });

    describe('the timeline and its work', () => {
      test('one event and one job per consumer, in the same commit as the change', async () => {
        await db.atomically([put('change'), ...raised({ urgent: true })]);
        const events = await db.read((q, t) => q.select().from(t.event));
        expect(events).toMatchObject([{ type: 'alert.raised', atMs: NOW, who: 'officer:o1', via: 'http', gridCode: '533324', alertId: 'a1', subjectId: 'a1', data: { revision: 1, areaCodes: ['533324'] } }]);
        const jobs = await jobRows(db);
        expect(jobs.length).toBeGreaterThan(1);
        expect(new Set(jobs.map(({ consumer }) => consumer)).size).toBe(jobs.length);
        for (const job of jobs) expect(job).toMatchObject({ eventId: events[0]!.id, urgent: true, dueAtMs: NOW, pushedAtMs: null, doneAtMs: null, outcome: null, attempts: 0 });
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
        expect(job).toMatchObject({ id: row!.id, consumer: row!.consumer, urgent: true, attempts: 0, dueAtMs: NOW, doneAtMs: null, event: { type: 'alert.raised', subjectId: 'a1', data: { mode: 'live' } } });
        expect(await loadJob(db, 'none')).toBeUndefined();
      });
    });

    describe('a job', () => {
      let id: string;
      beforeEach(async () => {
        await db.atomically(raised({ due: { 'alerting.expire': null, 'alerting.ask-before-expiry': null, 'mobilization.call-members': null } }));
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
        expect(await overdueJobs(db, NOW + 10_000, 10_000, 10)).toEqual([]);
        expect(await overdueJobs(db, NOW + 10_001, 10_000, 10)).toMatchObject([{ id, dueAtMs: NOW }]);
        await db.atomically([finishJob(id, NOW)]);
        expect(await overdueJobs(db, NOW + 10_001, 10_000, 10)).toEqual([]);
      });
    });

    test('due jobs come urgent first, then oldest first, as many as asked for', async () => {
      for (let i = 0; i < 3; i++) await db.atomically(raised());
      const jobs = await jobRows(db);
      const [a, b, c, d, ...others] = jobs.map(({ id }) => id) as [string, string, string, string, ...string[]];
      await db.atomically([
        setJob(a, { dueAtMs: NOW - 3 }), setJob(b, { dueAtMs: NOW - 1, urgent: true }), setJob(c, { dueAtMs: NOW - 2, urgent: true }), setJob(d, { dueAtMs: NOW - 4 }),
        ...others.map((id) => setJob(id, { dueAtMs: NOW + 1 })),
      ]);
      expect((await dueJobs(db, NOW, LEASE_MS, 10)).map(({ id }) => id)).toEqual([c, b, d, a]);
      expect((await dueJobs(db, NOW, LEASE_MS, 2)).map(({ id }) => id)).toEqual([c, b]);
      expect((await dueJobs(db, NOW, LEASE_MS, 10))[0]).toMatchObject({ urgent: true });
      expect((await overdueJobs(db, NOW + 1, 2, 10)).map(({ id }) => id)).toEqual([d, a, c]);
    });
  });
}
