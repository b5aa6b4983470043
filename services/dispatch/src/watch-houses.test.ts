// Chapter 4, the county's side: a house below that is not heard, and what is not to be blamed on it or on the boxes that hang on it.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { one } from '@laba/storage/database';
import { TestCounty, VILLAGE } from './county.test-kit.ts';
import { watchHouses } from './watch-houses.ts';

const PEER = 'house-1';
let county: TestCounty;
beforeEach(async () => {
  county = await TestCounty.open();
  const common = { gridCode: VILLAGE, side: 'below', status: 'active', signKey: 's', sealKey: 'x', listId: '1.a' } as const;
  await county.db.atomically([
    one((q, t) =>
      q
        .insert(t.peer)
        .values({ ...common, id: PEER, createdAtMs: county.clock.now() })
        .returning({ id: t.peer.id }),
    ),
  ]);
});
afterEach(() => county.close());

const write = (values: object) => county.db.atomically([one((q, t) => q.update(t.peer).set(values).where(eq(t.peer.id, PEER)).returning({ id: t.peer.id }))]);
const heard = () => write({ lastHeardAtMs: county.clock.now() });

describe('a house below', () => {
  it('is silent within 90 s, told once, named among what is wrong, and back when it is heard', async () => {
    const fromMs = county.clock.now();
    await county.clock.advance(89_000);
    expect(await county.events('house.silent')).toMatchObject([{ subjectId: PEER, gridCode: VILLAGE, data: { lastHeardMs: fromMs } }]);
    expect(county.service.degraded?.()).toContain('houses: 1 silent');
    await county.clock.advance(300_000);
    expect(await county.events('house.silent')).toHaveLength(1);
    expect(await county.events('house.back')).toEqual([]);
    await heard();
    await county.clock.advance(16_000);
    expect(await county.events('house.back')).toMatchObject([{ subjectId: PEER, data: {} }]);
    expect(county.service.degraded?.()).toEqual([]);
  });

  it('is told silent and back once by two processes that look at one moment', async () => {
    await county.clock.advance(66_000);
    await Promise.all([watchHouses(county.deps, true), watchHouses(county.deps, true)]);
    expect(await county.events('house.silent')).toHaveLength(1);
    await heard();
    await Promise.all([watchHouses(county.deps, true), watchHouses(county.deps, true)]);
    expect(await county.events('house.back')).toHaveLength(1);
  });

  it('that is revoked is not waited for, and the line of a county that just started is given its time', async () => {
    expect(await watchHouses(county.deps, false)).toBe(0);
    await county.clock.advance(89_000);
    expect(await county.events('house.silent')).toHaveLength(1);
    await write({ status: 'revoked' });
    await county.clock.advance(16_000);
    expect(await county.events('house.back')).toMatchObject([{ data: { revoked: true } }]);
    await county.clock.advance(300_000);
    expect(await county.events('house.silent')).toHaveLength(1);
  });

  it('says itself how its boxes stand: while it is heard the county calls none of them silent', async () => {
    await county.heartbeat('gw-1');
    for (let i = 0; i < 20; i++) {
      await heard();
      await county.clock.advance(10_000);
    }
    expect(await county.events('house.silent')).toEqual([]);
    expect(await county.events('site.silent')).toEqual([]);
    await write({ status: 'revoked' });
    await county.clock.advance(90_000);
    expect(await county.events('site.silent')).toMatchObject([{ subjectId: 'gw-1' }]);
  });
});
