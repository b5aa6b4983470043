// What two houses hold after whatever befell each of them and the line between them: the same.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Row } from '@laba/domain/merge';
import type { DatabaseUnderTest } from '../database-under-test.test-kit.ts';
import { alertAt, GROUND, household, person, stored, twoHouses, untilAgreed, type House } from './houses.test-kit.ts';
import { keyOf, spokenOfBelow } from './images.ts';
import { COUNTY, COUNTY_ALERT, randomRow, seeded, SINCE_MS, VILLAGE, VILLAGE_ALERT } from './random-rows.test-kit.ts';
import { SHARED_NAMES, sharedTable } from './shared-tables.ts';
import type { Word } from './take.ts';

export function sharingContract(name: string, start: () => Promise<DatabaseUnderTest>): void {
  describe(`a county on ${name} and a village`, () => {
    let county: House;
    let village: House;
    const houses = twoHouses(start);
    beforeEach(() => {
      ({ county, village } = houses);
    });

    test.each(Array.from({ length: 3 }, (_, seed) => seed))('hold the same rows after messages lost, doubled and reordered (seed %i)', async (seed) => {
      const random = seeded(seed);
      await alertAt(county, COUNTY_ALERT, COUNTY);
      await alertAt(village, VILLAGE_ALERT, VILLAGE);
      const underway: { to: House; word: Word }[] = [];
      for (let step = 0; step < 150; step++) {
        const [one, other] = random() < 0.5 ? [county, village] : [village, county];
        if (random() < 0.7) await one.live(random);
        else underway.push({ to: other, word: await one.speak(await other.held()) });
        const next = Math.floor(random() * underway.length * 3);
        const arriving = underway[next];
        if (arriving === undefined) continue;
        if (random() < 0.7) underway.splice(next, 1);
        await arriving.to.hear(arriving.word);
      }
      await untilAgreed(county, village);
      const [above, below] = [await county.truth(), await village.truth()];
      for (const t of Object.keys(above))
        if (JSON.stringify(above[t]) !== JSON.stringify(below[t])) console.log(t, JSON.stringify(above[t]), '\nVS', JSON.stringify(below[t]));
      expect(below).toEqual(above);
      expect(Object.values(above).flat().length).toBeGreaterThan(20);
    });

    test.each(['county', 'village'] as const)('hold the same rows after the %s came out of an old backup', async (name) => {
      const random = seeded(99);
      const restored = name === 'county' ? county : village;
      await alertAt(county, COUNTY_ALERT, COUNTY);
      await alertAt(village, VILLAGE_ALERT, VILLAGE);
      const live = async (steps: number) => {
        for (let step = 0; step < steps; step++) await (random() < 0.5 ? county : village).live(random);
        await untilAgreed(county, village);
      };
      await live(40);
      const backup = await restored.copy();
      await live(40);
      const lost = await restored.truth();
      await restored.putBack(backup);
      await untilAgreed(county, village);
      // What the county decided after its backup and lost stays in the village, which may not decide it in the county’s place.
      const agreed = async () => {
        const [above, below] = [await county.truth(), await village.truth()];
        for (const table of SHARED_NAMES) {
          const keys = new Set(above[table]!.map((row) => keyOf(sharedTable(table)!, row)));
          const own = await spokenOfBelow(
            village.db,
            table,
            sharedTable(table)!,
            GROUND,
            below[table]!.map((row) => keyOf(sharedTable(table)!, row)),
          );
          const held = below[table]!.filter((row) => keys.has(keyOf(sharedTable(table)!, row)) || own.has(keyOf(sharedTable(table)!, row)));
          expect(held, table).toEqual(above[table]);
          if (name === 'village') expect(held).toEqual(below[table]);
        }
      };
      await agreed();
      // What the other house had heard is not lost; only the register is as the county's backup has it.
      const events = async () => (await stored(restored, 'event')).map(({ id }) => id);
      expect(await events()).toEqual(expect.arrayContaining(lost['event']!.map(({ id }) => id)));
      await live(20);
      await agreed();
    });

    test('a code that was revoked does not live on in a village out of an old backup, when both tell each other everything anew', async () => {
      await county.add('localOfficer', { ...randomRow(seeded(7), 'localOfficer', false, county.secrets, 0), id: 'code', gridCode: VILLAGE });
      await untilAgreed(county, village);
      const backup = await village.copy();
      await county.remove('localOfficer', '["code"]');
      // What the village said since then and has forgotten.
      await village.add('event', { ...randomRow(seeded(4), 'event', true, village.secrets, 0), id: 'mine', gridCode: VILLAGE, atMs: SINCE_MS });
      await untilAgreed(county, village);
      await village.putBack(backup);
      expect(await stored(village, 'localOfficer')).toHaveLength(1);
      await untilAgreed(county, village);
      for (const house of [county, village]) expect(await stored(house, 'localOfficer')).toEqual([]);
    });

    test('keep what is secret each in its own cipher, and find a number again by its own hash', async () => {
      await county.add('household', household('h1', VILLAGE, county, '13912345678'));
      await untilAgreed(county, village);
      expect(await stored(village, 'household')).toMatchObject([{ phoneCipher: 'village:13912345678', phoneHash: 'village#phone#13912345678' }]);
    });

    test('agree on who moved away: he is taken off the village’s list, and what it still says of him does not bring him back', async () => {
      await county.add('household', household('h1', VILLAGE, county));
      await county.add('person', person('p1', 'h1', county));
      await untilAgreed(county, village);
      expect(await stored(village, 'person')).toHaveLength(1);
      await county.change('household', '["h1"]', { gridCode: COUNTY });
      await village.change('person', '["p1"]', { name: 'changed alone' });
      await untilAgreed(county, village);
      expect(await stored(village, 'person')).toEqual([]);
      expect(await stored(village, 'household')).toEqual([]);
      expect(await stored(county, 'person')).toMatchObject([{ name: person('p1', 'h1', county)['name'] }]);
    });

    test('a village is handed the keys of its own node and no other, and the book of all that count', async () => {
      for (const scope of [COUNTY, VILLAGE, '533324100202'])
        await county.add('signingKey', {
          kid: scope,
          scope,
          modes: ['live'],
          publicKey: 'k',
          privateCipher: `county:${scope}`,
          createdAtMs: 1,
          waiting: false,
        });
      await county.add('keyBook', { version: 2, wire: 'book 2', issuedAtMs: SINCE_MS });
      await untilAgreed(county, village);
      expect(await stored(village, 'signingKey')).toMatchObject([{ kid: VILLAGE, privateCipher: `village:${VILLAGE}` }]);
      expect(await stored(village, 'keyBook')).toMatchObject([{ wire: 'book 2' }]);
    });

    test('what the county took off its list does not come back by what the village says of it later', async () => {
      await county.add('household', household('h1', VILLAGE, county));
      await county.add('person', person('p1', 'h1', county));
      await untilAgreed(county, village);
      await county.remove('person', '["p1"]');
      await village.change('person', '["p1"]', { name: 'changed alone' });
      await untilAgreed(village, county);
      for (const house of [county, village]) expect(await stored(house, 'person')).toEqual([]);
    });

    test('both changed one row at the same time and their words crossed: each keeps what the other one added', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      const call = { ...randomRow(seeded(5), 'call', false, county.secrets, 0), id: 'c1', alertId: COUNTY_ALERT, memberId: 'm1', gridCode: VILLAGE };
      await county.add('call', { ...call, state: 'sent', answer: null, answeredAtMs: null, saidAtMs: null, step: 1, version: 1 });
      await untilAgreed(county, village);
      await village.change('call', '["c1"]', { state: 'answered', answer: 'coming', answeredAtMs: SINCE_MS + 5, version: 2 });
      await county.change('call', '["c1"]', { step: 2, version: 2 });
      const [up, down] = [await village.speak(await county.held()), await county.speak(await village.held())];
      await county.hear(up);
      await village.hear(down);
      for (const house of [county, village]) expect(await stored(house, 'call')).toMatchObject([{ state: 'answered', answer: 'coming', step: 2 }]);
      await untilAgreed(county, village);
      expect(await village.truth()).toEqual(await county.truth());
    });

    test('what a loudspeaker does that still hangs on the county’s line is known by the county', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      const delivery = { ...randomRow(seeded(5), 'delivery', false, county.secrets, 0), id: 'd1', alertId: COUNTY_ALERT, gridCode: VILLAGE };
      await county.add('delivery', { ...delivery, state: 'sent', version: 1 });
      await county.add('gatewayStatus', {
        ...randomRow(seeded(6), 'gatewayStatus', false, county.secrets, 0),
        gatewayId: 'g1',
        gridCode: VILLAGE,
        lastSeenAtMs: 1,
      });
      await untilAgreed(county, village);
      await county.change('delivery', '["d1"]', { state: 'played', version: 2 });
      await county.change('gatewayStatus', '["g1"]', { lastSeenAtMs: 20 });
      await untilAgreed(county, village);
      for (const house of [county, village]) {
        expect(await stored(house, 'delivery')).toMatchObject([{ state: 'played', version: 2 }]);
        expect(await stored(house, 'gatewayStatus')).toMatchObject([{ lastSeenAtMs: 20 }]);
      }
      await village.change('delivery', '["d1"]', { state: 'stopped', version: 3 });
      await untilAgreed(county, village);
      expect(await stored(county, 'delivery')).toMatchObject([{ state: 'stopped', version: 3 }]);
    });

    test('a village is told nothing of another place', async () => {
      await county.add('household', household('h1', `${COUNTY}100202`, county));
      await county.add('household', household('h2', VILLAGE, county));
      await untilAgreed(county, village);
      expect((await stored(village, 'household')).map(({ id }) => id)).toEqual(['h2']);
    });

    test('of an alert of the whole county a village is told what was decided and what befell its own place', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      const member = (memberId: string): Row => ({ alertId: COUNTY_ALERT, memberId });
      for (const [id, gridCode] of [
        ['here', VILLAGE],
        ['there', `${COUNTY}100202`],
        ['all', COUNTY],
      ] as const) {
        await county.add('event', { ...randomRow(seeded(4), 'event', false, county.secrets, 0), id, gridCode, alertId: COUNTY_ALERT, atMs: SINCE_MS });
        await county.add('call', { ...randomRow(seeded(5), 'call', false, county.secrets, 0), ...member(id), id, gridCode });
        await county.add('linkVersion', { ...member(id), version: 2, changedAtMs: SINCE_MS });
      }
      await untilAgreed(county, village);
      expect((await stored(village, 'event')).map(({ id }) => id).sort()).toEqual(['all', 'here']);
      expect((await stored(village, 'linkVersion')).map(({ memberId }) => memberId)).toEqual(['here']);
    });

    test('two made a row for the same thing while they did not hear each other: one of them stays, the same at both', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      await untilAgreed(county, village);
      const call = (id: string, house: House): Row => ({
        ...randomRow(seeded(5), 'call', false, house.secrets, 0),
        id,
        alertId: COUNTY_ALERT,
        memberId: 'm1',
        gridCode: VILLAGE,
      });
      await county.add('call', call('b', county));
      await village.add('call', call('a', village));
      await untilAgreed(county, village);
      for (const house of [county, village]) expect((await stored(house, 'call')).map(({ id }) => id)).toEqual(['a']);
    });
  });
}
