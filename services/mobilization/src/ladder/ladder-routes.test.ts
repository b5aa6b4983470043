// Answers for a village: by the rung's own page, by an officer who heard it; twice, late, after the end, from a stranger, at the same moment.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { personalToken } from '@laba/runtime/personal-link';
import { any } from '@laba/storage/database';
import { LadderTown } from './ladder.test-kit.ts';
import { COUNTY, GROUP_A, OTHER_VILLAGE, VILLAGE, type OFFICERS } from '../town.test-kit.ts';

let here: LadderTown;
beforeEach(async () => {
  here = await LadderTown.found();
});

const list = async (alert: string, officer: keyof typeof OFFICERS = 'county') =>
  (await here.town.app.inject({ url: `/api/v1/alerts/${alert}/ladders`, ...here.town.as(officer) })).json();

async function writesDown(alert: string, said: Record<string, unknown>, officer: keyof typeof OFFICERS = 'county', village = VILLAGE, key?: string) {
  const { cookies, headers } = here.town.as(officer);
  const response = await here.town.app.inject({
    method: 'POST',
    url: `/api/v1/alerts/${alert}/ladders/${village}/answer`,
    cookies,
    headers: { ...headers, ...(key === undefined ? {} : { 'idempotency-key': key }) },
    payload: { means: 'telephone', by: { name: '演示村书记' }, version: 1, ...said },
  });
  return { status: response.statusCode, body: response.json() };
}

/** The link of the last asking of this person. */
async function linkOf(memberId: string, alertId: string): Promise<string> {
  const { db, vault } = here.town.deps;
  const steps = await db.read((q, t) => q.select().from(t.ladderStep).where(eq(t.ladderStep.memberId, memberId)).orderBy(t.ladderStep.number));
  return `/l/${personalToken(vault, 'rung', steps.findLast((step) => step.alertId === alertId)!.id)}`;
}
const open = (link: string) => here.town.app.inject({ url: link });
const press = (link: string, said: Record<string, string>) =>
  here.town.app.inject({
    method: 'POST',
    url: link,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(said).toString(),
  });

describe('a rung answers on his page', () => {
  it('收到 stops the asking and starts the second clock; the number ends it', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    const link = await linkOf('m-1', alert);
    expect((await open(link)).body).toContain('县里还没有收到本村的回答');
    expect((await press(link, { said: 'got-it' })).statusCode).toBe(303);
    expect((await here.messages()).map(({ state }) => state)).toEqual(['unneeded', 'unneeded']);
    await here.pass(alert, 14);
    expect(await here.steps()).toEqual(['0 m-1']);
    await here.pass(alert, 2);
    expect(await here.steps()).toEqual(['0 m-1', '15 m-1 moving', '16 m-2 moving']);
    expect((await list(alert)).counts).toMatchObject({ total: 1, waiting: 0, answered: 1, moving: 0, overdue: 1 });
    expect((await press(await linkOf('m-2', alert), { said: 'moving', persons: '35' })).statusCode).toBe(303);
    expect((await open(link)).body).toContain('已开始转移，35 人');
    await here.pass(alert, 30);
    expect(await here.steps()).toHaveLength(3);
    expect((await list(alert)).counts).toMatchObject({ moving: 1, overdue: 0, persons: 35 });
    expect(await here.told()).toMatchObject({ 'ladder.answered': 1, 'ladder.moving': 1, 'ladder.overdue': 1 });
  });

  it('a number at once answers both questions, and a later number corrects it', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    const link = await linkOf('m-1', alert);
    await press(link, { said: 'moving', persons: '20' });
    await press(link, { said: 'moving', persons: '31' });
    expect(await here.ladders()).toMatchObject([{ state: 'moving', persons: 31, answers: 2, askAtMs: null }]);
    expect((await here.town.events('ladder.moving')).map(({ data }) => [data['was'], data['persons']])).toEqual([
      [undefined, 20],
      [20, 31],
    ]);
  });

  it('a changed link, a link of another kind and a number that is none are refused', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    const link = await linkOf('m-1', alert);
    expect((await open(`${link.slice(0, -2)}xx`)).statusCode).toBe(404);
    const [step] = await here.town.deps.db.read((q, t) => q.select().from(t.ladderStep));
    expect((await open(`/l/${personalToken(here.town.deps.vault, 'task', step!.id)}`)).statusCode).toBe(404);
    for (const persons of ['', '0', '-3', '1.5', 'viele', '1000001']) expect((await press(link, { said: 'moving', persons })).statusCode).toBe(400);
    expect((await press(link, { said: 'nothing' })).statusCode).toBe(400);
    expect((await here.ladders())[0]!.state).toBe('asked');
  });

  it('after the end it is kept as what it is, and changes nothing', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    const link = await linkOf('m-1', alert);
    await here.over(alert, 'ended');
    expect((await press(link, { said: 'got-it' })).statusCode).toBe(303);
    expect((await open(link)).body).toContain('本次预警已结束');
    expect(await here.ladders()).toMatchObject([{ state: 'closed', answeredAtMs: null, answers: 1 }]);
    expect((await here.town.events('ladder.heard-again')).map(({ data }) => data['effect'])).toEqual(['after-end']);
    await here.town.clock.advance(25 * 3_600_000);
    expect((await press(link, { said: 'got-it' })).statusCode).toBe(404);
  });
});

