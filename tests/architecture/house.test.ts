// The house as it stands: no ring, no wall broken, no foreign write, and a story in which everybody has his part.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ERRORS } from '@laba/domain/errors';
import { EVENTS } from '@laba/domain/events';
import { OWNERS } from '@laba/storage/ownership';
import { readHouse } from '../../infra/toolchain/measure/house-rules.ts';
import { clockFaults, nameFaults } from '../../infra/toolchain/measure/names.ts';
import { importCycles, roomFaults } from '../../infra/toolchain/measure/rooms.ts';
import { sizeFaults } from '../../infra/toolchain/measure/sizes.ts';
import type { Fault, Source } from '../../infra/toolchain/measure/source.ts';
import { deafConsumers, strangeEvents, untoldEvents, unusedErrors } from '../../infra/toolchain/measure/story.ts';
import { driverUses, foreignWrites, strayStatements, writesOf } from '../../infra/toolchain/measure/writes.ts';

const told = (faults: readonly Fault[]) => faults.map(({ path, line, what }) => `${path}:${line} ${what}`);

let house: Source[];
beforeAll(() => {
  house = readHouse(join(import.meta.dirname, '..', '..'));
});

describe('rooms', () => {
  test('no file imports itself by way of others, type imports counted', () => {
    expect(importCycles(house)).toEqual([]);
  });

  test('every import stays inside the walls', () => {
    expect(told(roomFaults(house))).toEqual([]);
  });

  test('files are named for what they do, and say where they stand in the story', () => {
    expect(told(nameFaults(house))).toEqual([]);
  });

  test('no function and no file is beyond the hard limit', () => {
    expect(told(sizeFaults(house))).toEqual([]);
  });

  test('nobody asks the time past the Clock', () => {
    expect(told(clockFaults(house))).toEqual([]);
  });
});

describe('tables', () => {
  test('only the owner writes', () => {
    expect(told(foreignWrites(house, OWNERS))).toEqual([]);
  });

  test('writing statements are found where they are known to be', () => {
    const jobs = house.find(({ path }) => path === 'packages/storage/src/jobs.ts')!;
    expect(new Set(writesOf(jobs).map(({ table }) => table))).toEqual(new Set(['job']));
  });

  test('a service builds its SQL in its stores', () => {
    expect(told(strayStatements(house))).toEqual([]);
  });

  test('the driver and its verbs stay inside storage', () => {
    expect(told(driverUses(house))).toEqual([]);
  });
});

describe('story', () => {
  test('every event is recorded by its producer', () => {
    expect(told(untoldEvents(house, EVENTS))).toEqual([]);
  });

  test("nobody records another room's event", () => {
    expect(told(strangeEvents(house, EVENTS))).toEqual([]);
  });

  test('every consumer is played by the room it names', () => {
    expect(told(deafConsumers(house, EVENTS))).toEqual([]);
  });

  test('every refusal is used', () => {
    expect(told(unusedErrors(house, Object.keys(ERRORS)))).toEqual([]);
  });
});
