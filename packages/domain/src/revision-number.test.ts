// Chapter 2: numbers of revisions that several houses make.
import { describe, expect, it } from 'vitest';
import { nextRevisionNumber } from './revision-number.ts';

const [COUNTY, TOWNSHIP, VILLAGE, GROUP] = ['533324', '533324101', '533324101201', '53332410120101'];

describe('the number of the next revision', () => {
  it('counts on where only the county may make one', () => {
    expect([1, 2, 3, 4].map((last) => nextRevisionNumber(last, COUNTY, COUNTY))).toEqual([2, 3, 4, 5]);
  });

  it('of a village’s alert lies after the last one, and is another one at each house, whatever both hold', () => {
    const houses = [COUNTY, TOWNSHIP, VILLAGE, GROUP];
    const numbers = houses.map((own) => [...new Set(Array.from({ length: 40 }, (_, last) => nextRevisionNumber(last + 1, VILLAGE, own)))]);
    expect(new Set(numbers.flat()).size).toBe(numbers.flat().length);
    for (const own of houses) for (let last = 1; last < 20; last++) expect(nextRevisionNumber(last, VILLAGE, own)).toBeGreaterThan(last);
    expect(nextRevisionNumber(1, VILLAGE, VILLAGE)).toBe(2);
    expect(nextRevisionNumber(1, VILLAGE, COUNTY)).toBe(4);
  });
});
