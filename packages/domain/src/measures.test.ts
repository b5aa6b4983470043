// What happened when: curves end at their sum, and a spread says how long it took.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { curve, spread } from './measures.ts';

it('a curve counts up minute by minute, goes down again where something was taken back, and ends at the sum', () => {
  const changes = [
    { atMs: 130_000, by: 2 },
    { atMs: 5_000, by: 1 },
    { atMs: 59_999, by: 1 },
    { atMs: 200_000, by: -1 },
    { atMs: -3, by: 1 },
  ];
  expect(curve(changes)).toEqual([
    { minute: 0, count: 3 },
    { minute: 2, count: 5 },
    { minute: 3, count: 4 },
  ]);
  expect(curve([])).toEqual([]);
});

it('whatever the changes are, their order does not matter and the last point is their sum', () => {
  const change = fc.record({ atMs: fc.integer({ min: -1_000, max: 10_000_000 }), by: fc.constantFrom(1, -1, 3) });
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      expect(curve(changes.toReversed())).toEqual(curve(changes));
      expect(curve(changes).at(-1)?.count ?? 0).toBe(changes.reduce((sum, { by }) => sum + by, 0));
    }),
  );
});

it('a spread names the first, the middle, the ninety-fifth of a hundred and the last', () => {
  expect(spread(Array.from({ length: 100 }, (_, i) => (100 - i) * 10))).toEqual({ count: 100, firstMs: 10, medianMs: 500, p95Ms: 950, lastMs: 1_000 });
  expect(spread([7])).toEqual({ count: 1, firstMs: 7, medianMs: 7, p95Ms: 7, lastMs: 7 });
  expect(spread([])).toEqual({ count: 0, firstMs: null, medianMs: null, p95Ms: null, lastMs: null });
});
