// What officers read and write of rounds: figures that add up, lists, rounds heard by telephone, rooms and their township, and nobody beyond his ground.
import { beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, roleMay } from '@laba/domain/officer';
import { any } from '@laba/storage/database';
import { GROUP_A, OFFICERS, OTHER_VILLAGE, VILLAGE } from '../town.test-kit.ts';
import { DAY, HOUR, RoundTown } from './rounds.test-kit.ts';

/** 1 July, 10 in the morning of the county. */
const TEN = Date.UTC(2026, 6, 1, 2, 0);

interface Row {
  subjectId: string;
  name: string;
  walker: string | null;
  last: { result: string; means: string; reportId: string | null } | null;
  dueAtMs: number | null;
  missed: number;
  room: { lacking: string[]; waitsSinceMs: number | null; mendByMs: number | null; checkId: string } | null;
}

describe('rounds as officers have them', () => {
  let rounds: RoundTown;
  beforeEach(async () => {
    rounds = await RoundTown.found(TEN);
  });

  const list = async (kind: string, officer: keyof typeof OFFICERS = 'county') =>
    (await rounds.get(`/list?kind=${kind}`, officer))['rounds'] as unknown as Row[];
  const done = async (subjectId: string, body: object, officer: keyof typeof OFFICERS = 'county') =>
    rounds.post(`/${(await rounds.plan(subjectId)).id}/done`, { means: 'telephone', ...body }, officer);
  const dones = async () => (await rounds.town.events('round.done')).map(({ subjectId, who, data }) => `${subjectId} ${who} ${String(data['result'])}`);

  it('count what is due, kept, missed and open, in all and by village, and it adds up', async () => {
    await done('p-1', { result: 'calm' });
    await rounds.pass(3);
    const view = (await rounds.get('')) as unknown as {
      villages: { gridCode: string; patrol: object }[];
      total: Record<string, object>;
      watched: object;
      items: unknown[];
    };
    expect(view.villages.map(({ gridCode, patrol }) => [gridCode, patrol])).toEqual([
      [VILLAGE, { due: 2, kept: 1, missed: 0, open: 1 }],
      [OTHER_VILLAGE, { due: 2, kept: 0, missed: 1, open: 1 }],
    ]);
    expect(view.total).toEqual({
      patrol: { due: 4, kept: 1, missed: 1, open: 2 },
      visit: { due: 1, kept: 0, missed: 0, open: 1 },
      room: { due: 1, kept: 0, missed: 0, open: 1 },
    });
    expect([view.watched, view.items.length]).toEqual([{ patrol: 2, visit: 1, room: 1 }, 12]);
  });

  it('are listed with the last one, the next deadline and what was missed', async () => {
    await done('p-1', { result: 'calm', doneAtMs: TEN - HOUR });
    await rounds.pass(3);
    expect(await list('patrol')).toMatchObject([
      { subjectId: 'p-1', name: '演示隐患点p-1', walker: '演示成员m-1', last: { result: 'calm', means: 'telephone' }, dueAtMs: TEN + 10 * HOUR, missed: 0 },
      { subjectId: 'p-2', walker: '演示监测员', last: null, dueAtMs: TEN + 10 * HOUR, missed: 1 },
    ]);
    expect(await list('visit')).toMatchObject([{ subjectId: 'h-1', name: '门牌h-1', walker: '演示成员m-1', dueAtMs: Date.UTC(2026, 6, 31, 16) }]);
    expect(JSON.stringify(await list('visit'))).not.toMatch(/演示户主|1380/);
  });

  it('come in pages that miss nothing and repeat nothing, as a table too, in which nothing becomes a formula', async () => {
    const points = Array.from({ length: 450 }, (_, n) => ({
      id: `x-${n}`,
      gridCode: GROUP_A,
      name: n === 0 ? '=1+1' : `点${n}`,
      hazard: 'flood' as const,
      patrolName: '人',
    }));
    await rounds.deps.db.atomically([any((q, t) => q.insert(t.hazardPoint).values(points).returning({ id: t.hazardPoint.id }))]);
    await rounds.planned();
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page = (await rounds.get(`/list?kind=patrol${next === '' ? '' : `&after=${next}`}`)) as unknown as { rounds: Row[]; next: string | null };
      seen.push(...page.rounds.map(({ subjectId }) => subjectId));
      next = page.next;
    }
    expect([seen.length, new Set(seen).size]).toEqual([452, 452]);
    const csv = await rounds.town.app.inject({ url: '/api/v1/rounds/list.csv?kind=patrol&lang=en', ...rounds.town.as('county') });
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body.split('\r\n')).toHaveLength(3 + 452 + 1);
    expect(csv.body).toContain(`,'=1+1,`);
    expect(csv.body).not.toContain(',=1+1');
  });

  it('are written down by an officer who heard of them; what was seen or is needed becomes a report', async () => {
    expect(await done('p-1', { result: 'wrong', words: '有裂缝' })).toMatchObject({ status: 201, last: { result: 'wrong' } });
    expect(await done('h-1', { result: 'need', words: '没有药了' })).toMatchObject({ status: 201, last: { result: 'need' } });
    expect(await dones()).toEqual(['p-1 officer:o-county wrong', 'h-1 officer:o-county need']);
    const jobs = (await rounds.jobs()).filter(({ consumer }) => consumer === 'intake.take-round');
    expect(jobs).toHaveLength(2);
    expect(JSON.stringify(await rounds.town.events())).not.toMatch(/裂缝|药/);
    await done('p-2', { result: 'calm' });
    expect((await rounds.jobs()).filter(({ consumer }) => consumer === 'intake.take-round')).toHaveLength(2);
  });

  it('leave a visit due when nobody was met', async () => {
    expect(await done('h-1', { result: 'not-met' })).toMatchObject({ status: 201, last: { result: 'not-met' } });
    const view = (await rounds.get('')) as unknown as { total: { visit: object } };
    expect(view.total.visit).toEqual({ due: 1, kept: 0, missed: 0, open: 1 });
  });

  it.each([
    ['p-1', { result: 'met' }, 'result'],
    ['h-1', { result: 'need' }, 'words'],
    ['h-1', { result: 'calm' }, 'result'],
    ['p-1', { result: 'confirmed' }, 'result'],
    ['p-1', { result: 'calm', doneAtMs: TEN + 1 }, 'doneAtMs'],
    ['p-1', { result: 'calm', doneAtMs: TEN - 8 * DAY }, 'doneAtMs'],
    ['p-1', { result: 'calm', lacking: [] }, 'lacking'],
    ['s-1', { result: 'complete' }, 'lacking'],
    ['s-1', { result: 'lacking', lacking: ['throne'] }, 'lacking'],
  ])('refuse of %s what says nothing: %j', async (subjectId, body, field) => {
    expect(await done(subjectId, body)).toMatchObject({ status: 400, code: 'bad-input', field });
    expect(await dones()).toEqual([]);
  });

  it('of a room: checked by the village, looked at by somebody else above it, and what is missing becomes a task with a deadline', async () => {
    const confirm = async (body: object, officer: keyof typeof OFFICERS = 'county') => rounds.post(`/${(await rounds.plan('s-1')).id}/confirm`, body, officer);
    expect(await done('s-1', { result: 'lacking', lacking: ['power', 'flag'], means: 'on-site' }, 'village')).toMatchObject({ status: 201 });
    const [room] = await list('room');
    expect(room).toMatchObject({ last: { result: 'lacking' }, room: { lacking: ['power', 'flag'], waitsSinceMs: TEN, mendByMs: null } });
    const { checkId } = room!.room!;
    expect(await confirm({ checkId: 'another', lacking: [] })).toMatchObject({ status: 404 });
    expect(await confirm({ checkId, lacking: ['throne'] })).toMatchObject({ code: 'bad-input', field: 'lacking' });
    expect(await confirm({ checkId, lacking: ['power'], mendByMs: TEN - 1 })).toMatchObject({ code: 'bad-input', field: 'mendByMs' });
    expect(await confirm({ checkId, lacking: ['power'] })).toMatchObject({
      status: 201,
      room: { lacking: ['power'], waitsSinceMs: null, mendByMs: TEN + 30 * DAY },
    });
    expect(await confirm({ checkId, lacking: ['power'] })).toMatchObject({ code: 'already-done' });
    const tasks = await rounds.deps.db.read((q, t) => q.select().from(t.task));
    expect(tasks).toMatchObject([
      { kind: 'room-lacks', source: 'room', sourceId: 's-1', gridCode: VILLAGE, zh: '活动室补齐缺项：有电和备用电源', dueAtMs: TEN + 30 * DAY },
    ]);
    expect((await rounds.town.events('room.checked')).map(({ who, data }) => [who, data['stage'], data['lacking'], data['taskId']])).toEqual([
      ['officer:o-village', 'village', ['power', 'flag'], undefined],
      ['officer:o-county', 'township', ['power'], tasks[0]!.id],
    ]);
  });

  it('of a room: who wrote the check down does not confirm it, an older check is not confirmed, and a room has one open task', async () => {
    const confirm = async (checkId: string, officer: keyof typeof OFFICERS = 'county') =>
      rounds.post(`/${(await rounds.plan('s-1')).id}/confirm`, { checkId, lacking: ['flag'] }, officer);
    const check = async (officer: keyof typeof OFFICERS) => {
      rounds.town.clock.set(rounds.town.clock.now() + HOUR);
      await done('s-1', { result: 'lacking', lacking: ['flag'] }, officer);
      return (await list('room'))[0]!.room!.checkId;
    };
    const first = await check('county');
    expect(await confirm(first)).toMatchObject({ code: 'same-officer' });
    const second = await check('village');
    expect(await confirm(first, 'admin')).toMatchObject({ code: 'changed-meanwhile' });
    expect(await confirm(second, 'admin')).toMatchObject({ status: 201 });
    const third = await check('village');
    expect(await confirm(third, 'admin')).toMatchObject({ status: 201 });
    expect(await rounds.deps.db.read((q, t) => q.select().from(t.task))).toHaveLength(1);
  });

  it('give out a monitor’s link and telephone to whoever may see all that is his, and void a link that is in wrong hands', async () => {
    const { id } = await rounds.plan('p-1');
    const own = await rounds.get(`/${id}/contact`, 'village');
    expect(own).toMatchObject({ status: 200, walker: '演示成员m-1', phone: '13800000001' });
    const link = String(own['link']);
    expect((await rounds.town.app.inject(link)).statusCode).toBe(200);
    const renewed = await rounds.post(`/${id}/new-link`, {}, 'village');
    expect(renewed.status).toBe(201);
    expect(renewed['link']).not.toBe(link);
    expect((await rounds.town.app.inject(link)).statusCode).not.toBe(200);
    expect((await rounds.town.app.inject(String(renewed['link']))).statusCode).toBe(200);
    expect((await rounds.town.events('link.revoked')).map(({ who }) => who)).toEqual(['officer:o-village']);
    const room = await rounds.plan('s-1');
    expect(await rounds.get(`/${room.id}/contact`)).toMatchObject({ status: 200, phone: null, link: null });
    expect(await rounds.post(`/${room.id}/new-link`, {})).toMatchObject({ status: 404 });
  });

  it('are refused on every route to who is not signed in, who has no such right, and who asks for another’s ground', async () => {
    const { id } = await rounds.plan('p-1');
    const room = await rounds.plan('s-1');
    const reads = ['', `/list?kind=patrol`, `/list.csv?kind=patrol`];
    const writes = [
      [`/${id}/done`, { result: 'calm', means: 'telephone' }],
      [`/${id}/new-link`, {}],
      [`/${room.id}/done`, { result: 'complete', means: 'on-site', lacking: [] }],
    ] as const;
    for (const url of [...reads, `/${id}/contact`]) expect([url, (await rounds.town.app.inject(`/api/v1/rounds${url}`)).statusCode]).toEqual([url, 401]);
    for (const url of reads) {
      const foreign = await rounds.town.app.inject({ url: `/api/v1/rounds${url}${url.includes('?') ? '&' : '?'}grid=${VILLAGE}`, ...rounds.town.as('other') });
      expect([url, foreign.statusCode, foreign.json().code]).toEqual([url, 403, 'out-of-scope']);
    }
    expect(await rounds.get(`/${id}/contact`, 'other')).toMatchObject({ status: 403, code: 'out-of-scope' });
    for (const [url, body] of writes) expect(await rounds.post(url, body, 'other')).toMatchObject({ status: 403, code: 'out-of-scope' });
    expect(await rounds.post(`/${room.id}/confirm`, { checkId: 'x', lacking: [] }, 'village')).toMatchObject({ status: 403, code: 'role-refused' });
    expect(await dones()).toEqual([]);
    expect((await list('patrol', 'other')).map(({ subjectId }) => subjectId)).toEqual(['p-2']);
    expect(((await rounds.get('', 'other')) as unknown as { villages: { gridCode: string }[] }).villages.map(({ gridCode }) => gridCode)).toEqual([
      OTHER_VILLAGE,
    ]);
    expect(await rounds.get('/list?kind=visit', 'other')).toMatchObject({ rounds: [] });
  });

  it('are for these roles: a village checks and writes down, its township confirms, a prefecture sees nothing', () => {
    const who = (action: (typeof ACTIONS)[number]) =>
      (['prefecture-officer', 'county-admin', 'county-officer', 'township-officer', 'village-cadre'] as const).filter((role) => roleMay(role, action));
    expect(who('round.read')).toEqual(['county-admin', 'county-officer', 'township-officer', 'village-cadre']);
    expect(who('round.write')).toEqual(['county-admin', 'county-officer', 'township-officer', 'village-cadre']);
    expect(who('round.check')).toEqual(['county-admin', 'county-officer', 'township-officer']);
  });
});
