// Chapter 5, tasks: what an officer at his desk finds, gives out and asks for: lists, owners, findings, reminders.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskOwnersView, TasksView, TaskView } from '@laba/domain/task-view';
import { TaskTown, TOWNSHIP_OFFICER } from './task-town.test-kit.ts';
import { COUNTY, GROUP_A, GROUP_B, OTHER_VILLAGE, VILLAGE, type OFFICERS } from '../town.test-kit.ts';

const HOUR_MS = 3_600_000;
type Who = keyof typeof OFFICERS;

describe('at the desk', () => {
  let work: TaskTown;
  beforeEach(async () => {
    work = await TaskTown.found();
    await work.holder('m-1', GROUP_A, 'hazard-monitor');
  });
  afterEach(() => work.town.app.close());

  const get = async <T>(url: string, officer: Who = 'county') => (await work.town.app.inject({ url, ...work.town.as(officer) })).json<T>();
  const list = async (query: Record<string, string>, officer?: Who) => get<TasksView>(`/api/v1/tasks?${new URLSearchParams(query).toString()}`, officer);
  const found = async (query: Record<string, string>, officer?: Who) => (await list(query, officer)).tasks.map(({ title }) => title.zh);
  const owners = async (grid: string, name = '', officer: Who = 'county') =>
    get<TaskOwnersView & { code: string }>(`/api/v1/task-owners?grid=${grid}&name=${encodeURIComponent(name)}`, officer);
  const give = async (body: object, officer: Who = 'county') => {
    const dueAt = new Date(work.town.clock.now() + HOUR_MS).toISOString();
    const answer = await work.town.app.inject({ method: 'POST', url: '/api/v1/tasks', ...work.town.as(officer), payload: { kind: 'finding', dueAt, ...body } });
    return answer.json<TaskView & { code: string }>();
  };

  it('the four lists have every task once, whatever else is asked', async () => {
    const nowMs = work.town.clock.now();
    const late = await work.task({ zh: '逾期', dueAtMs: nowMs + 1 });
    const done = await work.task({ zh: '办完', dueAtMs: nowMs + 2 });
    const over = await work.task({ zh: '作废', dueAtMs: nowMs + 3 });
    await work.task({ zh: '来得及' });
    await work.moves(done.id, 'done');
    await work.moves(over.id, 'drop', { words: '重复' });
    await work.town.clock.advance(60_000);
    expect(await found({ list: 'overdue' })).toEqual(['逾期']);
    expect(await found({ list: 'waiting' })).toEqual(['办完']);
    expect(await found({ list: 'open' })).toEqual(['来得及']);
    expect(await found({ list: 'closed' })).toEqual(['作废']);
    expect((await list({ list: 'overdue' })).counts).toMatchObject({ total: 1, overdue: 1 });
    // To the millisecond: what is due now is in time.
    await work.task({ zh: '正到期', dueAtMs: work.town.clock.now() });
    expect([await found({ list: 'overdue' }), await found({ list: 'open' })]).toEqual([['逾期'], ['正到期', '来得及']]);
    expect(late.state).toBe('open');
  });

  it('lists go by village, owner, alert and text, with signs taken as they are, and no further than the scope', async () => {
    const alertId = await work.town.raised([VILLAGE]);
    await work.task({ zh: '查 100% 的沟', alertId });
    await work.task({ zh: '看河_道', gridCode: GROUP_B });
    await work.task({ zh: '别村', gridCode: OTHER_VILLAGE });
    expect((await found({ grid: GROUP_B })).length).toBe(1);
    expect(await found({ owner: 'm-1' })).toEqual(['查 100% 的沟']);
    expect(await found({ owner: TOWNSHIP_OFFICER })).toEqual(['看河_道', '别村']);
    expect(await found({ owner: 'none' })).toEqual([]);
    expect((await list({ owner: TOWNSHIP_OFFICER })).counts).toMatchObject({ total: 2, open: 2, unowned: 0 });
    expect(await found({ alert: 'none' })).toEqual(['看河_道', '别村']);
    expect(await found({ alertId })).toEqual(['查 100% 的沟']);
    expect(await found({ text: '100%' })).toEqual(['查 100% 的沟']);
    expect(await found({ text: '_道' })).toEqual(['看河_道']);
    expect(await found({ text: '演示成员M-1' })).toEqual(['查 100% 的沟']);
    expect(await found({ text: '二组' })).toEqual(['看河_道']);
    for (const text of ['%', '_', '\\', "' or 1=1 --"]) expect(await found({ text })).toHaveLength(['%', '_'].includes(text) ? 1 : 0);
    expect(await found({ text: '别村' }, 'village')).toEqual([]);
  });

  it('owners are real people of the place, who has a post first, and officers who answer for it; nobody beyond one’s scope', async () => {
    await work.town.member('m-2', [GROUP_B]);
    await work.holder('m-3', VILLAGE, 'grid-worker');
    await work.holder('m-4', COUNTY, 'militia');
    await work.holder('m-5', OTHER_VILLAGE, 'militia');
    await work.holder('m-6', GROUP_A, 'militia', false);
    const { members, officers } = await owners(GROUP_A);
    expect(members.map(({ id, post }) => [id, post])).toEqual([
      ['m-1', 'hazard-monitor'],
      ['m-3', 'grid-worker'],
      ['m-4', 'militia'],
      ['m-2', null],
    ]);
    expect(officers.map(({ id }) => id)).toEqual([TOWNSHIP_OFFICER]);
    expect((await owners(GROUP_A, 'M-3')).members.map(({ id }) => id)).toEqual(['m-3']);
    expect((await owners(GROUP_A, '', 'village')).members.map(({ id }) => id)).toEqual(['m-1', 'm-3', 'm-2']);
    expect((await owners(GROUP_A, '', 'other')).code).toBe('out-of-scope');
    expect(JSON.stringify(await owners(GROUP_A))).not.toContain('1380000');
  });

  it('a finding of an alert is real work of no alert, found again from it, also when it was a drill that is over', async () => {
    const drill = await work.town.raised([VILLAGE], 'drill');
    await work.town.over(drill, 'ended');
    const made = await give({ gridCode: GROUP_A, title: '喇叭对面听不清', words: '换方向', findingOf: drill, memberId: 'm-1' });
    expect(made).toMatchObject({ mode: 'live', alertId: null, source: 'finding', sourceId: drill, owner: { memberId: 'm-1' } });
    await give({ gridCode: GROUP_A, title: '别的事' });
    expect(await found({ findingOf: drill })).toEqual(['喇叭对面听不清']);
    await work.town.clock.advance(2 * HOUR_MS);
    await work.looks(await work.read(made.id));
    expect(await work.told('task.overdue')).toHaveLength(1);
    expect((await work.town.events('task.created')).map(({ data }) => data['source'])).toEqual(['finding', 'officer']);
    expect(await give({ gridCode: OTHER_VILLAGE, title: '不是他看的', findingOf: drill }, 'other')).toMatchObject({ code: 'out-of-scope' });
    expect(await give({ gridCode: GROUP_A, title: '没有这次', findingOf: 'none' })).toMatchObject({ code: 'not-found' });
  });

  it('an officer reminds now: the owner is told by his next channel, the reminder counts, and it is one line of the timeline', async () => {
    const task = await work.task();
    expect(await work.moves(task.id, 'remind', { version: 1 })).toMatchObject({ status: 200, reminders: 1, state: 'open' });
    expect((await work.town.events('task.reminded')).map(({ who, data }) => [who, data])).toEqual([
      ['officer:o-village', { kind: 'inspect-point', reminder: 1, channel: expect.stringMatching(/sms|voice/) }],
    ]);
    expect((await work.messages()).filter(({ state }) => state === 'queued')).toHaveLength(1);
    expect(await work.moves(task.id, 'remind', { version: 1 })).toMatchObject({ code: 'changed-meanwhile' });
    await work.moves(task.id, 'reassign', { officerId: TOWNSHIP_OFFICER });
    await work.moves(task.id, 'remind');
    expect((await work.town.events('task.reminded')).at(-1)!.data).toMatchObject({ channel: null });
    await work.moves(task.id, 'done');
    expect(await work.moves(task.id, 'remind')).toMatchObject({ status: 409, code: 'transition-refused' });
    expect(await work.moves(task.id, 'remind', {}, 'other')).toMatchObject({ status: 403 });
    expect(await work.told('task.reminded')).toHaveLength(2);
  });
});
