// The page behind a monitor's link: plain HTML and forms, what the county has, and nobody's but his own.
import { beforeEach, describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import { eq } from 'drizzle-orm';
import { personalToken } from '@laba/runtime/personal-link';
import { GROUP_A } from '../town.test-kit.ts';
import { HOUR, RoundTown } from './rounds.test-kit.ts';

/** 1 July, 10 in the morning of the county. */
const TEN = Date.UTC(2026, 6, 1, 2, 0);

describe('the page of whoever patrols and visits', () => {
  let rounds: RoundTown;
  let link: string;
  beforeEach(async () => {
    rounds = await RoundTown.found(TEN);
    link = await linkOf('p-1');
  });

  const linkOf = async (subjectId: string) => String((await rounds.get(`/${(await rounds.plan(subjectId)).id}/contact`))['link']);
  const open = async (at = link) => (await rounds.town.app.inject(at)).body;
  const formOf = (page: string, planId: string) => {
    const [, form] = new RegExp(`name="plan" value="${planId}"><input type="hidden" name="form" value="([^"]+)"`).exec(page) ?? [];
    return form!;
  };
  const send = (fields: Record<string, string>, at = link) =>
    rounds.town.app.inject({
      method: 'POST',
      url: at,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    });
  const stored = () => rounds.deps.db.read((q, t) => q.select().from(t.round).orderBy(t.round.toldAtMs));

  it('shows his points and households with what the county has, in both languages, without a script, and nobody else’s', async () => {
    const page = await open();
    expect(page).not.toContain('<script');
    for (const words of [
      '演示隐患点p-1',
      '门牌h-1',
      '滑坡',
      'landslide',
      '还没有巡查记录',
      'no round yet',
      '07-01 12:00',
      '一切正常',
      'all calm',
      '没见到人',
      'name="robots"',
    ])
      expect(page).toContain(words);
    expect(page).not.toMatch(/p-2|1380|演示户主/);
    expect(page.match(/<form/g)).toHaveLength(2);
  });

  it('takes "all calm" once, however often it is sent, and shows it as the county has it', async () => {
    const { id } = await rounds.plan('p-1');
    const fields = { plan: id, form: formOf(await open(), id), result: 'calm', words: '' };
    const answers = [await send(fields), await send(fields)];
    expect(answers.map(({ statusCode, headers }) => [statusCode, headers.location])).toEqual([
      [303, `${link}#${id}`],
      [303, `${link}#${id}`],
    ]);
    expect(await stored()).toMatchObject([{ id: fields.form, result: 'calm', means: 'link', toldBy: 'member:m-1', reportId: null }]);
    expect(await open()).toContain('07-01 10:00 一切正常');
    expect((await rounds.town.events('round.done')).map(({ who }) => who)).toEqual(['member:m-1']);
  });

  it('takes "something is wrong" as a report, with his words closed in the database', async () => {
    const { id } = await rounds.plan('p-1');
    await send({ plan: id, form: formOf(await open(), id), result: 'wrong', words: '<b>裂缝</b>变宽' });
    const [round] = await stored();
    expect(round?.reportId).not.toBeNull();
    expect(round?.wordsCipher).not.toContain('裂缝');
    expect(rounds.deps.vault.decrypt(round!.wordsCipher!)).toBe('<b>裂缝</b>变宽');
    expect((await rounds.jobs()).filter(({ consumer }) => consumer === 'intake.take-round')).toHaveLength(1);
  });

  it('asks again for what a household needs, and keeps nothing until it is said', async () => {
    const { id } = await rounds.plan('h-1');
    const answer = await send({ plan: id, form: formOf(await open(), id), result: 'need', words: ' ' });
    expect([answer.statusCode, answer.body.includes('没有收下')]).toEqual([400, true]);
    expect(await stored()).toEqual([]);
  });

  it('tells of nothing that is not his: another’s point, an answer of another kind, a made-up form', async () => {
    const other = await rounds.plan('p-2');
    const own = await rounds.plan('p-1');
    const form = formOf(await open(), own.id);
    expect((await send({ plan: other.id, form, result: 'calm' })).statusCode).toBe(404);
    expect((await send({ plan: own.id, form, result: 'met' })).statusCode).toBe(400);
    expect((await send({ plan: own.id, form, result: 'complete' })).statusCode).toBe(400);
    expect((await send({ plan: own.id, form: 'x', result: 'calm' })).statusCode).toBe(400);
    expect(await stored()).toEqual([]);
  });

  it('of a monitor who is no member opens by his telephone, and he acts as the monitor of that point', async () => {
    const theirs = await linkOf('p-2');
    const { id } = await rounds.plan('p-2');
    const page = await open(theirs);
    expect(page).toContain('演示隐患点p-2');
    await send({ plan: id, form: formOf(page, id), result: 'calm' }, theirs);
    expect(await stored()).toMatchObject([{ toldBy: 'monitor:p-2' }]);
  });

  it('opens nothing when it is forged, of another kind, or when somebody else goes there now', async () => {
    const { walkerId } = await rounds.plan('p-1');
    for (const token of ['x', `${link.slice(3, -1)}_`, personalToken(rounds.deps.vault, 'task', walkerId!)]) {
      const answer = await rounds.town.app.inject(`/w/${token}`);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    }
    await rounds.deps.db.atomically([
      any((q, t) =>
        q.update(t.hazardPoint).set({ patrolMemberId: null, phoneHash: 'another' }).where(eq(t.hazardPoint.id, 'p-1')).returning({ id: t.hazardPoint.id }),
      ),
      any((q, t) => q.delete(t.household).returning({ id: t.household.id })),
    ]);
    await rounds.planned();
    expect((await rounds.town.app.inject(link)).statusCode).toBe(404);
  });

  it('shows hostile names as they are, and what waits longest first', async () => {
    await rounds.point('p-0', GROUP_A, { patrolMemberId: 'm-1', name: '<img src=x onerror=alert(1)>' });
    await rounds.planned();
    await rounds.pass(4);
    rounds.town.clock.set(TEN + 4 * HOUR);
    const page = await open();
    expect(page).not.toContain('<img');
    expect(page).toContain('漏了 1 次');
    expect(page.indexOf('演示隐患点p-1')).toBeLessThan(page.indexOf('门牌h-1'));
  });
});
