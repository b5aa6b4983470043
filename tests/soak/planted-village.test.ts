// A bug is planted in what makes one truth of two houses and a box; each is found by a night that passes without it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Copy, PLANTED_IN_VILLAGES } from './planted.ts';

describe('a bug planted in the village is found by a night', () => {
  let copy: Copy;
  beforeAll(() => {
    copy = new Copy();
  });
  afterAll(() => copy.discard());

  it.each(PLANTED_IN_VILLAGES)('$name', async (bug) => {
    expect(await copy.planted(bug, () => copy.playNights([bug.seed])), `npm run soak -- --village 1 --seed ${bug.seed}`).toEqual([bug.seed]);
  });

  it('and without any, the same nights pass', async () => {
    expect(await copy.playNights([...new Set(PLANTED_IN_VILLAGES.map(({ seed }) => seed))])).toEqual([]);
  });
});
