// Chapter 5, safety: seats by hand, the commander at the scene, pairs and withdrawals, and the alarms when nobody is heard of.
import { beforeEach, describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import { findCall } from '../call-out/call-store.ts';
import { memberToken } from '../call-out/member-link.ts';
import { ownSection } from './own-section.ts';
import { answers, minutes, mustered, populated, seats, skilled, work } from './sections.test-kit.ts';
import { COUNTY, GROUP_A, GROUP_B, OFFICERS, Town, VILLAGE } from '../town.test-kit.ts';

let town: Town;
let alertId: string;

beforeEach(async () => {
  town = await Town.found();
  await populated(town, GROUP_A, 3);
  await populated(town, GROUP_B, 3);
  for (const id of ['m1', 'm2', 'm3', 'm4']) await skilled(town, id, [GROUP_A]);
  await skilled(town, 'n1', [GROUP_B]);
  alertId = await mustered(town, [VILLAGE]);
  for (const id of ['m1', 'm2', 'm3', 'm4']) await answers(town, alertId, id, 'arrived');
  await work(town);
});

const post = (url: string, payload: object, officer: keyof typeof OFFICERS = 'county') =>
  town.app.inject({ method: 'POST', url: `/api/v1${url}`, ...town.as(officer), payload });
const link = (memberId: string) => `/m/${memberToken(town.deps.vault, `${alertId}-${{ m1: 1, m2: 2, m3: 3, m4: 4, n1: 5 }[memberId]}`)}`;
const say = (memberId: string, payload: object) => town.app.inject({ method: 'POST', url: `${link(memberId)}/safety`, payload });
const read = async (officer: keyof typeof OFFICERS = 'county') =>
  (await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/sections`, ...town.as(officer) })).json();
const own = async (number: string) => ownSection(town.deps.db, (await findCall(town.deps.db, `${alertId}-${number}`))!.call);
const codeOf = (response: { json(): { code?: string } }) => response.json().code;
const told = async (type: Parameters<Town['events']>[0]) => (await town.events(type)).map(({ data }) => data);
const safetyMessages = async () => {
  const rows = await town.deps.db.read((q, t) => q.select().from(t.message).orderBy(t.message.subjectId, t.message.step));
  return rows
    .filter(({ purpose }) => purpose === 'safety')
    .map(({ memberId, facts, urgent }) => `${memberId} ${String(facts['what'])}${urgent ? ' urgent' : ''}`);
};

describe('seats by hand', () => {
  it('an officer moves and frees with a reason; the next is chosen, and whom he freed is not', async () => {
    expect(await seats(town, alertId)).toEqual(['m1: warning', 'm2: evacuation', 'm3: evacuation']);
    const moved = await post(`/alerts/${alertId}/sections/assign`, { memberId: 'm3', gridCode: GROUP_B, section: 'warning', reason: '那边没人' });
    expect(moved.json()).toMatchObject({ memberId: 'm3', section: 'warning', words: '那边没人', reasons: [{ code: 'by-hand' }] });
    expect(await seats(town, alertId)).toEqual(['m1: warning', 'm2: evacuation', 'm3: warning', 'm4: evacuation']);
    await post(`/alerts/${alertId}/sections/free`, { memberId: 'm1', reason: '受伤' });
    await work(town);
    expect(await seats(town, alertId)).toEqual(['m2: evacuation', 'm3: warning', 'm4: evacuation']);
    expect(await told('section.freed')).toEqual([
      { section: 'evacuation', why: 'moved' },
      { section: 'warning', why: 'officer' },
    ]);
  });

  it('not outside his scope, not somebody who does not come, not into a group that is none, not with a reason left out', async () => {
    const assign = (change: object, officer: keyof typeof OFFICERS = 'county') =>
      post(`/alerts/${alertId}/sections/assign`, { memberId: 'm4', gridCode: GROUP_B, section: 'rescue', reason: '需要', ...change }, officer);
    expect(codeOf(await assign({}, 'other'))).toBe('out-of-scope');
    expect(codeOf(await assign({ memberId: 'n1' }))).toBe('bad-input');
    expect(codeOf(await assign({ memberId: 'nobody' }))).toBe('not-found');
    expect(codeOf(await assign({ gridCode: COUNTY }))).toBe('not-found');
    expect(codeOf(await assign({ section: 'fireworks' }))).toBe('bad-input');
    expect(codeOf(await assign({ reason: ' ' }))).toBe('bad-input');
    expect((await read('village')).have).toBe(3);
    expect((await read('other')).code).toBe('out-of-scope');
    await town.over(alertId, 'ended');
    expect(codeOf(await assign({}))).toBe('transition-refused');
  });
});

describe('what somebody else changed meanwhile', () => {
  const seen = (path: string, body: object, version: number) =>
    town.app.inject({
      method: 'POST',
      url: `/api/v1${path}`,
      payload: body,
      cookies: town.as('county').cookies,
      headers: { ...town.as('county').headers, 'if-match': `"${version}"` },
    });
  const seatOf = async (memberId: string) =>
    (await read()).groups
      .flatMap((group: { seats: { memberId: string; version: number }[] }) => group.seats)
      .find((seat: { memberId: string }) => seat.memberId === memberId);

  beforeEach(async () => {
    await town.deps.db.atomically([
      any((q, t) =>
        q
          .insert(t.officer)
          .values({ ...OFFICERS.county, scopes: [COUNTY] })
          .returning({ id: t.officer.id }),
      ),
    ]);
  });

  it('is not written over: a place, and who was named; it says who was first, when, and how it stands', async () => {
    const { version } = await seatOf('m3');
    const assign = (section: string, seenVersion: number) =>
      seen(`/alerts/${alertId}/sections/assign`, { memberId: 'm3', gridCode: GROUP_B, section, reason: '那边没人' }, seenVersion);
    expect((await assign('warning', version)).statusCode).toBe(200);
    const late = await assign('rescue', version);
    expect([late.statusCode, late.json()]).toMatchObject([
      409,
      { code: 'changed-meanwhile', changedByName: '演示值班员甲', section: 'warning', seatState: 'held', gridName: '二组', changedAtMs: town.clock.now() },
    ]);
    expect((await seen(`/alerts/${alertId}/sections/free`, { memberId: 'm3', reason: '受伤' }, version)).json().code).toBe('changed-meanwhile');
    expect(await seatOf('m3')).toMatchObject({ section: 'warning', decidedByName: '演示值班员甲', version: late.json().version });
    expect((await assign('rescue', late.json().version)).statusCode).toBe(200);
    const name = (memberId: string, number: number) => seen(`/alerts/${alertId}/commanders`, { gridCode: GROUP_A, memberId, acknowledged: true }, number);
    expect((await name('m1', 0)).statusCode).toBe(201);
    expect((await name('m2', 0)).json()).toMatchObject({ code: 'changed-meanwhile', changedByName: '演示值班员甲', commanderName: '演示成员m1', version: 1 });
    expect((await name('m2', 1)).statusCode).toBe(201);
    expect((await read()).commanders).toMatchObject([
      { memberId: 'm1', leads: false },
      { memberId: 'm2', namedByName: '演示值班员甲', leads: true },
    ]);
    expect((await seen(`/alerts/${alertId}/sections/free`, { memberId: 'm1', reason: '受伤' }, Number.NaN)).json().code).toBe('bad-input');
  });

  it('tells who sent whom out, and by when they are heard of', async () => {
    await post(`/alerts/${alertId}/pairs`, { memberIds: ['m1', 'm2'], words: '查看上沟' });
    expect((await read()).watches).toMatchObject([{ orderedByName: '演示值班员甲', heardByName: null, words: '查看上沟' }]);
    expect((await read()).minutes).toEqual({ checkIn: 20, back: 15 });
  });
});

describe('the commander at the scene', () => {
  it('leads until the next one says yes, by his page or to an officer', async () => {
    const name = (memberId: string, acknowledged = false) => post(`/alerts/${alertId}/commanders`, { gridCode: GROUP_A, memberId, acknowledged });
    expect((await name('m1', true)).statusCode).toBe(201);
    expect((await name('m2')).json()).toMatchObject({ number: 2, acknowledgedAt: null });
    const leading = async () => (await read()).commanders.filter((one: { leads: boolean }) => one.leads).map((one: { memberId: string }) => one.memberId);
    expect(await leading()).toEqual(['m1']);
    expect((await own('2')).asked).toEqual([{ gridCode: GROUP_A, gridName: '一组' }]);
    expect(codeOf(await say('m3', { say: 'command', gridCode: GROUP_A }))).toBe('not-found');
    expect((await say('m2', { say: 'command', gridCode: GROUP_A })).statusCode).toBe(200);
    expect(await leading()).toEqual(['m2']);
    expect((await own('2')).commander).toEqual({ name: '演示成员m2', isMe: true, gridCode: GROUP_A });
    expect(await told('commander.named')).toEqual([
      { number: 1, acknowledged: true },
      { number: 2, acknowledged: false },
    ]);
    expect(await told('commander.acknowledged')).toEqual([{ number: 2 }]);
  });

  it('is nobody who has not answered, cannot come, or was not called; nor outside the alert', async () => {
    const name = (given: object) => post(`/alerts/${alertId}/commanders`, { gridCode: GROUP_A, memberId: 'm1', ...given });
    expect(codeOf(await name({ memberId: 'n1' }))).toBe('bad-input');
    expect(codeOf(await name({ memberId: 'nobody' }))).toBe('bad-input');
    await answers(town, alertId, 'm4', 'cannot');
    expect(codeOf(await name({ memberId: 'm4', acknowledged: true }))).toBe('bad-input');
    expect(codeOf(await name({ gridCode: '533324999' }))).toBe('bad-input');
  });
});

describe('who is out', () => {
  const send = (memberIds: string[]) => post(`/alerts/${alertId}/pairs`, { memberIds, words: '查看上沟' });

  it('of two whom he leads: whoever commands one group sends nobody of another, and is not told who is there', async () => {
    await post(`/alerts/${alertId}/commanders`, { gridCode: GROUP_A, memberId: 'm1', acknowledged: true });
    const sends = async (...memberIds: string[]) => codeOf(await say('m1', { say: 'send-pair', memberIds }));
    expect(await sends('m2', 'n1')).toBe('role-refused');
    await answers(town, alertId, 'n1', 'arrived');
    for (const pair of [
      ['m2', 'n1'],
      ['n1', 'm2'],
    ])
      expect(await sends(...pair)).toBe('role-refused');
    expect(await told('pair.sent')).toEqual([]);
    expect(await sends('m2', 'm3')).toBeUndefined();
  });

  it('goes in twos, is there, and is in one pair at a time', async () => {
    expect(codeOf(await send(['m1']))).toBe('bad-input');
    expect(codeOf(await send(['m1', 'm1']))).toBe('bad-input');
    expect(codeOf(await send(['m1', 'n1']))).toBe('bad-input');
    expect(codeOf(await send(['m1', 'm2', 'm3']))).toBe('bad-input');
    const both = await Promise.all([send(['m1', 'm2']), send(['m2', 'm3'])]);
    expect(both.map(({ statusCode }) => statusCode).toSorted()).toEqual([201, 409]);
    expect(await town.events('pair.sent')).toHaveLength(1);
  });

  it('is heard of in time, or it alarms, to the pair and to who leads, until somebody is heard of', async () => {
    await post(`/alerts/${alertId}/commanders`, { gridCode: GROUP_A, memberId: 'm3', acknowledged: true });
    const { id } = (await send(['m1', 'm2'])).json();
    await town.clock.advance(minutes(19));
    await work(town);
    expect((await say('m1', { say: 'safe' })).statusCode).toBe(200);
    await town.clock.advance(minutes(19));
    await work(town);
    expect(await told('pair.overdue')).toEqual([]);
    await town.clock.advance(minutes(1));
    await work(town, 'twice');
    expect(await told('pair.overdue')).toEqual([{ alarm: 1, members: ['m1', 'm2'] }]);
    expect(await safetyMessages()).toEqual(['m1 sent-out urgent', 'm1 missed urgent', 'm2 sent-out urgent', 'm2 missed urgent', 'm3 missed-pair urgent']);
    expect((await read()).watches).toMatchObject([{ id, kind: 'pair', overdue: true, alarms: 1 }]);
    await town.over(alertId, 'ended');
    await town.clock.advance(minutes(5));
    await work(town);
    expect(await told('pair.overdue')).toHaveLength(2);
    expect((await post(`/pairs/${id}/check-in`, { means: 'radio' })).statusCode).toBe(200);
    await town.clock.advance(minutes(10));
    await work(town);
    expect(await told('pair.overdue')).toHaveLength(2);
    expect((await say('m1', { say: 'back' })).statusCode).toBe(200);
    await town.clock.advance(minutes(30));
    await work(town);
    expect((await told('pair.overdue')).at(-1)).toMatchObject({ members: ['m2'] });
    await post(`/alerts/${alertId}/back`, { memberId: 'm2', means: 'face-to-face' });
    expect((await told('member.back')).map((data) => data['last'])).toEqual([false, true]);
    expect(codeOf(await post(`/pairs/${id}/check-in`, { means: 'radio' }))).toBe('transition-refused');
    const before = (await told('pair.overdue')).length;
    await town.clock.advance(minutes(60));
    await work(town);
    expect(await told('pair.overdue')).toHaveLength(before);
  });

  it('says so by the buttons of his plain page, also when the alert is over; what he cannot say any more changes nothing', async () => {
    await send(['m1', 'm2']);
    const press = (memberId: string, payload: object) => town.app.inject({ method: 'POST', url: link(memberId), payload });
    const page = async (memberId: string) => (await town.app.inject({ method: 'GET', url: link(memberId) })).body;
    expect(await page('m1')).toMatch(/您与演示成员m2外出，\d\d:\d\d 前报平安[\s\S]*value="safe"[\s\S]*value="back"/);
    expect(await page('m3')).not.toMatch(/value="(safe|back)"/);
    expect((await press('m1', { safety: 'safe' })).statusCode).toBe(303);
    await town.over(alertId, 'ended');
    expect(await page('m2')).toMatch(/value="back"[\s\S]*险情已解除/);
    for (const memberId of ['m1', 'm2', 'm2', 'm3']) expect((await press(memberId, { safety: 'back' })).statusCode).toBe(303);
    expect((await press('m1', { safety: 'safe' })).statusCode).toBe(303);
    expect([(await told('pair.checked-in')).length, (await told('member.back')).length]).toEqual([1, 2]);
    expect(await page('m2')).not.toContain('value="back"');
    for (const nonsense of [{}, { safety: 'safe', answer: 'arrived' }, { safety: 'command' }]) expect((await press('m1', nonsense)).statusCode).toBe(400);
  });

  it('is as safe as he was when he said so: what waited on his phone for a line does not move the clock from when it came', async () => {
    await send(['m1', 'm2']);
    const sentAtMs = town.clock.now();
    const dueAtMs = async () => (await own('1')).out[0]!.dueAtMs - sentAtMs;
    expect(await dueAtMs()).toBe(minutes(20));
    await town.clock.advance(minutes(15));
    await say('m1', { say: 'safe', saidAt: sentAtMs + minutes(5) });
    expect(await dueAtMs()).toBe(minutes(25));
    await say('m2', { say: 'safe', saidAt: sentAtMs + minutes(2) });
    expect(await dueAtMs()).toBe(minutes(25));
    await say('m2', { say: 'safe', saidAt: sentAtMs + minutes(900) });
    expect(await dueAtMs()).toBe(minutes(35));
  });

  it('is called back by who leads; each says that he is back, and who does not is named', async () => {
    await send(['m1', 'm2']);
    expect(codeOf(await say('m3', { say: 'withdraw', gridCode: GROUP_A }))).toBe('role-refused');
    await post(`/alerts/${alertId}/commanders`, { gridCode: GROUP_A, memberId: 'm3', acknowledged: true });
    expect(codeOf(await say('m3', { say: 'withdraw', gridCode: VILLAGE }))).toBe('role-refused');
    expect((await say('m3', { say: 'withdraw', gridCode: GROUP_A })).statusCode).toBe(200);
    expect(await told('withdrawal.ordered')).toEqual([{ people: 3, takenOver: 1 }]);
    expect((await own('1')).out).toMatchObject([{ kind: 'withdrawal' }]);
    await say('m1', { say: 'back' });
    await say('m1', { say: 'back' });
    await say('m3', { say: 'back' });
    await town.clock.advance(minutes(15));
    await work(town);
    expect(await told('withdrawal.overdue')).toEqual([{ alarm: 1, members: ['m2'] }]);
    expect(await told('pair.overdue')).toEqual([]);
    await post(`/alerts/${alertId}/back`, { memberId: 'm2', means: 'face-to-face' });
    await town.clock.advance(minutes(15));
    await work(town);
    expect(await told('withdrawal.overdue')).toHaveLength(1);
    expect(await town.events('member.back')).toHaveLength(3);
    expect((await read()).watches.map((one: { state: string }) => one.state)).toEqual(['withdrawn', 'back']);
  });

  it('cannot be called back where nobody is, nor by an officer from elsewhere', async () => {
    expect(codeOf(await post(`/alerts/${alertId}/withdraw`, { gridCode: GROUP_B }))).toBe('transition-refused');
    expect(codeOf(await post(`/alerts/${alertId}/withdraw`, { gridCode: GROUP_A }, 'other'))).toBe('out-of-scope');
    expect(codeOf(await say('m1', { say: 'safe' }))).toBe('not-found');
    expect(codeOf(await post(`/pairs/nobody/check-in`, { means: 'radio' }))).toBe('not-found');
  });
});
