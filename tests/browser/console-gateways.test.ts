// "Loudspeaker gateways" of the officers' console in a real browser: a code is made, a box claims it, an officer confirms it by its fingerprint, and ends it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { EnrolmentView, SiteView } from '@laba/domain/gateway-view';
import { claimGateway } from '@laba/gateway/claim';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const GATEWAYS = 'houses/gateways';

describe.skipIf(!installed('chromium', 'chromium'))('loudspeaker gateways in Chromium', () => {
  const shown = shownHouse();

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function officer(username: string): Promise<Client> {
    const client = new Client(shown.url);
    await client.signIn(username, shown.loginOf(username).password);
    return client;
  }

  /** From the top: a row that is half under the head is no small button. */
  async function judge(page: Page, name: string): Promise<void> {
    await page.evaluate('scrollTo(0, 0)');
    expect(await unreadable(page)).toEqual([]);
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `gateways-${name}.png`) });
  }

  const row = (page: Page, id: string) => page.locator(`tr[data-gateway="${id}"]`);

  it('enrols a box by keyboard, shows it by itself when it has claimed, confirms it by its fingerprint and revokes it only when that is typed', async () => {
    const duty = await officer('town1');
    const { sites } = await duty.get<{ sites: SiteView[] }>('/api/v1/sites');
    const [site] = sites;
    const { gateways } = await duty.get<{ gateways: EnrolmentView[] }>('/api/v1/enrolments');
    const [page, other] = [await openConsole(shown, 'town1', GATEWAYS), await openConsole(shown, 'duty2', GATEWAYS)];
    for (const { id, status } of gateways) if (status === 'active') await row(page, id).locator('.good:has-text("有消息")').waitFor();
    await page.focus('main form input');
    await page.keyboard.type(site!.name);
    await page.waitForSelector(`.ant-select-item-option-active:has-text("${site!.name}")`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-select-open', { state: 'detached' });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const code = (await page.textContent('.made-code .code'))!;
    expect(await page.textContent('.made-code pre')).toBe(`LABA_URL=${shown.url} ./laba gateway claim --code ${code}`);
    await judge(page, 'code-zh');

    const box = await claimGateway({ countyUrl: shown.url, code, dir: join(shown.dataDir, 'a-new-box') });
    for (const desk of [page, other]) await row(desk, box.gatewayId).waitFor({ timeout: 10_000 });
    const mine = row(page, box.gatewayId);
    expect(await mine.textContent()).toContain('等待确认');
    await mine.locator('button:has-text("确认")').click();
    expect(await page.textContent('.ant-modal .small-code')).toBe(box.fingerprint);
    await judge(page, 'confirm-zh');
    await page.click('.ant-modal button:has-text("一致，确认")');
    await page.waitForSelector(`tr[data-gateway="${box.gatewayId}"].active`);
    // Whoever stood there before is revoked by it, and is listed when it is asked for.
    const before = gateways.filter(({ siteId, status }) => siteId === site!.id && status === 'active');
    for (const { id } of before) await row(page, id).waitFor({ state: 'detached' });
    await until(async () => (await row(other, box.gatewayId).textContent())!.includes('在用'));

    await mine.locator('button:has-text("吊销")').click();
    const revoke = page.locator('.ant-modal button:has-text("吊销")');
    expect(await revoke.isDisabled()).toBe(true);
    await page.fill('.ant-modal input', box.fingerprint.slice(-4));
    expect(await untranslated(page, 'zh')).toEqual([]);
    await judge(page, 'revoke-zh');
    await revoke.click();
    await mine.waitFor({ state: 'detached' });
    await page.click('main label:has-text("已吊销") input');
    expect(await mine.locator('button').count()).toBe(0);
    expect(await mine.getAttribute('class')).toBe('revoked');
    await page.click('header button.language');
    await mine.locator('b:has-text("revoked")').waitFor();
    expect(await untranslated(page, 'en')).toEqual([]);
    await judge(page, 'list-en');
    await page.setViewportSize({ width: 1920, height: 1080 });
    await judge(page, 'list-en-1920');
  });

  it('says in the house’s own words why a code cannot be made, and gives a village cadre the list alone', async () => {
    const page = await openConsole(shown, 'duty1', GATEWAYS);
    await page.click('main form button[type=submit]');
    await page.waitForSelector('.ant-form-item-explain-error:has-text("请选择活动室")');
    await page.route('**/claim-codes', (route) => route.continue({ postData: JSON.stringify({ siteId: '' }) }));
    await page.click('main form .ant-select');
    await page.waitForSelector('.ant-select-item-option-active');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-select-open', { state: 'detached' });
    await page.click('main form button[type=submit]');
    await page.waitForSelector('.ant-alert-error');
    await judge(page, 'refused-zh');
    const cadre = await openConsole(shown, 'cadre1', GATEWAYS);
    await cadre.waitForSelector('main section h2');
    expect(await cadre.locator('main form, main td button').count()).toBe(0);
    await judge(cadre, 'cadre-zh');
  });
});
