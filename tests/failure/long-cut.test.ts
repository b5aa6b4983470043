// A line that was cut for days while life went on at both houses: they hold one truth soon after it is back. 30 days are in the bench.
import { expect, it } from 'vitest';
import { cutFor } from '../bench/merge.ts';

it('three days cut, with orders, marks, reports and work at both houses and a changed register: one truth afterwards, and small letters', async () => {
  const { rows, differences, bytesUp, bytesDown } = await cutFor(3);
  expect(differences).toBe(0);
  expect(rows).toBeGreaterThan(2_500);
  // Less than a photograph, for a line of 2G.
  expect(bytesUp).toBeLessThan(100_000);
  expect(bytesDown).toBeLessThan(100_000);
});
