// Chapter 4: the device in the activity room: what it refuses, what goes first, what a crash burns.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOVE_NOW } from '../harness/officer.ts';
import { DASUO, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

describe('speakers', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  it('the graver alert silences the lesser one, which goes on afterwards', async () => {
    const duty = await town.officer('duty1');
    await duty.orders({ at: [VILLAGE], order: 'prepare', says: '准备转移，收拾证件。', intervalSeconds: 30 });
    await town.speaker('dasuo-1').hears('准备转移');
    const grave = await duty.orders({ at: [DASUO], order: 'move-now' });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    const before = (await town.speaker('dasuo-1').hears('准备转移')).length;
    await town.clock.pass('3 min');
    expect(await town.speaker('dasuo-1').hears('准备转移')).toHaveLength(before);
    await duty.ends(grave);
    await town.clock.pass('2 min');
    expect((await town.speaker('dasuo-1').hears('准备转移')).length).toBeGreaterThan(before);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a power cut in the middle of a repeat burns that repeat; the next one follows', async () => {
    const cadre = await town.officer('cadre1');
    await cadre.orders({ at: [DASUO] });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await town.site('dasuo-1').powerOff();
    await town.site('dasuo-1').powerOn();
    await town.clock.pass('3 min');
    const repeats = (await town.speaker('dasuo-1').hears(MOVE_NOW)).map((heard) => heard.repeat);
    expect(new Set(repeats).size).toBe(repeats.length);
    expect(repeats.length).toBeGreaterThanOrEqual(2);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('with the line cut it goes on repeating, and falls silent at the end time by its own clock', async () => {
    const cadre = await town.officer('cadre1');
    await cadre.orders({ at: [DASUO], minutes: 10 });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await town.site('dasuo-1').loseLine();
    await town.clock.pass('9 min');
    const atNine = (await town.speaker('dasuo-1').hears(MOVE_NOW)).length;
    expect(atNine).toBeGreaterThanOrEqual(6);
    await town.clock.pass('10 min');
    const all = (await town.speaker('dasuo-1').hears(MOVE_NOW)).length;
    expect(all - atNine).toBeLessThanOrEqual(2);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('forged, altered, replayed and foreign commands play nothing and are named in the timeline', async () => {
    const forger = await town.forger();
    await forger.sendsForged(DASUO);
    await forger.sendsAltered(DASUO);
    await town.clock.pass('10 s');
    await town.speaker('dasuo-1').hearsNothing();
    const reasons = async () => (await town.toldOf('delivery.refused')).map((row) => row.data['reason']).sort();
    await town.eventually('both are named', async () => (await reasons()).length >= 2);
    expect(await reasons()).toEqual(['signature', 'unknown-key']);
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await cadre.cancels(alert);
    await town.clock.pass('1 min');
    const heardBefore = town.site('dasuo-1').pole.heard.length;
    await forger.replays(alert);
    await town.clock.pass('5 min');
    expect(town.site('dasuo-1').pole.heard).toHaveLength(heardBefore);
    expect(await town.brokenPromises()).toEqual([]);
  });
});
