// The word for one time of a broadcast is never better than its figures.
import { describe, expect, it } from 'vitest';
import type { BulletinCounts, BulletinTimeView } from '@laba/domain/bulletin-view';
import { lookOf, remarksOf } from './time-look.ts';

const NONE: BulletinCounts = {
  ...{ speakers: 4, played: 0, resumed: 0, playing: 0, waiting: 0, preempted: 0, missed: 0, cancelled: 0, refused: 0, failed: 0, unheard: 0 },
};
const START = '2026-06-30T15:40:00+08:00';
const at = (minutes: number) => Date.parse(START) + minutes * 60_000;
const look = (state: BulletinTimeView['state'], counts: Partial<BulletinCounts> | null, minutes = 1) =>
  lookOf({ state, startTime: START, counts: counts === null ? null : { ...NONE, ...counts } }, at(minutes));

describe('one time of a broadcast', () => {
  it.each([
    ['ahead', 'ahead', null, -60],
    ['waiting', 'waiting', null, -60],
    ['told', 'planned', { waiting: 4 }, -10],
    ['told', 'planned', null, -10],
    ['due', 'planned', { waiting: 4 }, 1],
    ['playing', 'planned', { playing: 1, played: 2, preempted: 1 }, 1],
    ['paused', 'planned', { played: 3, preempted: 1 }, 1],
    ['due', 'planned', { played: 3, waiting: 1 }, 1],
    ['played', 'planned', { played: 4 }, 1],
    ['played', 'over', { played: 4, resumed: 1 }, 60],
    ['partly', 'over', { played: 3, missed: 1 }, 60],
    ['silent', 'over', { unheard: 4 }, 60],
    ['silent', 'over', null, 60],
    ['dropped', 'dropped', null, 60],
    ['cancelled', 'cancelled', { played: 4 }, 60],
  ] as const)('is called %s when it is %s with %o', (word, state, counts, minutes) => {
    expect(look(state, counts, minutes)).toBe(word);
  });

  it('names each figure that is not nothing, and before its minute not those who have no word to say', () => {
    const counts = { ...NONE, waiting: 3, failed: 1 };
    expect(remarksOf(counts, 'told')).toEqual([{ remark: 'failed', n: 1 }]);
    expect(remarksOf(counts, 'due').map(({ remark }) => remark)).toEqual(['failed', 'waiting']);
  });
});
