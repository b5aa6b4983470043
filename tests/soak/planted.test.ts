// Five bugs are planted in a copy of the house, one after the other, and each is found by a test that passes without it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isInstalled } from '../harness/installed.ts';
import { Copy, PLANTED_BUGS } from './planted.ts';

describe('a planted bug is found', () => {
  let copy: Copy;
  beforeAll(() => {
    copy = new Copy();
  });
  afterAll(() => copy.discard());

  // One of them kills at a sync.
  it.skipIf(!isInstalled('strace', 'strace')).each(PLANTED_BUGS)('$name (needs strace)', async (bug) => {
    expect(await copy.finds(bug), `the test '${bug.foundBy.test}' passes in spite of it`).toBe(true);
  });

  it('and without any, the same test passes in the copy: the copy itself breaks nothing', async () => {
    expect(await copy.run({ file: 'tests/failure/promises.test.ts', test: 'idempotency' })).toMatchObject({ failed: false });
  });
});
