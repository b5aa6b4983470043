// "Village houses" of the officers' console in a real browser: a code is made, a box claims it, an officer confirms it, and ends it.
import { afterEach, describe, expect, it } from 'vitest';
import { installed } from '@laba/messaging/installed.test-kit';
import { newHouse } from '@laba/sharing/own-house';
import { unreadable } from './page-checks.ts';
import { openConsole, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

describe.skipIf(!installed('chromium', 'chromium'))('village houses in Chromium', () => {
  const shown = shownHouse();

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  it('enrols a house by a code, shows it by itself when the box has claimed it, confirms it by its id, and revokes it only when that is typed', async () => {
    const page = await openConsole(shown, 'duty1', 'houses');
    await page.click('main form .ant-select');
    await page.keyboard.type(shown.running.demo!.dasuo.villageCode);
    await page.keyboard.press('Enter');
    await page.click('main form button[type=submit]');
    const code = (await page.textContent('.made-code .code'))!;
    expect(await page.textContent('.made-code pre')).toContain(`--above ${shown.url} --code ${code}`);
    expect(await unreadable(page)).toEqual([]);

    const box = newHouse();
    const claimed = await fetch(`${shown.url}/api/v1/houses/claim`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, ...box.public }),
    });
    expect(claimed.status).toBe(201);
    const row = page.locator(`tr[data-house="${box.id}"]`);
    await row.waitFor();
    expect(await row.textContent()).toContain('等待确认');
    await row.locator('button:has-text("确认")').click();
    expect(await page.textContent('.ant-modal .small-code')).toBe(box.id);
    expect(await unreadable(page)).toEqual([]);
    await page.click('.ant-modal button:has-text("一致，确认")');
    await page.waitForSelector(`tr[data-house="${box.id}"].active`);
    expect(await row.textContent()).toContain('从未有消息');

    await row.locator('button:has-text("吊销")').click();
    const revoke = page.locator('.ant-modal button:has-text("吊销")');
    expect(await revoke.isDisabled()).toBe(true);
    await page.fill('.ant-modal input', box.id.slice(-4));
    expect(await unreadable(page)).toEqual([]);
    expect(await untranslated(page, 'zh')).toEqual([]);
    await revoke.click();
    await page.waitForSelector(`tr[data-house="${box.id}"].revoked`);
    expect(await row.locator('button').count()).toBe(0);
  });

  it('shows a village cadre how the lines are, and no way to enrol or revoke', async () => {
    const page = await openConsole(shown, 'cadre1', 'houses');
    await page.waitForSelector('main section h2');
    expect(await page.locator('main form, main td button').count()).toBe(0);
    expect(await unreadable(page)).toEqual([]);
  });

  it('says in the house’s own words why a code cannot be made', async () => {
    const page = await openConsole(shown, 'duty1', 'houses');
    await page.route('**/claim-codes', (route) => route.continue({ postData: JSON.stringify({ gridCode: '533325100' }) }));
    await page.click('main form .ant-select');
    await page.keyboard.type(shown.running.demo!.dasuo.villageCode);
    await page.keyboard.press('Enter');
    await page.click('main form button[type=submit]');
    await page.waitForSelector('.ant-alert:has-text("不在您的管辖范围内")');
    expect(await unreadable(page)).toEqual([]);
  });
});
