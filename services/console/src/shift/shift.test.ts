// The shift log: it fills itself, is written in and never changed, handed over, and signed for by somebody else with his password.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { ROLES, roleMay, type Role } from '@laba/domain/officer';
import type { ShiftLogView, ShiftRemark, ShiftsView, ShiftView } from '@laba/domain/shift-view';
import type { NowView } from '@laba/domain/now-view';
import { SESSION_COOKIE } from '@laba/runtime/http';
import { any, one } from '@laba/storage/database';
import { COUNTY, GROUP_A, OFFICERS, OTHER, VILLAGE, Watch } from '../watch.test-kit.ts';

type Who = keyof typeof OFFICERS;
type Answer = ShiftView & { code: string };

const SHIFTS = '/api/v1/shifts';
const HOUR_MS = 3_600_000;

describe('a shift', () => {
  let watch: Watch;
  beforeEach(async () => {
    watch = await Watch.open();
  });

  const post = async (officer: Who, path: string, body: object = {}) => (await watch.act<Answer>(officer, 'POST', `${SHIFTS}${path}`, body)).body;
  const begin = (officer: Who = 'county') => post(officer, '');
  const read = async (id: string, officer: Who = 'county') => (await watch.get<Answer>(officer, `${SHIFTS}/${id}`)).body;
  const write = async (id: string, words: string, more: object = {}, officer: Who = 'county') =>
    (await watch.act<ShiftRemark & { code: string }>(officer, 'POST', `${SHIFTS}/${id}/remarks`, { words, ...more })).body;
  const seen = async (id: string, officer: Who) => ({ version: (await read(id, officer)).version });
  const offer = async (id: string, words = '', officer: Who = 'county') => post(officer, `/${id}/hand-over`, { ...(await seen(id, officer)), words });
  const take = async (id: string, words = '', officer: Who = 'relief') => post(officer, `/${id}/take-over`, { ...(await seen(id, officer)), words });
  const log = async (id: string, officer: Who = 'county') => (await watch.get<ShiftLogView>(officer, `${SHIFTS}/${id}/log`)).body.events.toReversed();
  const told = async () =>
    (await watch.deps.db.read((q, t) => q.select({ type: t.event.type }).from(t.event).orderBy(t.event.seq)))
      .map(({ type }) => type)
      .filter((type) => type.startsWith('shift.'));
  const waiting = async (officer: Who = 'county') => (await watch.get<NowView>(officer, '/api/v1/now')).body.shifts;
  const copy = async (id: string, lang = 'zh-CN') =>
    (await watch.app.inject({ url: `${SHIFTS}/${id}/print?lang=${lang}`, cookies: { [SESSION_COOKIE]: 'county' } })).body;

  it('fills itself with what happened since it began, in that order, and without what is told once per loudspeaker', async () => {
    await watch.tell('report.received', GROUP_A, 'r-0', { source: 'telephone', hazard: 'debris-flow' } as never);
    const { id } = await begin();
    await watch.tell('report.received', GROUP_A, 'r-1', { source: 'telephone', hazard: 'debris-flow' } as never);
    await watch.alert([VILLAGE]);
    await write(id, '雨很大，已电话问过村里');
    await watch.tell('delivery.sent', GROUP_A, 's-a', {} as never);
    await watch.tell('site.silent', OTHER, 'gw-s-o', { lastSeenMs: 1 } as never);
    const lines = await log(id);
    expect(lines.map(({ type }) => type)).toEqual(['shift.begun', 'report.received', 'alert.raised', 'shift.remarked', 'site.silent']);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map(({ seq }) => seq).sort((a, b) => a - b));
    expect(lines[3]).toMatchObject({ whoName: '演示值班员甲', remark: { by: '演示值班员甲', words: '雨很大，已电话问过村里', writtenAt: null } });
    expect(lines[4]).toMatchObject({ zh: '活动室 gw-s-o 失联' });
  });

  it('is of one ground: a cadre’s tells of his village and of alerts that touch it, and not of the log that the county keeps', async () => {
    await begin('county');
    const { id } = await begin('village');
    await watch.tell('site.silent', OTHER, 'gw-s-o', { lastSeenMs: 1 } as never);
    await watch.tell('site.silent', GROUP_A, 'gw-s-a', { lastSeenMs: 1 } as never);
    await watch.alert([COUNTY]);
    await watch.alert([OTHER]);
    expect((await log(id, 'village')).map(({ type }) => type)).toEqual(['shift.begun', 'site.silent', 'alert.raised']);
    expect((await log(id, 'county')).map(({ type }) => type)).toEqual(['shift.begun', 'site.silent', 'alert.raised']);
  });

  it('keeps a remark as it was written, says when it was written while the line was cut, and has no way to change one', async () => {
    const { id } = await begin();
    await watch.clock.advance(HOUR_MS);
    const at = (ms: number) => new Date(ms).toISOString();
    const late = await write(id, '断网时写的', { writtenAt: at(watch.clock.now() - HOUR_MS / 2) });
    expect(late.writtenAt).toBe('2026-07-01T08:30:00+08:00');
    for (const ms of [watch.clock.now() + HOUR_MS, watch.clock.now() - 2 * HOUR_MS])
      expect((await write(id, '钟不对', { writtenAt: at(ms) })).writtenAt).toBeNull();
    expect((await write(id, '刚写的', { writtenAt: at(watch.clock.now() - 2_000) })).writtenAt).toBeNull();
    for (const words of ['', ' \u200b', '雨'.repeat(LIMITS.shiftRemarkChars + 1)]) expect((await write(id, words)).code).toBe('bad-input');
    expect((await read(id)).remarks.map(({ words }) => words)).toEqual(['断网时写的', '钟不对', '钟不对', '刚写的']);
    expect(await told()).toEqual(['shift.begun', 'shift.remarked', 'shift.remarked', 'shift.remarked', 'shift.remarked']);
    for (const method of ['PUT', 'PATCH', 'DELETE'] as const)
      for (const path of [`${SHIFTS}/${id}/remarks/${late.id}`, `${SHIFTS}/${id}`])
        expect(
          (await watch.app.inject({ method, url: path, payload: {}, cookies: { [SESSION_COOKIE]: 'county' }, headers: { 'x-csrf-token': 'csrf' } })).statusCode,
        ).toBe(404);
  });

  it('is handed over with what is open, taken over by somebody else with his password, and what was open then stays as it was', async () => {
    const { id } = await begin();
    const alert = await watch.alert([VILLAGE]);
    await watch.heard('s-a', GROUP_A);
    const offered = await offer(id, '水位还在涨，每小时问一次');
    expect(offered).toMatchObject({ state: 'offered', offeredBy: '演示值班员甲', offered: { by: '演示值班员甲', words: '水位还在涨，每小时问一次' } });
    expect(offered.offered!.counts).toMatchObject({ alert: 1, site: 3, report: 0 });
    expect(offered.offered!.items.map(({ kind, zh }) => `${kind} ${zh}`)).toContain('alert 立即转移：立即转移（演示一村）');
    expect(await waiting('relief')).toMatchObject([{ id, state: 'offered', officerName: '演示值班员甲', areas: ['演示县'], ageMs: 0 }]);
    const next = await take(id, '已看板，已接');
    expect(next).toMatchObject({ state: 'running', number: 2, officerName: '演示值班员丁' });
    expect(await waiting('relief')).toEqual([]);
    const over = await read(id);
    expect(over).toMatchObject({ state: 'over', takenOverBy: '演示值班员丁', taken: { by: '演示值班员丁', words: '已看板，已接' }, altered: false });
    expect(over.seal).toHaveLength(43);
    await watch.deps.db.atomically([one((q, t) => q.update(t.alert).set({ state: 'ended' }).where(eq(t.alert.id, alert)).returning({ id: t.alert.id }))]);
    expect(await read(id)).toEqual(over);
    expect(await told()).toEqual(['shift.begun', 'shift.offered', 'shift.taken-over']);
    expect((await log(next.id, 'relief')).map(({ type }) => type)).toEqual(['shift.taken-over']);
    const { own, shifts } = (await watch.get<ShiftsView>('relief', SHIFTS)).body;
    expect([own.current?.id, shifts.map((shift) => shift.id)]).toEqual([next.id, [id]]);
  });

  it('tells what came between the hand-over and the signature: both moments are kept, and the paper names what is new', async () => {
    const { id } = await begin();
    await watch.alert([VILLAGE]);
    await offer(id);
    await watch.clock.advance(HOUR_MS / 2);
    await watch.alert([OTHER]);
    await take(id);
    const { offered, taken } = await read(id);
    expect([offered!.counts.alert, taken!.counts.alert, taken!.asOfMs - offered!.asOfMs]).toEqual([1, 2, HOUR_MS / 2]);
    const [, came] = (await copy(id)).split('交班后新增');
    expect(came!.split('值班记录')[0]).toContain('演示二村');
    expect(came!.split('值班记录')[0]).not.toContain('演示一村');
  });

  it('is not signed for by who is on duty, nor without the password, nor over what changed since it was read', async () => {
    const { id } = await begin();
    const { version } = await offer(id);
    expect(await post('county', `/${id}/take-over`, { version })).toMatchObject({ code: 'same-officer' });
    watch.signedInMsAgo = LIMITS.signatureMs + 1;
    expect(await post('relief', `/${id}/take-over`, { version })).toMatchObject({ code: 'signature-needed' });
    watch.signedInMsAgo = LIMITS.signatureMs;
    await write(id, '交班后又来一条险情');
    expect(await post('relief', `/${id}/take-over`, { version })).toMatchObject({ code: 'changed-meanwhile' });
    expect(await take(id)).toMatchObject({ number: 2 });
    for (const again of [() => take(id), () => offer(id), () => write(id, '补记')]) expect((await again()).code).toBe('already-done');
    expect((await read(id)).remarks).toHaveLength(1);
  });

  it('that nobody handed over is taken over with a reason, and says so; who handed over may take it back while nobody came', async () => {
    const { id } = await begin();
    expect(await offer(id, '', 'relief')).toMatchObject({ code: 'transition-refused' });
    await offer(id);
    expect(await post('relief', `/${id}/withdraw`, await seen(id, 'relief'))).toMatchObject({ code: 'transition-refused' });
    expect(await post('county', `/${id}/withdraw`, await seen(id, 'county'))).toMatchObject({ state: 'running', offered: null, offeredBy: null });
    expect(await take(id)).toMatchObject({ code: 'bad-input' });
    expect(await take(id, '甲值班员送医')).toMatchObject({ number: 2 });
    expect(await read(id)).toMatchObject({ offered: null, offeredBy: null, taken: { words: '甲值班员送医' } });
    expect(await copy(id)).toContain('没有交班');
    expect(await told()).toEqual(['shift.begun', 'shift.offered', 'shift.withdrawn', 'shift.taken-over']);
  });

  it('of two who begin or take over at the same moment one is refused', async () => {
    const [a, b] = await Promise.all([begin('county'), begin('relief')]);
    expect([a.code, b.code].filter((code) => code === 'already-done' || code === 'changed-meanwhile')).toHaveLength(1);
    const { own } = (await watch.get<ShiftsView>('county', SHIFTS)).body;
    expect((await begin()).code).toBe('already-done');
    expect(own.current).toMatchObject({ number: 1, state: 'running' });
    const { id, officerId, version } = own.current!;
    const others = (['county', 'relief'] as const).filter((who) => OFFICERS[who].id !== officerId);
    const taken = await Promise.all([1, 2].map(() => post(others[0]!, `/${id}/take-over`, { version, words: '接' })));
    expect(taken.filter(({ code }) => code === undefined)).toHaveLength(1);
    expect((await told()).filter((type) => type === 'shift.taken-over')).toHaveLength(1);
  });

  it('that ran for more than a day without anybody coming is seen at its own post', async () => {
    await begin();
    await begin('village');
    await watch.clock.advance(LIMITS.shiftLongMs + 1);
    expect((await waiting()).map(({ areas, state }) => [areas, state])).toEqual([[['演示县'], 'running']]);
    expect((await waiting('village')).map(({ areas }) => areas)).toEqual([['演示一村']]);
    expect(await waiting('other')).toEqual([]);
  });

  it('that somebody altered past the house is found out: the record, its remarks, and another’s record in its place', async () => {
    const { id } = await begin();
    const remark = await write(id, '原话');
    await offer(id);
    const { id: nextId } = await take(id);
    await offer(nextId, '', 'relief');
    await take(nextId, '', 'county');
    const { db, vault } = watch.deps;
    const put = (set: object) => db.atomically([one((q, t) => q.update(t.shift).set(set).where(eq(t.shift.id, id)).returning({ id: t.shift.id }))]);
    const [first, other] = await db.read((q, t) => q.select().from(t.shift).orderBy(t.shift.number));
    for (const set of [{ seal: other!.seal }, { recordCipher: 'v1.AAAA' }, { recordCipher: other!.recordCipher, seal: other!.seal }]) {
      await put(set);
      expect(await read(id)).toMatchObject({ altered: true, offered: null, taken: null });
      expect(await copy(id)).toContain('改动过');
      await put({ seal: first!.seal, recordCipher: first!.recordCipher });
    }
    expect((await read(id)).altered).toBe(false);
    const words = (wordsCipher: string) =>
      db.atomically([any((q, t) => q.update(t.shiftRemark).set({ wordsCipher }).where(eq(t.shiftRemark.id, remark.id)).returning({ id: t.shiftRemark.id }))]);
    await words(vault.encrypt('别的话'));
    expect(await read(id)).toMatchObject({ altered: true });
    await words('v1.AAAA');
    expect(await read(id)).toMatchObject({ altered: true, remarks: [{ words: '✕' }] });
  });

  it('is printed in both languages with both signatures; what somebody typed is shown and never obeyed', async () => {
    const { id } = await begin();
    const nasty = '<script>alert(1)</script> "雨"\u202e';
    await watch.alert([VILLAGE], 'drill');
    await write(id, nasty);
    await offer(id, nasty);
    await take(id, '已接');
    const [zh, en] = [await copy(id), await copy(id, 'en')];
    const { seal } = await read(id);
    for (const page of [zh, en]) {
      expect(page).not.toContain('<script>');
      expect(page).not.toContain('\u202e');
      expect(page.split('&#60;script&#62;alert(1)&#60;/script&#62;')).toHaveLength(3);
      for (const words of [seal!, '演示值班员甲', '演示值班员丁']) expect(page).toContain(words);
    }
    expect(zh).toContain('演示县值班日志（第 1 班）');
    expect(zh).toContain('<span class="drill">演练</span>');
    expect(en.replaceAll(/演示\S*|立即转移|已接|雨|s-\w 活动室|一组|二组/g, '')).not.toMatch(/\p{Script=Han}/u);
  });

  it.each([
    ['GET', '', 'shift.read'],
    ['GET', '/open-things', 'shift.read'],
    ['GET', '/ID', 'shift.read'],
    ['GET', '/ID/log', 'shift.read'],
    ['GET', '/ID/print', 'shift.read'],
    ['POST', '', 'shift.keep'],
    ['POST', '/ID/remarks', 'shift.keep'],
    ['POST', '/ID/hand-over', 'shift.keep'],
    ['POST', '/ID/withdraw', 'shift.keep'],
    ['POST', '/ID/take-over', 'shift.keep'],
  ] as const)('%s /shifts%s is for officers of its ground and post alone', async (method, path, action) => {
    const { id } = await begin('village');
    const url = `${SHIFTS}${path.replace('ID', id)}`;
    const ask = async (token: string | undefined) => {
      const payload = method === 'GET' ? {} : { payload: { words: '试', version: 1 } };
      const signed = token === undefined ? {} : { cookies: { [SESSION_COOKIE]: token }, headers: { 'x-csrf-token': 'csrf' } };
      const cut = path.endsWith('remarks') ? { payload: { words: '试' } } : path.endsWith('withdraw') ? { payload: { version: 1 } } : payload;
      return watch.app.inject({ method, url, ...signed, ...(method === 'GET' ? {} : cut) });
    };
    const before = await told();
    expect((await ask(undefined)).statusCode).toBe(401);
    const isOfOne = path.startsWith('/ID');
    for (const stranger of ['other', ...(method === 'POST' && isOfOne ? ['county'] : [])] as const) {
      const answer = await ask(stranger);
      if (isOfOne) expect([stranger, answer.statusCode, answer.json<{ code: string }>().code]).toEqual([stranger, 403, 'out-of-scope']);
    }
    if (isOfOne) expect(await told()).toEqual(before);
    // The county reads its villages' logs; what it asks for without naming one is its own.
    if (method === 'GET') expect((await ask('county')).statusCode).toBe(200);
    const mayNot: Role[] = ROLES.filter((role) => !roleMay(role, action));
    expect(mayNot).toEqual(['prefecture-officer']);
  });

  it.each([
    ['one that nobody knows', '/none/hand-over', { version: 1 }, 'not-found'],
    ['a version that was', '/ID/hand-over', { version: 9 }, 'changed-meanwhile'],
    ['no version', '/ID/hand-over', {}, 'bad-input'],
    ['words that are a number', '/ID/hand-over', { version: 1, words: 7 }, 'bad-input'],
    ['too many words', '/ID/hand-over', { version: 1, words: '雨'.repeat(LIMITS.shiftWordsChars + 1) }, 'bad-input'],
    ['figures of his own', '/ID/hand-over', { version: 1, counts: {} }, 'bad-input'],
    ['a time that is none', '/ID/remarks', { words: '试', writtenAt: 'gestern' }, 'bad-input'],
    ['a hand-over that there is not', '/ID/withdraw', { version: 1 }, 'transition-refused'],
  ])('is not moved by %s', async (_, path, body, code) => {
    const shift = await begin();
    expect((await post('county', path.replace('ID', shift.id), body)).code).toBe(code);
    expect(await read(shift.id)).toEqual(shift);
  });
});
