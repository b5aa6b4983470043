// The Dasuo night from the first word to the all-clear, as the people of the town would tell it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL_CLEAR, MOVE_NOW } from '../harness/officer.ts';
import { DASUO } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

describe('the Dasuo night', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  it('goes from a telephone call to a sounding pole, counted answers and an all-clear', async () => {
    const cadre = await town.officer('cadre1');
    const report = await cadre.writesDown('debris-flow', DASUO, '沟里有响声，水浑了');
    await cadre.verifies(report.id);
    const alert = await cadre.orders({ at: [DASUO], order: 'move-now', reportId: report.id });

    const [first] = await town.speaker('dasuo-1').hears(MOVE_NOW);
    expect(first).toMatchObject({ repeat: 1, hasSiren: true, mode: 'live' });
    await town.clock.pass('2 min');
    expect(await town.speaker('dasuo-1').hears(MOVE_NOW)).toHaveLength(2);

    const [ayi, bo] = await cadre.called(alert);
    await town.member(ayi!).answers('coming');
    await town.member(bo!).answers('cannot');
    await town.member(ayi!).answers('arrived');
    expect(await cadre.answers(alert)).toMatchObject({ total: 3, answered: 2, arrived: 1, cannot: 1, coming: 0 });

    await cadre.ends(alert, '演示监测员打所');
    await town.speaker('dasuo-1').hears(ALL_CLEAR);
    await town.clock.pass('30 s');
    await town.speaker('dasuo-1').falls('silent');
    await town.clock.pass('15 min');
    expect(await town.speaker('dasuo-1').hears(MOVE_NOW)).toHaveLength(2);
    town.nothingElseWasHeard();
    expect(await town.brokenPromises()).toEqual([]);
  });
});
