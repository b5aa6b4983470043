// Chapter 5, roll-call with helpers: who knocks where, and every way to say "they are out": the phone page, a short message, a printed tag.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { any } from '@laba/storage/database';
import { PROVIDER_SECRET } from '../harness/fake-phones.ts';
import { ACROSS, COUNTY, DASUO, NEIGHBOUR, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

const INTERVAL = '10 min';
const HOUSEHOLD_PHONE = '+86 10000000011';
const GUESTHOUSE_PHONE = '+86 10000000021';

interface RollCall {
  complete: boolean;
  round: number;
  persons: { total: number; accounted: number; unconfirmed: number; byStatus: Record<string, number> };
  places: { open: number; expected: number };
  list: { householdId: string | null; persons: { personId: string; status: string; means: string | null; markedBy: string | null; version: number }[] }[];
}
interface Doors {
  doors: { householdId: string; memberId: string | null; reason: string; minutes: number }[];
}
interface OwnDoors {
  round: number;
  doors: { householdId: string; headName: string; isOpen: boolean; version: number; persons: { personId: string; status: string; version: number }[] }[];
}

describe('the roll-call with its helpers', () => {
  let town: Town;
  let alert: string;
  beforeEach(async () => {
    town = await openTown();
    alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await town.eventually('every door has its helper', async () => (await town.told(alert, 'door.assigned')).length > 0);
  });
  afterEach(() => town.close());

  const cadre = async () => (await town.officer('cadre1')).api;
  const rollCall = async () => (await cadre()).get<RollCall>(`/api/v1/alerts/${alert}/rollcall`);
  const doors = async () => (await (await cadre()).get<Doors>(`/api/v1/alerts/${alert}/rollcall/doors`)).doors;
  const whoGoes = (all: Doors['doors']) => all.map(({ householdId, memberId, reason, minutes }) => [householdId, memberId, reason, minutes]);
  const person = async (id: string) => (await rollCall()).list.flatMap(({ persons }) => persons).find(({ personId }) => personId === id)!;
  const marked = (id: string, status: string) => town.eventually(`${id} is ${status}`, async () => (await person(id)).status === status);
  const mark = async (path: string, said: Record<string, unknown>) => {
    await (await cadre()).post(`/api/v1/alerts/${alert}/rollcall/${path}`, said);
    await town.clock.settle();
  };
  const linkOf = async (memberId: string) => (await (await town.officer('duty1')).called(alert)).find((call) => call.memberId === memberId)!.link;
  const page = async (link: string, path: string, said?: Record<string, unknown>, key?: string) => {
    const init = said === undefined ? {} : { method: 'POST', body: JSON.stringify(said) };
    const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) };
    const response = await fetch(new URL(`${link}/rollcall${path}`, town.house.url()), { ...init, ...(said === undefined ? {} : { headers }) });
    await town.clock.settle();
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const sms = async (from: string, words: string) => {
    await fetch(new URL('/api/v1/channels/sms/incoming', town.house.url()), {
      method: 'POST',
      headers: { authorization: `Bearer ${PROVIDER_SECRET}`, 'content-type': 'application/json' },
      body: JSON.stringify([{ kind: 'reply', from, words }]),
    });
    await town.clock.settle();
  };

  it('the household’s own helper goes; when he cannot, another one of the group goes, and the line says so', async () => {
    const before = await doors();
    expect(before.map(({ householdId }) => householdId)).toEqual(['h-1', 'h-2']);
    expect(before[0]).toMatchObject({ memberId: 'm-ayi', reason: 'own-helper', minutes: 3 });
    await town
      .phone('m-ayi')
      .replies('来不了')
      .catch(() => undefined);
    await town.member({ link: await linkOf('m-ayi') }).answers('cannot');
    await town.eventually('somebody else goes', async () => (await doors())[0]!.memberId !== 'm-ayi');
    expect((await doors())[0]).toMatchObject({ reason: 'same-group' });
    expect((await town.told(alert, 'door.assigned')).map(({ data }) => data)).toEqual([
      { doors: 2, helpers: 2, alone: 0 },
      { doors: 1, helpers: 1, alone: 0 },
    ]);
  });

  it('a helper marks behind his own doors from his phone, sees no other, and a mark that arrives twice counts once', async () => {
    const link = await linkOf('m-ayi');
    const own = (await page(link, '')).body as unknown as OwnDoors;
    expect(own.doors.map(({ householdId, headName, isOpen }) => [householdId, headName, isOpen])).toEqual([['h-1', '演示户一', true]]);
    const said = { status: 'moved', version: own.doors[0]!.version };
    expect((await page(link, '/households/h-1/mark', said, 'k-1')).status).toBe(200);
    expect((await page(link, '/households/h-1/mark', said, 'k-1')).status).toBe(200);
    expect((await page(link, '/persons/p-2/mark', { status: 'moved', version: 1 })).body).toMatchObject({ code: 'out-of-scope' });
    expect((await page(link, '/found', { id: 'made-by-phone', name: '演示徒步者', gridCode: DASUO, status: 'safe' })).status).toBe(201);
    expect((await page(link, '/found', { id: 'made-by-phone', name: '演示徒步者', gridCode: DASUO, status: 'safe' })).status).toBe(201);
    expect(await person('p-1')).toMatchObject({ status: 'moved', means: 'page', markedBy: 'member:m-ayi' });
    expect((await rollCall()).persons).toMatchObject({ total: 4, accounted: 2 });
    expect((await town.told(alert, 'person.marked')).map(({ who }) => who)).toEqual(['member:m-ayi']);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a short message marks a door, a household speaks for itself, and a door that is not his is said back', async () => {
    const helper = (await doors()).find(({ householdId }) => householdId === 'h-2')!.memberId!;
    await town.phone(helper).replies('户０２齐。👍');
    await marked('p-2', 'moved');
    await marked('p-3', 'moved');
    await sms(HOUSEHOLD_PHONE, '安全');
    await marked('p-1', 'safe');
    expect(await person('p-1')).toMatchObject({ means: 'sms', markedBy: 'household:h-1' });
    await town.phone(helper).replies('99 moved');
    expect(await town.phone(helper).receives('没有记下：99')).toHaveLength(1);
    expect((await town.told(alert, 'person.marked')).length).toBe(3);
  });

  it('a guesthouse tells tonight’s number, and the list waits for so many', async () => {
    await mark('places/pl-1/count', { counted: 6, means: 'telephone', version: 1 });
    expect((await rollCall()).places).toMatchObject({ open: 0, expected: 6 });
    await town.clock.pass('1 min');
    await sms(GUESTHOUSE_PHONE, '今晚 8 人');
    await town.eventually('eight are expected', async () => (await rollCall()).places.expected === 8);
    expect((await rollCall()).places.open).toBe(1);
  });

  it('a printed tag: a finder sees nothing, the helper presses once, and a neighbour’s cadre cannot print it', async () => {
    const sheet = await fetch(new URL(`/api/v1/rollcall/tags?group=${DASUO}`, town.house.url()));
    expect(sheet.status).toBe(401);
    await expect((await town.officer('cadre2')).api.get(`/api/v1/rollcall/tags?group=${DASUO}`)).rejects.toThrow();
    const { tagCode } = await import('@laba/mobilization/roll-call/tag');
    const code = tagCode(town.house.deps.vault, { gridCode: DASUO, householdId: 'h-2', personId: null, doorplate: '', name: '' });
    const url = new URL(`/t/${code}`, town.house.url());
    expect(await (await fetch(url)).text()).not.toMatch(/演示|打所02/);
    const link = await linkOf('m-bo');
    const cookie = (await fetch(new URL(link, town.house.url()))).headers
      .getSetCookie()
      .find((one) => one.startsWith('laba_link='))!
      .split(';')[0]!;
    const seen = await (await fetch(url, { headers: { cookie } })).text();
    expect(seen).toMatch(/打所02[\s\S]*未联系上：2 人/);
    const form = new URLSearchParams({ alertId: alert, csrfToken: /name="csrfToken" value="([^"]+)"/.exec(seen)![1]! });
    for (let press = 0; press < 2; press++) await fetch(url, { method: 'POST', headers: { cookie }, body: form, redirect: 'manual' });
    await town.clock.settle();
    expect(await person('p-2')).toMatchObject({ status: 'moved', means: 'tag', markedBy: 'member:m-bo' });
    expect((await town.told(alert, 'person.marked')).length).toBe(2);
  });

  it('when the interval of the policy is over everybody is counted again, until the order is over', async () => {
    const policy = { ...DEFAULT_POLICY, recountMinutes: 10 };
    await town.house.deps.db.atomically([
      any((q, t) => q.insert(t.policy).values({ county: COUNTY, policy, version: 1 }).returning({ county: t.policy.county })),
    ]);
    alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await town.eventually('the list is frozen', async () => (await rollCall()).persons.total === 3);
    await mark('households/h-1/mark', { status: 'moved', means: 'by-list', version: 1 });
    await mark('households/h-2/mark', { status: 'moved', means: 'by-list', version: 2 });
    await mark('places/pl-1/count', { counted: 6, means: 'telephone', version: 1 });
    expect(await rollCall()).toMatchObject({ complete: true, round: 1 });
    await town.clock.pass(INTERVAL);
    await town.eventually('the second round begins', async () => (await rollCall()).round === 2);
    expect(await rollCall()).toMatchObject({ complete: false, persons: { accounted: 3, unconfirmed: 3, byStatus: { moved: 3 } } });
    await mark('households/h-1/mark', { status: 'moved', means: 'by-list', version: 2 });
    await mark('persons/p-2/mark', { status: 'returned', means: 'radio', version: 2 });
    await mark('persons/p-3/mark', { status: 'moved', means: 'radio', version: 2 });
    expect((await rollCall()).persons).toMatchObject({ accounted: 2, unconfirmed: 0, byStatus: { moved: 2, returned: 1 } });
    await (await town.officer('cadre1')).ends(alert);
    await town.clock.pass(INTERVAL);
    expect((await town.told(alert, 'rollcall.recount')).length).toBe(1);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a shelter stands for the time of the alert; too many in it are said; people elsewhere are not taken there', async () => {
    const api = await cadre();
    const shelter = await api.post<{ id: string; gridCode: string }>(`/api/v1/alerts/${alert}/shelters`, {
      villageCode: VILLAGE,
      name: '演示安置点',
      capacity: 1,
    });
    expect(shelter.gridCode).toBe(`${VILLAGE}99`);
    await expect(api.post(`/api/v1/alerts/${alert}/shelters`, { villageCode: NEIGHBOUR, name: '邻村', capacity: 1 })).rejects.toThrow();
    await mark('households/h-2/mark', { status: 'moved', means: 'by-list', musterPointId: shelter.id, version: 2 });
    await expect(mark('persons/p-1/mark', { status: 'away', means: 'by-list', musterPointId: shelter.id, version: 1 })).rejects.toThrow();
    const duty = (await town.officer('duty1')).api;
    const wide = await (await town.officer('duty1')).orders({ at: [VILLAGE] });
    const { points } = await duty.get<{ points: unknown[] }>(`/api/v1/alerts/${wide}/rollcall/muster-points`);
    expect(points).toEqual([]);
    const nodes = async () =>
      (await api.get<{ nodes: { code: string; alertId: string | null }[] }>('/api/v1/grid')).nodes.filter(({ alertId }) => alertId !== null);
    expect(await nodes()).toMatchObject([{ code: shelter.gridCode, alertId: alert }]);
    await (await town.officer('cadre1')).ends(alert);
    await town.eventually('the shelter is closed', async () => (await nodes()).length === 0);
    expect((await town.told(alert, 'shelter.closed')).length).toBe(1);
  });

  it('the house dies in the middle; the doors keep their helpers and no mark is lost', async () => {
    const before = await doors();
    await page(await linkOf('m-ayi'), '/households/h-1/mark', { status: 'moved', version: 1 });
    await town.restartHouse();
    expect(whoGoes(await doors())).toEqual(whoGoes(before));
    expect(await person('p-1')).toMatchObject({ status: 'moved' });
    await (await town.officer('duty1')).updates(alert, { at: [DASUO, ACROSS] });
    await town.eventually('the door across has its helper', async () => (await town.told(alert, 'door.assigned')).length === 2);
    const across = (await (await town.officer('cadre2')).api.get<Doors>(`/api/v1/alerts/${alert}/rollcall/doors`)).doors;
    expect(across).toMatchObject([{ householdId: 'h-3', memberId: 'm-er', reason: 'own-helper' }]);
  });
});
