// Six lines typed in a minute without a mouse, seen beside what is proven, in a real browser, both languages, readable for everybody.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { one } from '@laba/storage/database';
import { unreadable } from './page-checks.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];

describe.skipIf(!installed('chromium', 'chromium'))('what is heard by telephone, in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;
  let alertId: string;
  let page: Page;

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    const draft = { mode: 'live', kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [shown.running.demo!.dasuo.groupCode] };
    alertId = (await duty.post<{ id: string }>('/api/v1/alerts', draft)).id;
    await duty.post(`/api/v1/alerts/${alertId}/raise`, {});
    page = await (await shown.browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    shown.watch(page);
    await page.goto(shown.url);
    await shown.signIn(page, 'duty1');
  });

  async function judge(name: string): Promise<void> {
    if (SHOTS !== undefined) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `status-${name}.png`), fullPage: true });
    }
    expect(await unreadable(page), name).toEqual([]);
  }

  const types = async (words: string) => {
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
  };

  it('is typed with the keyboard alone, read back line by line, and asked again where it cannot be', async () => {
    await page.evaluate(`location.hash = '#/status'`);
    await page.waitForSelector('.six');
    await types('打所小组');
    await page.waitForSelector('.six .note:has-text("名册 65 户 199 人")');
    await types('阿依 卫星');
    await types('转移 0302 响了');
    await types('60 188 189 1 0');
    await types('公路两处断 河水上涨');
    await types('胰岛素');
    await page.waitForSelector('#read-3.bad:has-text("比清点到的 188 人还多")');
    await judge('wrong');
    await page.keyboard.type('0430 13800000000');
    await page.waitForSelector('#read-6:has-text("04:30")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('input[name=line3]:focus');
    await page.fill('input[name=line3]', '60户 205人 转移188 失联1');
    await page.waitForSelector('input[name=confirmed]:visible');
    await page.fill('input[name=line3]', '60户 188人 转移188 失联1 受伤0');
    await page.waitForSelector('input[name=confirmed]', { state: 'hidden' });
    await page.waitForSelector('#read-3:has-text("户 60 · 人 188 · 已转移 188 · 失联 1 · 受伤 0")');
    await judge('typed');
    await page.check('input[name=asNeed]');
    await page.click('.six button[type=submit]');
    await page.waitForSelector('.spoken.grave:has-text("60 / 65 户")');
    expect(await page.inputValue('input[name=line1]')).toBe('');
    expect(await page.evaluate('document.activeElement.type')).toBe('search');
    await judge('written');
    await expect.poll(async () => (await duty.get<{ reports: { text: string }[] }>('/api/v1/reports')).reports.map(({ text }) => text)).toContain('胰岛素');
  });

  it('stands on the board and in the roll-call beside what is proven, and on the first screen, until it is reconciled', async () => {
    await page.evaluate(`location.hash = '#/'`);
    await page.waitForSelector('#view:has-text("失联 1，受伤 0")');
    await judge('now');
    await page.evaluate(`location.hash = '#/alert/${alertId}'`);
    await page.waitForSelector('.statuses li.grave:has-text("188 / 199 人")');
    await page.waitForSelector('.tile .spoken-line:has-text("卫星电话")');
    expect(await page.textContent('.statuses')).toContain('人：说 188，后来登记 0');
    await judge('board');
    await page.setViewportSize({ width: 360, height: 640 });
    await judge('board-360');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.click('button:has-text("清点名单")');
    await page.waitForSelector('dialog .spoken-line');
    await page.click('dialog form button');
    await page.click('header button[lang=en]');
    await page.waitForSelector('.statuses:has-text("said 188, since marked 0")');
    await judge('board-en');
    await page.click('.statuses button:has-text("Reconciled")');
    await page.waitForSelector('.statuses:has-text("reconciled by")');
    expect(await page.locator('.statuses li.grave').count()).toBe(0);
  });

  it('what happened where nobody could hear stands in its order, between where that begins and where it ends', async () => {
    const { db, ids, clock } = shown.running.house.deps;
    const code = shown.running.demo!.dasuo.groupCode;
    const [gateway] = await db.read((q, t) => q.select({ id: t.gateway.id, siteId: t.gateway.siteId }).from(t.gateway).where(eq(t.gateway.gridCode, code)));
    const { id: gatewayId, siteId } = gateway!;
    const nowMs = clock.now();
    const at = (minute: number) => nowMs - 200 * 60_000 + minute * 60_000;
    const lived = [
      ['site.silent', 2, gatewayId, 'system', { siteId, how: 'no-heartbeat', lastSeenMs: at(0) }],
      ['speaker.failed', 10, gatewayId, `gateway:${gatewayId}`, { siteId, reason: 'amplifier' }],
      ['speaker.mended', 9, gatewayId, `gateway:${gatewayId}`, { siteId }],
      ['rollcall.completed', 100, alertId, 'system', {}],
      ['site.back', 158, gatewayId, `gateway:${gatewayId}`, { siteId, bootCounter: 2 }],
    ] as const;
    for (const [type, minute, subjectId, who, data] of lived) {
      const row = { id: ids(), type, atMs: at(minute), who, via: 'mqtt', gridCode: code, subjectId, data, alertId: null };
      await db.atomically([one((q, t) => q.insert(t.event).values(row).returning({ id: t.event.id }))]);
    }
    const chinese = page.locator('header button[lang="zh-CN"]');
    if ((await chinese.count()) > 0) await chinese.click();
    await page.evaluate(`location.hash = '#/alone'`);
    await page.click('.names a:has-text("打所小组")');
    await page.waitForSelector('.timeline .mark:has-text("恢复联系")');
    const rows = await page.locator('.timeline.whole li').allTextContents();
    expect(rows).toHaveLength(7);
    expect(rows[0]).toContain('从这里起独自');
    expect(rows[3]).toContain('当地时钟不准');
    await judge('alone');
    await page.setViewportSize({ width: 360, height: 640 });
    await judge('alone-one-360');
  });

  it('where nobody was alone says so, and the form fits a telephone', async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    for (const view of ['status', 'alone', `alone/${shown.running.demo!.dasuo.groupCode}`]) {
      await page.evaluate(`location.hash = '#/${view}'`);
      await page.waitForSelector('#view section :is(form, .empty, .timeline, .names)');
      await judge(`${view.replace('/', '-')}-360`);
    }
    expect(shown.complaints).toEqual([]);
  });
});
