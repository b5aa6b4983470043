// "Reports upward" of the officers' console in a real browser: filled from the board with one key, worded, signed, printed; late ones say so.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SituationSheet, SituationsView } from '@laba/domain/situation-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const REPORTS = '/api/v1/situation-reports';
const HOUR_MS = 3_600_000;
type Totals = { total: number; accounted: number };

describe.skipIf(!installed('chromium', 'chromium'))('reports upward in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function raise(mode: 'live' | 'drill'): Promise<string> {
    const draft = { mode, kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [shown.running.demo!.dasuo.groupCode] };
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', draft);
    await duty.post(`/api/v1/alerts/${id}/raise`, {});
    const listed = async () => (await duty.get<{ persons: Totals }>(`/api/v1/alerts/${id}/rollcall?totals=true`)).persons.total;
    await expect.poll(listed, { timeout: 30_000 }).toBeGreaterThan(100);
    return id;
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `upward-${name}.png`), fullPage: true });
  }

  /** The figure of a row of the open report. */
  const figure = (page: Page, row: string) => page.textContent(`.sheet .figures tr:has(th:text-is("${row}")) td`);

  const button = (page: Page, name: string) => page.locator('.sheet').getByRole('button', { name, exact: true });
  const signs = (page: Page) => page.getByRole('dialog').getByRole('button', { name: '签发', exact: true });

  it('gives a quiet day its zero report from the hour that the policy names, and says where it names none', async () => {
    const page = await openConsole(shown, 'duty1', 'upward');
    await page.waitForSelector('section:has-text("不要求报")');
    const admin = new Client(shown.url);
    await admin.signIn('admin', shown.loginOf('admin').password);
    const { version: _, situation, ...policy } = await admin.get<{ version: number; situation: object }>('/api/v1/policy');
    await admin.put('/api/v1/policy', { ...policy, situation: { ...situation, zeroAt: '00:00' } });
    await page.click('.due-report:has-text("零报告") button');
    await page.waitForSelector('.sheet .figures');
    expect(await page.textContent('.sheet')).toContain('没有发布实警，没有突发事件');
    expect(await unreadable(page)).toEqual([]);
    await button(page, '签发').click();
    await signs(page).click();
    await page.waitForSelector('.sheet tr:has-text("校验码")');
    await until(async () => (await page.locator('.due-report').count()) === 0);
    await admin.put('/api/v1/policy', { ...policy, situation });
  });

  it('fills the first report with the board’s figures by one key, takes the officer’s words, and is signed; another desk sees it', async () => {
    const other = await openConsole(shown, 'duty2', 'upward');
    const page = await openConsole(shown, 'duty1', 'upward');
    const alert = await raise('live');
    await page.waitForSelector(`[data-due="${alert}"] :text("还剩")`);
    // By keyboard alone, from the one button that there is to press.
    await page.focus(`[data-due="${alert}"] button`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.sheet .figures');
    const { households, persons } = await duty.get<{ households: Totals; persons: Totals }>(`/api/v1/alerts/${alert}/rollcall?totals=true`);
    const { totals } = await duty.get<{ totals: { speakers: { total: number }; members: { total: number } } }>(`/api/v1/alerts/${alert}/coverage`);
    expect(await figure(page, '已核实户数')).toBe(`${households.accounted} / ${households.total}`);
    expect(await figure(page, '已核实人数')).toBe(`${persons.accounted} / ${persons.total}`);
    expect(await figure(page, '喇叭总数')).toBe(String(totals.speakers.total));
    expect(await figure(page, '集结成员')).toBe(String(totals.members.total));
    expect(await unreadable(page)).toEqual([]);
    expect(await untranslated(page, 'zh')).toEqual([]);
    await page.focus('textarea[name="weather.zh"]');
    await page.keyboard.type('过去一小时雨量 62 毫米');
    expect(await button(page, '签发').isDisabled()).toBe(true);
    expect(await page.textContent('#why-not-sign')).toContain('请先保存');
    await page.focus('.words-form button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#why-not-save:has-text("已保存")');
    await shoot(page, 'draft-zh');
    await button(page, '签发').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-modal');
    expect(await unreadable(page)).toEqual([]);
    await signs(page).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.sheet tr:has-text("校验码")');
    expect(await page.textContent('.sheet')).toContain('过去一小时雨量 62 毫米');
    expect(await page.locator('.sheet textarea').count()).toBe(0);
    expect(await unreadable(page)).toEqual([]);
    await other.waitForSelector('tr[data-report] :text("已签发")');
    await other.waitForSelector(`[data-due="${alert}"]:has-text("续报 第 2 号")`);
  });

  it('is copied to paper, to Word and to JSON, each with the seal that stands on the screen', async () => {
    const page = await openConsole(shown, 'duty1', 'upward');
    await page.locator('tr[data-report]:has-text("首报") a').click();
    const seal = (await page.textContent('.sheet tr:has(th:text-is("校验码")) td'))!;
    expect(seal).toHaveLength(43);
    const [paper] = await Promise.all([page.waitForEvent('popup'), button(page, '打印').click()]);
    await paper.waitForSelector('h1');
    expect(await paper.textContent('body')).toContain(seal);
    const [word] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("下载 Word")')]);
    expect(word.suggestedFilename()).toMatch(/首报.*\.docx$/);
    const bytes = readFileSync(await word.path());
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    if (SHOTS !== undefined) writeFileSync(join(SHOTS, 'upward.docx'), bytes);
    const [json] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("下载 JSON")')]);
    expect(JSON.parse(readFileSync(await json.path(), 'utf8'))).toMatchObject({ seal, kind: 'first', figures: { rollCall: { persons: { total: 199 } } } });
    await page.click('header button.language');
    await page.waitForSelector('.sheet h3:has-text("People accounted for")');
    expect(await untranslated(page, 'en')).toEqual([]);
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'sent-en');
  });

  it('says how long one is overdue, and why figures that are too old cannot be signed', async () => {
    const page = await openConsole(shown, 'duty1', 'upward');
    const alert = (await duty.get<SituationsView>(REPORTS)).due.find(({ mode }) => mode === 'live')!.alertId!;
    const { id } = await duty.post<{ id: string }>(`/api/v1/alerts/${alert}/situation-reports`);
    await page.route(/\/situation-reports$/, async (route) => {
      const view = (await (await route.fetch()).json()) as SituationsView;
      await route.fulfill({ json: { ...view, due: view.due.map((due) => ({ ...due, dueAtMs: view.asOfMs - 3 * HOUR_MS, overdue: true })) } });
    });
    await page.route(/\/sheet\?/, async (route) => {
      const sheet = (await (await route.fetch()).json()) as SituationSheet;
      await route.fulfill({ json: { ...sheet, asOfMs: sheet.asOfMs - HOUR_MS } });
    });
    await page.evaluate(`location.hash = '#/upward/${id}'`);
    await page.waitForSelector('.due-report.late:has-text("逾期 3 小时")');
    await page.waitForSelector('#why-not-sign:has-text("超过 30 分钟")');
    expect(await button(page, '签发').isDisabled()).toBe(true);
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'late-zh');
  });

  it('loses no word: not by a look elsewhere, not to another officer who writes in the same field, and shows markup as it was typed', async () => {
    const markup = '<img src=x onerror=alert(1)> =1+1 "雨"';
    const page = await openConsole(shown, 'duty1', 'upward');
    await page.locator('tr[data-report]:has-text("续报") a').click();
    await page.fill('textarea[name="losses.zh"]', markup);
    await page.keyboard.press('1');
    await page.evaluate(`location.hash = '#/now'`);
    await page.waitForSelector('.tiles');
    await page.goBack();
    await page.waitForSelector('textarea[name="losses.zh"]');
    expect(await page.inputValue('textarea[name="losses.zh"]')).toContain(markup);
    await page.fill('textarea[name="losses.zh"]', markup);
    const { reports } = await duty.get<SituationsView>(REPORTS);
    const { id, version } = reports.find(({ state }) => state === 'draft')!;
    await duty.put(`${REPORTS}/${id}/words`, { version, words: { losses: { zh: '路断一处' }, trend: { zh: '<b>雨停</b>' } } });
    await page.waitForSelector('.clash:has-text("路断一处")');
    expect(await page.inputValue('textarea[name="trend.zh"]')).toBe('<b>雨停</b>');
    expect(await unreadable(page)).toEqual([]);
    await page.click('.words-form button[type=submit]');
    await page.waitForSelector('#why-not-save:has-text("已保存")');
    const sheet = await duty.get<SituationSheet>(`${REPORTS}/${id}/sheet`);
    expect(sheet.words.losses.zh).toBe(markup);
    expect(sheet.words.trend.zh).toBe('<b>雨停</b>');
    await page.fill('textarea[name="course.zh"]', '没来得及保存');
    await duty.post(`${REPORTS}/${id}/send`, { version: sheet.version });
    await page.waitForSelector('.clash:has-text("没来得及保存")');
    await page.waitForSelector('.sheet tr:has-text("校验码")');
    expect(await page.locator('.sheet img, .sheet b:text-is("雨停")').count()).toBe(0);
    await page.click('.clash button:has-text("不要了")');
    await until(async () => (await page.locator('.clash').count()) === 0);
  });

  it('stands in a drill’s frame when it is of a drill, and a cadre reads it and cannot make one', async () => {
    const alert = await raise('drill');
    const page = await openConsole(shown, 'duty1', 'upward');
    await page.click(`[data-due="${alert}"] button`);
    await page.waitForSelector('.mode-frame.drill');
    await page.waitForSelector('.sheet-mark.drill:has-text("演练 · 不是真实险情")');
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'drill-zh');
    const cadre = await openConsole(shown, 'cadre1', 'upward');
    await cadre.click(`[data-due="${alert}"] a:has-text("打开草稿")`);
    await cadre.waitForSelector('.sheet .figures');
    expect(await cadre.locator('.sheet textarea, .sheet button:has-text("签发"), .upward button:has-text("取")').count()).toBe(0);
    expect(await cadre.textContent('.sheet .acts')).toContain('只能看');
    expect(await unreadable(cadre)).toEqual([]);
  });
});
