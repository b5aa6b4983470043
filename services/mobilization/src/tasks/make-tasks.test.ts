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
});
