// Chapter 5, roll-call: the figures add up, page by page and group by group, and only inside the scope.
import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { any } from '@laba/storage/database';
import { COUNTY, GROUP_A, GROUP_B, OTHER_VILLAGE, Town, VILLAGE, type OFFICERS } from '../town.test-kit.ts';

interface Sums {
  complete: boolean;
  households: { total: number; accounted: number };
  persons: { total: number; frozen: number; found: number; accounted: number; byStatus: Record<string, number> };
  places: { total: number; open: number; expected: number; counted: number };
}
interface Household {
  householdId: string | null;
  gridCode: string;
  doorplate: string | null;
  headName: string | null;
  version: number;
  persons: { personId: string; name: string | null; status: string; words: string | null }[];
}
interface Answer extends Sums {
  groups: (Sums & { code: string; name: string; markedAtMs: number | null })[];
  list: Household[];
  next: string | null;
  code?: string;
}

describe('reading the roll-call', () => {
  let town: Town;
  let alertId: string;
  beforeEach(async () => {
    town = await Town.found();
    await town.household('h1', GROUP_A, ['p1', 'p2', 'p3']);
    await town.household('h2', GROUP_B, ['p4']);
    await town.household('h3', OTHER_VILLAGE, ['p5', 'p6']);
    await town.household('h4', GROUP_B, []);
    await town.place('pl1', GROUP_A, 6);
    await town.place('pl2', OTHER_VILLAGE, 2);
    alertId = await town.raised([COUNTY]);
    await town.freeze(alertId, [COUNTY]);
  });

  const ask = async <T = Answer>(path = '', by: keyof typeof OFFICERS = 'county') => {
    const response = await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/rollcall${path}`, ...town.as(by) });
    return response.json<T>();
  };
  const post = async (path: string, payload: Record<string, unknown>) => {
    const response = await town.app.inject({ method: 'POST', url: `/api/v1/alerts/${alertId}/rollcall/${path}`, ...town.as('county'), payload });
    expect(response.statusCode, response.body).toBeLessThan(300);
    return response.json<Record<string, unknown>>();
  };
  const mark = (personId: string, status: string, version = 1, more = {}) =>
    post(`persons/${personId}/mark`, { status, means: 'face-to-face', version, ...more });
  const addUp = ({ persons }: Sums) => {
    expect(Object.values(persons.byStatus).reduce((sum, one) => sum + one, 0)).toBe(persons.total);
    expect(persons.frozen + persons.found).toBe(persons.total);
    const { unreached = 0, missing = 0, returned = 0 } = persons.byStatus;
    expect(persons.total - persons.accounted).toBe(unreached + missing + returned);
  };

  it('says how many of how many households and persons are accounted for, as marks come in', async () => {
    const before = await ask();
    expect(before).toMatchObject({
      complete: false,
      households: { total: 4, accounted: 0 },
      persons: { total: 7, frozen: 7, found: 0, accounted: 0, byStatus: { unreached: 7 } },
      places: { total: 2, open: 2, expected: 8, counted: 0 },
    });
    await post('households/h1/mark', { status: 'moved', means: 'by-list', version: 3 });
    await mark('p5', 'needs-help');
    await mark('p6', 'missing');
    await post('found', { name: '演示游客', gridCode: GROUP_B, status: 'safe', means: 'radio' });
    await post('places/pl2/count', { counted: 2, means: 'telephone', version: 1 });
    const after = await ask();
    await post('places/pl1/count', { counted: 6, means: 'telephone', version: 1 });
    expect(await ask()).toMatchObject({ complete: false, places: { open: 0 } });
    expect(after).toMatchObject({
      complete: false,
      households: { total: 4, accounted: 1 },
      persons: { total: 8, frozen: 7, found: 1, accounted: 5, byStatus: { unreached: 2, moved: 3, safe: 1, 'needs-help': 1, missing: 1 } },
      places: { total: 2, open: 1, expected: 8, counted: 2 },
    });
    expect(before.groups.map(({ markedAtMs }) => markedAtMs)).toEqual([null, null, null]);
    expect(after.groups.map(({ markedAtMs }) => markedAtMs)).toEqual([town.clock.now(), town.clock.now(), town.clock.now()]);
    for (const sums of [before, after, ...before.groups, ...after.groups]) addUp(sums);
  });

  it('is complete when everybody is accounted for, and its groups add up to the whole', async () => {
    for (const personId of ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'head:h4']) await mark(personId, personId === 'p4' ? 'refused' : 'moved');
    expect(await ask()).toMatchObject({ complete: false, households: { total: 4, accounted: 4 }, persons: { total: 7, accounted: 7 } });
    await post('places/pl1/count', { counted: 6, means: 'telephone', version: 1 });
    await post('places/pl2/count', { counted: 3, means: 'telephone', version: 1 });
    const answer = await ask();
    expect(answer).toMatchObject({ complete: true, households: { total: 4, accounted: 4 }, persons: { total: 7, accounted: 7 } });
    expect(answer.groups.map(({ code, name, complete, persons }) => [code, name, complete, persons.total])).toEqual([
      [GROUP_A, '一组', true, 3],
      [GROUP_B, '二组', true, 2],
      [OTHER_VILLAGE, '演示二村', true, 2],
    ]);
    expect((await town.events('rollcall.completed')).length).toBe(1);
  });

  it('gives the totals alone to who asks for nobody’s name', async () => {
    await mark('p5', 'moved');
    const { list, ...rest } = await ask();
    expect(list.length).toBeGreaterThan(0);
    expect(await ask('?totals=true')).toEqual({ ...rest, list: [] });
  });

  it('lists households with doorplate, names, words and the version that a mark has to name', async () => {
    await mark('p2', 'away', 1, { words: '在县城' });
    const found = await post('found', { name: '演示游客', gridCode: GROUP_A, status: 'injured', means: 'radio' });
    const { list } = await ask(`?group=${GROUP_A}`);
    expect(list.toSorted((a, b) => Number(a.householdId === null) - Number(b.householdId === null))).toMatchObject([
      {
        householdId: 'h1',
        doorplate: '门牌h1',
        headName: '演示户主h1',
        version: 4,
        persons: [
          { personId: 'p1', name: '演示人p1', status: 'unreached', words: null },
          { personId: 'p2', name: '演示人p2', status: 'away', words: '在县城' },
          { personId: 'p3', name: '演示人p3' },
        ],
      },
      { householdId: null, doorplate: null, persons: [{ personId: found['personId'], name: '演示游客', status: 'injured' }] },
    ]);
    const head = (await ask(`?group=${GROUP_B}`)).list.find(({ householdId }) => householdId === 'h4')!;
    expect(head.persons).toMatchObject([{ personId: 'head:h4', name: '演示户主h4' }]);
  });

  it('lists only households with somebody of one status, and one household by itself with who said what of whom', async () => {
    await mark('p2', 'missing');
    await mark('p4', 'refused');
    const ids = async (only: string) => (await ask(`?only=${only}`)).list.map(({ householdId }) => householdId);
    expect(await ids('missing')).toEqual(['h1']);
    expect(await ids('refused')).toEqual(['h2']);
    expect(await ids('open')).toEqual(['h1', 'h4', 'h3']);
    expect(await ids('dead')).toEqual([]);
    expect(await ask('?only=flown')).toMatchObject({ code: 'bad-input' });
    const { household } = await ask<{ household: unknown }>('/households/h1');
    const none = { status: 'unreached', markedByName: null };
    expect(household).toMatchObject({ version: 4, needs: [], persons: [none, { status: 'missing', markedBy: 'officer:o-county', needs: [] }, none] });
    const found = await post('found', { name: '演示游客', gridCode: GROUP_A, status: 'safe', means: 'radio' });
    expect(await ask<unknown>(`/households/${String(found['personId'])}`)).toMatchObject({ household: { householdId: null, persons: [{ name: '演示游客' }] } });
    expect((await ask('/households/h1', 'other')).code).toBe('not-found');
    expect((await ask('/households/h99')).code).toBe('not-found');
  });

  it('shows a village its own part, and nothing to who has no part', async () => {
    const own = await ask('', 'village');
    expect(own).toMatchObject({ households: { total: 3 }, persons: { total: 5 }, places: { total: 1 } });
    expect(JSON.stringify(own)).not.toMatch(/p5|p6|h3/);
    const small = await town.raised([VILLAGE]);
    const refused = await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${small}/rollcall`, ...town.as('other') });
    expect(refused.json<Answer>().code).toBe('out-of-scope');
    expect((await ask(`?group=${GROUP_A}`, 'other')).code).toBe('out-of-scope');
    expect((await ask<{ code: string }>(`/places?group=${GROUP_A}`, 'other')).code).toBe('out-of-scope');
  });

  it('lists the places with what was expected and counted', async () => {
    await post('places/pl1/count', { counted: 5, means: 'telephone', version: 1 });
    const { places } = await ask<{ places: unknown[] }>('/places');
    expect(places).toMatchObject([
      { placeId: 'pl1', name: '演示客栈pl1', kind: 'guesthouse', contactName: '演示店主', expected: 6, counted: 5, version: 2 },
      { placeId: 'pl2', expected: 2, counted: null, version: 1 },
    ]);
  });

  it('comes page by page, each household once and whole, with the same totals on every page', async () => {
    const more = LIMITS.rowsPerPage + 7;
    for (let i = 0; i < more; i++) await town.household(`x${i}`, i % 2 === 0 ? GROUP_A : GROUP_B, [`x${i}-1`, `x${i}-2`]);
    await town.freeze(alertId, [COUNTY], 2);
    const seen: Household[] = [];
    let after = '';
    for (;;) {
      const page = await ask(after === '' ? '' : `?after=${encodeURIComponent(after)}`);
      expect(page.persons.total).toBe(7 + 2 * more);
      seen.push(...page.list);
      if (page.next === null) break;
      after = page.next;
    }
    expect(seen).toHaveLength(4 + more);
    expect(new Set(seen.map(({ householdId }) => householdId)).size).toBe(4 + more);
    expect(seen.reduce((sum, { persons }) => sum + persons.length, 0)).toBe(7 + 2 * more);
  });

  it('refuses a page mark that is none of its own, by name', async () => {
    for (const path of ['?after=', '?after=h1', `?after=${GROUP_A}~`, '/places?after=x~pl1', '?unconfirmed=perhaps'])
      expect(await ask<{ code: string }>(path), path).toMatchObject({ code: 'bad-input' });
    const calls = await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${alertId}/calls?after=nonsense`, ...town.as('county') });
    expect(calls.json()).toMatchObject({ code: 'bad-input', field: 'after' });
  });

  it('says nobody is listed where nothing was frozen, which is not complete', async () => {
    const test = await town.raised([VILLAGE], 'test');
    const response = await town.app.inject({ method: 'GET', url: `/api/v1/alerts/${test}/rollcall`, ...town.as('county') });
    expect(response.json()).toMatchObject({ complete: false, persons: { total: 0 }, list: [], groups: [], next: null });
  });

  it('of one group names where its people may go: its own muster points, its village’s, and none of another village', async () => {
    const point = (id: string, gridCode: string) => ({ id, gridCode, name: `演示${id}`, capacity: 10 });
    const points = [point('mp-a', GROUP_A), point('mp-b', GROUP_B), point('mp-other', OTHER_VILLAGE), point('mp-village', VILLAGE)];
    await town.deps.db.atomically([any((q, t) => q.insert(t.musterPoint).values(points).returning({ id: t.musterPoint.id }))]);
    const ids = async (path: string) => (await ask<{ points: { id: string }[] }>(path)).points.map(({ id }) => id);
    expect(await ids(`/muster-points?group=${GROUP_A}`)).toEqual(['mp-village', 'mp-a']);
    expect(await ids('/muster-points')).toEqual(expect.arrayContaining(['mp-village', 'mp-a', 'mp-b', 'mp-other']));
  });
});
