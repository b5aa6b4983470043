// Chapter 3, dispatch: decisions that overtake each other while work is still waiting: nothing stays in limbo, nothing over is sent (I2, I4).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isEnded } from '@laba/domain/delivery';
import { COUNTY, GROUP, OTHER_VILLAGE, TestCounty, VILLAGE } from './county.test-kit.ts';

const QUARTER_MS = 15 * 60_000;

let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open();
});
afterEach(() => county.close());

/** Nobody works for dispatch until the next `wakes`. */
const sleeps = () => county.relay.stop();
const wakes = async () => {
  await county.restart();
  await county.clock.advance(100);
};

const sent = () =>
  county.mqtt.published
    .map((one) => county.opened(one.payload))
    .flatMap((one) => (one.type === 'command' ? [`${one.body.action} ${one.body.purpose} ${one.revision}`] : []));

async function nothingIsLeft(): Promise<void> {
  const open = (await county.deliveries()).filter((one) => !isEnded(one, one.mode, one.playTimes));
  expect(open).toEqual([]);
  for (const consumer of ['freeze-audience', 'announce', 'announce-quiet', 'announce-end', 'retry-unreported'])
    expect(await county.openJobs(`dispatch.${consumer}`)).toEqual([]);
}

describe('before the audience of an alert was frozen', () => {
  it.each(['ended', 'cancelled', 'expired'] as const)('%s: no play goes out, every delivery ends, nobody is told an end', async (state) => {
    await sleeps();
    await county.raise();
    await county.over('alert-1', state);
    await wakes();
    expect(sent().filter((one) => !one.startsWith('stop'))).toEqual([]);
    await county.clock.advance(QUARTER_MS);
    await nothingIsLeft();
    expect(new Set(Object.values(await county.states()))).toEqual(new Set(['expired never-received']));
    expect(await county.states('all-clear')).toEqual({});
  });

  it('updated twice: only the last words go out, and the older lists end', async () => {
    await sleeps();
    await county.raise({ areaCodes: [COUNTY] });
    await county.update('alert-1', 2, [VILLAGE]);
    await county.update('alert-1', 3, [OTHER_VILLAGE]);
    await wakes();
    expect(sent().filter((one) => one.startsWith('play'))).toEqual(['play alert 3']);
    await county.report('gw-3', { speakerId: 'sp-3', state: 'received', revision: 3 });
    await county.clock.advance(QUARTER_MS);
    expect(await county.states('alert', 1)).toEqual({
      'sp-1': 'expired never-received',
      'sp-2': 'expired never-received',
      'sp-2b': 'expired never-received',
      'sp-3': 'expired never-received',
    });
    expect(await county.states('alert', 2)).toEqual({ 'sp-1': 'expired never-received', 'sp-2': 'expired never-received', 'sp-2b': 'expired never-received' });
    expect(await county.states('alert', 3)).toEqual({ 'sp-3': 'received' });
  });

  it('quietened, then updated: the next words sound, the quiet does not reach them', async () => {
    await sleeps();
    await county.raise({ areaCodes: [GROUP] });
    await county.quieten('alert-1', 1);
    await county.update('alert-1', 2, [GROUP]);
    await wakes();
    await county.clock.advance(2_000);
    expect(sent()).toEqual(['play alert 2']);
    expect(await county.openJobs('dispatch.announce-quiet')).toEqual([]);
  });
});

describe('while the broker is away', () => {
  it('an alert that is raised and cancelled is stopped when it is back, never played', async () => {
    county.mqtt.setOnline(false);
    await county.raise();
    await county.clock.advance(1_000);
    await county.over('alert-1', 'cancelled');
    await county.clock.advance(60_000);
    county.mqtt.setOnline(true);
    await county.clock.advance(1_000);
    expect(new Set(sent())).toEqual(new Set(['stop alert 1']));
    await county.clock.advance(QUARTER_MS);
    await nothingIsLeft();
  });

  it('an alert that is updated goes out in its last words only, and the dropped area is stopped', async () => {
    await county.raise({ areaCodes: [COUNTY] });
    await county.clock.advance(500);
    await county.everyoneReports('playing', { repeat: 1 });
    county.mqtt.setOnline(false);
    await county.update('alert-1', 2, [VILLAGE]);
    await county.clock.advance(30_000);
    await county.update('alert-1', 3, [GROUP]);
    await county.clock.advance(30_000);
    const before = sent().length;
    county.mqtt.setOnline(true);
    await county.clock.advance(2_000);
    const after = sent().slice(before);
    expect(new Set(after.filter((one) => one.startsWith('play')))).toEqual(new Set(['play alert 3']));
    expect(after.filter((one) => one.startsWith('stop')).length).toBeGreaterThan(0);
    // The widest node above the dropped village that holds nothing of the new area.
    expect(county.commandsOn(`area/${OTHER_VILLAGE.slice(0, 9)}/cmd`).map((one) => one.body.action)).toEqual(['stop']);
  });
});

describe('a house that stops in the middle', () => {
  it('at the end of an alert: whoever still sounds is stopped after the restart, and nobody hears the end twice', async () => {
    await county.raise({ areaCodes: [GROUP] });
    await county.clock.advance(500);
    await county.report('gw-1', { speakerId: 'sp-1', state: 'playing', repeat: 1 });
    await county.over('alert-1', 'ended');
    await sleeps();
    await wakes();
    await county.clock.advance(QUARTER_MS);
    const ids = county.mqtt.published
      .map((one) => county.opened(one.payload))
      .flatMap((one) => (one.type === 'command' && one.body.purpose === 'all-clear' ? [one.commandId] : []));
    expect(new Set(ids).size).toBe(1);
    await nothingIsLeft();
  });
});
