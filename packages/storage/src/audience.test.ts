// Whom an area covers.
import { asc, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { everyMemberInArea, householdsInArea, membersInArea, speakersInArea } from './audience.ts';
import { any } from './database.ts';
import { HOUSE, SqliteDatabase } from './sqlite.ts';
import type { Tables } from './tables.ts';

describe('the audience of an area', () => {
  let db: SqliteDatabase<Tables>;
  beforeEach(async () => {
    db = SqliteDatabase.open(':memory:', HOUSE);
    const speaker = (id: string, gridCode: string) => ({ id, siteId: 'site-1', gridCode, name: id, gatewayId: null });
    const member = (id: string, available: boolean) => ({ id, name: id, skills: [], available });
    const household = (id: string, gridCode: string) => ({ id, gridCode, doorplate: id, headName: id, needs: [] });
    await db.atomically([
      any((q, t) =>
        q
          .insert(t.speaker)
          .values([speaker('a', '533324'), speaker('b', '53332410020101'), speaker('c', '533324100999'), speaker('d', '533325')])
          .returning({ id: t.speaker.id }),
      ),
      any((q, t) =>
        q
          .insert(t.member)
          .values([member('m1', true), member('m2', true), member('away', false)])
          .returning({ id: t.member.id }),
      ),
      any((q, t) =>
        q
          .insert(t.membership)
          .values([
            { memberId: 'm1', gridCode: '53332410020102' },
            { memberId: 'm1', gridCode: '53332410020101' },
            { memberId: 'm1', gridCode: '533324999' },
            { memberId: 'm2', gridCode: '533324999' },
            { memberId: 'away', gridCode: '53332410020101' },
          ])
          .returning({ id: t.membership.memberId }),
      ),
      any((q, t) =>
        q
          .insert(t.household)
          .values([household('h1', '53332410020101'), household('h2', '533325100201')])
          .returning({ id: t.household.id }),
      ),
    ]);
  });

  const speakers = async (codes: string[]) => (await db.read((q, t) => speakersInArea(q, t, codes))).map((row) => row.speakerId).sort();

  it('covers the node itself and everything under it, and nothing beside it', async () => {
    expect(await speakers(['533324'])).toEqual(['a', 'b', 'c']);
    expect(await speakers(['533324100'])).toEqual(['b', 'c']);
    expect(await speakers(['533324100999'])).toEqual(['c']);
    expect(await speakers(['53332410020101', '533325'])).toEqual(['b', 'd']);
  });

  it('covers nothing when the area is empty', async () => {
    expect(await speakers([])).toEqual([]);
  });

  it('takes a code of nines, that has no successor, and a full list of areas', async () => {
    expect(await speakers(['999999'])).toEqual([]);
    expect(await speakers(Array.from({ length: 500 }, (_, i) => `53332410${String(1000 + i)}`))).toEqual([]);
  });

  it('counts a member once, at the smallest of his codes inside the area, and leaves out who is away', async () => {
    const rows = await db.read((q, t) => membersInArea(q, t, ['533324100', '53332410020102']));
    expect(rows).toEqual([{ memberId: 'm1', gridCode: '53332410020101', available: true, offDuty: false, hasWay: 0 }]);
    const every = await db.read((q, t) => everyMemberInArea(q, t, ['533324100', '53332410020102']));
    expect(every.map((row) => [row.memberId, row.available])).toEqual([
      ['away', false],
      ['m1', true],
    ]);
    const all = await db.read((q, t) => membersInArea(q, t, ['533324']));
    expect(all.map((row) => row.memberId).sort()).toEqual(['m1', 'm2']);
  });

  it('serves as the source of an INSERT … SELECT', async () => {
    const select = (q: Parameters<typeof membersInArea>[0], t: Tables) => {
      const audience = membersInArea(q, t, ['533324']).as('audience');
      return q
        .select({ id: sql<string>`'x-' || ${audience.memberId}`, code: audience.gridCode })
        .from(audience)
        .orderBy(asc(audience.memberId));
    };
    expect(await db.read(select)).toEqual([
      { id: 'x-m1', code: '53332410020101' },
      { id: 'x-m2', code: '533324999' },
    ]);
  });

  it('finds the households', async () => {
    expect(await db.read((q, t) => householdsInArea(q, t, ['533324']))).toEqual([{ householdId: 'h1', gridCode: '53332410020101' }]);
  });
});
