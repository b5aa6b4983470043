// What the house asks of any database for its messages to people: each once, taken by one sender, its outcome told once.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asc, sql } from 'drizzle-orm';
import type { Database } from './database.ts';
import { put, type DatabaseUnderTest } from './database-under-test.test-kit.ts';
import {
  dropMessages,
  lateMessages,
  messageMoments,
  queueMessages,
  queueMessagesOf,
  takeMessages,
  writeOutcomes,
  type NewMessage,
  type Rate,
} from './messages.ts';

const NOW = 1_782_842_400_000;
const LEASE_MS = 60_000;

function message(id: string, change: Partial<NewMessage> = {}): NewMessage {
  return {
    id,
    alertId: 'a1',
    purpose: 'call',
    subjectId: `call-${id}`,
    memberId: 'm1',
    gridCode: '53332410020001',
    channel: 'sms',
    step: 1,
    urgent: false,
    facts: { minutes: 5, areas: ['533324'] },
    dueAtMs: NOW,
    notAfterMs: NOW + 3_600_000,
    changedAtMs: NOW,
    ...change,
  };
}

export function messagesContract(name: string, start: () => Promise<DatabaseUnderTest>): void {
  describe(`messages on ${name}`, () => {
    let under: DatabaseUnderTest;
    let db: Database;
    beforeEach(async () => {
      under = await start();
      db = under.db;
    });
    afterEach(() => under.stop());

    const all = () => db.read((q, t) => q.select().from(t.message).orderBy(asc(t.message.id)));
    const claim = (nowMs = NOW, limit = 10, urgent = false, from = db, rate?: Rate) =>
      takeMessages(from, [{ channel: 'sms', urgent, limit, ...(rate && { rate }) }], nowMs, LEASE_MS);
    const claimed = async (...how: Parameters<typeof claim>) => (await claim(...how)).map((one) => one.id).toSorted();

    test('one message for each subject, channel and step, however often it is asked for', async () => {
      await db.atomically(queueMessages([message('1'), message('2', { channel: 'voice' })]));
      await db.atomically(queueMessages([message('3', { subjectId: 'call-1' }), message('4', { subjectId: 'call-1', step: 2 })]));
      expect((await all()).map((one) => [one.id, one.state, one.facts])).toEqual(
        ['1', '2', '4'].map((id) => [id, 'queued', { minutes: 5, areas: ['533324'] }]),
      );
    });

    test('one for each row of a select', async () => {
      await db.atomically([put('x'), put('y')]);
      const op = queueMessagesOf((t) => {
        const as = (value: unknown) => sql`${value}`;
        const given = message('', { alertId: null });
        return {
          columns: {
            id: sql`'m-' || ${t.setting.name}`,
            alertId: sql`null`,
            purpose: as(given.purpose),
            subjectId: sql`${t.setting.name}`,
            memberId: as('m1'),
            gridCode: as(given.gridCode),
            channel: as(given.channel),
            step: sql`cast(${given.step} as integer)`,
            urgent: sql`${sql.param(true, t.message.urgent)}`,
            facts: sql`${sql.param({ minutes: 5 }, t.message.facts)}`,
            dueAtMs: sql`cast(${NOW} as bigint)`,
            notAfterMs: sql`cast(${NOW + 1} as bigint)`,
            changedAtMs: sql`cast(${NOW} as bigint)`,
          },
          from: sql`${t.setting}`,
          where: sql`true`,
        };
      });
      await db.atomically([op]);
      await db.atomically([op]);
      expect((await all()).map((one) => [one.id, one.memberId, one.urgent, one.facts])).toEqual([
        ['m-x', 'm1', true, { minutes: 5 }],
        ['m-y', 'm1', true, { minutes: 5 }],
      ]);
    });

    test('what is due is taken once, by its lane, the oldest first, and not before its time', async () => {
      await db.atomically(
        queueMessages([
          message('later', { dueAtMs: NOW + 1 }),
          message('old', { dueAtMs: NOW - 9 }),
          message('live', { urgent: true }),
          message('now'),
          message('call', { channel: 'voice' }),
        ]),
      );
      expect(await messageMoments(db)).toEqual({ dueAtMs: NOW - 9, takenAtMs: null });
      expect(await claimed(NOW, 1)).toEqual(['old']);
      expect(await claimed(NOW, 10, true)).toEqual(['live']);
      expect(await claimed()).toEqual(['now']);
      expect(await claimed()).toEqual([]);
      expect(await messageMoments(db)).toEqual({ dueAtMs: NOW, takenAtMs: NOW });
      expect(await lateMessages(db, NOW + 60_000, 60_000)).toEqual({ count: 1, oldestDueAtMs: NOW - 9 });
      expect(await lateMessages(db, NOW - 10, 0)).toEqual({ count: 0, oldestDueAtMs: null });
    });

    test('two senders never take the same message', async () => {
      const other = await under.another();
      await db.atomically(queueMessages(Array.from({ length: 40 }, (_, i) => message(`m${i}`))));
      const takes = await Promise.all([db, other, db, other].map((one) => claim(NOW, 15, false, one)));
      const ids = takes.flat().map((row) => row.id);
      expect(ids.length).toBeGreaterThanOrEqual(15);
      expect(new Set(ids).size).toBe(ids.length);
      await other.close();
    });

    test('a rate holds for all senders together, counts what was urgent, and leaves room again when its time is over', async () => {
      const other = await under.another();
      const rate = { count: 10, withinMs: 1_000 };
      await db.atomically(
        queueMessages([
          ...Array.from({ length: 40 }, (_, i) => message(`m${i}`)),
          ...Array.from({ length: 12 }, (_, i) => message(`u${i}`, { urgent: true })),
          message('v', { channel: 'voice', urgent: true }),
        ]),
      );
      const takes = (atMs: number) => Promise.all([db, other, db, other].map((from) => claim(atMs, 8, false, from, rate)));
      const counts = async (atMs: number) => (await takes(atMs)).flat().length;
      await takeMessages(db, [{ channel: 'voice', urgent: true, limit: 1 }], NOW, LEASE_MS);
      expect(await counts(NOW)).toBe(10);
      expect(await counts(NOW + 999)).toBe(0);
      expect(await counts(NOW + 1_000)).toBe(10);
      expect(await counts(NOW + 500)).toBe(0);
      expect(await claim(NOW + 1_500, 20, true)).toHaveLength(12);
      expect(await counts(NOW + 2_000)).toBe(0);
      expect(await counts(NOW + 2_500)).toBe(10);
      await other.close();
    });

    test('taken and never told of is taken again when its lease is over, not sooner', async () => {
      await db.atomically(queueMessages([message('1')]));
      expect(await claimed()).toEqual(['1']);
      expect(await claimed(NOW + LEASE_MS)).toEqual([]);
      expect(await claimed(NOW + LEASE_MS + 1)).toEqual(['1']);
      expect((await all())[0]).toMatchObject({ state: 'sending', attempts: 2 });
    });

    test('an outcome is written once, and only on what was taken', async () => {
      await db.atomically(queueMessages([message('1'), message('2'), message('3')]));
      const taken = await claim();
      const of = (id: string) => ({ id, version: taken.find((one) => one.id === id)!.version });
      await db.atomically(
        writeOutcomes(
          [
            { ...of('1'), state: 'sent', dueAtMs: NOW, providerId: 'p-1' },
            { ...of('2'), state: 'queued', dueAtMs: NOW + 5_000, reason: 'answered 500' },
          ],
          NOW + 10,
        ),
      );
      await expect(db.atomically(writeOutcomes([{ ...of('1'), state: 'failed', dueAtMs: NOW, reason: 'late' }], NOW))).rejects.toMatchObject({
        code: 'changed-meanwhile',
      });
      expect((await all()).map((one) => [one.id, one.state, one.providerId, one.reason, one.changedAtMs])).toEqual([
        ['1', 'sent', 'p-1', null, NOW + 10],
        ['2', 'queued', null, 'answered 500', NOW + 10],
        ['3', 'sending', null, null, NOW],
      ]);
      expect(await claimed(NOW + 5_000)).toEqual(['2']);
    });

    test('what is not needed any more is dropped while it waits, by subject or by alert', async () => {
      await db.atomically(queueMessages([message('1'), message('2'), message('3', { alertId: 'a2' })]));
      await db.atomically([dropMessages({ subjectIds: ['call-1'], nowMs: NOW }), dropMessages({ nowMs: NOW })]);
      expect((await all()).map((one) => one.state)).toEqual(['unneeded', 'queued', 'queued']);
      await db.atomically([dropMessages({ alertId: 'a1', nowMs: NOW })]);
      expect((await all()).map((one) => one.state)).toEqual(['unneeded', 'unneeded', 'queued']);
    });
  });
}
