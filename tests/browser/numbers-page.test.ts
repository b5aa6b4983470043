// Which numbers work, on the officer's screen, in a real browser, both languages, readable for everybody; and a round started there.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { installed } from '@laba/messaging/installed.test-kit';
import { whereItIsNoon } from '../harness/time-of-day.ts';
import { unreadable } from './page-checks.ts';
import { shownHouse } from './shown-house.ts';

describe.skipIf(!installed('chromium', 'chromium'))('the numbers in Chromium', () => {
  const shown = shownHouse({ env: { LABA_UTC_OFFSET_MINUTES: whereItIsNoon() } });

  async function signIn(username: string, width: number): Promise<Page> {
    const page = await (await shown.browser.newContext({ viewport: { width, height: 900 } })).newPage();
    shown.watch(page);
    await page.goto(shown.url);
    await shown.signIn(page, username);
    return page;
  }

  it('are counted by village and listed by name, and a round that is started goes on before the officer’s eyes', async () => {
    const page = await signIn('cadre1', 390);
    await page.click('nav a[href="#/numbers"]');
    await page.waitForSelector('.numbers tbody tr');
    expect(await page.locator('.numbers tbody tr').count()).toBe(1);
    expect(await page.textContent('.list')).toContain('从未测试');
    expect(await unreadable(page)).toEqual([]);
    await page.click('form button[type=submit]');
    expect(await page.textContent('.problem')).toContain('请从列表中选择地点');
    await page.fill('.search input', '打所');
    await page.keyboard.press('Enter');
    await page.click('form button[type=submit]');
    await page.waitForSelector('form p[role=status]:has-text("开始测试")');
    await page.waitForSelector('.note:has-text("测试进行中")');
    await page.waitForSelector('.list:has-text("已测试，等待回答")');
    await page.selectOption('select[name=result]', 'proven');
    await page.locator('.list .line-item').first().waitFor({ state: 'detached' });
    await page.click('header button[lang=en]');
    await page.waitForSelector('.list:has-text("never tested")');
    expect(await page.textContent('#view')).toContain('Test numbers now');
    expect(await unreadable(page)).toEqual([]);
    expect(shown.complaints).toEqual([]);
  });

  it('a county is read page by page', async () => {
    const page = await signIn('duty1', 1280);
    await page.evaluate(`location.hash = '#/numbers'`);
    await page.waitForSelector('.numbers tbody tr');
    expect(await page.locator('.numbers tbody tr').count()).toBeGreaterThan(20);
    const first = await page.locator('.list .line-item').count();
    await page.click('button:has-text("更多")');
    await page.locator('.list .line-item').nth(first).waitFor();
    expect(await unreadable(page)).toEqual([]);
    expect(shown.complaints).toEqual([]);
  });
});
