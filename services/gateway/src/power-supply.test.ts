// What feeds the box, from files as the kernel writes them.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { powerConcern } from '@laba/domain/power';
import { readPower } from './power-supply.ts';
import { Village } from './village.test-kit.ts';

type Files = Record<string, Record<string, string | number>>;

function supplies(files: Files): string {
  const dir = mkdtempSync(join(tmpdir(), 'laba-power-'));
  for (const [name, properties] of Object.entries(files)) {
    mkdirSync(join(dir, name));
    for (const [property, value] of Object.entries(properties)) writeFileSync(join(dir, name, property), `${value}\n`);
  }
  return dir;
}

const battery = { type: 'Battery', present: 1, status: 'Discharging', capacity: 62, energy_now: 31_000_000, power_now: 10_000_000 };

it.each<[string, Files, object]>([
  ['no supplies', {}, { source: 'unknown' }],
  ['mains alone', { AC: { type: 'Mains', online: 1 } }, { source: 'mains' }],
  [
    'mains and a battery that is charged',
    { AC: { type: 'Mains', online: 1 }, BAT0: { ...battery, status: 'Charging' } },
    { source: 'mains', batteryPercent: 62 },
  ],
  ['mains gone', { AC: { type: 'Mains', online: 0 }, BAT0: battery }, { source: 'battery', batteryPercent: 62, hoursLeft: 3.1 }],
  ['a battery alone, that is drawn from', { BAT0: battery }, { source: 'battery', batteryPercent: 62, hoursLeft: 3.1 }],
  ['a battery alone, full', { BAT0: { type: 'Battery', status: 'Full', capacity: 100 } }, { source: 'mains', batteryPercent: 100 }],
  [
    'two batteries feed together',
    { BAT0: battery, BAT1: { ...battery, capacity: 20, energy_now: 9_000_000, power_now: 0 } },
    { source: 'battery', batteryPercent: 41, hoursLeft: 4 },
  ],
  [
    'charge and current, negative while it is drawn from',
    { b: { type: 'Battery', status: 'Discharging', capacity: 50, charge_now: 2_000_000, current_now: -1_600_000, voltage_now: 3_700_000 } },
    { source: 'battery', batteryPercent: 50, hoursLeft: 1.3 },
  ],
  [
    'the kernel’s own estimate',
    { ups: { type: 'UPS', status: 'Discharging', capacity: 9, time_to_empty_now: 5400 } },
    { source: 'battery', batteryPercent: 9, hoursLeft: 1.5 },
  ],
  ['a keyboard’s battery feeds nothing', { kb: { ...battery, scope: 'Device' } }, { source: 'unknown' }],
  ['an empty bay', { BAT0: { type: 'Battery', present: 0, status: 'Discharging' } }, { source: 'unknown' }],
  ['a USB port that nothing hangs on', { ucsi: { type: 'USB', online: 0 } }, { source: 'unknown' }],
  [
    'nonsense where numbers should be',
    { BAT0: { type: 'Battery', status: 'Discharging', capacity: 'many', energy_now: '1e9', power_now: '' } },
    { source: 'battery' },
  ],
  ['more than full', { BAT0: { type: 'Battery', status: 'Full', capacity: 140 } }, { source: 'mains', batteryPercent: 100 }],
])('%s', async (_, files, power) => {
  expect(await readPower(supplies(files))).toEqual(power);
});

it('a machine without such a folder does not know', async () => {
  expect(await readPower('/nowhere')).toEqual({ source: 'unknown' });
});

it('less than two hours are somebody’s concern, and an unknown rest is not called low', () => {
  const of = (hoursLeft?: number) => powerConcern({ source: 'battery', ...(hoursLeft === undefined ? {} : { hoursLeft }) });
  expect([of(1.9), of(2), of(), powerConcern({ source: 'mains', hoursLeft: 1 }), powerConcern({ source: 'unknown' })]).toEqual([
    'low',
    'on-battery',
    'on-battery',
    undefined,
    undefined,
  ]);
});

it('is told with the heartbeat, at once when the mains fail, and a supply that hangs holds no heartbeat up', async () => {
  const dir = supplies({ AC: { type: 'Mains', online: 1 }, BAT0: battery });
  let hangs = false;
  const village = new Village({ readPower: () => (hangs ? new Promise(() => {}) : readPower(dir)) });
  await village.start();
  const told = () => village.line.states.at(-1)?.power;
  await expect.poll(told).toEqual({ source: 'mains', batteryPercent: 62 });
  writeFileSync(join(dir, 'AC', 'online'), '0\n');
  await village.advance(20_000);
  await expect.poll(told).toEqual({ source: 'battery', batteryPercent: 62, hoursLeft: 3.1 });
  hangs = true;
  await village.advance(20_000);
  const before = village.line.states.length;
  await village.advance(40_000);
  expect(village.line.states.length).toBeGreaterThanOrEqual(before + 2);
  await village.gateway.stop();
});
