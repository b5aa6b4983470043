// Chapter 6, look back: the points of a drill and the stars of a half-year, at their very limits.
import { describe, expect, it } from 'vitest';
import { boundsOf, halfYearAt, halvesUntil, ratingOf, SCORE_RULE, scoreOf } from './drill-score.ts';

const OFFSET = 480;
const curveOf = (...points: [number, number][]) => points.map(([minute, count]) => ({ minute, count }));
const measured = (sound: [number, number][], answers: [number, number][], people: [number, number][]) => ({
  firstSound: { speakers: 4, curve: curveOf(...sound) },
  answers: { members: 10, curve: curveOf(...answers) },
  rollCall: { persons: { total: 20 }, curve: curveOf(...people) },
});
const inTime = { answeredMs: 1, answeredLate: false, movingMs: 2, movingLate: false };

describe('the points of a drill', () => {
  it('are a hundred when everything came in time, and the rule’s own points add up to a hundred', () => {
    expect(scoreOf(measured([[0, 4]], [[9, 10]], [[59, 20]]), [inTime]).points).toBe(100);
    expect(Object.values(SCORE_RULE).reduce((sum, { points }) => sum + points, 0)).toBe(100);
  });

  it('give nothing for what came a minute too late', () => {
    expect(scoreOf(measured([[3, 4]], [[10, 10]], [[60, 20]]), [{ ...inTime, answeredLate: true, movingMs: null, movingLate: true }]).points).toBe(0);
  });

  it('leave out what was not there, and the rest counts for the whole', () => {
    const none = { firstSound: { speakers: 0, curve: [] }, answers: { members: 0, curve: [] }, rollCall: { persons: { total: 0 }, curve: [] } };
    expect(scoreOf(none, []).points).toBeNull();
    expect(scoreOf(none, [{ ...inTime, movingMs: null }]).points).toBe(100);
    expect(scoreOf({ ...none, answers: { members: 4, curve: curveOf([1, 1]) } }, []).points).toBe(25);
  });

  it('count the people who were accounted for at the hour, also when some were lost again', () => {
    const { shares } = scoreOf(
      measured(
        [],
        [],
        [
          [1, 20],
          [30, 15],
          [70, 20],
        ],
      ),
      [],
    );
    expect(shares.find(({ part }) => part === 'rollCall')).toEqual({ part: 'rollCall', count: 15, of: 20 });
  });
});

describe('the stars of a half-year', () => {
  it('follow from the mean, and nobody without a drill has any', () => {
    expect([[90], [89], [75], [60], [40], [39], [100, 51]].map((points) => ratingOf(points).stars)).toEqual([5, 4, 4, 3, 2, 1, 4]);
    expect(ratingOf([])).toEqual({ drills: 0, points: null, stars: null });
  });

  it('begin and end by the county’s own clock', () => {
    const { fromMs, toMs } = boundsOf('2026-H2', OFFSET);
    expect([new Date(fromMs).toISOString(), new Date(toMs).toISOString()]).toEqual(['2026-06-30T16:00:00.000Z', '2026-12-31T16:00:00.000Z']);
    expect([fromMs - 1, fromMs, toMs - 1, toMs].map((ms) => halfYearAt(ms, OFFSET))).toEqual(['2026-H1', '2026-H2', '2026-H2', '2027-H1']);
    expect(halvesUntil(fromMs, OFFSET, 3)).toEqual(['2026-H2', '2026-H1', '2025-H2']);
  });
});