describe('an officer writes an answer down', () => {
  it('in one call, with name and words kept encrypted, seen by those in scope', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    const { body } = await writesDown(alert, { words: '正在敲门，桥还通', moving: { persons: 12 } }, 'village');
    expect(body).toMatchObject({ gridCode: VILLAGE, state: 'moving', effect: 'counted', persons: 12, version: 2 });
    const stored = JSON.stringify(await here.town.deps.db.read((q, t) => q.select().from(t.ladderAnswer)));
    expect(stored).not.toMatch(/演示村书记|敲门/);
    expect(JSON.stringify(await here.town.events())).not.toMatch(/演示村书记|敲门/);
    const { ladders } = await list(alert, 'village');
    expect(ladders[0].answers).toMatchObject([{ name: '演示村书记', words: '正在敲门，桥还通', means: 'telephone', recordedBy: 'officer:o-village' }]);
  });

  it('only inside his scope, only for a village that is asked, only with a name, only once per key', async () => {
    const alert = await here.raised([COUNTY]);
    await here.climb(alert);
    expect((await writesDown(alert, {}, 'other')).status).toBe(403);
    expect((await writesDown(alert, {}, 'county', '533324999999')).status).toBe(404);
    expect((await writesDown(alert, { by: { name: ' ' } })).status).toBe(400);
    expect((await writesDown(alert, { by: { memberId: 'nobody' } })).status).toBe(400);
    // On the lists, but neither of this officer's place nor on its ladder.
    await here.town.member('m-elsewhere', [OTHER_VILLAGE]);
    expect((await writesDown(alert, { by: { memberId: 'm-elsewhere' } }, 'village')).status).toBe(400);
    expect((await writesDown(alert, { by: { memberId: 'm-2' } }, 'county', VILLAGE, 'k1')).body).toMatchObject({ effect: 'counted' });
    expect((await writesDown(alert, { by: { memberId: 'm-2' } }, 'county', VILLAGE, 'k1')).body).toMatchObject({ effect: 'counted' });
    expect(await here.told()).toMatchObject({ 'ladder.answered': 1 });
    expect((await list(alert, 'other')).ladders.map((one: { gridCode: string }) => one.gridCode)).toEqual([OTHER_VILLAGE]);
  });

  it('who comes second is told who answered and how it stands; a second answer that he insists on is kept as one', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    await writesDown(alert, {}, 'village');
    const second = await writesDown(alert, {});
    expect(second).toMatchObject({ status: 409, body: { code: 'changed-meanwhile', version: 2, state: 'answered' } });
    expect((await writesDown(alert, { version: 2 })).body).toMatchObject({ effect: 'second', state: 'answered' });
    expect(await here.told()).toMatchObject({ 'ladder.answered': 1, 'ladder.heard-again': 1 });
  });

  it('the climb does not make his version old', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.pass(alert, 3);
    expect((await writesDown(alert, {})).body).toMatchObject({ effect: 'counted' });
    expect((await here.town.events('ladder.answered')).map(({ data }) => data['overdue'])).toEqual([true]);
  });
});

