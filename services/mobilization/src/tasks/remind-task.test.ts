// Chapter 5, tasks: nothing is forgotten: the owner, the village and township, the duty officer, again and again.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskTown } from './task-town.test-kit.ts';
import { GROUP_A, VILLAGE } from '../town.test-kit.ts';

const MINUTE_MS = 60_000;

describe('what is not done in time', () => {
  let work: TaskTown;
  beforeEach(async () => {
    work = await TaskTown.found();
    await work.holder('m-1', GROUP_A, 'hazard-monitor');
    await work.holder('m-secretary', VILLAGE, 'party-secretary');
  });
  afterEach(() => work.town.app.close());
  const overdue = async () => (await work.town.events('task.overdue')).map(({ data }) => [data['reminder'], data['waitsFor'], data['to']]);

  it('is asked for again: of the owner, of who answers for the village, of the duty officer, for as long as it takes', async () => {
    const task = await work.task();
    expect(await work.looks(task)).toBe(task.dueAtMs + 1);
    await work.town.clock.advance(61 * MINUTE_MS);
    for (let i = 0; i < 5; i++) {
      expect(await work.looks(task)).toBe(work.town.clock.now() + 30 * MINUTE_MS);
      await work.town.clock.advance(30 * MINUTE_MS);
    }
    expect(await overdue()).toEqual([
      [1, 'owner', 'owner'],
      [2, 'owner', 'township'],
      [3, 'owner', 'duty'],
      [4, 'owner', 'duty'],
      [5, 'owner', 'duty'],
    ]);
    expect((await work.messages()).map(({ memberId, purpose }) => [memberId, purpose])).toEqual([
      ['m-1', 'task'],
      ['m-1', 'task'],
      ['m-secretary', 'told'],
    ]);
  });

  it('waits for its sign-off as visibly as for its owner, and is left alone when it is closed', async () => {
    const task = await work.task();
    await work.moves(task.id, 'done');
    await work.town.clock.advance(31 * MINUTE_MS);
    await work.looks(task);
    expect(await overdue()).toEqual([[1, 'sign-off', 'township']]);
    await work.moves(task.id, 'sign-off', {}, 'county');
    expect(await work.looks(task)).toBeUndefined();
    expect(await overdue()).toHaveLength(1);
  });

  it('is waited for again after more time was given, or after it was sent back', async () => {
    const task = await work.task();
    await work.town.clock.advance(61 * MINUTE_MS);
    await work.looks(task);
    const dueAtMs = work.town.clock.now() + 90 * MINUTE_MS;
    await work.moves(task.id, 'extend', { dueAt: new Date(dueAtMs).toISOString() });
    expect(await work.looks(task)).toBe(dueAtMs + 1);
    await work.moves(task.id, 'done');
    await work.moves(task.id, 'send-back', { words: '还没清完' });
    expect(await work.looks(task)).toBe(dueAtMs + 1);
    expect(await overdue()).toHaveLength(1);
  });

  it('two looks at the same moment remind once', async () => {
    const task = await work.task();
    await work.town.clock.advance(61 * MINUTE_MS);
    await Promise.allSettled([work.looks(task), work.looks(task)]);
    expect(await overdue()).toHaveLength(1);
  });
});
