// The frame of the officers' console in a real browser: signing in, the language, the keyboard, a session that ends, a server that is killed.
import { afterEach, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { DESK, enter, openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SCREENS = ['now', 'raise', 'board', 'reports', 'rollcall', 'tasks', 'shift', 'peace', 'houses', 'upward', 'bulletins', 'look-back', 'admin'];

describe.skipIf(!installed('chromium', 'chromium'))('the console’s frame in Chromium', () => {
  const shown = shownHouse();

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  it('says in the house’s own words why nobody gets in with a wrong password, in both languages', async () => {
    const page = await (await shown.browser.newContext({ viewport: DESK })).newPage();
    shown.watch(page, /status of 401/);
    await page.goto(`${shown.url}/console/`);
    await page.waitForSelector('input[name=password]');
    expect(await unreadable(page)).toEqual([]);
    for (const [words, language] of [
      ['用户名或密码不对', 'zh'],
      ['User name or password is wrong', 'en'],
    ] as const) {
      if (language === 'en') await page.click('button.language');
      await page.fill('input[name=username]', 'duty1');
      await page.fill('input[name=password]', 'wrong');
      await page.click('button[type=submit]');
      await page.waitForSelector(`.ant-alert:has-text("${words}")`);
      expect(await untranslated(page, language)).toEqual([]);
    }
    expect(await unreadable(page)).toEqual([]);
  });

  it('shows every screen in both languages, readable at 1280 and at 1920, and asks nobody but the house', async () => {
    const page = await openConsole(shown, 'duty1');
    const strangers: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(shown.url)) strangers.push(request.url());
    });
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.click('header button.language');
      for (const screen of SCREENS) {
        await page.evaluate(`location.hash = '#/${screen}'`);
        await page.waitForSelector(`nav a[href="#/${screen}"][aria-current=page]`);
        await page.waitForSelector('main section');
        for (const width of [DESK.width, 1920]) {
          await page.setViewportSize({ width, height: 1000 });
          expect(await unreadable(page), `${screen} ${language} ${width}`).toEqual([]);
        }
        expect(await untranslated(page, language), `${screen} ${language}`).toEqual([]);
      }
    }
    expect(strangers).toEqual([]);
  });

  it('is used by keyboard alone: past the menu, from screen to screen, with a list of the keys that can be switched off', async () => {
    const page = await openConsole(shown, 'duty1');
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await page.keyboard.press('3');
    await page.waitForSelector('nav a[href="#/houses"][aria-current=page]');
    await page.keyboard.press('?');
    await page.waitForSelector('.shortcuts kbd');
    expect(await unreadable(page)).toEqual([]);
    await page.click('button[role=switch]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.ant-modal', { state: 'hidden' });
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('1');
    expect(await page.evaluate('location.hash')).toBe('#/houses');
  });

  it('keeps what is typed when the session ends in the middle of it, and the act goes on once after signing in again', async () => {
    const page = await openConsole(shown, 'cadre1', 'reports');
    await page.click('.ant-select >> nth=0');
    await page.keyboard.type('打所');
    await page.keyboard.press('Enter');
    await page.fill('main textarea', '沟里的水突然断了');
    // The administrator ends his sessions: what stands on his screen must outlive it.
    await page.context().clearCookies();
    await page.click('main form button[type=submit]');
    await page.waitForSelector('.ant-modal input[name=password]');
    expect(await page.inputValue('main textarea')).toBe('沟里的水突然断了');
    expect(await unreadable(page)).toEqual([]);
    await page.fill('.ant-modal input[name=password]', shown.loginOf('cadre1').password);
    await page.click('.ant-modal button[type=submit]');
    await page.waitForSelector('main .ant-alert-success');
    await page.waitForSelector('.report-card');
    expect(await page.locator('.report-card:has-text("沟里的水突然断了")').count()).toBe(1);
  });

  it('begins anew when somebody else signs in over the screen', async () => {
    const page = await openConsole(shown, 'duty1', 'reports');
    await page.fill('main textarea', 'only for duty1');
    await page.context().clearCookies();
    await page.waitForSelector('.ant-modal input[name=password]', { timeout: 30_000 });
    await page.fill('.ant-modal input[name=username]', 'duty2');
    await enter(shown, page, 'duty2');
    await page.waitForSelector('.who:has-text("演示值班员乙")');
    expect(await page.inputValue('main textarea')).toBe('');
  });

  it('says stale within seconds when the server is gone, comes back by itself, and is right again', async () => {
    const page = await openConsole(shown, 'duty1');
    await page.waitForSelector('.line.up');
    await shown.running.stop();
    const lostMs = await until(async () => (await page.locator('.stale').count()) === 1);
    expect(await page.textContent('.stale')).toMatch(/数据过期.*\d\d:\d\d:\d\d/);
    expect(await page.locator('.as-of.old').count()).toBeGreaterThan(0);
    expect(await unreadable(page)).toEqual([]);
    await shown.startHouse();
    const backMs = await until(async () => (await page.locator('.line.up').count()) === 1);
    await page.waitForSelector('.as-of.old', { state: 'detached' });
    console.log(`stale shown ${Math.round(lostMs)} ms after the stop, back ${Math.round(backMs)} ms after the start`);
  });

  it('knows a cut line that nobody told it of, and shows afterwards what happened meanwhile', async () => {
    const page = await openConsole(shown, 'duty1');
    await page.waitForSelector('.line.up');
    await page.context().setOffline(true);
    const lostMs = await until(async () => (await page.locator('.stale').count()) === 1, 30_000);
    const duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    const gridCode = shown.running.demo!.dasuo.groupCode;
    const before = (await duty.get<{ reports: { unread: number } }>('/api/v1/now')).reports.unread;
    for (const text of ['一', '二', '三']) await duty.post('/api/v1/reports', { gridCode, hazard: 'need', text, source: 'telephone' });
    expect(await page.locator('.tile.report .figure').textContent()).toContain(String(before));
    await page.context().setOffline(false);
    await page.waitForSelector('.line.up');
    await page.waitForSelector(`.tile.report.bad .figure:has-text("${before + 3}")`);
    expect(await page.locator('.stale').count()).toBe(0);
    console.log(`a cut line is known after ${Math.round(lostMs)} ms`);
  });
});
