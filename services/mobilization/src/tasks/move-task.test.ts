// Chapter 5, tasks: each move by who may make it, once, and in the timeline.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskTown, TOWNSHIP_OFFICER } from './task-town.test-kit.ts';
import { GROUP_A, OTHER_VILLAGE, VILLAGE } from '../town.test-kit.ts';

const HOUR_MS = 3_600_000;

describe('a task is moved', () => {
  let work: TaskTown;
  beforeEach(async () => {
    work = await TaskTown.found();
    await work.holder('m-1', GROUP_A, 'hazard-monitor');
  });
  afterEach(() => work.town.app.close());

  it('by its owner with his link, and signed off by an officer', async () => {
    const task = await work.task();
    const link = work.link(task);
    expect((await work.sees(link)).page).toContain('巡查');
    expect(await work.presses(link, { move: 'take' })).toBe(303);
    expect(await work.presses(link, { move: 'done', words: '裂缝没有变宽' })).toBe(303);
    expect(await work.moves(task.id, 'sign-off')).toMatchObject({
      status: 200,
      state: 'signed-off',
      doneBy: 'member:m-1',
      doneWords: '裂缝没有变宽',
      signedOffBy: 'officer:o-village',
    });
    expect(await work.told()).toEqual(['task.created', 'task.taken', 'task.done', 'task.signed-off']);
    expect(await work.messages()).toMatchObject([{ memberId: 'm-1', purpose: 'task', subjectId: `${task.id}-1`, state: 'unneeded' }]);
    const row = await work.read(task.id);
    expect(JSON.stringify(row)).not.toContain('裂缝');
  });

  it('pressed twice is done once, and the page shows how it stands', async () => {
    const link = work.link(await work.task());
    expect([await work.presses(link, { move: 'take' }), await work.presses(link, { move: 'take' })]).toEqual([303, 303]);
    expect((await work.sees(link)).page).toContain('已接');
    expect(await work.told('task.taken')).toHaveLength(1);
    expect(await work.presses(link, { move: 'sign-off' })).toBe(400);
    expect(await work.presses(link, { move: 'drop' })).toBe(400);
  });

  it('two sign-offs at once are one', async () => {
    const task = await work.task();
    await work.moves(task.id, 'done');
    const both = await Promise.all([work.moves(task.id, 'sign-off', {}, 'county'), work.moves(task.id, 'sign-off', {}, 'admin')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await work.told('task.signed-off')).toHaveLength(1);
  });

  it('not by who did it, not by who said it is done, and not before it is done', async () => {
    const task = await work.task();
    expect(await work.moves(task.id, 'sign-off')).toMatchObject({ status: 409, code: 'transition-refused' });
    await work.moves(task.id, 'done', { words: '电话里说的' });
    expect(await work.moves(task.id, 'sign-off')).toMatchObject({ status: 409, code: 'same-officer' });
    expect(await work.moves(task.id, 'sign-off', {}, 'county')).toMatchObject({ status: 200 });
    const own = await work.task();
    await work.moves(own.id, 'reassign', { officerId: TOWNSHIP_OFFICER });
    expect((await work.read(own.id)).ownerOfficerId).toBe(TOWNSHIP_OFFICER);
  });

  it('done late only with a reason, on the page as over HTTP', async () => {
    const [a, b] = [await work.task(), await work.task()];
    await work.town.clock.advance(2 * HOUR_MS);
    expect(await work.moves(a.id, 'done', { lateReason: '  ' })).toMatchObject({ status: 400, code: 'bad-input' });
    expect(await work.moves(a.id, 'done', { lateReason: '路断了' })).toMatchObject({ status: 200, lateReason: '路断了' });
    expect((await work.sees(work.link(b))).page).toContain('为什么逾期');
    expect(await work.presses(work.link(b), { move: 'done' })).toBe(400);
    expect(await work.presses(work.link(b), { move: 'done', lateReason: '塌方' })).toBe(303);
    expect((await work.town.events('task.done')).map(({ data }) => data['late'])).toEqual([true, true]);
  });

  it('not to a member of another place: for this officer there is nobody of that id', async () => {
    await work.holder('m-far', OTHER_VILLAGE, 'militia');
    const task = await work.task();
    expect(await work.moves(task.id, 'reassign', { memberId: 'm-far' }, 'village')).toMatchObject({ status: 400, code: 'bad-input' });
    expect(await work.moves(task.id, 'reassign', { memberId: 'm-far' }, 'county')).toMatchObject({ status: 200, owner: { memberId: 'm-far' } });
  });

  it('to somebody else: the former owner’s link opens nothing, the new one is told', async () => {
    await work.holder('m-2', VILLAGE, 'militia');
    const task = await work.task();
    const former = work.link(task);
    expect(await work.moves(task.id, 'reassign', { memberId: 'm-2' })).toMatchObject({ status: 200, owner: { memberId: 'm-2' }, state: 'open' });
    expect([(await work.sees(former)).status, await work.presses(former, { move: 'take' })]).toEqual([404, 404]);
    expect(await work.presses(work.link(await work.read(task.id)), { move: 'take' })).toBe(303);
    expect((await work.messages()).map(({ memberId, state }) => [memberId, state])).toEqual([
      ['m-1', 'unneeded'],
      ['m-2', 'queued'],
    ]);
    expect((await work.sees(`${work.link(task).slice(0, -1)}x`)).status).toBe(404);
  });

  it.each([
    ['reassign', {}],
    ['reassign', { memberId: 'm-1', officerId: TOWNSHIP_OFFICER }],
    ['reassign', { memberId: 'm-nobody' }],
    ['reassign', { officerId: 'o-nobody' }],
    ['extend', {}],
    ['extend', { dueAt: 'tomorrow' }],
    ['extend', { dueAt: '2020-01-01T00:00:00+08:00' }],
    ['drop', {}],
    ['drop', { words: '\u200b \u3000' }],
    ['send-back', { words: '还没清' }],
    ['take', { version: 7 }],
    ['done', { words: '好'.repeat(501) }],
  ])('%s with %j is refused with a reason and changes nothing', async (move, body) => {
    const task = await work.task();
    const answer = await work.moves(task.id, move, body);
    expect([400, 409, 422]).toContain(answer.status);
    expect(String(answer['detail']).length).toBeGreaterThan(10);
    expect(await work.read(task.id)).toEqual(task);
  });

  it('extended, sent back and dropped, each with its line', async () => {
    const task = await work.task();
    const dueAt = new Date(task.dueAtMs + HOUR_MS).toISOString();
    expect(await work.moves(task.id, 'extend', { dueAt, version: 1 })).toMatchObject({ status: 200, version: 2 });
    await work.moves(task.id, 'done');
    expect(await work.moves(task.id, 'send-back', { words: '照片里还有石头' })).toMatchObject({
      status: 200,
      state: 'open',
      doneBy: null,
      words: '照片里还有石头',
    });
    expect(await work.moves(task.id, 'drop', { words: '重复' })).toMatchObject({ status: 200, state: 'dropped', dropReason: '重复' });
    expect(await work.moves(task.id, 'take')).toMatchObject({ code: 'transition-refused' });
    expect(await work.told()).toEqual(['task.created', 'task.extended', 'task.done', 'task.sent-back', 'task.dropped']);
  });

  it('nowhere outside the officer’s scope', async () => {
    const task = await work.task({ gridCode: OTHER_VILLAGE });
    for (const move of ['take', 'done', 'sign-off']) expect(await work.moves(task.id, move)).toMatchObject({ status: 403, code: 'out-of-scope' });
    expect(await work.read(task.id)).toEqual(task);
    expect(await work.moves('nobody', 'take')).toMatchObject({ status: 404 });
  });

  it('given out by hand to who is named, or to whose work it is', async () => {
    const give = (body: object) =>
      work.town.app.inject({ method: 'POST', url: '/api/v1/tasks', ...work.town.as('village'), payload: body }).then((a) => a.json());
    const finding = { kind: 'finding', gridCode: GROUP_A, title: '修水沟', dueAt: new Date(work.town.clock.now() + HOUR_MS).toISOString() };
    expect(await give(finding)).toMatchObject({ state: 'open', source: 'officer', owner: { officerId: TOWNSHIP_OFFICER } });
    expect(await give({ ...finding, memberId: 'm-1' })).toMatchObject({ owner: { memberId: 'm-1' } });
    expect(await give({ ...finding, gridCode: OTHER_VILLAGE })).toMatchObject({ code: 'out-of-scope' });
    expect(await give({ ...finding, gridCode: `${VILLAGE}99` })).toMatchObject({ code: 'unknown-code' });
    expect(await give({ ...finding, dueAt: '2001-01-01T00:00:00Z' })).toMatchObject({ code: 'bad-time' });
  });
});
