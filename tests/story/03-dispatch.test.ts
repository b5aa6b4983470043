// Chapter 3: fan-out and proof: who did not report is tried again, who is silent is named, nothing stays in limbo.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOVE_NOW, TAKEN_BACK } from '../harness/officer.ts';
import { ACROSS, DASUO, TOWNSHIP, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

describe('dispatch', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  it('a box that was off when the order came plays it when its power is back', async () => {
    await town.site('dasuo-1').powerOff();
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    await town.clock.pass('2 min');
    await town.speaker('dasuo-1').hearsNothing();
    expect(await town.brokenPromises()).toEqual([]);
    await town.site('dasuo-1').powerOn();
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await town.eventually('the county knows that it plays', async () => (await town.deliveryStates(alert))['playing'] === 1);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('an order cancelled while the box was off is never heard, and ends as expired in the books', async () => {
    await town.site('dasuo-1').powerOff();
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    await cadre.cancels(alert);
    await town.clock.pass('2 min');
    await town.site('dasuo-1').powerOn();
    await town.clock.pass('15 min');
    await town.speaker('dasuo-1').hearsNothing();
    expect(await town.deliveryStates(alert)).toEqual({ expired: 1 });
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a site whose line is cut is named silent within 90 s, and is named again when it is back', async () => {
    await town.site('across-1').loseLine();
    await town.clock.pass('90 s');
    expect(await town.toldOf('site.silent')).toHaveLength(1);
    const cameBefore = (await town.toldOf('site.back')).length;
    await town.site('across-1').powerOff();
    await town.site('across-1').powerOn();
    await town.clock.pass('30 s');
    expect(await town.toldOf('site.back')).toHaveLength(cameBefore + 1);
  });

  it('a pole with a dead player is named as failed, and plays again once it is mended', async () => {
    town.site('dasuo-1').pole.broken = 'amplifier without power';
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [VILLAGE] });
    await town.speaker('upper-1').hears(MOVE_NOW);
    await town.speaker('office-1').hears(MOVE_NOW);
    await town.clock.pass('30 s');
    expect(await town.deliveryStates(alert)).toMatchObject({ failed: 1 });
    town.site('dasuo-1').pole.broken = undefined;
    await town.clock.pass('2 min');
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('an update narrows the area: who is no longer threatened falls silent', async () => {
    const duty = await town.officer('duty1');
    const alert = await duty.orders({ at: [TOWNSHIP], order: 'prepare', says: '准备转移，收拾证件。' });
    for (const pole of ['dasuo-1', 'upper-1', 'across-1', 'office-1'] as const) await town.speaker(pole).hears('准备转移');
    await duty.updates(alert, { at: [DASUO], order: 'move-now' });
    const [heard] = await town.speaker('dasuo-1').hears(MOVE_NOW);
    expect(heard).toMatchObject({ repeat: 1, hasSiren: true });
    for (const pole of ['upper-1', 'across-1', 'office-1'] as const) await town.speaker(pole).falls('silent');
    await town.clock.pass('5 min');
    expect(await town.speaker('across-1').hears('准备转移')).toHaveLength(1);
    town.nothingElseWasHeard();
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a broker that comes back empty mid-alert loses nothing and doubles nothing', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await town.restartHouse();
    await town.clock.pass('2 min');
    expect((await town.speaker('dasuo-1').hears(MOVE_NOW)).length).toBeGreaterThanOrEqual(2);
    await (await town.officer('cadre1')).cancels(alert);
    await town.speaker('dasuo-1').hears(TAKEN_BACK);
    await town.clock.pass('15 min');
    town.nothingElseWasHeard();
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a house that restarts does not call every site silent at once', async () => {
    await town.restartHouse();
    await town.clock.pass('2 min');
    expect(await town.toldOf('site.silent')).toEqual([]);
  });

  it('only the pole that did not report is tried again, on its own topic', async () => {
    const cadre = await town.officer('cadre2');
    await town.site('across-1').powerOff();
    const seen = await town.listenTo(`laba/v1/533324/gateway/${town.site('across-1').identity.gatewayId}/cmd`);
    await cadre.orders({ at: [ACROSS] });
    await town.clock.pass('1 min');
    expect(seen.length).toBeGreaterThanOrEqual(1);
  });
});
