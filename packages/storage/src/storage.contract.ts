// What the house asks of any database: all or nothing, each caller told his own outcome, and only after it is durable.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asc, eq, isNull, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { any, exactly, one, prepared, some, writes, type Build, type Database, type Sql } from './database.ts';
import { jobsContract } from './jobs.contract.ts';
import { messagesContract } from './messages.contract.ts';
import { rowsOf } from './rows-of.ts';
import type { Tables } from './tables.ts';
import { names, put, type DatabaseUnderTest } from './database-under-test.test-kit.ts';
import { partsContract } from './sharing/parts.contract.ts';
import { sharingContract } from './sharing/sharing.contract.ts';
import { strangersContract } from './sharing/strangers.contract.ts';

/** All of it, the work of the outbox included. */
export function storageContract(name: string, start: () => Promise<DatabaseUnderTest>): void {
  jobsContract(name, start);
  messagesContract(name, start);
  sharingContract(name, start);
  partsContract(name, start);
  strangersContract(name, start);
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
        await expect(
          db.atomically([put('a'), put('b'), one((q, t) => q.update(t.setting).set({ value: 2 }).where(eq(t.setting.name, 'none')).returning())]),
        ).rejects.toThrow();
        expect(await names(db)).toEqual([]);
      });

      test('holds each statement to what was expected of it', async () => {
        await db.atomically([put('a'), put('b')]);
        const touch =
          (name: string): Build<{ name: string }> =>
          (q, t) =>
            q
              .update(t.setting)
              .set({ value: 2 })
              .where(name === '*' ? undefined : eq(t.setting.name, name))
              .returning({ name: t.setting.name });
        await expect(db.atomically([one(touch('*'))])).rejects.toMatchObject({ code: 'changed-meanwhile' });
        await expect(db.atomically([one(touch('none'))])).rejects.toMatchObject({ code: 'changed-meanwhile' });
        await expect(db.atomically([some(touch('none'))])).rejects.toMatchObject({ code: 'changed-meanwhile' });
        expect(await db.atomically([one(touch('a')), some(touch('*')), any(touch('none')), any(touch('*'))])).toMatchObject([
          [{ name: 'a' }],
          [{}, {}],
          [],
          [{}, {}],
        ]);
      });

      test('counts what it wrote where nothing comes back, and holds that to what was expected', async () => {
        const copies = (q: Sql, t: Tables) =>
          q.insert(t.setting).select(q.select({ name: sql<string>`${t.setting.name} || '2'`.as('name'), value: t.setting.value }).from(t.setting));
        await db.atomically([put('a'), put('b')]);
        await expect(db.atomically([writes(3, copies, { otherwise: () => new LabaError('already-done') })])).rejects.toMatchObject({ code: 'already-done' });
        expect(await names(db)).toEqual(['a', 'b']);
        expect(await db.atomically([writes(2, copies), put('c')])).toEqual([[], [{ name: 'c' }]]);
        expect(await names(db)).toEqual(['a', 'a2', 'b', 'b2', 'c']);
        await expect(db.atomically([writes('any', copies)])).rejects.toMatchObject({ code: 'changed-meanwhile' });
        expect(await db.atomically([writes('any', (q, t) => q.update(t.setting).set({ value: 2 }).where(eq(t.setting.name, 'none')))])).toEqual([[]]);
      });

      test('takes a set of rows as one parameter, and breaks whole when not so many rows came back as were named', async () => {
        await db.atomically([put('a'), put('b')]);
        const setAll = prepared('contract-set-all', (q, t) => {
          const { from, columns } = rowsOf(t, sql.placeholder('rows'), { name: 'text', value: 'json' });
          return q
            .update(t.setting)
            .set({ value: sql`${columns.value}` })
            .from(from)
            .where(eq(t.setting.name, columns.name))
            .returning({ name: t.setting.name });
        });
        const rows = (...of: [string, number][]) => ({ values: { rows: JSON.stringify(of.map(([name, value]) => ({ name, value }))) } });
        await expect(db.atomically([exactly(2, setAll, rows(['a', 7], ['none', 7]))])).rejects.toMatchObject({ code: 'changed-meanwhile' });
        expect(await db.read((q, t) => q.select({ value: t.setting.value }).from(t.setting))).toEqual([{ value: 1 }, { value: 1 }]);
        const [moved] = await db.atomically([exactly(2, setAll, rows(['a', 8], ['b', 9]))]);
        expect(moved.map((row) => row.name).toSorted()).toEqual(['a', 'b']);
        expect(await db.read((q, t) => q.select().from(t.setting).orderBy(asc(t.setting.name)))).toEqual([
          { name: 'a', value: 8 },
          { name: 'b', value: 9 },
        ]);
        expect(await db.atomically([exactly(0, setAll, rows())])).toEqual([[]]);
      });

      test('says what was named for the broken expectation, of the statement that broke', async () => {
        const otherwise = (what: string) => () => new LabaError('transition-refused', what);
        const nothing = (what: string) =>
          one((q, t) => q.delete(t.setting).where(eq(t.setting.name, what)).returning({ name: t.setting.name }), { otherwise: otherwise(what) });
        await db.atomically([put('first')]);
        await expect(db.atomically([nothing('first'), nothing('second')])).rejects.toThrow('second');
        expect(await names(db)).toEqual(['first']);
      });

      test('that doubles a unique row breaks its expectation by name, and no other error is taken for that', async () => {
        await db.atomically([put('a')]);
        await expect(db.atomically([put('b'), put('a')])).rejects.toMatchObject({ code: 'changed-meanwhile' });
        const named = one((q, t) => q.insert(t.setting).values({ name: 'a', value: 2 }).returning(), { otherwise: () => new LabaError('already-done') });
        await expect(db.atomically([named])).rejects.toMatchObject({ code: 'already-done' });
        const missing = one(
          (q, t) =>
            q
              .insert(t.setting)
              .values({ name: null as unknown as string, value: 2 })
              .returning(),
          { otherwise: () => new LabaError('already-done') },
        );
        await expect(db.atomically([missing])).rejects.not.toMatchObject({ code: 'already-done' });
        expect(await names(db)).toEqual(['a']);
      });

      test('without statements is a commit of nothing', async () => {
        expect(await db.atomically([])).toEqual([]);
      });
    });

    describe('many groups at once', () => {
      test('each is told its own outcome, and a broken one touches no other', async () => {
        const before = await Promise.allSettled(
          Array.from({ length: 300 }, (_, i) =>
            i % 7 === 3 ? db.atomically([put(`n${i}`), put(`n${i}`)]) : db.atomically([put(`n${String(i).padStart(3, '0')}`)]),
          ),
        );
        before.forEach((outcome, i) => expect(outcome.status, `group ${i}`).toBe(i % 7 === 3 ? 'rejected' : 'fulfilled'));
        expect(await names(db)).toEqual(
          Array.from({ length: 300 }, (_, i) => i)
            .filter((i) => i % 7 !== 3)
            .map((i) => `n${String(i).padStart(3, '0')}`),
        );
      });

      test('a statement that cannot even be built rejects its own group only', async () => {
        const good = db.atomically([put('good')]);
        const bad = db.atomically([
          put('bad'),
          one(() => {
            throw new Error('planted');
          }),
        ]);
        await expect(bad).rejects.toThrow('planted');
        await good;
        expect(await names(db)).toEqual(['good']);
      });

      test('that contend for one row: exactly one wins', async () => {
        await db.atomically([put('version', 1)]);
        const claim = () =>
          db.atomically([one((q, t) => q.update(t.setting).set({ value: 2 }).where(eq(t.setting.value, 1)).returning({ name: t.setting.name }))]);
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, claim));
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });

      test('are carried out in the order they were asked for', async () => {
        await Promise.all(
          Array.from({ length: 50 }, (_, i) =>
            db.atomically([
              one((q, t) =>
                q
                  .insert(t.setting)
                  .values({ name: 'last', value: i })
                  .onConflictDoUpdate({ target: t.setting.name, set: { value: i } })
                  .returning(),
              ),
            ]),
          ),
        );
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
      test('resolves only after the commit: others see it then, every time', async () => {
        const other = await under.another();
        for (let i = 1; i <= 20; i++) {
          await db.atomically([put(`n${i}`)]);
          expect(await names(other)).toHaveLength(i);
        }
        await other.close();
      });

      test('tells its listeners after a commit that others can see already, until they stop listening', async () => {
        const other = await under.another();
        const seen: Promise<string[]>[] = [];
        const stop = db.onCommit(() => seen.push(names(other)));
        await db.atomically([put('a')]);
        stop();
        expect(await Promise.all(seen)).toEqual([['a']]);
        await db.atomically([put('b')]);
        expect(seen).toHaveLength(1);
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
        expect((await db.read((q, t) => q.select().from(t.setting).orderBy(asc(t.setting.name)))).map(({ value }) => value)).toEqual(
          values.filter((value) => value !== null),
        );
        const nothing = { phoneCipher: null, phoneHash: null, emailCipher: null, alertId: null };
        const member = { id: 'm1', name: '演示成员', ...nothing, skills: ['doctor'] as never[], available: false, offDuty: false };
        await db.atomically([one((q, t) => q.insert(t.member).values(member).returning())]);
        expect(await db.read((q, t) => q.select().from(t.member))).toEqual([member]);
        const farTime = 8_640_000_000_000_000;
        await db.atomically([one((q, t) => q.insert(t.counter).values({ name: 'far', value: farTime }).returning())]);
        expect(await db.read((q, t) => q.select().from(t.counter))).toEqual([{ name: 'far', value: farTime }]);
      });

      test('go through placeholders of prepared statements unchanged: JSON, truth, null', async () => {
        const insertMember = prepared('contract-insert-member', (q, t) =>
          q
            .insert(t.member)
            .values({
              id: sql.placeholder('id'),
              name: sql.placeholder('name'),
              skills: sql.placeholder('skills'),
              available: sql.placeholder('available'),
              phoneHash: sql.placeholder('phoneHash'),
            })
            .returning(),
        );
        const insertNode = prepared('contract-insert-node', (q, t) =>
          q
            .insert(t.gridNode)
            .values({
              code: sql.placeholder('code'),
              tier: 'village',
              name: 'x',
              languages: sql.placeholder('languages'),
            })
            .returning(),
        );
        await db.atomically([
          one(insertMember, { values: { id: 'm1', name: 'a', skills: ['x', { y: [null] }], available: true, phoneHash: null } }),
          one(insertMember, { values: { id: 'm2', name: 'b', skills: [], available: false, phoneHash: 'h' } }),
          one(insertNode, { values: { code: '1', languages: null } }),
          one(insertNode, { values: { code: '2', languages: ['lis'] } }),
        ]);
        expect(
          await db.read((q, t) =>
            q
              .select({ id: t.member.id, skills: t.member.skills, available: t.member.available, phoneHash: t.member.phoneHash })
              .from(t.member)
              .orderBy(asc(t.member.id)),
          ),
        ).toEqual([
          { id: 'm1', skills: ['x', { y: [null] }], available: true, phoneHash: null },
          { id: 'm2', skills: [], available: false, phoneHash: 'h' },
        ]);
        expect(await db.read((q, t) => q.select({ code: t.gridNode.code }).from(t.gridNode).where(isNull(t.gridNode.languages)))).toEqual([{ code: '1' }]);
        expect(await db.read((q, t) => q.select({ languages: t.gridNode.languages }).from(t.gridNode).orderBy(asc(t.gridNode.code)))).toEqual([
          { languages: null },
          { languages: ['lis'] },
        ]);
      });

      test('that are required are refused as null also through a placeholder', async () => {
        const insert = prepared('contract-insert-null', (q, t) =>
          q
            .insert(t.member)
            .values({ id: 'm', name: 'n', skills: sql.placeholder('skills'), available: sql.placeholder('available') })
            .returning(),
        );
        await expect(db.atomically([one(insert, { values: { skills: [], available: null } })])).rejects.toThrow();
        await expect(db.atomically([one(insert, { values: { skills: null, available: true } })])).rejects.toThrow();
      });

      test('truth can be asked for in a prepared read', async () => {
        await db.atomically(
          ['m1', 'm2', 'm3'].map((id) =>
            one((q, t) =>
              q
                .insert(t.member)
                .values({ id, name: id, skills: [], available: id !== 'm2' })
                .returning(),
            ),
          ),
        );
        const find = prepared('contract-find', (q, t) =>
          q
            .select({ id: t.member.id })
            .from(t.member)
            .where(eq(t.member.available, sql.param(sql.placeholder('available'), t.member.available)))
            .orderBy(asc(t.member.id)),
        );
        expect(await db.read(find, { available: true })).toEqual([{ id: 'm1' }, { id: 'm3' }]);
        expect(await db.read(find, { available: false })).toEqual([{ id: 'm2' }]);
      });
    });
  });
}
