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
