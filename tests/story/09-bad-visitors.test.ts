// Bad input, third part: links, answers, the public form, and files. Whoever holds no right gets a page that says so, and nothing changes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { BareCaller, jsonOf, type Answer } from '../harness/bare-caller.ts';
import { MOVE_NOW } from '../harness/officer.ts';
import { nothingChanges, refuses } from '../harness/refusals.ts';
import { ACROSS, DASUO, MEMBERS_CSV, UPPER, VILLAGE } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';

let town: Town;
let admin: BareCaller;
let cadre: BareCaller;
let visitor: BareCaller;
beforeAll(async () => {
  town = await openTown();
  visitor = new BareCaller(() => town.house.url());
  [admin, cadre] = (await Promise.all(['admin', 'cadre1'].map((name) => new BareCaller(() => town.house.url()).signIn(name, PASSWORD)))) as [
    BareCaller,
    BareCaller,
  ];
});
afterAll(() => town.close());

/** A plain page that says no, in both languages. */
function isPage(answer: Answer, status: number, words: string): void {
  expect([answer.status, answer.headers['content-type']], answer.text).toEqual([status, 'text/html; charset=utf-8']);
  expect(answer.text).toContain(words);
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();

describe('a member’s link', () => {
  let link: string;
  let other: string;
  let call: string;
  let alert: string;
  beforeAll(async () => {
    const officer = await town.officer('cadre1');
    alert = await officer.orders({ at: [UPPER] });
    const [mine] = await officer.called(alert);
    const [foreign] = await officer.called(await officer.orders({ at: [UPPER], order: 'prepare', says: '准备转移，收拾证件。' }));
    [link, other, call] = [mine!.link, foreign!.link, mine!.id];
    await town.speaker('upper-1').hears(MOVE_NOW);
  });

  it('altered, cut, lengthened or made up opens nothing', async () => {
    const [, token = ''] = /^\/m\/(.+)$/.exec(link)!;
    const [head, mac] = token.split('.') as [string, string];
    const last = mac.endsWith('A') ? 'B' : 'A';
    const [otherHead] = other.slice('/m/'.length).split('.') as [string];
    const wrong = [
      `${head}.${mac.slice(0, -1)}${last}`,
      `${head}.`,
      head,
      `${head}x.${mac}`,
      `${otherHead}.${mac}`,
      `${token}${token}`,
      `${head}.${mac}A`,
      `${head}0.${mac}`,
      `${'A'.repeat(30)}.${mac}`,
      `${head.slice(0, 22)}zzzzzzz.${mac}`,
      `.${'A'.repeat(30)}`,
      '<script>alert(1)</script>aaaaaaaa',
    ];
    for (const bad of wrong) {
      for (const answer of [
        await nothingChanges(town, () => visitor.get(`/m/${encodeURIComponent(bad)}`)),
        await nothingChanges(town, () => visitor.post(`/m/${encodeURIComponent(bad)}`, form({ answer: 'coming' }), FORM)),
      ]) {
        expect([400, 404], bad).toContain(answer.status);
        isPage(answer, answer.status, answer.status === 404 ? '链接无效或已过期' : '输入有误');
        expect(answer.text).not.toContain('<script>');
      }
    }
  });

  it('answers for nobody else', async () => {
    const token = other.slice('/m/'.length);
    await refuses(town, 'link-invalid', () => visitor.post(`/api/v1/calls/${call}/answer`, { answer: 'coming', token }), /another call/);
    await refuses(town, 'link-invalid', () => visitor.post(`/api/v1/calls/${call}/answer`, { answer: 'coming' }), /Bearer/);
    await refuses(town, 'link-invalid', () =>
      visitor.post(`/api/v1/calls/${call}/answer`, { answer: 'coming' }, { authorization: `Bearer ${token.slice(0, -1)}` }),
    );
  });

  it('takes no answer of an unknown word', async () => {
    const token = link.slice('/m/'.length);
    for (const answer of ['', 'yes', 'COMING', '来', 'coming,arrived', '__proto__', 'x'.repeat(100_000)]) {
      isPage(await nothingChanges(town, () => visitor.post(link, form({ answer }), FORM)), 400, '输入有误');
      await refuses(town, 'bad-input', () => visitor.post(`/api/v1/calls/${call}/answer`, { answer, token }), /answer/);
    }
    isPage(await nothingChanges(town, () => visitor.post(link, form({}), FORM)), 400, '输入有误');
    await refuses(town, 'bad-input', () => cadre.post(`/api/v1/calls/${call}/answer-for`, { answer: 'coming', means: 'telepathy' }), /means/);
    await refuses(town, 'not-found', () => cadre.post('/api/v1/calls/nobody/answer-for', { answer: 'coming', means: 'telephone' }));
  });

  it('takes no answer after the alert, and a day later opens nothing', async () => {
    await (await town.officer('cadre1')).ends(alert);
    await town.eventually('the calls are closed', async () => (await town.told(alert, 'call.closed')).length > 0);
    // The end is still on its way to the poles: what they say of it is not what the refused answer changed.
    await town.clock.pass('1 min');
    await nothingChanges(town, () => visitor.post(link, form({ answer: 'coming' }), FORM));
    isPage(await visitor.get(link), 200, '不再接收回答');
    await refuses(
      town,
      'transition-refused',
      () => visitor.post(`/api/v1/calls/${call}/answer`, { answer: 'coming', token: link.slice('/m/'.length) }),
      /telephone/,
    );
    const now = town.clock.now();
    town.clock.set(now + 25 * 3_600_000);
    isPage(await nothingChanges(town, () => visitor.get(link)), 404, '链接无效或已过期');
    town.clock.set(now);
  });
});

describe('a report', () => {
  const report = (more: Record<string, unknown>) => ({ gridCode: DASUO, hazard: 'landslide', text: '坡上有裂缝', ...more });

  it('of nowhere, of nothing, of another’s village or of 100,000 characters is refused', async () => {
    const send = (more: Record<string, unknown>) => () => cadre.post('/api/v1/reports', report(more));
    await refuses(town, 'out-of-scope', send({ gridCode: ACROSS }));
    await refuses(town, 'unknown-code', () => admin.post('/api/v1/reports', report({ gridCode: '53332499' })));
    await refuses(town, 'bad-input', send({ hazard: 'volcano' }), /hazard/);
    await refuses(town, 'bad-input', send({ hazard: '__proto__' }), /hazard/);
    await refuses(town, 'bad-input', send({ source: 'sensor' }), /source/);
    await refuses(town, 'bad-text', send({ text: '水'.repeat(100_000) }), /100000 .*1000/);
    await refuses(town, 'bad-text', send({ hazard: 'other', text: ' \u202e\0 ' }));
    await refuses(town, 'bad-input', send({ text: ['a'] }), /text/);
    await refuses(town, 'not-found', () => cadre.post('/api/v1/reports/no-such/verify', { result: 'true' }));
    await refuses(town, 'bad-input', () => cadre.post('/api/v1/reports/no-such/verify', { result: 'maybe' }), /result/);
  });

  it('over the public form is cut and escaped on every page that shows it, and too many are asked to wait', async () => {
    const script = '<script>alert("1")</script><img src=x onerror=alert(1)>&\'';
    const { path } = jsonOf<{ path: string }>(await cadre.get(`/api/v1/report-links/${VILLAGE}`));
    isPage(await nothingChanges(town, () => visitor.post(`${path}x`, form({ hazard: 'landslide' }), FORM)), 404, '链接无效或已过期');
    isPage(await nothingChanges(town, () => visitor.post(path, form({ hazard: 'volcano', text: script, once: `"><script>` }), FORM)), 400, '请选择看到了什么');
    isPage(await nothingChanges(town, () => visitor.post(path, form({ hazard: 'need', text: ' ' }), FORM)), 422, '请用文字说明情况');
    const long = await visitor.post(path, form({ hazard: 'landslide', text: script + '水'.repeat(100_000), reporterName: script, once: 'form-1' }), FORM);
    isPage(long, 201, '已收到');
    expect(long.text).not.toMatch(/<script>|<img/);
    expect(long.text.match(/水/g)!.length).toBe(LIMITS.reportTextChars - script.length);
    const listed = await cadre.get('/api/v1/reports');
    expect(listed.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'x-content-type-options': 'nosniff' });
    const [shown] = jsonOf<{ reports: { text: string }[] }>(listed).reports;
    expect(shown!.text).toBe((script + '水'.repeat(1_000)).slice(0, LIMITS.reportTextChars));
    expect((await visitor.get('/')).headers['content-security-policy']).toContain("script-src 'self'");
    const many = await nothingChanges(town, () =>
      Promise.all(Array.from({ length: LIMITS.publicReportsPerMinute + 2 }, () => visitor.post(path, form({ hazard: '' }), FORM))),
    );
    const last = many.find(({ status }) => status === 429)!;
    isPage(last, 429, '请求太快，请稍候');
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('whose words become an alert’s is escaped on the member’s page', async () => {
    const officer = await town.officer('cadre1');
    const alert = await officer.orders({ at: [UPPER], says: '<script>alert(1)</script>快走' });
    const page = await visitor.get((await officer.called(alert))[0]!.link);
    isPage(page, 200, '&#60;script&#62;alert(1)&#60;/script&#62;快走');
    expect(page.text).not.toContain('<script>');
  });
});

describe('a file', () => {
  const upload =
    (list: string, bytes: string | Buffer, query = '') =>
    () =>
      admin.send('POST', `/api/v1/imports/${list}${query}`, { body: bytes, headers: { 'content-type': 'text/csv' } });
  const [HEAD = ''] = MEMBERS_CSV.split('\n');
  const row = (id: string, name = '演示新人') => `${id},${name},,,true,${DASUO},`;
  const gbk = Buffer.concat([Buffer.from(`${HEAD}\nm-gbk,`), Buffer.from([0xd1, 0xdd, 0xca, 0xbe]), Buffer.from(`,,,true,${DASUO},\n`)]);

  type Fault = { row: number; column: string; message: string; messageZh: string };
  async function names(bytes: string | Buffer, fault: Partial<Fault>): Promise<void> {
    const problem = await refuses(town, 'import-refused', upload('members', bytes), /Nothing was written/);
    expect((problem['errors'] as Fault[])[0]).toMatchObject(fault);
    expect((problem['errors'] as Fault[])[0]!.messageZh).toMatch(/\p{Script=Han}/u);
    const dry = await nothingChanges(town, upload('members', bytes, '?dryRun=true'));
    expect([dry.status, jsonOf<{ errors: unknown[] }>(dry).errors]).toEqual([200, problem['errors']]);
  }

  it.each<[string, string | Buffer, Partial<Fault>]>([
    ['that is empty', '', { row: 1, column: 'member_id' }],
    ['of a mark alone', '\ufeff', { row: 1 }],
    ['of a header alone', `${HEAD}\n`, { row: 2 }],
    ['with a wrong header', `id,name\n1,2\n`, { row: 1, column: 'member_id' }],
    ['with a column twice', `${HEAD},name\n`, { row: 1, column: 'name' }],
    ['with a row too short', `${HEAD}\n${row('m-new')}\nm-2,演示\n`, { row: 3 }],
    ['with an open quotation mark', `${HEAD}\n"${row('m-new')}\n`, { column: '' }],
    ['with a code that is none', `${HEAD}\nm-new,演示新人,,,true,12,\n`, { row: 2, column: 'grid_code' }],
    ['with a code outside', `${HEAD}\nm-new,演示新人,,,true,11010100100101,\n`, { row: 2, column: 'grid_code' }],
    ['with one member twice in one place', `${HEAD}\n${row('m-new')}\n${row('m-new')}\n`, { row: 3 }],
    ['with a cell of 1 MB', `${HEAD}\n${row('m-new', '水'.repeat(350_000))}\n`, { row: 2, column: 'name' }],
    ['with a name that is a formula', `${HEAD}\n${row('m-new', '"=HYPERLINK(""http://x"",""y"")"')}\n`, { row: 2, column: 'name' }],
    ['with an id that is a formula', `${HEAD}\n${row('=1+1')}\n`, { row: 2, column: 'member_id' }],
    [
      'of two encodings',
      Buffer.concat([Buffer.from(`${HEAD}\n${row('m-1')}\n${row('m-2')}\nm-3,`), Buffer.from([0xd1, 0xdd]), Buffer.from(`,,,true,${DASUO},\n`)]),
      { row: 4 },
    ],
    ['that is a workbook', Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0]), { row: 1 }],
    ['of NUL bytes', Buffer.alloc(1_000), { row: 1 }],
  ])('%s is refused with the row, and writes nothing', async (_what, bytes, fault) => {
    await names(bytes, fault);
  });

  it('divisions with a doubled code are refused with the row', async () => {
    const file = `code,name,parent_code,level\n533324,贡山独龙族怒族自治县,,county\n533324,贡山,,county\n`;
    const problem = await refuses(town, 'import-refused', upload('divisions', file));
    expect((problem['errors'] as Fault[])[0]).toMatchObject({ row: 3, column: 'code' });
  });

  it('of a list that does not exist, in another form, or by who may not is refused', async () => {
    await refuses(town, 'bad-input', upload('alerts', HEAD), /list/);
    await refuses(town, 'bad-input', upload('members', HEAD, '?dryRun=perhaps'), /dryRun/);
    await refuses(town, 'bad-input', () => admin.post('/api/v1/imports/members', { rows: [] }), /text\/csv/);
    await refuses(town, 'role-refused', () => cadre.send('POST', '/api/v1/imports/members', { body: HEAD, headers: { 'content-type': 'text/csv' } }));
    await refuses(town, 'not-signed-in', () => visitor.send('POST', '/api/v1/imports/members', { body: HEAD, headers: { 'content-type': 'text/csv' } }));
  });

  it('in GBK, or with a mark, is read; tried dry it writes nothing', async () => {
    for (const bytes of [gbk, Buffer.from(`\ufeff${HEAD}\r\n${row('m-mark')}\r\n`)]) {
      const dry = await nothingChanges(town, upload('members', bytes, '?dryRun=true'));
      expect(jsonOf(dry)).toMatchObject({ rows: 1, inserted: 1, errorCount: 0 });
      expect(jsonOf(await upload('members', bytes)())).toMatchObject({ rows: 1, inserted: 1, errorCount: 0 });
    }
    const names = await town.house.deps.db.read((q, t) => q.select({ id: t.member.id, name: t.member.name }).from(t.member));
    expect(names).toEqual(
      expect.arrayContaining([
        { id: 'm-gbk', name: '演示' },
        { id: 'm-mark', name: '演示新人' },
      ]),
    );
  });
});

it('after all of this a plain alert still sounds', async () => {
  await (await town.officer('cadre1')).orders({ at: [DASUO] });
  expect(await town.speaker('dasuo-1').hears(MOVE_NOW)).toHaveLength(1);
  expect(await town.brokenPromises()).toEqual([]);
});
