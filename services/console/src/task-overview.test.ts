// Chapter 6, watch: late tasks on the first screen, worst first, within scope.
import { expect, it } from 'vitest';
import type { Tables } from '@laba/storage/tables';
import { any } from '@laba/storage/database';
import { GROUP_A, OTHER, Watch } from './watch.test-kit.ts';

interface Now {
  tasks: {
    open: number;
    overdue: number;
    waiting: number;
    unowned: number;
    late: { id: string; gridCode: string; mode: string; kindWords: { zh: string }; ownerName: string | null; ageMs: number }[];
  };
}

it('counts the open tasks and names the late ones: live before drill, the longest late first', async () => {
  const watch = await Watch.open();
  const nowMs = watch.clock.now();
  const task = (id: string, change: Partial<Tables['task']['$inferInsert']>): Tables['task']['$inferInsert'] => ({
    ...{ id, mode: 'live', kind: 'close-road', gridCode: GROUP_A, zh: '封路', en: 'Close the road', source: 'officer', sourceId: id, once: id },
    ...{ state: 'open', dueAtMs: nowMs - 60_000, createdAtMs: nowMs, changedAtMs: nowMs, ...change },
  });
  const rows = [
    task('a', {}),
    task('b', { dueAtMs: nowMs - 600_000, ownerMemberId: 'm-unknown' }),
    task('c', { mode: 'drill', dueAtMs: nowMs - 900_000 }),
    task('d', { state: 'done', dueAtMs: nowMs - 900_000 }),
    task('e', { dueAtMs: nowMs + 60_000 }),
    task('f', { state: 'signed-off', dueAtMs: nowMs - 900_000 }),
    task('g', { gridCode: OTHER, dueAtMs: nowMs - 1_000_000 }),
  ];
  await watch.deps.db.atomically([any((q, t) => q.insert(t.task).values(rows).returning({ id: t.task.id }))]);
  const county = (await watch.get<Now>('county', '/api/v1/now')).body.tasks;
  expect(county).toMatchObject({ open: 6, overdue: 4, waiting: 1, unowned: 5 });
  expect(county.late.map(({ id }) => id)).toEqual(['g', 'b', 'a', 'c']);
  const cadre = (await watch.get<Now>('village', '/api/v1/now')).body.tasks;
  expect(cadre.late.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  expect(cadre.late[0]).toMatchObject({ kindWords: { zh: '封路' }, ageMs: 600_000, gridCode: GROUP_A });
});
