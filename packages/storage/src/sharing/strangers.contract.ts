// What one house does not take from another, and does not tell it: of a box that was stolen, of one that is revoked, of a newer program.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Row } from '@laba/domain/merge';
import type { PeerStatus } from '@laba/domain/peer';
import { one } from '../database.ts';
import type { DatabaseUnderTest } from '../database-under-test.test-kit.ts';
import { alertAt, household, PEER, SMALL, stored, told, twoHouses, untilAgreed, type House } from './houses.test-kit.ts';
import { keyOf } from './images.ts';
import { findPeer, hearConfirmed } from './peers.ts';
import { COUNTY, COUNTY_ALERT, randomRow, seeded, SINCE_MS, VILLAGE } from './random-rows.test-kit.ts';
import { noticeChanges, readPage, type Page, type ToldRow } from './say.ts';
import { sharedTable } from './shared-tables.ts';

export function strangersContract(name: string, start: () => Promise<DatabaseUnderTest>): void {
  describe(`a county on ${name} beside a house that may not say everything`, () => {
    let county: House;
    let village: House;
    const houses = twoHouses(start);
    beforeEach(() => {
      ({ county, village } = houses);
    });

    test('a stolen box speaks of another village, of the policy and of the county’s alert: nothing of it is taken, all the rest is', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      await county.add('household', household('far', `${COUNTY}100202`, county));
      await untilAgreed(county, village);
      const truth = await county.truth();
      const template = randomRow(seeded(3), 'template', false, village.secrets, 0);
      const alert = (await village.truth())['alert']![0]!;
      const event = { ...randomRow(seeded(4), 'event', true, village.secrets, 0), id: 'mine', atMs: SINCE_MS };
      // The same member, called for another place: a row with an earlier key would push it out.
      const call = (house: House, id: string, gridCode: string): Row => ({
        ...randomRow(seeded(5), 'call', false, house.secrets, 0),
        id,
        alertId: COUNTY_ALERT,
        memberId: 'm1',
        gridCode,
      });
      await county.add('call', call(county, 'b', `${COUNTY}100202`));
      const rows: ToldRow[] = [
        ['call', '["a"]', told('call', call(village, 'a', VILLAGE), village.secrets)],
        ['household', '["far"]', told('household', household('far', VILLAGE, village), village.secrets)],
        ['household', '["new"]', told('household', household('new', `${COUNTY}100202`, village), village.secrets)],
        ['template', keyOf(sharedTable('template')!, template), template],
        ['alert', `["${COUNTY_ALERT}"]`, { ...alert, state: 'over', overAtMs: SINCE_MS + 9 }],
        ['event', '["mine"]', event],
      ];
      const held = (await county.held()) ?? { listId: '1.x', upTo: 0 };
      const page: Page = { listId: held.listId, after: held.upTo, upTo: held.upTo + rows.length, rows, more: false };
      const { refused } = await county.hear({ page });
      expect(refused.map(([table, key]) => `${table} ${key}`)).toEqual([
        'call ["a"]',
        'household ["far"]',
        'household ["new"]',
        `template ${keyOf(sharedTable('template')!, template)}`,
        `alert ["${COUNTY_ALERT}"]`,
      ]);
      expect(await county.truth()).toEqual({ ...truth, event: [...truth['event']!, expect.objectContaining({ id: 'mine' })] });
      expect((await stored(county, 'call')).map(({ id }) => id)).toEqual(['b']);
      expect((await stored(county, 'household')).find(({ id }) => id === 'far')).toMatchObject({ gridCode: `${COUNTY}100202` });
    });

    /** What the box says beside its true list. */
    async function lies(rows: readonly ToldRow[]): Promise<string[]> {
      const held = (await county.held()) ?? { listId: '1.x', upTo: 0 };
      const { refused } = await county.hear({ page: { listId: held.listId, after: held.upTo, upTo: held.upTo + rows.length, rows, more: false } });
      return refused.map(([table]) => table);
    }

    test('a stolen box calls a member of another village one of its own: it does not learn who he is', async () => {
      const far = `${COUNTY}100202`;
      const rowOf = (table: 'member' | 'membership' | 'ladderRung', house: House, values: Row): Row => ({
        ...randomRow(seeded(6), table, false, house.secrets, 0),
        ...values,
      });
      for (const id of ['far', 'rung']) await county.add('member', rowOf('member', county, { id }));
      await county.add('membership', rowOf('membership', county, { memberId: 'far', gridCode: far }));
      await county.add('ladderRung', rowOf('ladderRung', county, { memberId: 'rung', gridCode: far, position: 1 }));
      await untilAgreed(county, village);
      const claims = ['far', 'rung'].flatMap((memberId, i): ToldRow[] => [
        ['membership', `["${memberId}","${VILLAGE}"]`, rowOf('membership', village, { memberId, gridCode: VILLAGE })],
        ['ladderRung', `["${VILLAGE}",${7 + i}]`, rowOf('ladderRung', village, { memberId, gridCode: VILLAGE, position: 7 + i })],
      ]);
      expect(await lies(claims)).toEqual(['membership', 'ladderRung', 'membership', 'ladderRung']);
      await untilAgreed(county, village);
      expect(await stored(village, 'member')).toEqual([]);
    });

    test('rows that could not be stored or read are left out, and what stands beside them is taken', async () => {
      await county.add('household', household('h1', VILLAGE, county));
      await untilAgreed(county, village);
      const person = (id: string, change: Row): ToldRow => {
        const { phoneHash: _, ...image } = randomRow(seeded(7), 'person', false, village.secrets, 0);
        return ['person', `["${id}"]`, { ...image, id, householdId: 'h1', needs: ['wheelchair'], ...change }];
      };
      const bad = [
        person('a', { name: null }),
        person('b', { name: 5 }),
        person('c', { name: 'x\0y' }),
        person('d', { needs: 'wheelchair' }),
        person('e', { needs: { 0: 'wheelchair' } }),
        person('f', { needs: [7] }),
        person('g', { id: 'h' }),
        ['person', 'no key', person('i', {})[2]] as ToldRow,
        ['person', '["j","k"]', person('j', {})[2]] as ToldRow,
        ['household', '["h1"]', { ...told('household', household('h1', VILLAGE, village), village.secrets), phoneCipher: 7 }] as ToldRow,
      ];
      const before = await stored(county, 'household');
      expect(await lies([...bad, person('good', {})])).toHaveLength(bad.length);
      expect(await stored(county, 'person')).toMatchObject([{ id: 'good', needs: ['wheelchair'] }]);
      expect(await stored(county, 'household')).toEqual(before);
      await village.add('household', household('h2', VILLAGE, village));
      await untilAgreed(county, village);
    });

    test('one row that may not be said keeps nothing that follows it, and of the register it is taken off below as well', async () => {
      await county.add('household', household('far', `${COUNTY}100202`, county));
      await untilAgreed(county, village);
      await village.add('household', household('far', VILLAGE, village));
      const { page } = await village.speak(await county.held());
      expect(page.rows).toHaveLength(1);
      expect((await county.hear({ page })).refused).toHaveLength(1);
      await village.add('household', household('new', VILLAGE, village));
      await untilAgreed(county, village);
      expect((await stored(village, 'household')).map(({ id }) => id)).toEqual(['new']);
      expect((await stored(county, 'household')).map(({ id, gridCode }) => [id, gridCode])).toEqual([
        ['far', `${COUNTY}100202`],
        ['new', VILLAGE],
      ]);
    });

    test('a stolen box says that another village’s alert is its own as well: it hears nothing of it, and the alert stays where it is', async () => {
      const far = `${COUNTY}100202`;
      await alertAt(county, COUNTY_ALERT, far);
      await untilAgreed(county, village);
      expect(await lies([['alertArea', `["${COUNTY_ALERT}",1,"${VILLAGE}"]`, { alertId: COUNTY_ALERT, revision: 1, code: VILLAGE }]])).toEqual(['alertArea']);
      await untilAgreed(county, village);
      expect(await stored(village, 'alert')).toEqual([]);
      expect((await stored(county, 'alertArea')).map(({ code }) => code)).toEqual([far]);
    });

    test('a stolen box takes nobody of another village his personal link', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      const call = { ...randomRow(seeded(5), 'call', false, county.secrets, 0), alertId: COUNTY_ALERT, memberId: 'far', gridCode: `${COUNTY}100202` };
      await county.add('call', call);
      await untilAgreed(county, village);
      const revoked: Row = { alertId: COUNTY_ALERT, memberId: 'far', version: 9, changedAtMs: SINCE_MS };
      expect(await lies([['linkVersion', `["${COUNTY_ALERT}","far"]`, revoked]])).toEqual(['linkVersion']);
      expect(await stored(county, 'linkVersion')).toEqual([]);
    });

    test('a house that is revoked is told nothing more, and nothing is taken from it', async () => {
      await county.add('household', household('before', VILLAGE, county));
      await untilAgreed(county, village);
      const truth = await county.truth();
      await village.add('household', household('stolen', VILLAGE, village));
      const word = await village.speak(await county.held());
      expect(word.page.rows).toHaveLength(1);
      const { version, saidUpTo } = await findPeer(county.db, PEER);
      const revoke = (status: PeerStatus) =>
        one((q, t) =>
          q
            .update(t.peer)
            .set({ status, version: version + 1 })
            .where(eq(t.peer.id, PEER))
            .returning({ id: t.peer.id }),
        );
      await county.db.atomically([revoke('revoked')]);
      const refused = { code: 'not-found' };
      await expect(county.hear(word)).rejects.toMatchObject(refused);
      await expect(noticeChanges(county.db, county.secrets, PEER)).rejects.toMatchObject(refused);
      await expect(readPage(county.db, county.secrets, PEER, undefined, SMALL)).rejects.toMatchObject(refused);
      await expect(hearConfirmed(county.db, PEER, { listId: '9.x', upTo: 9 }, county.draw)).rejects.toMatchObject(refused);
      expect(await county.truth()).toEqual(truth);
      expect(await findPeer(county.db, PEER)).toMatchObject({ version: version + 1, saidUpTo });
    });

    test('what a newer house says beside what this one knows is left out, and the rest is taken', async () => {
      const held = { listId: '1.x', upTo: 0 };
      const image = { ...told('household', household('h1', VILLAGE, village), village.secrets), newColumn: 5 };
      const rows = [
        ['household', '["h1"]', image],
        ['newTable', '["n"]', { id: 'n' }],
      ] as unknown as ToldRow[];
      const { unknown } = await village.hear({ page: { listId: held.listId, after: 0, upTo: 2, rows, more: false } });
      expect(unknown).toEqual(['newTable']);
      expect(await stored(village, 'household')).toMatchObject([{ id: 'h1' }]);
    });
  });
}
