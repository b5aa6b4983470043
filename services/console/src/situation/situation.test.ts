// Reporting upward: clocks over days, quiet days, copies on paper and as a Word file, what somebody altered, and everything that is refused.
import { eq } from 'drizzle-orm';
import { strFromU8, unzipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AlertState } from '@laba/domain/alert';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { SESSION_COOKIE } from '@laba/runtime/http';
import { any, one } from '@laba/storage/database';
import { CoverageReader } from '../read-coverage.ts';
import { COUNTY, GROUP_A, OFFICERS, VILLAGE, Watch } from '../watch.test-kit.ts';
import { dueReports } from './due-reports.ts';
import { fillAlertReport } from './fill-report.ts';

interface Report {
  id: string;
  number: number;
  kind: string;
  version: number;
  altered: boolean;
  words: Record<string, { zh: string; en: string }>;
  figures: { sites: { total: number; silent: number } };
  seal: string;
  day: string | null;
  code: string;
}
type Due = { alertId: string | null; day: string | null; kind: string; number: number; overdue: boolean; dueAt: string };

const REPORTS = '/api/v1/situation-reports';
const HOUR_MS = 3_600_000;

describe('reports upward', () => {
  let watch: Watch;
  beforeEach(async () => {
    watch = await Watch.open();
  });

  const post = async (url: string, body: object = {}, officer: keyof typeof OFFICERS = 'county') => (await watch.act<Report>(officer, 'POST', url, body)).body;
  const fill = (alert: string) => post(`/api/v1/alerts/${alert}/situation-reports`);
  const send = ({ id, version }: Report) => post(`${REPORTS}/${id}/send`, { version });
  const write = async ({ id, version }: Report, words: object) => (await watch.act<Report>('county', 'PUT', `${REPORTS}/${id}/words`, { version, words })).body;
  const due = async (officer: keyof typeof OFFICERS = 'county') => (await watch.get<{ situation: Due[] }>(officer, '/api/v1/now')).body.situation;
  const copy = async (url: string) => watch.app.inject({ method: 'GET', url, cookies: { [SESSION_COOKIE]: 'county' } });
  const becomes = (id: string, state: AlertState) =>
    watch.deps.db.atomically([
      one((q, t) => q.update(t.alert).set({ state, overAtMs: watch.clock.now() }).where(eq(t.alert.id, id)).returning({ id: t.alert.id })),
    ]);
  const zeroAt = (hour: string) => {
    const policy = { ...DEFAULT_POLICY, situation: { ...DEFAULT_POLICY.situation, zeroAt: hour } };
    return watch.deps.db.atomically([any((q, t) => q.insert(t.policy).values({ county: COUNTY, policy }).returning({ id: t.policy.county }))]);
  };

  it('are asked for by the clock: the next after every one that was sent, the final one after the end, and none after a week', async () => {
    const alert = await watch.alert([VILLAGE]);
    await send(await fill(alert));
    await watch.clock.advance(2 * HOUR_MS + 1);
    expect(await due()).toMatchObject([{ kind: 'follow-up', number: 2, overdue: true, dueAt: '2026-07-01T10:00:00+08:00' }]);
    await becomes(alert, 'ended');
    expect(await due()).toMatchObject([{ kind: 'final', number: 2, overdue: false }]);
    await watch.clock.advance(25 * HOUR_MS);
    expect(await due()).toMatchObject([{ kind: 'final', overdue: true }]);
    await watch.clock.advance(6 * 24 * HOUR_MS);
    expect(await due()).toEqual([]);
    expect(await fill(alert)).toMatchObject({ kind: 'final', number: 2 });
  });

  it('of live alerts stand before those of drills, the longest overdue first', async () => {
    const drill = await watch.alert([VILLAGE], 'drill');
    await watch.clock.advance(60_000);
    const first = await watch.alert([VILLAGE]);
    await watch.clock.advance(60_000);
    const second = await watch.alert([GROUP_A]);
    expect((await due()).map(({ alertId }) => alertId)).toEqual([first, second, drill]);
    expect(await due('other')).toEqual([]);
  });

  it('of a quiet day tell the readiness, once a day; a day on which a live alert stood is not quiet, a drill leaves it so', async () => {
    expect(await post(`${REPORTS}/zero`)).toMatchObject({ code: 'transition-refused' });
    await zeroAt('09:00');
    await becomes(await watch.alert([VILLAGE], 'drill'), 'ended');
    await watch.clock.advance(1.6 * HOUR_MS);
    await watch.heard('s-a', GROUP_A);
    expect(await due()).toMatchObject([{ alertId: null, day: '2026-07-01', kind: 'zero', overdue: true, dueAt: '2026-07-01T09:30:00+08:00' }]);
    expect(await due('village')).toEqual([]);
    const zero = await post(`${REPORTS}/zero`);
    expect(zero).toMatchObject({ kind: 'zero', number: 1, day: '2026-07-01', figures: { sites: { total: 4, silent: 3 } } });
    expect((await post(`${REPORTS}/zero`)).id).toBe(zero.id);
    expect((await copy(`${REPORTS}/${zero.id}/print`)).body).toContain('没有发布实警，没有突发事件');
    await send(await write(await post(`${REPORTS}/zero`), { weather: { zh: '晴' } }));
    expect(await due()).toEqual([]);
    expect(await post(`${REPORTS}/zero`)).toMatchObject({ code: 'already-done' });
    await becomes(await watch.alert([VILLAGE]), 'cancelled');
    await watch.clock.advance(24 * HOUR_MS);
    expect(await due()).toEqual([]);
    expect(await post(`${REPORTS}/zero`)).toMatchObject({ code: 'transition-refused' });
    await watch.clock.advance(24 * HOUR_MS);
    expect(await due()).toMatchObject([{ kind: 'zero', day: '2026-07-03' }]);
  });

  it('are copied in both languages; what somebody typed is shown and never obeyed', async () => {
    const alert = await watch.alert([VILLAGE]);
    const nasty = '<script>alert(1)</script>=1+1 & "雨"\u202e';
    const report = await send(await write(await fill(alert), { weather: { zh: nasty, en: '' }, losses: { zh: '无', en: 'none so far' } }));
    const [zh, en] = [(await copy(`${REPORTS}/${report.id}/print`)).body, (await copy(`${REPORTS}/${report.id}/print?lang=en`)).body];
    expect(zh).toContain('演示县地质灾害险情情况报告（首报）');
    expect(en).toContain('演示县: situation report on geological hazard (first report)');
    expect(zh).not.toContain('<script>');
    for (const page of [zh, en]) expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;=1+1');
    expect(zh).not.toContain('\u202e');
    expect(zh).toContain(report.seal);
    expect(zh).toContain('演示值班员甲');
    expect(en).toContain('none so far');
    // Words that nobody translated are shown as they were written; nothing of the page itself is.
    expect(en.replaceAll(/演示\S*|立即转移|泥石流|一组|二组|雨|晴/g, '')).not.toMatch(/\p{Script=Han}/u);
    const file = await copy(`${REPORTS}/${report.id}/docx`);
    expect(file.headers['content-disposition']).toContain(encodeURIComponent('（首报）.docx'));
    const xml = strFromU8(unzipSync(file.rawPayload)['word/document.xml']!);
    for (const words of ['演示县地质灾害险情情况报告（首报）', '一、人员清点', report.seal, '&lt;script&gt;alert(1)']) expect(xml).toContain(words);
  });

  it('before they are signed, and in a drill, say so on every copy', async () => {
    const draft = await fill(await watch.alert([VILLAGE], 'drill'));
    const page = (await copy(`${REPORTS}/${draft.id}/print`)).body;
    expect(page).toContain('草稿 · 未签发');
    expect(page).toContain('演练 · 不是真实险情');
    const xml = strFromU8(unzipSync((await copy(`${REPORTS}/${draft.id}/docx?lang=en`)).rawPayload)['word/document.xml']!);
    for (const words of ['DRAFT · not signed', 'DRILL · not a real emergency', '[DRILL] ']) expect(xml).toContain(words);
  });

  it('that were changed past the house are found out, and do not keep the next one from going out', async () => {
    const alert = await watch.alert([VILLAGE]);
    const first = await send(await write(await fill(alert), { weather: { zh: '雨' } }));
    const second = await send(await fill(alert));
    const { db } = watch.deps;
    const [other] = await db.read((q, t) => q.select().from(t.situationReport).where(eq(t.situationReport.id, first.id)));
    const put = (set: object) =>
      db.atomically([one((q, t) => q.update(t.situationReport).set(set).where(eq(t.situationReport.id, second.id)).returning({ id: t.situationReport.id }))]);
    for (const set of [{ seal: first.seal }, { contentCipher: 'v1.AAAA' }, { contentCipher: other!.contentCipher, seal: other!.seal }]) {
      await put(set);
      for (const path of ['', '/print', '/docx']) expect((await copy(`${REPORTS}/${second.id}${path}`)).json<{ code: string }>().code).toBe('report-altered');
      const { reports } = (await watch.get<{ reports: Report[] }>('county', `/api/v1/alerts/${alert}/situation-reports`)).body;
      expect(reports.filter(({ altered }) => altered).map(({ number }) => number)).toEqual([2]);
    }
    expect(await fill(alert)).toMatchObject({ number: 3, words: { weather: { zh: '' } } });
  });

  it.each([
    ['an alert that nobody knows', 'POST', '/api/v1/alerts/none/situation-reports', {}, 'not-found'],
    ['a report that nobody knows', 'POST', `${REPORTS}/none/send`, { version: 1 }, 'not-found'],
    ['a field that there is not', 'PUT', `${REPORTS}/ID/words`, { version: 1, words: { mood: { zh: '好' } } }, 'bad-input'],
    ['words without a version', 'PUT', `${REPORTS}/ID/words`, { words: {} }, 'bad-input'],
    ['words that are a number', 'PUT', `${REPORTS}/ID/words`, { version: 1, words: { losses: { zh: 7 } } }, 'bad-input'],
    ['10,000 characters', 'PUT', `${REPORTS}/ID/words`, { version: 1, words: { losses: { zh: '雨'.repeat(10_000) } } }, 'bad-input'],
    ['figures of his own', 'PUT', `${REPORTS}/ID/words`, { version: 1, words: {}, figures: {} }, 'bad-input'],
    ['words over a version that was', 'PUT', `${REPORTS}/ID/words`, { version: 7, words: {} }, 'changed-meanwhile'],
    ['a signature under a version that was', 'POST', `${REPORTS}/ID/send`, { version: 7 }, 'changed-meanwhile'],
  ] as const)('are not changed by %s', async (_, method, url, body, code) => {
    const report = await fill(await watch.alert([VILLAGE]));
    expect((await watch.act<{ code: string }>('county', method, url.replace('ID', report.id), body)).body.code).toBe(code);
    expect((await watch.get<Report>('county', `${REPORTS}/${report.id}`)).body).toEqual(report);
  });

  it('keep the words of whoever wrote first, when two write at the same moment, and tell the other', async () => {
    const report = await fill(await watch.alert([VILLAGE]));
    const answers = await Promise.all([write(report, { weather: { zh: '雨' } }), write(report, { losses: { zh: '路断' } })]);
    expect(answers.map(({ code }) => code).filter((code) => code !== undefined)).toEqual(['changed-meanwhile']);
    const { body } = await watch.get<Report>('county', `${REPORTS}/${report.id}`);
    expect(body.version).toBe(2);
    expect(Object.values(body.words).filter(({ zh }) => zh !== '')).toHaveLength(1);
  });

  it('do not follow a test, or what was cancelled before anybody reported', async () => {
    const test = await watch.alert([VILLAGE], 'test');
    const wrong = await watch.alert([VILLAGE]);
    await becomes(wrong, 'cancelled');
    for (const alert of [test, wrong]) expect(await fill(alert)).toMatchObject({ code: 'transition-refused' });
    expect(await due()).toEqual([]);
  });

  it('are made at the county: the house of a village makes none and waits for none', async () => {
    const alert = await watch.alert([VILLAGE]);
    const there = { ...watch.deps, config: { ...watch.deps.config, node: VILLAGE } };
    const act = { who: 'officer:o-county', via: 'http', once: [] } as const;
    const refusal = fillAlertReport(there, new CoverageReader(there), alert, OFFICERS.county, act);
    await expect(refusal).rejects.toMatchObject({ code: 'transition-refused' });
    expect(await dueReports(there, OFFICERS.county, watch.clock.now())).toEqual([]);
  });
});
