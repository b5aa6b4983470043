// Chapter 6, shift log (值班日志): a night handed over: what happened wrote itself down, what was open was signed for by the next officer, and stays.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NowView } from '@laba/domain/now-view';
import type { ShiftLogView, ShiftsView, ShiftView } from '@laba/domain/shift-view';
import type { TimelineView } from '@laba/domain/measures-view';
import type { TaskOwnersView, TasksView, TaskView } from '@laba/domain/task-view';
import { DASUO, UPPER, VILLAGE, type Username } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';

const SHIFTS = '/api/v1/shifts';

describe('a night handed over', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  const api = async (username: Username = 'duty1') => (await town.officer(username)).api;
  const settled = async <T>(asked: Promise<T>): Promise<T> => {
    const answer = await asked;
    await town.clock.settle();
    return answer;
  };
  const post = async <T = ShiftView>(username: Username, path: string, body: object = {}) => settled((await api(username)).post<T>(`${SHIFTS}${path}`, body));
  const read = async (id: string, username: Username = 'duty1') => (await api(username)).get<ShiftView>(`${SHIFTS}/${id}`);
  const log = async (id: string, username: Username = 'duty1') =>
    (await (await api(username)).get<ShiftLogView>(`${SHIFTS}/${id}/log`)).events.toReversed().map(({ type }) => type);
  const now = async (username: Username = 'duty1') => (await api(username)).get<NowView>('/api/v1/now');
  const signs = async (username: Username) => settled((await town.officer(username)).signIn(PASSWORD));
  const refused = async (asked: Promise<unknown>) =>
    (
      (await asked.then(
        () => ({ code: 'taken' }),
        (error: unknown) => error,
      )) as { code: string }
    ).code;

  it('the log has what happened in its order, the hand-over has what was open, and the next officer signs for it', async () => {
    const duty = await town.officer('duty1');
    const { id } = await post('duty1', '');
    const report = await duty.writesDown('debris-flow', DASUO, '沟里水变浑');
    const alert = await duty.orders({ at: [VILLAGE], intervalSeconds: 600, minutes: 600 });
    await town.eventually('the village is asked and has its work', async () => {
      const { counts } = await (await api()).get<{ counts: { total: number } }>(`/api/v1/alerts/${alert}/ladders`);
      return counts.total > 0 && (await (await api()).get<TasksView>(`/api/v1/tasks?alertId=${alert}`)).counts.total > 0;
    });
    await post('duty1', `/${id}/remarks`, { words: '电话里说水位到桥面' });
    await town.site('upper-1').loseLine();
    if ((await town.toldOf('site.silent')).length === 0) await town.clock.pass('95 s');
    await town.clock.pass('2 h');
    const { version } = await read(id);
    const offered = await post('duty1', `/${id}/hand-over`, { version, words: '上组断网，每小时派人去一次' });
    const seen = await now();
    const counts = offered.offered!.counts;
    expect(counts).toMatchObject({ alert: 1, report: 1, site: seen.sites.silent.length, ladder: seen.ladders.overdue.length, task: seen.tasks.overdue });
    expect(counts.site).toBeGreaterThan(0);
    expect(counts.task).toBeGreaterThan(0);
    expect(counts.ladder).toBeGreaterThan(0);
    const named = (kind: string) => offered.offered!.items.filter((item) => item.kind === kind).map(({ key }) => key);
    expect([named('alert'), named('report')]).toEqual([[alert], [report.id]]);
    expect((await now('duty2')).shifts).toMatchObject([{ id, state: 'offered', officerName: '演示值班员甲' }]);
    await town.clock.pass('20 min');
    expect((await now('duty2')).shifts).toMatchObject([{ id, ageMs: 20 * 60_000 }]);
    // His session is hours old: whoever sits at an open desk signs nothing.
    await api('duty2');
    await town.clock.pass('3 min');
    const take = (body: object = {}) => post('duty2', `/${id}/take-over`, { version: offered.version, words: '已看板', ...body });
    expect(await refused(take())).toBe('signature-needed');
    await signs('duty2');
    const next = await take();
    expect(next).toMatchObject({ number: 2, state: 'running', officerName: '演示值班员乙' });
    expect((await now()).shifts).toEqual([]);
    const over = await read(id);
    expect(over).toMatchObject({ state: 'over', officerName: '演示值班员甲', offeredBy: '演示值班员甲', takenOverBy: '演示值班员乙', altered: false });
    const types = await log(id);
    const story = ['shift.begun', 'report.received', 'alert.raised', 'shift.remarked', 'site.silent', 'shift.offered'];
    expect(types.filter((type) => story.includes(type)).filter((type, at, all) => type !== 'site.silent' || all.indexOf(type) === at)).toEqual(story);
    for (const noise of ['delivery.sent', 'ladder.opened', 'ladder.asked', 'message.sent', 'task.created', 'task.overdue']) expect(types).not.toContain(noise);
    // The night goes on; what was signed does not.
    await (await town.officer('duty2')).ends(alert);
    expect(await read(id)).toEqual(over);
    expect(await log(id)).toEqual(types);
    expect((await log(next.id)).slice(0, 1)).toEqual(['shift.taken-over']);
    expect(await log(next.id)).toContain('alert.ended');
    const page = (await (await api()).download(`${SHIFTS}/${id}/print`)).toString();
    for (const words of ['上组断网，每小时派人去一次', '电话里说水位到桥面', '演示值班员乙', over.seal!]) expect(page).toContain(words);
    expect((await town.toldOf('shift.taken-over')).map(({ subjectId, data }) => [subjectId, data['next'], data['seal']])).toEqual([[id, next.id, over.seal]]);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('stands as it was after the house has died, and a remark that was acknowledged is not lost', async () => {
    const { id } = await post('duty1', '');
    await post('duty1', `/${id}/remarks`, { words: '第一句' });
    await town.restartHouse();
    await signs('duty1');
    const { remarks, version } = await read(id);
    expect(remarks.map(({ words }) => words)).toEqual(['第一句']);
    await post('duty1', `/${id}/hand-over`, { version });
    await town.restartHouse();
    await signs('duty2');
    expect((await now('duty2')).shifts).toMatchObject([{ id, state: 'offered' }]);
    expect(await post('duty2', `/${id}/take-over`, { version: (await read(id, 'duty2')).version })).toMatchObject({ number: 2 });
  });

  it('of two who take over at once one does; nobody takes over from himself, or at a post that is not his', async () => {
    const { id } = await post('duty1', '');
    const { version } = await read(id);
    const words = '接';
    expect(await refused(post('duty1', `/${id}/take-over`, { version, words }))).toBe('same-officer');
    expect(await refused(post('cadre1', `/${id}/take-over`, { version, words }))).toBe('out-of-scope');
    expect(await refused(post('cadre1', `/${id}/remarks`, { words }))).toBe('out-of-scope');
    await api('duty2');
    const both = await Promise.all([
      refused(post('duty2', `/${id}/take-over`, { version, words })),
      refused(post('admin', `/${id}/take-over`, { version, words })),
    ]);
    expect(both.filter((code) => code === 'taken')).toHaveLength(1);
    expect((await (await api()).get<ShiftsView>(SHIFTS)).own.current).toMatchObject({ number: 2 });
    expect(await town.toldOf('shift.taken-over')).toHaveLength(1);
    const village = await post('cadre1', '');
    expect(await read(village.id)).toMatchObject({ number: 1, officerName: '演示村干部' });
    expect(await refused(read(village.id, 'cadre2'))).toBe('out-of-scope');
    expect(await refused(post('duty1', `/${village.id}/remarks`, { words }))).toBe('out-of-scope');
  });

  it('what an after-action finds becomes work with an owner: reminded by hand, done, signed off by another, with its whole history', async () => {
    const duty = await town.officer('duty1');
    const drill = await duty.orders({ at: [UPPER], mode: 'drill', says: '演练。请到活动室集合。' });
    await duty.ends(drill);
    const found = { kind: 'finding', gridCode: UPPER, title: '上组听不清', words: '喇叭换方向', findingOf: drill, memberId: 'm-dao' };
    const dueAt = new Date(town.clock.now() + 3_600_000).toISOString();
    const { id } = await settled((await api()).post<TaskView>('/api/v1/tasks', { ...found, dueAt }));
    const shift = await post('duty1', '');
    const moves = async (username: Username, move: string) => settled((await api(username)).post<TaskView>(`/api/v1/tasks/${id}/${move}`, {}));
    await town.phone('m-dao').receives('整改事项');
    await moves('duty1', 'remind');
    await moves('duty1', 'done');
    expect(await refused(moves('duty1', 'sign-off'))).toBe('same-officer');
    await moves('cadre1', 'sign-off');
    const { tasks } = await (await api()).get<TasksView>(`/api/v1/tasks?findingOf=${drill}`);
    expect(tasks).toMatchObject([{ id, mode: 'live', alertId: null, source: 'finding', state: 'signed-off' }]);
    const desk = await api();
    const asked = async (query: string) => (await desk.get<TasksView>(`/api/v1/tasks?${query}`)).tasks.map((task) => task.id);
    expect(await asked(`list=closed&text=${encodeURIComponent('听不清')}&owner=m-dao&alert=none&grid=${UPPER}`)).toEqual([id]);
    expect(await asked(`text=${encodeURIComponent('%')}`)).toEqual([]);
    const owners = await desk.get<TaskOwnersView>(`/api/v1/task-owners?grid=${UPPER}&name=${encodeURIComponent('演示丁')}`);
    expect(owners.members.map((one) => [one.id, one.post])).toEqual([['m-dao', 'forest-ranger']]);
    const { events } = await (await api('cadre1')).get<TimelineView>(`/api/v1/tasks/${id}/timeline`);
    expect(events.map(({ type, whoName }) => [type, whoName])).toEqual([
      ['task.created', '演示值班员甲'],
      ['task.reminded', '演示值班员甲'],
      ['task.done', '演示值班员甲'],
      ['task.signed-off', '演示村干部'],
    ]);
    expect((await log(shift.id)).filter((type) => type.startsWith('task.'))).toEqual(['task.reminded', 'task.done', 'task.signed-off']);
    expect(await refused((await api('cadre2')).get(`/api/v1/tasks/${id}/timeline`))).toBe('out-of-scope');
    expect(await refused((await api()).get(`/api/v1/tasks/${drill}/timeline`))).toBe('not-found');
    expect(await town.brokenPromises()).toEqual([]);
  });
});
