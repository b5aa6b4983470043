// Chapter 5, tasks: an alert's work is given out once, each piece to one owner.
import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mode } from '@laba/domain/alert';
import type { Post } from '@laba/domain/member';
import { any } from '@laba/storage/database';
import { TASK_TEMPLATE_SET } from './task-template-set.ts';
import { loadTaskTemplates } from './task-templates.ts';
import { COUNTY, GROUP_A, GROUP_B, OTHER_VILLAGE, Town, VILLAGE } from '../town.test-kit.ts';

describe('the work that an alert brings', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.found();
    await loadTaskTemplates(town.deps, TASK_TEMPLATE_SET);
  });
  afterEach(() => town.app.close());

  const make = (alertId: string, areaCodes: string[], mode: Mode = 'live', type: 'alert.raised' | 'alert.updated' = 'alert.raised') =>
    town.react('mobilization.make-tasks', type, alertId, { revision: 1, mode, areaCodes, officers: ['o-county'] });
  const tasks = () => town.deps.db.read((q, t) => q.select().from(t.task).orderBy(t.task.kind, t.task.gridCode));
  const holder = async (id: string, gridCode: string, post: Post, available = true) => {
    await town.member(id, [gridCode], available);
    await town.deps.db.atomically([
      any((q, t) =>
        q
          .update(t.membership)
          .set({ post })
          .where(and(eq(t.membership.memberId, id)))
          .returning({ id: t.membership.memberId }),
      ),
    ]);
  };

  it('is one task for each village and group, with its deadline, and its line in the timeline', async () => {
    const alertId = await town.raised([VILLAGE]);
    await make(alertId, [VILLAGE]);
    const all = await tasks();
    expect(all.map((task) => [task.kind, task.gridCode, (task.dueAtMs - task.createdAtMs) / 60_000, task.mode])).toEqual([
      ['close-road', VILLAGE, 15, 'live'],
      ['move-rest', GROUP_A, 30, 'live'],
      ['move-rest', GROUP_B, 30, 'live'],
    ]);
    const told = await town.events('task.created');
    expect(told.map((event) => event.subjectId).sort()).toEqual(all.map((task) => task.id).sort());
    expect(told[0]!.data).toMatchObject({ source: 'template', sourceId: 'geological-now', owner: null });
  });

  it('is made once however often the reaction runs, and a wider area adds only what is new', async () => {
    const alertId = await town.raised([VILLAGE]);
    await make(alertId, [GROUP_A]);
    await make(alertId, [GROUP_A]);
    expect(await tasks()).toHaveLength(2);
    await make(alertId, [VILLAGE, OTHER_VILLAGE], 'live', 'alert.updated');
    expect((await tasks()).map((task) => task.gridCode)).toEqual([VILLAGE, OTHER_VILLAGE, GROUP_A, GROUP_B, OTHER_VILLAGE]);
    expect(await town.events('task.created')).toHaveLength(5);
  });

  it('two runs at the same moment make it once', async () => {
    const alertId = await town.raised([COUNTY]);
    const ended = await Promise.allSettled([1, 2, 3].map(() => make(alertId, [COUNTY])));
    expect(ended.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    expect(await tasks()).toHaveLength(5);
    expect(await town.events('task.created')).toHaveLength(5);
  });

  it('goes to the holder of the post in the village who is there, else to who answers for it', async () => {
    await holder('m-road', VILLAGE, 'road-keeper');
    await holder('m-leader', GROUP_A, 'group-leader');
    await holder('m-gone', GROUP_B, 'group-leader', false);
    await holder('m-secretary', VILLAGE, 'party-secretary');
    await make(await town.raised([VILLAGE]), [VILLAGE]);
    expect((await tasks()).map((task) => [task.kind, task.ownerMemberId])).toEqual([
      ['close-road', 'm-road'],
      ['move-rest', 'm-leader'],
      ['move-rest', 'm-secretary'],
    ]);
  });

  it('falls to the township where no member can take it', async () => {
    const officer = { id: 'o-town', username: 'town', name: '演示乡镇', role: 'township-officer' as const, scopes: [VILLAGE.slice(0, 9)] };
    await town.deps.db.atomically([any((q, t) => q.insert(t.officer).values(officer).returning({ id: t.officer.id }))]);
    await make(await town.raised([GROUP_A]), [GROUP_A]);
    expect(new Set((await tasks()).map((task) => task.ownerOfficerId))).toEqual(new Set(['o-town']));
  });

  it('of a test is none, of a drill is a drill’s, of an alert that is over is none', async () => {
    await make(await town.raised([VILLAGE], 'test'), [VILLAGE], 'test');
    const over = await town.raised([VILLAGE]);
    await town.over(over, 'ended');
    await make(over, [VILLAGE]);
    expect(await tasks()).toEqual([]);
    await make(await town.raised([GROUP_A], 'drill'), [GROUP_A], 'drill');
    expect((await tasks()).map((task) => task.mode)).toEqual(['drill', 'drill']);
  });

  describe('when the alert becomes graver', () => {
    const MINUTE_MS = 60_000;
    let alertId: string;
    beforeEach(async () => {
      await holder('m-road', VILLAGE, 'road-keeper');
      await town.deps.db.atomically([
        any((q, t) =>
          q
            .update(t.member)
            .set({ phoneCipher: town.deps.vault.encrypt('13800000001') })
            .where(eq(t.member.id, 'm-road'))
            .returning({ id: t.member.id }),
        ),
      ]);
      alertId = await town.raised([VILLAGE], 'live', 'orange');
      await make(alertId, [VILLAGE]);
    });
    const regrade = async (revision: number, level: 'red' | 'orange') => {
      await town.regraded(alertId, [VILLAGE], revision, level);
      await work(revision);
    };
    const work = (revision: number) =>
      town.react('mobilization.make-tasks', 'alert.updated', alertId, { revision, mode: 'live', areaCodes: [VILLAGE], officers: ['o-county'] });
    const road = async () => (await tasks()).filter(({ kind }) => kind === 'close-road');
    const closes = (id: string) => town.app.inject({ method: 'POST', url: `/api/v1/tasks/${id}/drop`, ...town.as('county'), payload: { words: '已封' } });

    it('what is still open gets the shorter deadline, its owner is told, and it is asked for in time; nothing is given out twice', async () => {
      const [before] = await road();
      await town.clock.advance(20 * MINUTE_MS);
      await regrade(2, 'red');
      await work(2);
      const dueAtMs = town.clock.now() + 30 * MINUTE_MS;
      expect(await road()).toMatchObject([{ id: before!.id, dueAtMs, sourceId: 'geological-move-rest-2h', ownerMemberId: 'm-road' }]);
      expect((await town.events('task.hastened')).map(({ subjectId, data }) => [subjectId, data])).toEqual([
        [before!.id, { kind: 'close-road', dueAtMs, revision: 2 }],
      ]);
      const told = await town.deps.db.read((q, t) => q.select().from(t.message).orderBy(t.message.step));
      expect(told.map(({ memberId, step, urgent }) => [memberId, step, urgent])).toEqual([
        ['m-road', 1, false],
        ['m-road', 2, true],
      ]);
      const jobs = await town.deps.db.read((q, t) =>
        q.select({ dueAtMs: t.job.dueAtMs, subjectId: t.event.subjectId }).from(t.job).innerJoin(t.event, eq(t.event.id, t.job.eventId)),
      );
      expect(jobs.filter(({ subjectId }) => subjectId === before!.id)).toEqual([{ subjectId: before!.id, dueAtMs: dueAtMs + 1 }]);
      expect((await tasks()).map(({ kind }) => kind)).toContain('move-rest');
    });

    it('no milder update makes a deadline longer, and what was done under the graver one is not given out again', async () => {
      await regrade(2, 'red');
      const dueAtMs = town.clock.now() + 30 * MINUTE_MS;
      await town.clock.advance(10 * MINUTE_MS);
      await regrade(3, 'orange');
      const [task, ...more] = await road();
      expect([task!.dueAtMs, more]).toEqual([dueAtMs, []]);
      await closes(task!.id);
      await regrade(4, 'red');
      await regrade(5, 'orange');
      expect((await road()).map(({ state }) => state)).toEqual(['dropped']);
    });

    it('what was done under the milder one is given out once more, with the shorter time', async () => {
      const [task] = await road();
      await closes(task!.id);
      await regrade(2, 'red');
      await regrade(3, 'red');
      expect((await road()).map(({ state, dueAtMs }) => [state, (dueAtMs - town.clock.now()) / MINUTE_MS]).toSorted()).toEqual([
        ['dropped', 120],
        ['open', 30],
      ]);
    });
  });
});
