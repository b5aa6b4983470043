// "Numbers" of the officers' console in a real browser: which of them work, by village and by name, in both languages; and a round started there by keyboard.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { NumbersView } from '@laba/domain/number-view';
import { installed } from '@laba/messaging/installed.test-kit';
import { whereItIsNoon } from '../harness/time-of-day.ts';
import { unreadable } from './page-checks.ts';
import { openConsole, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const HOSTILE = '<img src=x onerror=alert(1)>\u202e反转';

describe.skipIf(!installed('chromium', 'chromium'))('the numbers in Chromium', () => {
  const shown = shownHouse({ env: { LABA_UTC_OFFSET_MINUTES: whereItIsNoon() } });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function judge(page: Page, name: string): Promise<void> {
    for (const width of [1920, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `numbers-${name}-${width}.png`), fullPage: true });
      }
      expect(await unreadable(page), `${name} at ${width} px`).toEqual([]);
    }
  }

  it('are counted by village and listed by name, and a round that is started goes on before the officer’s eyes', async () => {
    const page = await openConsole(shown, 'cadre1', 'houses/numbers');
    await page.waitForSelector('.numbers tbody tr');
    expect(await page.locator('.numbers tbody tr').count()).toBe(1);
    await page.waitForSelector('.number-list:has-text("从未测试")');
    await judge(page, 'never');
    await page.focus('main form button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main form [role=alert]:has-text("请从列表中选择地点")');
    await page.focus('#round-place');
    await page.keyboard.type('打所');
    await page.waitForSelector('.ant-select-item-option-active:has-text("打所")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-select-open', { state: 'detached' });
    await page.focus('main form button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main form [role=status]:has-text("开始测试")');
    await page.waitForSelector('.round-goes-on:has-text("测试进行中")');
    await page.waitForSelector('.number-row:has-text("已测试，等待回答")');
    await judge(page, 'waiting');
    expect(await untranslated(page, 'zh')).toEqual([]);
    // Proven stands last of what may be chosen, and the arrow up from all leads there.
    await page.focus('.number-result input');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.waitForSelector('.ant-select-item-option-active:has-text("已确认")');
    await page.keyboard.press('Enter');
    await page.locator('.number-row').first().waitFor({ state: 'detached' });
    expect(page.url()).toContain('#/houses/numbers/all/proven');
    await page.goto(`${shown.url}/console/#/houses/numbers`);
    await page.click('header .language');
    await page.waitForSelector('.number-list:has-text("tested, waiting for the answer")');
    expect(await page.textContent('main')).toContain('Test numbers now');
    expect(await untranslated(page, 'en')).toEqual([]);
    await judge(page, 'waiting-en');
  });

  it('a county is read page by page, and one village by its name', async () => {
    const page = await openConsole(shown, 'duty1', 'houses/numbers');
    await page.waitForSelector('.numbers tbody tr');
    expect(await page.locator('.numbers tbody tr').count()).toBeGreaterThan(20);
    await page.locator('.number-row').first().waitFor();
    const first = await page.locator('.number-row').count();
    await page.click('.number-list button:has-text("更多")');
    await page.locator('.number-row').nth(first).waitFor();
    await judge(page, 'county');
    const village = page.locator(`.numbers tbody a[href$="/numbers/${shown.running.demo!.dasuo.villageCode}"]`);
    const name = (await village.textContent())!;
    await village.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector(`#numbers-title:has-text("${name}")`);
    expect(await page.locator('.numbers tbody tr').count()).toBe(1);
  });

  it('a round that is refused says why in the house’s own words, and names are shown as they are', async () => {
    const page = await openConsole(shown, 'duty1', 'houses');
    await page.route(/api\/v1\/numbers(\?|$)/, async (route) => {
      const numbers = (await (await route.fetch()).json()) as NumbersView;
      await route.fulfill({ json: { ...numbers, numbers: numbers.numbers.map((one) => ({ ...one, name: HOSTILE, reason: 'provider-away' })) } });
    });
    await page.route('**/numbers/rounds', (route) => route.continue({ postData: JSON.stringify({ gridCode: '533325100' }) }));
    await page.click('.sub-nav a[href="#/houses/numbers"]');
    await page.waitForSelector('.number-row:has-text("连不上服务商")');
    expect(await page.locator('.number-row').first().textContent()).toContain(HOSTILE);
    expect(await page.locator('main img').count()).toBe(0);
    await page.focus('#round-place');
    await page.keyboard.type('打所');
    await page.waitForSelector('.ant-select-item-option-active:has-text("打所")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-select-open', { state: 'detached' });
    await page.focus('main form button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-alert:has-text("不在您的管辖范围内")');
    await judge(page, 'refused');
  });
});
