// Chapter 5, tasks: nobody is asked for a drill's work when the drill is over; what is real goes on.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mode } from '@laba/domain/alert';
import { TaskTown } from './task-town.test-kit.ts';
import type { Task } from './task-store.ts';
import { GROUP_A, VILLAGE } from '../town.test-kit.ts';

const HOUR_MS = 3_600_000;

describe('the work of a drill that is over', () => {
  let work: TaskTown;
  let alertId: string;
  beforeEach(async () => {
    work = await TaskTown.found();
    await work.holder('m-1', GROUP_A, 'hazard-monitor');
    alertId = await work.town.raised([VILLAGE], 'drill');
  });
  afterEach(() => work.town.app.close());

  const task = (once: string, of: { mode?: Mode; alertId?: string } = {}) => work.task({ alertId, mode: 'drill', once, ...of });
  const ends = (mode: Mode = 'drill', id = alertId) =>
    work.town.react('mobilization.close-drill-tasks', 'alert.ended', id, { revision: 1, mode, reason: 'ended' });
  const states = async (...tasks: Task[]) => Promise.all(tasks.map(async ({ id }) => (await work.read(id)).state));
  const dropped = async () => (await work.town.events('task.dropped')).map(({ subjectId, data }) => [subjectId, data]);

  it('ends with it and is named so, what was done and waits for its sign-off too; what was signed off stays', async () => {
    const [open, taken, done, closed] = [await task('1'), await task('2'), await task('3'), await task('4')];
    await work.moves(taken.id, 'take');
    await work.moves(done.id, 'done');
    await work.moves(closed.id, 'done');
    await work.moves(closed.id, 'sign-off', {}, 'county');
    await work.town.over(alertId, 'ended');
    await ends();
    expect(await states(open, taken, done, closed)).toEqual(['dropped', 'dropped', 'dropped', 'signed-off']);
    expect(await dropped()).toEqual([open, taken, done].map(({ id }) => [id, { kind: 'inspect-point', drillOver: true }]));
    expect((await work.messages()).filter(({ state }) => state === 'queued')).toEqual([]);
    await ends();
    expect(await dropped()).toHaveLength(3);
  });

  it('is asked for no more, however long it has been late', async () => {
    const open = await task('1');
    await work.town.clock.advance(2 * HOUR_MS);
    await work.looks(open);
    expect(await work.town.events('task.overdue')).toHaveLength(1);
    await work.town.over(alertId, 'expired');
    await ends();
    await work.town.clock.advance(HOUR_MS);
    expect(await work.looks(await work.read(open.id))).toBeUndefined();
    expect(await work.town.events('task.overdue')).toHaveLength(1);
  });

  it('that was put down while it ended ends at its first look', async () => {
    const late = await task('1');
    await work.town.over(alertId, 'ended');
    await work.town.clock.advance(2 * HOUR_MS);
    expect(await work.looks(late)).toBeUndefined();
    expect(await dropped()).toEqual([[late.id, { kind: 'inspect-point', drillOver: true }]]);
    expect(await work.town.events('task.overdue')).toEqual([]);
  });

  it('is nobody else’s: a live alert’s tasks outlive it, and another drill’s go on', async () => {
    const live = await work.town.raised([VILLAGE]);
    const [real, other] = [await task('1', { mode: 'live', alertId: live }), await task('2', { alertId: await work.town.raised([VILLAGE], 'drill') })];
    await work.town.over(live, 'ended');
    await ends('live', live);
    await work.town.over(alertId, 'ended');
    await ends();
    expect(await states(real, other)).toEqual(['open', 'open']);
    await work.town.clock.advance(2 * HOUR_MS);
    for (const one of [real, other]) await work.looks(one);
    expect(await work.town.events('task.overdue')).toHaveLength(2);
  });
});
