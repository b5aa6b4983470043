// "Heard by telephone" and "Times alone" of the officers' console in a real browser: six lines typed in a minute without a mouse, seen beside what is proven; and what a village did alone.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NowView } from '@laba/domain/now-view';
import type { StatusView } from '@laba/domain/status-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { one } from '@laba/storage/database';
import { unreadable } from './page-checks.ts';
import { DESK, openConsole, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
/** Six lines are taken down while they are said. */
const SIX_LINES_MS = 60_000;
/** About as fast as an officer types. */
const KEY_MS = 60;
const HOSTILE = '<img src=x onerror=alert(1)>\u202e反转';

describe.skipIf(!installed('chromium', 'chromium'))('what is heard by telephone, in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;
  let second: Client;
  let group: string;
  let alertId: string;

  beforeAll(async () => {
    [duty, second] = [new Client(shown.url), new Client(shown.url)];
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    await second.signIn('duty2', shown.loginOf('duty2').password);
    group = shown.running.demo!.dasuo.groupCode;
    const draft = { mode: 'live', kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [group] };
    alertId = (await duty.post<{ id: string }>('/api/v1/alerts', draft)).id;
    await duty.post(`/api/v1/alerts/${alertId}/raise`, {});
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function judge(page: Page, name: string): Promise<void> {
    for (const width of [1920, 1280]) {
      await page.setViewportSize({ ...DESK, width });
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `status-${name}-${width}.png`), fullPage: true });
      }
      expect(await unreadable(page), `${name} at ${width} px`).toEqual([]);
    }
  }

  /** One line, and the key that leads to the next. */
  async function types(page: Page, line: number, words: string): Promise<void> {
    await page.waitForSelector(`input[name=line${line}]:focus`);
    await page.keyboard.type(words, { delay: KEY_MS });
    await page.keyboard.press('Enter');
  }

  async function choosePlace(page: Page): Promise<void> {
    await page.waitForSelector('#status-place:focus');
    await page.keyboard.type('打所小组');
    await page.waitForSelector('.ant-select-item-option-active:has-text("打所小组")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-select-open', { state: 'detached' });
  }

  const statuses = async () => (await duty.get<{ statuses: StatusView[] }>(`/api/v1/statuses?grid=${group}`)).statuses;

  it('is opened by one key on a silent site, typed with the keyboard alone within a minute, read back line by line, and asked again where it cannot be', async () => {
    const page = await openConsole(shown, 'duty1');
    await page.route('**/api/v1/now', async (route) => {
      const now = (await (await route.fetch()).json()) as NowView;
      const site = {
        siteId: 's',
        name: '活动室',
        gridCode: group,
        gridName: '打所小组',
        hasGateway: true,
        lastSeenAt: null,
        lastSeenAtMs: now.asOfMs,
        ageMs: 0,
      };
      await route.fulfill({ json: { ...now, sites: { ...now.sites, silent: [site] } } });
    });
    const silent = page.locator('.worst-first li.site a');
    await silent.focus();
    const begun = performance.now();
    await page.keyboard.press('Enter');
    await types(page, 1, '阿依 卫星');
    expect(decodeURIComponent(page.url())).toMatch(new RegExp(`#/houses/status/${group}$`));
    await page.waitForSelector('.expected:has-text("名册 65 户 199 人")');
    expect(await page.textContent('.expected .mode-tag')).toBe('实警');
    await types(page, 2, '转移 0302 响了');
    await types(page, 3, '60 188 189 1 0');
    await types(page, 4, '公路两处断 河水上涨');
    await types(page, 5, '胰岛素');
    await page.waitForSelector('#read-3.bad:has-text("比清点到的 188 人还多")');
    await judge(page, 'wrong');
    await types(page, 6, '0430 13800000000');
    await page.waitForSelector('input[name=line3]:focus');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('60户 205人 转移188 失联1');
    await page.waitForSelector('input[name=confirmed]');
    await page.keyboard.press('ControlOrMeta+a');
    await types(page, 3, '60户 188人 转移188 失联1 受伤0');
    await page.waitForSelector('input[name=confirmed]', { state: 'detached' });
    await page.waitForSelector('#read-3:has-text("户 60 · 人 188 · 已转移 188 · 失联 1 · 受伤 0")');
    await page.waitForSelector('#read-6:has-text("04:30")');
    await judge(page, 'typed');
    expect(await untranslated(page, 'zh')).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForSelector('input[name=line5]:focus');
    await page.keyboard.press('Tab');
    await page.waitForSelector('input[name=asNeed]:focus');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.waitForSelector('input[name=line6]:focus');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.spoken.grave:has-text("60 / 65 户")');
    const tookMs = performance.now() - begun;
    console.log(`six lines from a silent site, with two corrections, by a script at ${KEY_MS} ms a key: ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThanOrEqual(SIX_LINES_MS);
    await page.waitForSelector('#status-place:focus');
    expect(await page.inputValue('input[name=line1]')).toBe('');
    await page.waitForSelector('.ant-alert-success:has-text("打所小组")');
    await judge(page, 'written');
    await expect.poll(async () => (await duty.get<{ reports: { text: string }[] }>('/api/v1/reports')).reports.map(({ text }) => text)).toContain('胰岛素');
  });

  it('stands on the board beside what is proven, and on the first screen, until it is reconciled; two who reconcile it at once both read by whom it was', async () => {
    const page = await openConsole(shown, 'duty1');
    await page.waitForSelector('.worst-first li.grave:has-text("失联 1 人，受伤 0 人")');
    // One key more, from wherever the row has the focus.
    await page.locator('.worst-first li.grave a').focus();
    await page.keyboard.press('6');
    await page.waitForSelector('input[name=line1]:focus');
    expect(page.url()).toContain(`/houses/status/${group}`);
    await page.goto(`${shown.url}/console/#/board/${alertId}`);
    await page.waitForSelector('.heard-row.grave:has-text("188 / 199 人")');
    expect(await page.textContent('.heard')).toContain('人：说 188，后来登记 0');
    expect(await page.textContent('.heard .spoken-line')).toContain('卫星电话');
    await judge(page, 'board');
    await page.click('header .language');
    await page.waitForSelector('.heard:has-text("said 188, since marked 0")');
    expect(await untranslated(page, 'en')).toEqual([]);
    await judge(page, 'board-en');
    await page.route('**/reconcile', async (route) => {
      const [status] = await statuses();
      await second.post(`/api/v1/statuses/${status!.id}/reconcile`, { version: status!.version });
      await route.continue();
    });
    await page.focus('.heard button:has-text("Reconciled")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.heard .good:has-text("reconciled by")');
    expect(await page.textContent('.heard .good')).toContain(shown.loginOf('duty2').name);
    expect(await page.locator('.heard-row.grave').count()).toBe(0);
  });

  it('a later word puts the one before it among the former ones, each with its age, and whatever is said is shown as it was said', async () => {
    const page = await openConsole(shown, 'duty1', `houses/status/${group}`);
    await page.waitForSelector('.spoken:not(.former)');
    await second.post('/api/v1/statuses', { gridCode: group, lines: [`阿依 ${HOSTILE}`, '无', '65 199 199 0 0', HOSTILE, '', '30分钟'] });
    await page.waitForSelector('.spoken.former:has-text("公路两处断")');
    const newest = page.locator('.spoken:not(.former)');
    expect(await newest.count()).toBe(1);
    expect(await newest.textContent()).toContain('<img src=x onerror=alert(1)>');
    expect(await page.locator('.six-said img').count()).toBe(0);
    expect(await page.locator('.spoken .age:has-text("前")').count()).toBeGreaterThanOrEqual(2);
    await judge(page, 'former');
    await page.click('header .language');
    await page.waitForSelector('h2:has-text("Six lines")');
    expect(await untranslated(page, 'en')).toEqual([]);
    await judge(page, 'former-en');
  });

  it('is written down once where the answer is lost, and keeps what was typed until the house has it', async () => {
    const page = await openConsole(shown, 'duty1', 'houses/status');
    await choosePlace(page);
    await page.waitForSelector('input[name=line1]:focus');
    const before = (await statuses()).length;
    let isCut = true;
    await page.route('**/api/v1/statuses', async (route) => {
      if (!isCut || route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      return route.abort('connectionreset');
    });
    await page.keyboard.type('阿依 电台');
    for (let line = 1; line < 6; line++) await page.keyboard.press('Enter');
    await page.waitForSelector('input[name=line6]:focus');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.six-lines .ant-alert-error');
    expect(await page.inputValue('input[name=line1]')).toBe('阿依 电台');
    isCut = false;
    await page.waitForSelector('.stale', { state: 'detached' });
    await page.focus('input[name=line6]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-alert-success');
    expect((await statuses()).length).toBe(before + 1);
  });

  it('what happened where nobody could hear stands in its order, between where that begins and where it ends', async () => {
    const { db, ids, clock } = shown.running.house.deps;
    const page = await openConsole(shown, 'duty1', `houses/alone/${group}`);
    await page.waitForSelector('.empty:has-text("没有失联过")');
    await judge(page, 'never-alone');
    const [gateway] = await db.read((q, t) => q.select({ id: t.gateway.id, siteId: t.gateway.siteId }).from(t.gateway).where(eq(t.gateway.gridCode, group)));
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
      const row = { id: ids(), type, atMs: at(minute), who, via: 'mqtt', gridCode: group, subjectId, data, alertId: null };
      await db.atomically([one((q, t) => q.insert(t.event).values(row).returning({ id: t.event.id }))]);
    }
    await page.focus('.sub-nav a[href="#/houses/alone"]');
    await page.keyboard.press('Enter');
    await page.locator(`[data-alone="${group}"] a`).focus();
    await judge(page, 'alone-places');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.alone-event.mark:has-text("恢复联系")');
    const rows = await page.locator('.alone-event').allTextContents();
    expect(rows).toHaveLength(7);
    expect(rows[0]).toContain('从这里起独自');
    expect(rows[3]).toContain('当地时钟不准');
    await judge(page, 'alone');
    await page.click('header .language');
    await page.waitForSelector('.alone-event.mark:has-text("Heard again")');
    expect(await untranslated(page, 'en')).toEqual([]);
    await judge(page, 'alone-en');
  });
});
