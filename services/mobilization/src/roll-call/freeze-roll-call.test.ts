// Chapter 5, roll-call: who stands on the list when an alert is raised, and who comes to it later.
import { beforeEach, describe, expect, it } from 'vitest';
import { COUNTY, GROUP_A, GROUP_B, OTHER_VILLAGE, Town, VILLAGE } from '../town.test-kit.ts';

describe('freezing the roll-call', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.found();
    await town.household('h1', GROUP_A, ['p1', 'p2']);
    await town.household('h2', GROUP_B, ['p3']);
    await town.household('h3', OTHER_VILLAGE, ['p4']);
    await town.place('pl1', GROUP_A, 6);
    await town.place('pl2', OTHER_VILLAGE, 3);
  });

  it('writes everybody of the area on the list, unreached, and every place, and tells it once with the counts', async () => {
    const alertId = await town.raised([VILLAGE]);
    await town.freeze(alertId, [VILLAGE]);
    expect((await town.listed()).map((row) => [row.personId, row.householdId, row.gridCode, row.status, row.version])).toEqual([
      ['p1', 'h1', GROUP_A, 'unreached', 1],
      ['p2', 'h1', GROUP_A, 'unreached', 1],
      ['p3', 'h2', GROUP_B, 'unreached', 1],
    ]);
    const places = await town.deps.db.read((q, t) => q.select().from(t.rollcallPlace));
    expect(places.map((row) => [row.placeId, row.expected, row.counted])).toEqual([['pl1', 6, null]]);
    expect((await town.events()).map((event) => [event.type, event.subjectId, event.data])).toEqual([
      ['rollcall.frozen', alertId, { revision: 1, households: 2, persons: 3, places: 1, guests: 6 }],
    ]);
  });

  it('carries no name', async () => {
    const alertId = await town.raised([COUNTY]);
    await town.freeze(alertId, [COUNTY]);
    expect(JSON.stringify([await town.listed(), await town.events()])).not.toContain('演示');
  });

  it('is the same list when the job runs twice', async () => {
    const alertId = await town.raised([VILLAGE]);
    await town.freeze(alertId, [VILLAGE]);
    await town.freeze(alertId, [VILLAGE]);
    expect(await town.listed()).toHaveLength(3);
    expect(await town.events('rollcall.frozen')).toHaveLength(1);
  });

  it('is the same list when the job runs twice at once', async () => {
    const alertId = await town.raised([VILLAGE]);
    await Promise.allSettled([town.freeze(alertId, [VILLAGE]), town.freeze(alertId, [VILLAGE])]);
    expect(await town.listed()).toHaveLength(3);
    expect(await town.events('rollcall.frozen')).toHaveLength(1);
  });

  it('adds who is newly covered by a wider area, and removes nobody from a smaller one', async () => {
    const alertId = await town.raised([GROUP_A]);
    await town.freeze(alertId, [GROUP_A]);
    await town.freeze(alertId, [COUNTY], 2);
    await town.freeze(alertId, [GROUP_B], 3);
    expect((await town.listed()).map((row) => row.personId)).toEqual(['p1', 'p2', 'p3', 'p4']);
    expect((await town.events('rollcall.frozen')).map((event) => event.data)).toEqual([
      { revision: 1, households: 1, persons: 2, places: 1, guests: 6 },
      { revision: 2, households: 2, persons: 2, places: 1, guests: 3 },
    ]);
  });

  it('does not skip a household whose persons nobody wrote down: it stands there by its head', async () => {
    await town.household('h4', GROUP_A, []);
    const alertId = await town.raised([GROUP_A]);
    await town.freeze(alertId, [GROUP_A]);
    expect((await town.listed()).map((row) => [row.personId, row.householdId])).toEqual([
      ['head:h4', 'h4'],
      ['p1', 'h1'],
      ['p2', 'h1'],
    ]);
  });

  it('keeps a list of its own for each alert, drills among them', async () => {
    const [live, drill] = [await town.raised([GROUP_B]), await town.raised([GROUP_B], 'drill')];
    await town.freeze(live, [GROUP_B]);
    await town.freeze(drill, [GROUP_B], 1, 'drill');
    expect((await town.listed()).map((row) => row.alertId).sort()).toEqual([live, drill].sort());
  });

  it('of an alert that a county out of a backup takes up again has its list too', async () => {
    const alertId = await town.raised([GROUP_B]);
    const recovered = () => town.react('mobilization.freeze-roll-call', 'alert.recovered', alertId, { revision: 1, mode: 'live', areaCodes: [GROUP_B] });
    await recovered();
    await recovered();
    expect((await town.listed()).length).toBeGreaterThan(0);
    expect(await town.events('rollcall.frozen')).toHaveLength(1);
  });

  it('writes nothing in a test, and nothing for an alert that is over', async () => {
    const test = await town.raised([VILLAGE], 'test');
    await town.freeze(test, [VILLAGE], 1, 'test');
    const over = await town.raised([VILLAGE]);
    await town.over(over, 'cancelled');
    await town.freeze(over, [VILLAGE]);
    expect(await town.listed()).toEqual([]);
    expect(await town.events()).toEqual([]);
  });
});