describe('at the same moment', () => {
  it('two answers: both are kept, one counts', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.pass(alert, 1);
    const links = [await linkOf('m-1', alert), await linkOf('m-2', alert)];
    expect((await Promise.all(links.map((link) => press(link, { said: 'got-it' })))).map(({ statusCode }) => statusCode)).toEqual([303, 303]);
    expect(await here.ladders()).toMatchObject([{ state: 'answered', answers: 2 }]);
    expect(await here.told()).toMatchObject({ 'ladder.answered': 1, 'ladder.heard-again': 1 });
  });

  it('an answer while the next rung is being asked: it counts, and nobody is asked behind it', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    const link = await linkOf('m-1', alert);
    await here.town.clock.advance(60_000);
    await Promise.allSettled([here.climb(alert), press(link, { said: 'got-it' }), here.climb(alert)]);
    expect(await here.ladders()).toMatchObject([{ state: 'answered' }]);
    await here.pass(alert, 10);
    expect((await here.steps()).length).toBeLessThanOrEqual(2);
    expect((await here.messages()).filter(({ state }) => state === 'queued')).toEqual([]);
  });
});

describe('the list', () => {
  it('has the overdue ones first, with names only inside the officer’s scope', async () => {
    const alert = await here.raised([VILLAGE, OTHER_VILLAGE]);
    await here.pass(alert, 2);
    await writesDown(alert, { by: { memberId: 'm-9' } }, 'other', OTHER_VILLAGE);
    await here.pass(alert, 4);
    const { counts, ladders } = await list(alert);
    expect(counts).toEqual({ total: 2, waiting: 1, answered: 1, moving: 0, overdue: 1, persons: 0 });
    expect(ladders.map((one: { gridCode: string; overdue: boolean }) => [one.gridCode, one.overdue])).toEqual([
      [VILLAGE, true],
      [OTHER_VILLAGE, false],
    ]);
    expect(ladders[0].asked.map((step: { name: string | null }) => step.name)).toContain('演示成员m-9');
    const own = (await list(alert, 'village')).ladders[0].asked;
    expect(own.find((step: { memberId: string }) => step.memberId === 'm-9')).toMatchObject({ name: null, duty: 'work-team' });
    expect(own.find((step: { memberId: string }) => step.memberId === 'm-1')).toMatchObject({ name: '演示成员m-1' });
  });

  it('of an alert for one group is its village’s, and nobody else’s', async () => {
    const alert = await here.raised([GROUP_A]);
    await here.climb(alert);
    expect((await list(alert, 'village')).ladders).toHaveLength(1);
    expect((await list(alert, 'other')).code).toBe('out-of-scope');
  });

  it('still names what was said when the member is taken off the lists', async () => {
    const alert = await here.raised([VILLAGE]);
    await here.climb(alert);
    await press(await linkOf('m-1', alert), { said: 'got-it' });
    await here.town.deps.db.atomically([any((q, t) => q.delete(t.member).where(eq(t.member.id, 'm-1')).returning({ id: t.member.id }))]);
    expect((await list(alert)).ladders[0]).toMatchObject({ state: 'answered', answers: [{ name: null, recordedBy: 'member:m-1' }] });
  });
});
