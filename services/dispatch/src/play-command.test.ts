// Chapter 3: what is said, where, and when it is said again.
import { describe, expect, it } from 'vitest';
import { isWithin } from '@laba/domain/grid';
import { leftOut } from './play-command.ts';
import { firstRoundAtMs, nextRoundAtMs } from './retry-rounds.ts';

const COUNTY = '533324';
const TOWN = '533324100';
const VILLAGE = '533324100201';
const GROUP = '53332410020101';
const OTHER_GROUP = '53332410020102';

describe('what a smaller area leaves out', () => {
  it('is nothing when the area stays or grows', () => {
    expect(leftOut([VILLAGE], [VILLAGE], [GROUP])).toEqual([]);
    expect(leftOut([VILLAGE], [COUNTY], [GROUP])).toEqual([]);
  });

  it('is an old area as a whole when the new one lies elsewhere', () => {
    expect(leftOut([VILLAGE, '533324101'], [VILLAGE], [GROUP, '533324101203'])).toEqual(['533324101']);
  });

  it('is the widest node around each place that holds nothing of the new area', () => {
    expect(leftOut([COUNTY], [GROUP], [GROUP, OTHER_GROUP, '533324100999', '533324102001'])).toEqual([OTHER_GROUP, '533324100999', '533324102']);
  });

  it("is a place's own node when the new area lies below it", () => {
    expect(leftOut([COUNTY], [GROUP], [GROUP, TOWN])).toEqual([TOWN]);
  });

  it('reaches every place that is left out and, but for places above the new area, none that is in it', () => {
    const places = [COUNTY, TOWN, VILLAGE, GROUP, OTHER_GROUP, '533324101203', '53332410120301'];
    const now = [OTHER_GROUP, '533324101203'];
    const stops = leftOut(
      [COUNTY],
      now,
      places.filter((place) => place !== COUNTY && place !== TOWN && place !== VILLAGE),
    );
    for (const place of [GROUP]) expect(stops.some((stop) => isWithin(stop, place))).toBe(true);
    for (const place of now) expect(stops.some((stop) => isWithin(stop, place))).toBe(false);
  });
});

describe('the rounds of trying again', () => {
  it('come after 3, 13 and 43 s, then every minute, and always later than now', () => {
    const times: number[] = [];
    for (let atMs = firstRoundAtMs(0); times.length < 6; atMs = nextRoundAtMs(0, atMs)) times.push(atMs / 1000);
    expect(times).toEqual([3, 13, 43, 103, 163, 223]);
    for (const nowMs of [0, 2_999, 3_000, 43_000, 43_001, 102_999, 103_000, 9_999_999]) expect(nextRoundAtMs(0, nowMs)).toBeGreaterThan(nowMs);
  });
});
