// The proof that ladders run: what no job takes up is climbed all the same, and a proof that cannot be made grows old in sight.
import { beforeEach, describe, expect, it } from 'vitest';
import { LadderTown } from './ladder.test-kit.ts';
import { LadderProof } from './prove-ladders.ts';
import { VILLAGE } from '../town.test-kit.ts';

let here: LadderTown;
let proof: LadderProof;
beforeEach(async () => {
  here = await LadderTown.found();
  proof = new LadderProof(here.town.deps);
});
const stepsVia = async (via: string) => (await here.town.events('ladder.asked')).filter((event) => (event as { via?: string }).via === via).length;

describe('the proof', () => {
  it('leaves ladders alone whose job runs', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    await here.town.clock.advance(65_000);
    await proof.round();
    expect(await here.steps()).toEqual(['0 m-1']);
    expect(proof.degraded()).toEqual([]);
  });

  it('climbs a ladder whose job is lost, once for each round, and says so', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    await here.town.clock.advance(81_000);
    await Promise.all([proof.round(), new LadderProof(here.town.deps).round()]);
    expect((await here.steps()).map((step) => step.split(' ')[1])).toEqual(['m-1', 'm-2']);
    expect([await stepsVia('job'), await stepsVia('watchdog')]).toEqual([1, 1]);
    await here.town.clock.advance(81_000);
    await proof.round();
    expect(proof.degraded()).toEqual(['late-ladders: those of 1 alerts at the last proof']);
    await proof.round();
    expect(proof.degraded()).toEqual([]);
  });

  it('begins the ladders of an alert whose job never ran; of a yellow one, a test and one that is over it begins none', async () => {
    await here.raised([VILLAGE]);
    await here.raised([VILLAGE], { level: 'yellow' });
    await here.raised([VILLAGE], { mode: 'test' });
    await here.over(await here.raised([VILLAGE]), 'ended');
    await here.town.clock.advance(19_000);
    await proof.round();
    expect(await here.ladders()).toHaveLength(0);
    await here.town.clock.advance(2_000);
    await proof.round();
    expect(await here.ladders()).toHaveLength(1);
    expect(await here.steps()).toEqual(['0 m-1']);
    await proof.round();
    expect(proof.degraded()).toEqual([]);
  });

  it('grows old in sight when it cannot be made', async () => {
    const { deps, clock } = here.town;
    const broken = { ...deps.db, read: () => Promise.reject(new Error('the database is away')), atomically: deps.db.atomically.bind(deps.db) };
    const old = new LadderProof({ ...deps, db: broken as unknown as typeof deps.db });
    old.start();
    await clock.advance(59_000);
    expect(old.degraded()).toEqual([]);
    await clock.advance(3_000);
    expect(old.ageMs()).toBe(62_000);
    expect(old.degraded()).toEqual(['ladders: last proven 62 s ago']);
    old.stop();
  });
});
