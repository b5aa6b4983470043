// Pages are cut anywhere and rows cross each other: what belongs together still arrives, and nothing keeps the next page out for ever.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Row } from '@laba/domain/merge';
import { one, some, type Database, type Op } from '../database.ts';
import type { DatabaseUnderTest } from '../database-under-test.test-kit.ts';
import { alertAt, household, House, PEER, person, stored, told, twoHouses, untilAgreed } from './houses.test-kit.ts';
import { COUNTY, COUNTY_ALERT, randomRow, seeded, SINCE_MS, VILLAGE, VILLAGE_ALERT } from './random-rows.test-kit.ts';
import { noticeChanges, type ToldRow } from './say.ts';

/** More than go into one page. */
const MANY = Array.from({ length: 10 }, (_, i) => `n${i}`);

export function partsContract(name: string, start: () => Promise<DatabaseUnderTest>): void {
  describe(`a county on ${name} and a village, page by page`, () => {
    let county: House;
    let village: House;
    const houses = twoHouses(start);
    beforeEach(() => {
      ({ county, village } = houses);
    });

    const rowOf = (
      house: House,
      table: 'alertRevision' | 'member' | 'membership' | 'joiner' | 'report' | 'safetyWatch' | 'safetyWatchMember',
      values: Row,
    ): Row => ({
      ...randomRow(seeded(9), table, false, house.secrets, 0),
      ...values,
    });
    const idsOf = async (house: House, table: 'person' | 'household') => (await stored(house, table)).map(({ id }) => id).sort();

    test('everybody who joined at the village while it was alone is taken up by the county', async () => {
      for (const id of MANY) {
        await village.db.atomically([
          one((q, t) =>
            q
              .insert(t.member)
              .values(rowOf(village, 'member', { id }) as never)
              .returning({ id: t.member.id }),
          ),
          one((q, t) =>
            q
              .insert(t.membership)
              .values(rowOf(village, 'membership', { memberId: id, gridCode: VILLAGE }) as never)
              .returning(),
          ),
        ]);
      }
      await untilAgreed(county, village);
      expect((await stored(county, 'member')).map(({ id }) => id).sort()).toEqual(MANY);
      expect((await stored(county, 'membership')).map(({ memberId }) => memberId).sort()).toEqual(MANY);
    });

    test('what was asked on a ladder arrives, although the ladder itself has moved behind it on the list', async () => {
      await alertAt(village, VILLAGE_ALERT, VILLAGE);
      const ladder = { ...randomRow(seeded(9), 'ladder', true, village.secrets, 0), id: 'l1', alertId: VILLAGE_ALERT, gridCode: VILLAGE };
      await village.add('ladder', ladder);
      for (const [i, id] of MANY.entries())
        await village.add('ladderStep', { ...randomRow(seeded(9), 'ladderStep', true, village.secrets, 0), id, ladderId: 'l1', number: i });
      await noticeChanges(village.db, village.secrets, PEER);
      await village.change('ladder', '["l1"]', { version: 2 });
      await untilAgreed(county, village);
      expect((await stored(county, 'ladderStep')).map(({ id }) => id).sort()).toEqual(MANY);
    });

    test('whoever moved away leaves the village’s house with all his household, and may come back', async () => {
      for (const id of MANY) {
        await county.add('household', household(id, VILLAGE, county));
        await county.add('person', person(id, id, county));
      }
      await untilAgreed(county, village);
      expect(await idsOf(village, 'person')).toEqual(MANY);
      for (const id of MANY) await county.change('household', `["${id}"]`, { gridCode: COUNTY });
      await untilAgreed(county, village);
      expect(await idsOf(village, 'household')).toEqual([]);
      expect(await idsOf(village, 'person')).toEqual([]);
      for (const id of MANY) await county.change('household', `["${id}"]`, { gridCode: VILLAGE });
      await untilAgreed(county, village);
      expect(await idsOf(village, 'person')).toEqual(MANY);
    });

    test('a village whose clock was ahead when it was enrolled still takes what the county says of the days before', async () => {
      const sinceMs = SINCE_MS + 2 * 24 * 3_600_000;
      await village.db.atomically([some((q, t) => q.update(t.peer).set({ createdAtMs: sinceMs }).where(eq(t.peer.id, PEER)).returning())]);
      await county.add('report', rowOf(county, 'report', { id: 'r1', gridCode: VILLAGE, receivedAtMs: SINCE_MS + 5, mergedCount: 1 }));
      await untilAgreed(county, village);
      await county.change('report', '["r1"]', { mergedCount: 2, version: 2 });
      await county.add('household', household('h1', VILLAGE, county));
      await untilAgreed(county, village);
      expect(await stored(village, 'report')).toMatchObject([{ id: 'r1', mergedCount: 2 }]);
      expect(await idsOf(village, 'household')).toEqual(['h1']);
    });

    test('what a village ends by a clock that is some minutes behind, soon after it was enrolled, is no history', async () => {
      await alertAt(village, VILLAGE_ALERT, VILLAGE);
      await untilAgreed(county, village);
      await village.change('alert', `["${VILLAGE_ALERT}"]`, { state: 'ended', overAtMs: SINCE_MS - 90_000, version: 9 });
      await untilAgreed(county, village);
      expect(await stored(county, 'alert')).toMatchObject([{ id: VILLAGE_ALERT, state: 'ended' }]);
    });

    test('one resident joined at both houses with one number while they did not hear each other: he stays once, and both go on', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      await untilAgreed(county, village);
      for (const [house, memberId] of [
        [county, 'b'],
        [village, 'a'],
      ] as const)
        await house.add(
          'joiner',
          rowOf(house, 'joiner', {
            ...{ memberId, alertId: COUNTY_ALERT, callId: memberId, formHash: memberId, gridCode: VILLAGE },
            ...{ phoneCipher: house.secrets.encrypt('13800000000'), phoneHash: house.secrets.hash('phone', '13800000000') },
          }),
        );
      await untilAgreed(county, village);
      for (const house of [county, village]) expect((await stored(house, 'joiner')).map(({ memberId }) => memberId)).toEqual(['a']);
    });

    test.each(['county', 'village'] as const)('the %s drafts the next revision while the other raises it: what was raised counts at both', async (drafting) => {
      await alertAt(village, VILLAGE_ALERT, VILLAGE);
      await untilAgreed(county, village);
      const [drafts, raises] = drafting === 'county' ? [county, village] : [village, county];
      const revision = { alertId: VILLAGE_ALERT, revision: 2 };
      await drafts.add('alertRevision', rowOf(drafts, 'alertRevision', { ...revision, issuer: 'drafted', raisedAtMs: null }));
      await raises.add('alertRevision', rowOf(raises, 'alertRevision', { ...revision, issuer: 'raised', raisedAtMs: SINCE_MS + 5 }));
      await untilAgreed(county, village);
      for (const house of [county, village]) expect(await stored(house, 'alertRevision')).toMatchObject([{ issuer: 'raised', raisedAtMs: SINCE_MS + 5 }]);
    });

    test('a house that does not know a column yet leaves it as it is by itself', async () => {
      const { available, offDuty, ...image } = told('member', rowOf(county, 'member', { id: 'm1' }), county.secrets);
      expect([available, offDuty]).not.toContain(undefined);
      const rows: ToldRow[] = [['member', '["m1"]', image]];
      await village.hear({ page: { listId: '1.x', after: 0, upTo: 1, rows, more: false } });
      expect(await stored(village, 'member')).toMatchObject([{ id: 'm1', available: true, offDuty: false }]);
    });

    test('somebody says at one house that he is back while a page about him is put in: his word stays', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      await county.add('safetyWatch', rowOf(county, 'safetyWatch', { id: 'w1', alertId: COUNTY_ALERT, gridCode: VILLAGE }));
      await county.add('safetyWatchMember', rowOf(county, 'safetyWatchMember', { watchId: 'w1', memberId: 'm1', backAtMs: null }));
      await untilAgreed(county, village);
      const key = '["w1","m1"]';
      await village.change('safetyWatchMember', key, { backAtMs: SINCE_MS + 5 });
      const word = await village.speak(await county.held());
      const { db } = county;
      let isFirst = true;
      // He presses his button at the county's page after the page's rows were read, and before they are written.
      const busy = new House(
        {
          read: db.read.bind(db),
          atomically: async (ops: readonly Op[]) => {
            if (isFirst) await county.change('safetyWatchMember', key, { backAtMs: SINCE_MS + 9 });
            isFirst = false;
            return db.atomically(ops);
          },
        } as unknown as Database,
        'county',
      );
      await busy.hear(word).catch(() => busy.hear(word));
      await untilAgreed(county, village);
      for (const house of [county, village]) expect(await stored(house, 'safetyWatchMember')).toMatchObject([{ backAtMs: SINCE_MS + 9 }]);
    });
  });
}
