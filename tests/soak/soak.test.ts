// A sample of the soak, and that a seed is a schedule: the same again whenever somebody asks.
import { afterEach, expect, it } from 'vitest';
import { ChaosTown } from './chaos-town.ts';
import { neverEnds, playSchedule } from './play-schedule.ts';
import { scheduleOf } from './schedule.ts';

const SAMPLE = [1, 4, 8];
let chaos: ChaosTown | undefined;
afterEach(() => chaos?.close());

it('a seed makes the same night every time, another seed another one', () => {
  expect(scheduleOf(7, 'embedded')).toEqual(scheduleOf(7, 'embedded'));
  expect(scheduleOf(7, 'embedded').steps).not.toEqual(scheduleOf(8, 'embedded').steps);
  const kinds = new Set(Array.from({ length: 200 }, (_, seed) => scheduleOf(seed, 'embedded').steps.map((step) => ('fault' in step ? step.fault : ''))).flat());
  expect(kinds.size).toBeGreaterThanOrEqual(9);
});

it('three nights of chaos on real processes: nothing lost, nothing doubled, no limbo', async () => {
  chaos = await new ChaosTown().open();
  for (const seed of SAMPLE) {
    const { broken } = await playSchedule(chaos, scheduleOf(seed, 'embedded'));
    expect(broken, `npm run soak -- --seed ${seed}`).toEqual([]);
  }
  expect(await neverEnds(chaos)).toEqual([]);
});
