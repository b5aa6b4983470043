// "Audit" of the officers' console in a real browser: found by officer, kind, place, time and words; only the rows in sight are drawn; taken out as a table.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { recordAll } from '@laba/storage/events';
import { unreadable } from './page-checks.ts';
import { openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const MANY = 3_000;
const HOSTILE = '<img src=x onerror=alert(1)>\u202e反转';

describe.skipIf(!installed('chromium', 'chromium'))('the audit in Chromium', () => {
  const shown = shownHouse();

  beforeAll(async () => {
    const admin = new Client(shown.url);
    await admin.signIn('admin', shown.loginOf('admin').password);
    const scopes = [shown.running.demo!.dasuo.villageCode];
    const { officer } = await admin.post<{ officer: { id: string } }>('/api/v1/officers', {
      username: 'hostile',
      name: HOSTILE,
      role: 'village-cadre',
      scopes,
    });
    await admin.post(`/api/v1/officers/${officer.id}/disable`);
    const { deps } = shown.running.house;
    const [duty] = (await admin.get<{ officers: { id: string; username: string }[] }>('/api/v1/officers')).officers.filter(
      ({ username }) => username === 'duty1',
    );
    const atMs = deps.clock.now() - 20 * 86_400_000;
    const gridCode = shown.running.demo!.dasuo.groupCode;
    const rows = Array.from(
      { length: MANY },
      (_, rows) =>
        ({ type: 'grid.exported', atMs, who: `officer:${duty!.id}`, via: 'cli', gridCode, subjectId: 'file', data: { kind: 'places', rows } }) as const,
    );
    await deps.db.atomically(recordAll(deps.ids, rows));
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function judge(page: Page, name: string): Promise<void> {
    if (SHOTS !== undefined) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `audit-${name}.png`), fullPage: true });
    }
    expect(await unreadable(page), name).toEqual([]);
  }

  const open = async (width = 1280) => {
    const page = await openConsole(shown, 'admin', 'admin/audit', await shown.browser.newContext({ viewport: { width, height: 900 } }));
    await page.waitForSelector('.audit-row');
    return page;
  };
  const types = (page: Page) =>
    page.locator('.audit-row').evaluateAll((rows) => [...new Set(rows.map((row) => (row as unknown as { dataset: { event: string } }).dataset.event))]);
  const only = (page: Page, type: string) => until(async () => (await types(page)).join() === type);
  const choose = async (page: Page, field: string, words: string) => {
    await page.click(`.ant-select:has(#${field})`);
    await page.click(`.ant-select-item-option:has-text("${words}")`);
  };

  it('shows who did what, the newest first, and finds it by words, officer, kind and time, in both languages', async () => {
    const page = await open();
    expect(await page.locator('.audit-row >> nth=0').textContent()).toContain('登录');
    await judge(page, 'list-zh');
    await page.fill('input[name=words]', '停用');
    await only(page, 'officer.disabled');
    expect(await page.textContent('.audit-row')).toContain('演示管理员');
    expect(await page.locator('main img').count()).toBe(0);
    await page.click('button:has-text("清空条件")');
    await choose(page, 'audit-kind', '名册');
    await page.waitForSelector('main .empty:has-text("没有符合条件的记录")');
    await choose(page, 'audit-span', '最近 30 天');
    await only(page, 'grid.exported');
    await page.click('header button.language');
    await page.waitForSelector('main:has-text("Search further back")');
    expect(await untranslated(page, 'en')).toEqual([]);
    await judge(page, 'list-en');
  });

  it('of thousands only those in sight are drawn, and the search goes on further back', async () => {
    const page = await open(1920);
    await choose(page, 'audit-span', '最近 30 天');
    await choose(page, 'audit-kind', '名册');
    await only(page, 'grid.exported');
    expect(await page.textContent('main [role=status]')).toContain('已列出 200 条，还有更早的');
    await page.click('button:has-text("再往前查找")');
    await page.waitForSelector('main [role=status]:has-text("已列出 400 条")');
    expect(await page.locator('.audit-row').count()).toBeLessThan(60);
    await page.locator('.virtual').evaluate((box) => (box as unknown as { scrollTo(x: number, y: number): void }).scrollTo(0, 1e6));
    await page.waitForSelector(`.audit-row:has-text(" ${MANY - 400} 行"), .audit-row:has-text("）${MANY - 400} 行")`);
    await judge(page, '1920-zh');
    await page.click('header button.language');
    await judge(page, '1920-en');
    await page.click('header button.language');
    // The first of all: looked for through everything that came after.
    await page.fill('input[name=words]', '）0');
    await page.waitForSelector('.audit-row:has-text("）0 行")');
  });

  it('goes out as a table of what was searched for', async () => {
    const page = await open();
    await page.fill('input[name=words]', '停用');
    await only(page, 'officer.disabled');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("导出（CSV")')]);
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('时间,谁');
    expect(lines[1]).toContain('officer.disabled');
  });

  it('is searched by keyboard alone, and is not for who does not manage accounts', async () => {
    const page = await open();
    await page.focus('input[name=words]');
    await page.keyboard.type('hostile 停用');
    await page.waitForSelector('main .empty:has-text("没有符合条件的记录")');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('停用');
    await only(page, 'officer.disabled');
    for (let i = 0; i < 6; i++) await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true);
    const cadre = await openConsole(shown, 'duty1', 'admin/audit');
    await cadre.waitForSelector('main:has-text("不能用这一页")');
    await judge(cadre, 'not-yours');
  });
});
