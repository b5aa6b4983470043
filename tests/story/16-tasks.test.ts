// Chapter 5, tasks (清单销号): the alert's work is given out, done, shown by a photo, signed off by somebody else; what is forgotten is asked for again.
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACROSS, DASUO, NEIGHBOUR, UPPER, VILLAGE } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

interface Task {
  id: string;
  kind: string;
  gridCode: string;
  mode: string;
  state: string;
  isOverdue: boolean;
  reminders: number;
  owner: { memberId: string | null; officerId: string | null; name: string } | null;
  photos: string[];
  door: string | null;
}
interface List {
  counts: { total: number; open: number; overdue: number; unowned: number };
  tasks: Task[];
}
type Who = 'duty1' | 'town1' | 'cadre1' | 'cadre2';

describe('tasks', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  const api = async (username: Who) => (await town.officer(username)).api;
  const list = async (query = '', username: Who = 'duty1') => (await api(username)).get<List>(`/api/v1/tasks${query}`);
  const moves = async (id: string, move: string, body: object = {}, username: Who = 'cadre1') => {
    const answer = await (await api(username)).post<Task>(`/api/v1/tasks/${id}/${move}`, body);
    await town.clock.settle();
    return answer;
  };
  /** The tasks as soon as there are so many of these kinds. */
  const given = async (count: number, query = '', kinds?: readonly string[]): Promise<Task[]> => {
    const found = async () => (await list(query)).tasks.filter(({ kind }) => kinds === undefined || kinds.includes(kind));
    await town.eventually(`${count} tasks`, async () => (await found()).length === count);
    return found();
  };
  const page = async (link: string, form?: Record<string, string>) => {
    const response = await fetch(
      new URL(link, town.house.url()),
      form === undefined ? {} : { method: 'POST', redirect: 'manual', body: new URLSearchParams(form) },
    );
    await town.clock.settle();
    return { status: response.status, text: await response.text() };
  };
  const linkOf = async (memberId: string, words: string) => (await town.phone(memberId).receives(words)).at(-1)!.link!;

  it('an order gives each village and group its work; the owner does it by his phone, shows it, and somebody else signs it off', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [VILLAGE] });
    const tasks = await given(3, `?alertId=${alert}`);
    expect(tasks.map(({ kind, gridCode, owner }) => [kind, gridCode, owner?.memberId ?? owner?.name])).toEqual([
      ['close-road', VILLAGE, 'm-bo'],
      ['move-rest', DASUO, 'm-bo'],
      ['move-rest', UPPER, '演示乡镇值班员'],
    ]);
    const link = await linkOf('m-bo', '转移其他人');
    expect((await page(link)).text).toContain('逐户清点');
    expect((await page(link, { move: 'take' })).status).toBe(303);
    const picture = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#556b2f' } })
      .jpeg()
      .toBuffer();
    const form = new FormData();
    form.append('photo', new Blob([new Uint8Array(picture)], { type: 'image/jpeg' }), 'a.jpg');
    expect((await fetch(new URL(`${link}/photos`, town.house.url()), { method: 'POST', redirect: 'manual', body: form })).status).toBe(303);
    expect((await page(link, { move: 'done', words: '都到活动室了' })).status).toBe(303);
    const signed = await moves(tasks[1]!.id, 'sign-off');
    expect(signed).toMatchObject({ state: 'signed-off' });
    expect(signed.photos).toHaveLength(1);
    for (const type of ['task.taken', 'task.photo-added', 'task.done', 'task.signed-off'] as const) expect(await town.told(alert, type)).toHaveLength(1);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('the end of the alert closes nothing; what is late is asked for until it is done, also after the house has died', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO] });
    const road = (await given(2, `?alertId=${alert}`)).find(({ kind }) => kind === 'close-road')!;
    const link = await linkOf('m-bo', '封路');
    await cadre.ends(alert);
    await town.restartHouse();
    await town.clock.pass('16 min');
    await town.eventually('the owner is reminded', async () => (await town.told(alert, 'task.overdue')).length > 0);
    expect((await list('?overdue=true')).tasks.map(({ id, isOverdue }) => [id, isOverdue])).toEqual([[road.id, true]]);
    await town.clock.pass('61 min');
    const asked = (await town.told(alert, 'task.overdue')).filter(({ data }) => data['kind'] === 'close-road').map(({ data }) => data['to']);
    expect(asked).toEqual(['owner', 'township', 'duty']);
    await town.phone('m-ayi').receives('逾期未办');
    expect((await page(link, { move: 'done' })).status).toBe(400);
    expect((await page(link, { move: 'done', lateReason: '塌方绕路' })).status).toBe(303);
    await moves(road.id, 'sign-off');
    await town.clock.pass('35 min');
    expect((await town.told(alert, 'task.overdue')).filter(({ data }) => data['kind'] === 'close-road')).toHaveLength(3);
  });

  it('a wider order adds only what is new, a neighbour sees only his own, a test gives no work and a drill says that it is one', async () => {
    const duty = await town.officer('duty1');
    const alert = await duty.orders({ at: [DASUO], mode: 'drill', says: '演练。请到活动室集合。' });
    await given(2);
    await duty.updates(alert, { at: [DASUO, NEIGHBOUR], mode: 'drill', says: '演练。请到活动室集合。' });
    const tasks = await given(4);
    expect(new Set(tasks.map(({ mode }) => mode))).toEqual(new Set(['drill']));
    expect((await list('', 'cadre2')).tasks.map(({ gridCode }) => gridCode).sort()).toEqual([NEIGHBOUR, ACROSS].sort());
    for (const { words } of await town.phone('m-bo').receives('交办')) expect(words.startsWith('【演练】')).toBe(true);
    await duty.orders({ at: [UPPER], mode: 'test' });
    await town.clock.pass('1 min');
    expect((await list()).counts.total).toBe(4);
    await expect(moves(tasks.find(({ gridCode }) => gridCode === ACROSS)!.id, 'drop', { words: '重复' })).rejects.toThrow();
  });

  it('what a drill left undone ends with it: named as ended, and nobody is asked for it any more', async () => {
    const duty = await town.officer('duty1');
    const drill = await duty.orders({ at: [DASUO], mode: 'drill', says: '演练。请到活动室集合。' });
    await given(2);
    await duty.ends(drill);
    await town.eventually('both are named as ended', async () => (await town.told(drill, 'task.dropped')).length === 2);
    expect((await town.told(drill, 'task.dropped')).map(({ data }) => data['drillOver'])).toEqual([true, true]);
    await town.clock.pass('40 min');
    expect((await list()).counts).toMatchObject({ open: 0, overdue: 0 });
    expect(await town.told(drill, 'task.overdue')).toEqual([]);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a village whose line goes with the slope is run to within seconds, and not twice', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [VILLAGE] });
    await given(3, `?alertId=${alert}`);
    await town.site('upper-1').loseLine();
    const silent = (await town.toldOf('site.silent')).length;
    if (silent === 0) await town.clock.pass('95 s');
    const [run] = await given(1, `?alertId=${alert}`, ['run-to-village']);
    expect(run).toMatchObject({ gridCode: UPPER, state: 'open' });
    await town.clock.pass('5 min');
    expect(await given(1, `?alertId=${alert}`, ['run-to-village'])).toHaveLength(1);
  });

  it('where a pole does not play somebody knocks at the doors, and only there', async () => {
    town.site('dasuo-1').pole.broken = 'amplifier burnt';
    const alert = await (await town.officer('cadre1')).orders({ at: [VILLAGE] });
    await town.clock.pass('20 s');
    const [knock] = await given(1, `?alertId=${alert}`, ['knock-doors']);
    expect(knock).toMatchObject({ gridCode: DASUO, state: 'open', owner: { memberId: 'm-bo' } });
    await town.phone('m-bo').receives('逐户敲门');
    await town.clock.pass('2 min');
    expect(await given(1, `?alertId=${alert}`, ['knock-doors'])).toHaveLength(1);
  });

  it('a household that refuses is the township’s, with its door; once, until it is closed', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await town.eventually('the list stands', async () => (await town.told(alert, 'rollcall.frozen')).length === 1);
    const mark = { status: 'refused', means: 'face-to-face', version: 2, words: '舍不得牛' };
    await (await api('cadre1')).post(`/api/v1/alerts/${alert}/rollcall/households/h-2/mark`, mark);
    const [refused] = await given(1, `?alertId=${alert}`, ['refused-household']);
    expect(refused!.owner?.name).toBe('演示乡镇值班员');
    expect(await (await api('town1')).get<Task>(`/api/v1/tasks/${refused!.id}`)).toMatchObject({ words: '舍不得牛', door: '打所02 · 演示户二' });
    await moves(refused!.id, 'done', { words: '劝走了' }, 'town1');
    await expect(moves(refused!.id, 'sign-off', {}, 'town1')).rejects.toThrow();
    const both = await Promise.allSettled([moves(refused!.id, 'sign-off', {}, 'cadre1'), moves(refused!.id, 'sign-off', {}, 'duty1')]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await town.told(alert, 'task.signed-off')).toHaveLength(1);
  });

  it('a resident’s need is done by somebody of the village, and the resident hears of it; nobody else is written to', async () => {
    const { token } = await (await api('cadre1')).get<{ token: string }>(`/api/v1/report-links/${DASUO}`);
    const form = { hazard: 'need', text: '老人要送药', reporterName: '演示居民', reporterPhone: '13900000088', once: 'a' };
    expect((await page(`/r/${token}`, form)).status).toBe(201);
    expect((await page(`/r/${token}`, form)).status).toBe(201);
    const [need] = await given(1, '', ['need']);
    const link = await linkOf('m-bo', '群众求助');
    expect((await page(link)).text).toContain('13900000088');
    await page(link, { move: 'done', words: '药送到了' });
    await moves(need!.id, 'sign-off');
    const toReporter = () => town.phones.received.filter(({ phone }) => phone === '13900000088');
    await town.eventually('the resident hears', () => toReporter().length === 1);
    expect(toReporter()[0]!.words).toContain('办结');
    town.phones.expect(toReporter());
    await town.nothingElseWasSent();
    expect(await town.brokenPromises()).toEqual([]);
  });
});
