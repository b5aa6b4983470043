// Chapter 5, roll-call: from the order to "everybody is accounted for", two helpers at once, somebody goes back, strangers among them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACROSS, DASUO, NEIGHBOUR, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

interface RollCall {
  complete: boolean;
  households: { total: number; accounted: number };
  persons: { total: number; found: number; accounted: number; byStatus: Record<string, number> };
  places: { total: number; open: number };
  list: { householdId: string | null; version: number; persons: { personId: string; name: string | null; version: number; status: string }[] }[];
}

describe('the roll-call', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  const api = async (username: 'cadre1' | 'cadre2' | 'duty1') => (await town.officer(username)).api;
  const rollCall = async (alert: string, username: 'cadre1' | 'cadre2' | 'duty1' = 'cadre1') =>
    (await api(username)).get<RollCall>(`/api/v1/alerts/${alert}/rollcall`);
  const mark = async (alert: string, path: string, said: Record<string, unknown>, username: 'cadre1' | 'duty1' = 'cadre1') => {
    const answer = await (await api(username)).post<{ version: number; personId: string }>(`/api/v1/alerts/${alert}/rollcall/${path}`, said);
    await town.clock.settle();
    return answer;
  };
  const frozen = (alert: string, persons: number) =>
    town.eventually(`${persons} people stand on the list`, async () => (await rollCall(alert, 'duty1')).persons.total === persons);
  const turns = async (alert: string) => [
    ...(await town.told(alert, 'rollcall.completed')).map(() => 'completed'),
    ...(await town.told(alert, 'rollcall.reopened')).map(() => 'reopened'),
  ];

  it('the order freezes the list, every mark counts once, the last one completes it', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    await frozen(alert, 3);
    expect(await rollCall(alert)).toMatchObject({
      complete: false,
      households: { total: 2, accounted: 0 },
      persons: { byStatus: { unreached: 3 } },
      places: { open: 1 },
    });
    await mark(alert, 'persons/p-1/mark', { status: 'moved', means: 'face-to-face', version: 1 });
    await mark(alert, 'persons/p-1/mark', { status: 'moved', means: 'telephone', version: 1 });
    await mark(alert, 'places/pl-1/count', { counted: 6, means: 'telephone', version: 1 });
    await mark(alert, 'households/h-2/mark', { status: 'moved', means: 'by-list', version: 2 });
    expect(await rollCall(alert)).toMatchObject({ complete: true, households: { total: 2, accounted: 2 }, persons: { total: 3, accounted: 3 } });
    expect(await town.told(alert, 'person.marked')).toHaveLength(3);
    expect(await turns(alert)).toEqual(['completed']);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('two helpers mark the last two people at the same moment, and completion is told once', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    await frozen(alert, 3);
    await mark(alert, 'persons/p-1/mark', { status: 'moved', means: 'radio', version: 1 });
    await mark(alert, 'places/pl-1/count', { counted: 6, means: 'radio', version: 1 });
    await Promise.all([
      mark(alert, 'persons/p-2/mark', { status: 'moved', means: 'radio', version: 1 }),
      mark(alert, 'persons/p-3/mark', { status: 'away', means: 'telephone', version: 1 }, 'duty1'),
    ]);
    expect(await rollCall(alert)).toMatchObject({ complete: true });
    expect(await turns(alert)).toEqual(['completed']);
  });

  it('somebody goes back for the cattle and is out again; a hiker on no list is found', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    await frozen(alert, 3);
    await mark(alert, 'households/h-1/mark', { status: 'moved', means: 'by-list', version: 1 });
    await mark(alert, 'households/h-2/mark', { status: 'moved', means: 'by-list', version: 2 });
    await mark(alert, 'places/pl-1/count', { counted: 6, means: 'face-to-face', version: 1 });
    const gone = await mark(alert, 'persons/p-2/mark', { status: 'returned', means: 'radio', version: 2 });
    expect(await rollCall(alert)).toMatchObject({ complete: false, households: { accounted: 1 }, persons: { byStatus: { returned: 1 } } });
    await mark(alert, 'persons/p-2/mark', { status: 'moved', means: 'radio', version: gone.version });
    await mark(alert, 'found', { name: '演示徒步者', gridCode: DASUO, status: 'safe', means: 'face-to-face' });
    expect(await rollCall(alert)).toMatchObject({ complete: true, households: { total: 2 }, persons: { total: 4, found: 1, accounted: 4 } });
    expect(await turns(alert)).toEqual(['completed', 'completed', 'reopened']);
  });

  it('a wider order adds the people over there, and their cadre sees only them', async () => {
    const duty = await town.officer('duty1');
    const alert = await duty.orders({ at: [VILLAGE] });
    await frozen(alert, 3);
    await duty.updates(alert, { at: [VILLAGE, NEIGHBOUR] });
    await frozen(alert, 4);
    const theirs = await rollCall(alert, 'cadre2');
    expect(theirs).toMatchObject({ households: { total: 1 }, persons: { total: 1 } });
    expect(theirs.list.map(({ householdId, persons }) => [householdId, persons.map(({ name }) => name)])).toEqual([['h-3', ['演示人四']]]);
    await expect(mark(alert, 'persons/p-4/mark', { status: 'moved', means: 'radio', version: 1 })).rejects.toThrow();
    await expect((await api('cadre1')).get(`/api/v1/alerts/${alert}/rollcall?group=${ACROSS}`)).rejects.toThrow();
  });

  it('after the all-clear people still come back and are marked, and the house may die in between', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    await frozen(alert, 3);
    await mark(alert, 'persons/p-1/mark', { status: 'moved', means: 'radio', version: 1 });
    await cadre.ends(alert);
    await town.restartHouse();
    expect(await rollCall(alert)).toMatchObject({ persons: { total: 3, accounted: 1 } });
    await mark(alert, 'persons/p-2/mark', { status: 'safe', means: 'telephone', version: 1 });
    expect((await town.told(alert, 'person.marked')).map(({ data }) => data['late'] ?? false)).toEqual([false, true]);
  });

  it('a test moves nobody and lists nobody; a drill has a list of its own', async () => {
    const duty = await town.officer('duty1');
    const test = await duty.orders({ at: [DASUO], mode: 'test' });
    const drill = await duty.orders({ at: [DASUO], mode: 'drill', says: '演练。请到活动室集合。' });
    await frozen(drill, 3);
    expect((await rollCall(test, 'duty1')).persons.total).toBe(0);
  });
});
