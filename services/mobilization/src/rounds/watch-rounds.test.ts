// One job looks at every deadline: missed rounds are found once, by whom and however late it looks, and made good when somebody goes there.
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { LIMITS } from '@laba/domain/limits';
import { any } from '@laba/storage/database';
import { loadJob } from '@laba/storage/jobs';
import { GROUP_A, OTHER_VILLAGE, VILLAGE } from '../town.test-kit.ts';
import { missedIdOf, planIdOf, walkerIdOf } from './round-ids.ts';
import { HOUR, RoundTown } from './rounds.test-kit.ts';
import { startRoundWatch, watchRounds } from './watch-rounds.ts';

/** 1 July, 6 in the morning of the county. */
const SIX = Date.UTC(2026, 5, 30, 22, 0);
const { patrol, visit, room } = DEFAULT_POLICY.rounds;
/** Only those. */
const PATROLS = { visit: { ...visit, timesAMonth: null }, room: { ...room, everyMonths: null } };

describe('rounds that are watched', () => {
  let rounds: RoundTown;
  beforeEach(async () => {
    rounds = await RoundTown.found(SIX);
    await rounds.policy(PATROLS);
    await rounds.run();
  });

  const told = async (subjectId: string, body: object = {}) =>
    rounds.post(`/${(await rounds.plan(subjectId)).id}/done`, { result: 'calm', means: 'telephone', ...body });
  const since = async (subjectId?: string) => (await rounds.missed()).filter((line) => subjectId === undefined || line.startsWith(subjectId));

  it('are those of the lists: every point and room, and the households in which somebody has a need', async () => {
    expect((await rounds.plans()).map(({ kind, subjectId }) => `${kind} ${subjectId}`)).toEqual(['patrol p-1', 'patrol p-2', 'room s-1', 'visit h-1']);
    await rounds.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.person)
          .values({ id: 'old', householdId: 'h-2', name: '演示老人', needs: ['elderly'] })
          .returning({ id: t.person.id }),
      ),
      any((q, t) => q.delete(t.hazardPoint).returning({ id: t.hazardPoint.id })),
    ]);
    await rounds.planned();
    expect((await rounds.plans()).map(({ kind, subjectId }) => `${kind} ${subjectId}`)).toEqual(['room s-1', 'visit h-1', 'visit h-2']);
    expect(await rounds.plan('h-2')).toMatchObject({ walkerId: null, sinceMs: rounds.town.clock.now() });
  });

  it('have the same names at every house, and one link for all that one person looks at in a village', async () => {
    expect((await rounds.plan('p-1')).id).toBe(planIdOf('patrol', 'p-1'));
    expect((await rounds.plan('p-1')).walkerId).toBe((await rounds.plan('h-1')).walkerId);
    expect(walkerIdOf({ gridCode: GROUP_A, memberId: 'm-1' })).not.toBe(walkerIdOf({ gridCode: OTHER_VILLAGE, memberId: 'm-1' }));
  });

  it('are missed at their deadline and not before, each once, however often the job runs', async () => {
    await rounds.pass(5);
    expect(await since()).toEqual([]);
    await rounds.pass(1);
    expect((await since()).sort()).toEqual(['p-1 07-01 12:00', 'p-2 07-01 12:00']);
    const [job] = (await rounds.jobs()).filter(({ consumer }) => consumer === 'mobilization.watch-rounds');
    for (let again = 0; again < 3; again++) {
      const { ops = [] } = await watchRounds(rounds.deps, { ...(await loadJob(rounds.deps.db, job!.id))!, dueAtMs: rounds.town.clock.now() - 7 * HOUR });
      await rounds.deps.db.atomically(ops);
    }
    expect(await since()).toHaveLength(2);
  });

  it('are found when the house was switched off over their deadlines, as if it had been there', async () => {
    rounds.town.clock.set(SIX + 32 * HOUR);
    await rounds.run();
    expect(await since('p-1')).toEqual(['p-1 07-01 12:00', 'p-1 07-01 20:00', 'p-1 07-02 12:00']);
  });

  it('are kept by a round in time, early and twice; a late one keeps the next', async () => {
    expect((await told('p-1')).status).toBe(201);
    expect((await told('p-1')).status).toBe(201);
    await rounds.pass(7);
    await told('p-2');
    await rounds.pass(7);
    expect(await since()).toEqual(['p-2 07-01 12:00', 'p-1 07-01 20:00']);
  });

  it('that were done in time and told late stand as kept: the miss is made good', async () => {
    await rounds.pass(7);
    const row = () =>
      rounds.get(`/list?kind=patrol&grid=${GROUP_A}`).then(({ rounds: rows }) => (rows as unknown as { missed: number; missedSinceMs: number | null }[])[0]!);
    expect(await row()).toMatchObject({ missed: 1 });
    await told('p-1', { doneAtMs: rounds.town.clock.now() - 90 * 60_000 });
    expect(await row()).toMatchObject({ missed: 0, missedSinceMs: null });
    const figures = (await rounds.get('')) as unknown as { total: { patrol: object } };
    expect(figures.total.patrol).toEqual({ due: 4, kept: 1, missed: 1, open: 2 });
  });

  it('come more often while a live alert stands over their ground, and a drill asks nobody', async () => {
    await rounds.town.raised([OTHER_VILLAGE], 'drill', 'red');
    const alert = await rounds.town.raised([VILLAGE], 'live', 'red');
    await rounds.pass(4);
    await rounds.town.over(alert, 'ended');
    await rounds.pass(3);
    expect((await since()).sort()).toEqual(['p-1 07-01 07:00', 'p-1 07-01 08:00', 'p-1 07-01 09:00', 'p-1 07-01 10:00', 'p-1 07-01 12:00', 'p-2 07-01 12:00']);
  });

  it('rise with a revision, and what is only said again begins no new clock', async () => {
    const alert = await rounds.town.raised([VILLAGE], 'live', 'orange');
    await rounds.pass(2);
    await rounds.town.regraded(alert, [VILLAGE], 2, 'orange');
    await rounds.pass(1);
    expect(await since()).toEqual(['p-1 07-01 09:00']);
    await rounds.town.regraded(alert, [VILLAGE], 3, 'red');
    await rounds.pass(1);
    expect(await since('p-1')).toEqual(['p-1 07-01 09:00', 'p-1 07-01 10:00']);
  });

  it('that are more than one commit takes follow in the next ones, each once', async () => {
    const many = LIMITS.missedPerStep + 5;
    for (let from = 0; from < many; from += 500)
      await rounds.deps.db.atomically([
        any((q, t) =>
          q
            .insert(t.hazardPoint)
            .values(
              Array.from({ length: Math.min(500, many - from) }, (_, n) => ({
                id: `x-${from + n}`,
                gridCode: GROUP_A,
                name: '点',
                hazard: 'flood' as const,
                patrolName: '人',
              })),
            )
            .returning({ id: t.hazardPoint.id }),
        ),
      ]);
    await rounds.planned();
    await rounds.listedLongAgo();
    await rounds.pass(6);
    await rounds.town.clock.advance(1);
    await rounds.run();
    const found = await since();
    expect([found.length, new Set(found).size]).toEqual([many + 2, many + 2]);
  });

  it('stand once in the timeline of a house that heard of them from the house above before it looked itself', async () => {
    const toMs = SIX + 6 * HOUR;
    const plan = await rounds.plan('p-1');
    const row = { type: 'round.missed', atMs: toMs, who: 'system', via: 'job', gridCode: GROUP_A, alertId: null, subjectId: 'p-1' };
    const heard = { ...row, id: missedIdOf(plan.id, toMs), data: { kind: 'patrol', fromMs: toMs - 16 * HOUR, toMs } };
    await rounds.deps.db.atomically([any((q, t) => q.insert(t.event).values(heard).returning({ id: t.event.id }))]);
    await rounds.pass(7);
    expect((await since()).sort()).toEqual(['p-1 07-01 12:00', 'p-2 07-01 12:00']);
    expect((await rounds.deps.db.read((q, t) => q.select().from(t.roundMissed))).length).toBe(2);
    const events = await rounds.deps.db.read((q, t) => q.select().from(t.event));
    const own = events.find(({ subjectId, type }) => subjectId === 'p-2' && type === 'round.missed');
    expect(own).toMatchObject({ atMs: toMs, data: heard.data });
  });

  it('hold by another policy at once', async () => {
    await rounds.policy({ ...PATROLS, patrol: { ...patrol, by: ['06:30'] } });
    rounds.town.clock.set(SIX + 30 * 60_000);
    await rounds.run();
    expect(await since('p-1')).toEqual(['p-1 07-01 06:30']);
  });

  it('are watched by one job, however many processes start, and again where it was buried', async () => {
    const open = async () => (await rounds.jobs()).filter(({ consumer, doneAtMs }) => consumer === 'mobilization.watch-rounds' && doneAtMs === null).length;
    await Promise.all([startRoundWatch(rounds.deps), startRoundWatch(rounds.deps)]);
    expect(await open()).toBe(1);
    await rounds.deps.db.atomically([any((q, t) => q.update(t.job).set({ doneAtMs: 1, outcome: 'buried' }).returning({ id: t.job.id }))]);
    await startRoundWatch(rounds.deps);
    expect(await open()).toBe(1);
  });
});
