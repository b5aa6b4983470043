// The officer's page and the member's page in a real browser, against a real house with its simulated gateways.
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { installed } from '@laba/messaging/installed.test-kit';
import { whereItIsNoon } from '../harness/time-of-day.ts';
import { press, unreadable } from './page-checks.ts';
import { shownHouse } from './shown-house.ts';

const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

describe.skipIf(!installed('chromium', 'chromium'))('the page in Chromium', () => {
  const shown = shownHouse({ env: { LABA_UTC_OFFSET_MINUTES: whereItIsNoon() } });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    // The content policy, a script's error, a missing file: each would be told in the browser's console.
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function open(path: string, viewport = WIDE): Promise<Page> {
    const page = await (await shown.browser.newContext({ viewport })).newPage();
    shown.watch(page, /status of 401|ERR_INTERNET_DISCONNECTED/);
    await page.goto(shown.url + path);
    return page;
  }

  async function signIn(username: string, viewport = WIDE): Promise<Page> {
    const page = await open('/', viewport);
    await shown.signIn(page, username);
    return page;
  }

  const go = async (page: Page, hash: string, selector: string) => {
    await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await page.waitForSelector(selector);
  };
  const bigger = (page: Page, n: number) => page.locator('.tile .bigger').nth(n).textContent();
  const until = async (done: () => Promise<boolean>, ms = 20_000) => {
    const begun = performance.now();
    while (!(await done())) {
      if (performance.now() - begun > ms) throw new Error('It did not come to pass on the screen.');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return performance.now() - begun;
  };

  async function endIt(page: Page): Promise<void> {
    await page.click('.actions button.good');
    await page.fill('dialog input[name=checkedBy]', '演示监测员');
    await page.click('dialog button.good');
    await page.waitForSelector('.state.ended');
  }

  it('says in words why nobody gets in with a wrong password', async () => {
    const page = await open('/');
    expect(await unreadable(page)).toEqual([]);
    await page.fill('input[name=username]', 'duty1');
    await page.fill('input[name=password]', 'wrong');
    await page.click('button[type=submit]');
    await page.waitForSelector('.wrong:not(:empty)');
    expect(await page.textContent('.wrong')).toBe('用户名或密码不对');
  });

  it('goes from a telephone report to a sounding pole by holding, and a member’s answer is on the board within a second or two', async () => {
    const page = await signIn('cadre1');
    await go(page, '#/reports', 'form select');
    await page.fill('.search input', '打所');
    await page.keyboard.press('Enter');
    await page.fill('textarea', '沟里的水突然断了');
    await page.click('form button[type=submit]');
    await page.waitForSelector('.report-new');
    expect(await unreadable(page)).toEqual([]);
    await page.click('.report-new button.primary');
    await page.waitForSelector('.report-true');
    const begun = performance.now();
    await page.click('.report-true a.danger');
    await page.click('.templates .choice >> nth=0');
    expect(await page.textContent('.why')).toBe('请选择实警、演练或测试');
    await page.click('.choice.live');
    await page.waitForSelector('.forecast');
    expect(await unreadable(page)).toEqual([]);
    await press(page, '.hold', 500);
    expect(await page.evaluate('location.hash')).toMatch(/^#\/raise/);
    await press(page, '.hold', 1_400);
    await page.waitForSelector('.since');
    console.log(`console open to raised, by a script: ${Math.round(performance.now() - begun)} ms, 1,900 ms of it holding`);
    await until(async () => (await bigger(page, 0)) === '1 / 1');
    expect(await unreadable(page)).toEqual([]);

    await page.click('.tile button.plain');
    const href = await page.getAttribute('dialog .line-item a', 'href');
    await page.click('dialog form button');
    const phone = await open(href!, PHONE);
    expect(await unreadable(phone)).toEqual([]);
    expect((await phone.locator('button.coming').boundingBox())!.height).toBeGreaterThanOrEqual(96);
    await phone.click('button.on-the-way');
    await phone.waitForSelector('button.on-the-way.chosen');
    const seenMs = await until(async () => ((await bigger(page, 1)) ?? '').startsWith('1 / '));
    console.log(`answer confirmed on the phone to shown on the board: ${Math.round(seenMs)} ms`);
    expect(seenMs).toBeLessThan(5_000);

    await page.click('.actions button:has-text("静音")');
    await page.click('dialog button.primary');
    await page.waitForSelector('p.state:has-text("已静音")');
    await endIt(page);
    await until(async () => (await page.locator('ol.timeline').first().textContent())!.includes('解除播报'));
    await phone.reload();
    expect(await phone.textContent('.over')).toContain('险情已解除');
    expect(await phone.locator('.answer').count()).toBe(0);
  });

  it('shows a drill as a drill on every screen, raised by the keyboard on a phone, in both languages', async () => {
    const page = await signIn('cadre1', PHONE);
    await go(page, '#/raise', '.templates .choice');
    await page.click('.templates .choice:has-text("防灾演练")');
    expect(await page.locator('.choice.live').isDisabled()).toBe(true);
    await page.locator('.tree input').first().check();
    await page.click('.choice.drill');
    await page.waitForSelector('.forecast');
    expect(await page.textContent('.readback blockquote')).toContain('演练，演练。');
    expect(await unreadable(page)).toEqual([]);
    await page.locator('.hold').focus();
    await page.keyboard.down('Enter');
    await page.waitForTimeout(1_400);
    await page.keyboard.up('Enter');
    await page.waitForSelector('.since');
    expect(await page.evaluate('document.body.className')).toContain('drill');
    expect(await page.evaluate('getComputedStyle(document.body, "::before").borderTopColor')).toBe('rgb(114, 46, 209)');
    expect(await page.textContent('h1')).toMatch(/^【演练】/);
    expect(await unreadable(page)).toEqual([]);
    await page.click('header button[lang=en]');
    await page.waitForSelector('.since');
    expect(await page.textContent('.mode.drill')).toBe('drill');
    expect(await unreadable(page)).toEqual([]);
    const wide = await signIn('duty1');
    await wide.waitForSelector('a.card.drill');
    expect(await wide.textContent('a.card.drill .mode')).toBe('演练');
    await wide.click('a.card.drill');
    await wide.waitForSelector('.since');
    await endIt(wide);
  });

  it('takes two officers for a county-wide red, and one to take it back', async () => {
    const first = await signIn('duty1');
    await go(first, '#/raise', '.templates .choice');
    await first.click('.templates .choice:has-text("暴雨红色预警")');
    await first.locator('.tree input').first().check();
    await first.click('.choice.live');
    expect(await first.textContent('.why')).toBe('请填写发布单位');
    await first.fill('.two input >> nth=0', '演示县气象台');
    await first.waitForSelector('.note');
    await press(first, '.hold', 1_400);
    await first.waitForSelector('.head .readback');
    expect(await first.locator('.hold[aria-disabled=true]').count()).toBe(2);
    const second = await signIn('duty2');
    await second.click('a.card:has-text("暴雨红色预警")');
    await second.waitForSelector('.forecast');
    expect(await unreadable(second)).toEqual([]);
    await press(second, '.hold.primary', 1_400);
    await first.waitForSelector('.hold.live:not([aria-disabled])');
    await press(first, '.hold.live', 1_400);
    await first.waitForSelector('.since');
    const ms = await until(async () => (await bigger(first, 0)) === '211 / 211', 60_000);
    console.log(`211 of 211 speakers playing on the screen after ${Math.round(ms)} ms`);
    expect(await unreadable(first)).toEqual([]);
    await first.click('.actions button.danger');
    await first.click('dialog button.danger');
    // The reason is asked for: an empty one goes nowhere.
    expect(await first.locator('dialog[open]').count()).toBe(1);
    await first.fill('dialog textarea', '演示误发');
    await first.click('dialog button.danger');
    await first.waitForSelector('.state.cancelled');
    await second.waitForSelector('.state.cancelled');
    // One figure for each state of the closing announcement, not one for each of the county's groups.
    await until(async () => (await first.locator('.figures section .chips').last().textContent())!.includes('211'), 60_000);
    expect(await first.locator('.figures section').last().locator('.chip').count()).toBeLessThan(6);
    expect(await unreadable(first)).toEqual([]);
  });

  it('says within seconds that the line is lost, and comes back by itself', async () => {
    const page = await signIn('duty1');
    await page.waitForSelector('.line.up');
    await page.context().setOffline(true);
    const lostMs = await until(async () => (await page.locator('.line.lost').count()) === 1);
    await page.context().setOffline(false);
    const backMs = await until(async () => (await page.locator('.line.up').count()) === 1);
    console.log(`line lost shown after ${Math.round(lostMs)} ms, back after ${Math.round(backMs)} ms`);
    expect(lostMs).toBeLessThan(12_000);
  });
});
