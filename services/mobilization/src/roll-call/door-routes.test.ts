// Chapter 5, roll-call: every door has a helper, another one when he cannot, and a helper marks behind his own doors only.
import { beforeEach, describe, expect, it } from 'vitest';
import { and, eq } from 'drizzle-orm';
import type { Answer as Said } from '@laba/domain/member';
import { any } from '@laba/storage/database';
import { memberToken } from '../call-out/member-link.ts';
import { ownDoors } from './own-doors.ts';
import { COUNTY, GROUP_A, GROUP_B, OTHER_VILLAGE, Town, type OFFICERS } from '../town.test-kit.ts';

interface Doors {
  groups: { code: string; doors: number; open: number; alone: number }[];
  helpers: { memberId: string; doors: number; open: number; minutes: number }[];
  doors: { householdId: string; memberId: string | null; reason: string; isOpen: boolean; why: { zh: string } }[];
  next: string | null;
  code?: string;
}

describe('doors and their helpers', () => {
  let town: Town;
  let alertId: string;
  beforeEach(async () => {
    town = await Town.found();
    for (const id of ['m1', 'm2']) await town.member(id, [GROUP_A]);
    await town.member('m3', [OTHER_VILLAGE]);
    await town.household('h1', GROUP_A, ['p1', 'p2']);
    await town.household('h2', GROUP_A, ['p3']);
    await town.household('h3', GROUP_B, ['p4']);
    await town.household('h4', OTHER_VILLAGE, []);
    alertId = await town.raised([COUNTY]);
    await town.callMembers(alertId, [COUNTY]);
    await town.freeze(alertId, [COUNTY]);
  });

  const assign = (type: 'rollcall.frozen' | 'call.answered' = 'rollcall.frozen') => town.react('mobilization.assign-doors', type, alertId, {});
  const callOf = async (memberId: string) => (await town.calls()).find((call) => call.memberId === memberId)!;
  const says = async (memberId: string, answer: Said) => {
    const { id } = await callOf(memberId);
    await town.app.inject({ method: 'POST', url: `/api/v1/calls/${id}/answer`, payload: { answer, token: memberToken(town.deps.vault, id) } });
  };
  const doors = async (query = '', by: keyof typeof OFFICERS = 'county') =>
    (await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/rollcall/doors${query}`, ...town.as(by) })).json<Doors>();
  const phone = async (memberId: string, path: string, payload?: Record<string, unknown>, headers: Record<string, string> = {}) => {
    const token = memberToken(town.deps.vault, (await callOf(memberId)).id);
    const response = await town.app.inject({
      method: payload === undefined ? 'GET' : 'POST',
      url: `/m/${token}/rollcall${path}`,
      headers,
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: response.statusCode, body: response.json<Record<string, unknown> & { code?: string }>() };
  };
  const whoGoes = async () => Object.fromEntries((await doors()).doors.map(({ householdId, memberId, reason }) => [householdId, [memberId, reason]]));

  it('gives each household somebody of its group, else of its village, and says why, once', async () => {
    await assign();
    await assign();
    const goes = await whoGoes();
    expect(Object.keys(goes)).toEqual(['h1', 'h2', 'h3', 'h4']);
    expect(new Set([goes['h1']![0], goes['h2']![0]])).toEqual(new Set(['m1', 'm2']));
    expect([goes['h3']![1], goes['h4']]).toEqual(['same-village', ['m3', 'same-group']]);
    expect((await town.events('door.assigned')).map(({ data }) => data)).toEqual([{ doors: 4, helpers: 3, alone: 0 }]);
    expect((await doors()).doors[0]!.why.zh).toContain('同小组');
  });

  it('an officer says who goes, takes a door back, and his word stands until who he named falls away', async () => {
    await assign();
    const give = async (householdId: string, memberId: unknown, by: keyof typeof OFFICERS = 'village') => {
      const url = `/api/v1/alerts/${alertId}/rollcall/doors/${householdId}/helper`;
      const response = await town.app.inject({ method: 'POST', url, ...town.as(by), payload: { memberId } });
      return response.json<{ code?: string; memberId?: string | null }>();
    };
    const other = (await whoGoes())['h1']![0] === 'm1' ? 'm2' : 'm1';
    expect(await give('h1', other)).toMatchObject({ memberId: other, why: { zh: '值班员指定' } });
    expect(await give('h1', other)).toMatchObject({ memberId: other });
    expect((await town.events('door.given')).map(({ subjectId, data }) => [subjectId, data])).toEqual([['h1', { memberId: other }]]);
    expect((await phone(other, '')).body['doors']).toMatchObject(expect.arrayContaining([expect.objectContaining({ householdId: 'h1', reason: 'by-hand' })]));
    expect(await give('h2', null)).toMatchObject({ memberId: null });
    await assign();
    expect((await whoGoes())['h2']).toEqual([null, 'by-hand']);
    // From another village, after the door that he has: he was called, and an officer knows whom he sends.
    expect(await give('h2', 'm3')).toMatchObject({ memberId: 'm3', minutes: 7 });
    await says('m3', 'cannot');
    await assign('call.answered');
    expect((await whoGoes())['h2']![1]).toBe('same-group');
    for (const [householdId, memberId, by, code] of [
      ['h1', 'm3', 'village', 'bad-input'],
      ['h1', 'nobody', 'village', 'bad-input'],
      ['h1', 7, 'village', 'bad-input'],
      ['nothing', 'm1', 'village', 'not-found'],
      ['h1', null, 'other', 'out-of-scope'],
    ] as const)
      expect((await give(householdId, memberId, by)).code).toBe(code);
    await town.over(alertId, 'ended');
    expect((await give('h1', null)).code).toBe('transition-refused');
  });

  it('a helper who cannot come is replaced behind every door where somebody is to be found, and nowhere else', async () => {
    await assign();
    const [first, second] = (await whoGoes())['h1']![0] === 'm1' ? ['h1', 'h2'] : ['h2', 'h1'];
    await phone('m1', `/households/${first}/mark`, { status: 'moved', version: first === 'h1' ? 2 : 1 });
    await says('m1', 'cannot');
    await says('m2', 'coming');
    await assign('call.answered');
    const goes = await whoGoes();
    expect(goes[first]![0]).toBe('m1');
    expect(goes[second]![0]).toBe('m2');
    await says('m2', 'cannot');
    await assign('call.answered');
    expect((await whoGoes())[second]).toEqual([null, 'nobody']);
    expect((await doors()).groups).toMatchObject([
      { code: GROUP_A, doors: 2, open: 1, alone: 1 },
      { code: GROUP_B, alone: 1 },
      { code: OTHER_VILLAGE, alone: 0 },
    ]);
    await assign('call.answered');
    expect((await town.events('door.assigned')).length).toBe(3);
  });

  it('who has not answered to the last step is replaced at the next look, and the looking ends with the alert', async () => {
    await assign();
    await town.deps.db.atomically([any((q, t) => q.update(t.call).set({ reason: 'no-answer' }).where(eq(t.call.memberId, 'm1')).returning({ id: t.call.id }))]);
    expect(await assign()).toEqual({ againAtMs: town.clock.now() + 300_000 });
    const goes = await whoGoes();
    expect([goes['h1']![0], goes['h2']![0]]).toEqual(['m2', 'm2']);
    await town.over(alertId, 'ended');
    expect(await assign()).toEqual({});
  });

  it('only a refusal wakes the assignment; a member who comes makes no work', async () => {
    await says('m1', 'coming');
    await says('m2', 'cannot');
    const jobs = await town.deps.db.read((q, t) =>
      q
        .select({ who: t.event.who })
        .from(t.job)
        .innerJoin(t.event, eq(t.event.id, t.job.eventId))
        .where(and(eq(t.job.consumer, 'mobilization.assign-doors'), eq(t.event.type, 'call.answered'))),
    );
    expect(jobs).toEqual([{ who: 'member:m2' }]);
  });

  it('shows an officer his own part, page marks and helpers among it', async () => {
    await assign();
    const own = await doors('', 'other');
    expect([own.doors.map(({ householdId }) => householdId), own.helpers.map(({ memberId }) => memberId)]).toEqual([['h4'], ['m3']]);
    expect((await doors(`?group=${GROUP_A}`, 'other')).code).toBe('out-of-scope');
    expect((await doors('?helper=m3')).doors.map(({ householdId }) => householdId)).toEqual(['h4']);
    expect((await doors('?after=x')).code).toBe('bad-input');
  });

  it('a helper sees only his own doors, and who lives there', async () => {
    await assign();
    const { body } = await phone('m3', '');
    expect(body).toMatchObject({
      round: 1,
      doors: [{ householdId: 'h4', headName: '演示户主h4', isOpen: true, persons: [{ personId: 'head:h4', status: 'unreached' }] }],
    });
    expect(JSON.stringify(body)).not.toMatch(/演示户主h[123]|演示人/);
    expect(await ownDoors(town.deps.db, 'nobody')).toEqual({ round: 1, doors: [] });
  });

  it('a helper marks behind his own doors, with his name, his page and the time; a foreign door is refused by name', async () => {
    await assign();
    expect((await phone('m3', '/persons/head:h4/mark', { status: 'moved', version: 1 })).status).toBe(200);
    const [row] = (await town.listed()).filter(({ personId }) => personId === 'head:h4');
    expect(row).toMatchObject({ status: 'moved', means: 'page', markedBy: 'member:m3', markedAtMs: town.clock.now() });
    for (const path of ['/persons/p1/mark', '/households/h1/mark'])
      expect((await phone('m3', path, { status: 'moved', version: 1 })).body.code, path).toBe('out-of-scope');
    expect((await phone('m3', '/persons/nobody/mark', { status: 'moved', version: 1 })).body.code).toBe('not-found');
    expect((await phone('m3', '/found', { id: 'from-the-phone', name: '演示徒步者', gridCode: GROUP_A, status: 'safe' })).body.code).toBe('out-of-scope');
    expect((await town.app.inject({ method: 'GET', url: '/m/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/rollcall' })).statusCode).toBe(404);
  });

  it('what arrives twice, also from another address or in other order, counts once', async () => {
    await assign();
    const found = { id: 'made-by-the-phone', name: '演示徒步者', gridCode: OTHER_VILLAGE, status: 'safe' };
    const answers = await Promise.all([phone('m3', '/found', found), phone('m3', '/found', found), phone('m3', '/found', found, { 'idempotency-key': 'k1' })]);
    expect(new Set(answers.map(({ body }) => body['personId'])).size).toBe(1);
    expect((await town.events('person.found')).length).toBe(1);
    await phone('m3', '/persons/head:h4/mark', { status: 'moved', version: 1 });
    await phone('m3', '/persons/head:h4/mark', { status: 'moved', version: 1 }, { 'idempotency-key': 'k2' });
    expect((await town.events('person.marked')).length).toBe(1);
    // An officer saw him go back; the phone's older word comes once more.
    await town.app.inject({
      method: 'POST',
      url: `/api/v1/alerts/${alertId}/rollcall/persons/head:h4/mark`,
      ...town.as('other'),
      payload: { status: 'returned', means: 'radio', version: 2 },
    });
    expect((await phone('m3', '/persons/head:h4/mark', { status: 'moved', version: 1 })).body).toMatchObject({
      code: 'changed-meanwhile',
      status: 409,
      markedByName: 'officer:o-other',
    });
  });

  it('a word that was kept offline belongs to the round in which it was said', async () => {
    await assign();
    await town.clock.advance(2 * 3_600_000);
    await town.react('mobilization.recount', 'alert.raised', alertId, { revision: 1, mode: 'live', areaCodes: [COUNTY] });
    expect((await phone('m3', '/persons/head:h4/mark', { status: 'moved', round: 1, version: 1 })).body).toMatchObject({ round: 1, version: 2 });
    expect((await phone('m3', '')).body).toMatchObject({ round: 2, doors: [{ isOpen: true }] });
    expect((await phone('m3', '/persons/head:h4/mark', { status: 'moved', round: 2, version: 2 })).body).toMatchObject({ round: 2 });
    expect((await phone('m3', '')).body).toMatchObject({ doors: [{ isOpen: false }] });
  });

  it('two processes at the same moment give each door one helper', async () => {
    await Promise.allSettled([assign(), assign(), assign()]);
    await assign();
    const rows = await town.deps.db.read((q, t) => q.select().from(t.doorAssignment));
    expect(rows.map(({ version }) => version)).toEqual([1, 1, 1, 1]);
    expect((await town.events('door.assigned')).length).toBe(1);
  });

  it('assigns nobody for an alert that is over', async () => {
    await town.over(alertId, 'ended');
    expect(await assign()).toEqual({});
    expect((await doors()).doors).toEqual([]);
  });
});
