// A sample of the village's nights, and that a seed is a night: the same again whenever somebody asks.
import { afterEach, expect, it } from 'vitest';
import { playVillageSchedule } from './play-village.ts';
import { villageScheduleOf } from './village-schedule.ts';
import { VillageTown } from './village-town.ts';

const SAMPLE = [6, 8, 11];
let town: VillageTown | undefined;
afterEach(() => town?.close());

it('a seed makes the same night every time, and many seeds make every kind of step', () => {
  expect(villageScheduleOf(7)).toEqual(villageScheduleOf(7));
  expect(villageScheduleOf(7).steps).not.toEqual(villageScheduleOf(8).steps);
  const kinds = new Set(Array.from({ length: 200 }, (_, seed) => villageScheduleOf(seed).steps.map((step) => step.do)).flat());
  expect(kinds.size).toBe(21);
});

it('three nights of a village and its county: nothing lost, nothing doubled, no limbo, one truth', async () => {
  town = await new VillageTown().open();
  for (const seed of SAMPLE) {
    const { broken } = await playVillageSchedule(town, villageScheduleOf(seed));
    expect(broken, `npm run soak -- --village 1 --seed ${seed}`).toEqual([]);
  }
});
