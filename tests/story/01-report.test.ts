// Chapter 1: reports come in, the same hazard is one hazard, and no report raises an alert by itself.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACROSS, DASUO } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

describe('reports', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  it('two telephone calls about one debris flow are one hazard; another place is another', async () => {
    const duty = await town.officer('duty1');
    const first = await duty.writesDown('debris-flow', DASUO, '沟里响');
    const second = await duty.writesDown('debris-flow', DASUO, '石头在滚');
    const across = await duty.writesDown('debris-flow', ACROSS, '对岸也响');
    expect(second).toMatchObject({ state: 'merged', mergedInto: first.id });
    expect(across).toMatchObject({ state: 'new', mergedInto: null });
    await town.clock.pass('31 min');
    expect(await duty.writesDown('debris-flow', DASUO, '又响了')).toMatchObject({ state: 'new' });
  });

  it('a report makes no pole sound, however grave', async () => {
    const duty = await town.officer('duty1');
    const { id } = await duty.writesDown('debris-flow', DASUO, '泥石流下来了');
    await duty.verifies(id);
    await town.clock.pass('5 min');
    await town.speaker('dasuo-1').hearsNothing();
    town.nothingElseWasHeard();
  });

  it('a cadre cannot write down or verify what lies outside his village', async () => {
    const cadre = await town.officer('cadre2');
    await expect(cadre.writesDown('landslide', DASUO, '滑坡')).rejects.toMatchObject({ code: 'out-of-scope' });
    const { id } = await (await town.officer('cadre1')).writesDown('landslide', DASUO, '滑坡');
    await expect(cadre.verifies(id)).rejects.toMatchObject({ code: 'out-of-scope' });
  });
});
