// Chapter 2: the alert's life: two persons where the policy asks, one where minutes count; every refusal says why.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL_CLEAR, MOVE_NOW, TAKEN_BACK } from '../harness/officer.ts';
import { ACROSS, COUNTY, DASUO, UPPER, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

describe('alerts', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  it('county-wide red needs a second officer, who cannot be the first one again', async () => {
    const [first, second] = [await town.officer('duty1'), await town.officer('duty2')];
    const alert = await first.drafts({ at: [COUNTY], level: 'red', says: '暴雨红色预警，远离山沟河道。' });
    await expect(first.raises(alert)).rejects.toMatchObject({ code: 'approval-needed' });
    await expect(first.approves(alert)).rejects.toMatchObject({ code: 'same-officer' });
    await second.approves(alert);
    await first.raises(alert);
    for (const pole of ['dasuo-1', 'upper-1', 'across-1', 'office-1'] as const) await town.speaker(pole).hears('红色预警');
    await first.cancels(alert);
    for (const pole of ['dasuo-1', 'upper-1', 'across-1', 'office-1'] as const) await town.speaker(pole).hears(TAKEN_BACK);
    await town.clock.pass('20 min');
    town.nothingElseWasHeard();
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a village moves its own people alone, and nobody else’s', async () => {
    const cadre = await town.officer('cadre1');
    await expect(cadre.orders({ at: [ACROSS] })).rejects.toMatchObject({ code: 'out-of-scope' });
    await cadre.orders({ at: [DASUO] });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await town.speaker('upper-1').hearsNothing();
    await town.speaker('across-1').hearsNothing();
    town.nothingElseWasHeard();
  });

  it('a second raise of the same alert is refused and changes nothing', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    await expect(cadre.raises(alert)).rejects.toMatchObject({ code: 'transition-refused' });
    expect(await town.speaker('dasuo-1').hears(MOVE_NOW)).toHaveLength(1);
  });

  it('of two officers who end and cancel at once exactly one succeeds', async () => {
    const [cadre, duty] = [await town.officer('cadre1'), await town.officer('duty1')];
    const alert = await cadre.orders({ at: [DASUO] });
    const outcomes = await Promise.allSettled([cadre.ends(alert), duty.cancels(alert)]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('a test proves the path to the pole, makes no sound and calls nobody', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [VILLAGE], mode: 'test' });
    await town.clock.pass('1 min');
    for (const pole of ['dasuo-1', 'upper-1', 'office-1'] as const) await town.speaker(pole).hearsNothing();
    expect(await cadre.called(alert)).toEqual([]);
    expect(await town.deliveryStates(alert)).toEqual({ received: 3 });
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('falls silent by its own end time, which is never the all-clear, and does not pass in silence', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO], minutes: 40, intervalSeconds: 300 });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await town.clock.pass('21 min');
    expect(await town.told(alert, 'alert.expiry-asked')).toHaveLength(1);
    await town.clock.pass('25 min');
    expect(await town.told(alert, 'alert.expired')).toHaveLength(1);
    expect(await town.deliveryStates(alert)).toEqual({ stopped: 1 });
    await town.speaker('dasuo-1').neverHeard(ALL_CLEAR);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('quieten stops the sound while the alert and the counting go on', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO, UPPER] });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await town.speaker('upper-1').hears(MOVE_NOW);
    await cadre.quietens(alert);
    await town.clock.pass('5 min');
    expect(await town.speaker('dasuo-1').hears(MOVE_NOW)).toHaveLength(1);
    const [member] = await cadre.called(alert);
    await town.member(member!).answers('coming');
    expect(await cadre.answers(alert)).toMatchObject({ answered: 1, coming: 1 });
    expect(await town.brokenPromises()).toEqual([]);
  });
});

describe('drills', () => {
  let town: Town;
  afterEach(() => town.close());

  it('never sound like live: they say so, and the siren keeps silent', async () => {
    town = await openTown('day');
    const cadre = await town.officer('cadre1');
    await cadre.orders({ at: [DASUO], mode: 'drill' });
    const [heard] = await town.speaker('dasuo-1').hears('演练');
    expect(heard).toMatchObject({ hasSiren: false, mode: 'drill' });
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('keep the quiet hours: at 3 a.m. the pole refuses and says why', async () => {
    town = await openTown('night');
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO], mode: 'drill' });
    await town.clock.pass('10 s');
    await town.speaker('dasuo-1').hearsNothing();
    expect((await town.told(alert, 'delivery.refused')).map((row) => row.data['reason'])).toEqual(['quiet-hours']);
  });
});
