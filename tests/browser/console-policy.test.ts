// "Policy" of the administration in a real browser: read, changed, shown before it is written, refused in words beside the field, and two administrators at once.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { PolicyView } from '@laba/domain/policy';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { openConsole, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const HOSTILE = '<img src=x onerror=alert(1)>\u202e反转';
const POLICY = '/api/v1/policy';

describe.skipIf(!installed('chromium', 'chromium'))('the policy in Chromium', () => {
  const shown = shownHouse();

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function judge(page: Page, name: string): Promise<void> {
    if (SHOTS !== undefined) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `policy-${name}.png`), fullPage: true });
    }
    for (const width of [1920, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await unreadable(page), `${name} ${width}`).toEqual([]);
    }
  }

  async function admin(): Promise<Client> {
    const client = new Client(shown.url);
    await client.signIn('admin', shown.loginOf('admin').password);
    return client;
  }

  const field = (page: Page, path: string) => page.locator(`[data-value="${path}"]`);
  const input = (page: Page, path: string) => field(page, path).locator('input').first();
  const write = (page: Page) => page.locator('.policy-acts .ant-btn-primary');

  it('is changed with the keyboard: what is outside its limits is refused beside the field, what changes is shown, then it holds', async () => {
    const page = await openConsole(shown, 'admin', 'admin/policy');
    await field(page, 'recountMinutes').waitFor();
    expect(await write(page).isDisabled()).toBe(true);
    expect(await page.textContent('#why-not-write')).toBe('没有改动');
    expect(await field(page, 'recountMinutes').textContent()).toMatch(/重新清点间隔[\s\S]*分钟[\s\S]*10 到 1440 · 自带：120 分钟/);
    await judge(page, 'read-zh');
    await input(page, 'recountMinutes').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('5');
    await page.keyboard.press('Tab');
    await field(page, 'recountMinutes').locator('.bad:has-text("太小：至少 10")').waitFor();
    expect(await write(page).isDisabled()).toBe(true);
    expect(await page.textContent('#why-not-write')).toContain('重新清点间隔: 太小：至少 10');
    await judge(page, 'wrong-zh');
    await input(page, 'recountMinutes').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('90');
    await page.keyboard.press('Tab');
    await page.click('nav a[href$="policy/rows"]');
    await judge(page, 'rows-zh');
    await input(page, 'rows.0.name').fill(HOSTILE);
    expect(await page.textContent('nav a[href$="policy/general"]')).toContain('已改');
    await write(page).focus();
    await page.keyboard.press('Enter');
    const asked = page.locator('.ant-modal:visible');
    await asked.locator('[data-change="recountMinutes"]').waitFor();
    expect(await asked.locator('[data-change="recountMinutes"]').textContent()).toBe('重新清点间隔原来 120 分钟 → 改为 90 分钟');
    expect(await asked.locator('[data-change]').count()).toBe(2);
    expect(await asked.locator('img').count()).toBe(0);
    await judge(page, 'ask-zh');
    expect((await (await admin()).get<PolicyView>(POLICY)).recountMinutes).toBe(120);
    await asked.locator('.ant-btn-primary').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=status]:has-text("已写入")');
    const now = await (await admin()).get<PolicyView>(POLICY);
    expect(now).toMatchObject({ recountMinutes: 90, version: 1 });
    expect(await page.textContent('.policy > .spread')).toContain(`第 1 版 · ${now.changedBy}`);
    expect(now.rows[0]!.name).toBe(HOSTILE);
    expect(await untranslated(page, 'zh')).toEqual([]);
  });

  it('tells the slower of two who changed what and when, and carries his changes over to the new one; in English too', async () => {
    const page = await openConsole(shown, 'admin', 'admin/policy/tasks');
    await field(page, 'tasks.remindMinutes').waitFor();
    await page.click('header button.language');
    expect(await untranslated(page, 'en')).toEqual([]);
    await input(page, 'tasks.remindMinutes').fill('45');
    await page.keyboard.press('Tab');
    const api = await admin();
    const before = await api.get<PolicyView>(POLICY);
    await api.put(POLICY, { ...before, callOut: { ...before.callOut, rounds: before.callOut.rounds + 1 } });
    await page.waitForSelector('[data-meanwhile] [data-change="callOut.rounds"]');
    const told = (await page.textContent('[data-meanwhile]'))!;
    expect(told).toContain((await api.get<PolicyView>(POLICY)).changedBy);
    expect(told).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d/);
    await judge(page, 'meanwhile');
    await page.click('[data-meanwhile] .ant-btn-primary');
    await page.waitForSelector('[data-meanwhile]', { state: 'detached' });
    expect(await input(page, 'tasks.remindMinutes').inputValue()).toBe('45');
    await write(page).click();
    await page.locator('.ant-modal:visible [data-change="tasks.remindMinutes"]').waitFor();
    expect(await page.locator('.ant-modal:visible [data-change]').count()).toBe(1);
    await page.locator('.ant-modal:visible .ant-btn-primary').click();
    await page.waitForSelector('.policy > [role=status]');
    expect(await api.get<PolicyView>(POLICY)).toMatchObject({ tasks: { remindMinutes: 45 }, callOut: { rounds: before.callOut.rounds + 1 } });
  });

  it('is only read by who may not change it, and says who may', async () => {
    const page = await openConsole(shown, 'town1', 'admin/policy');
    await field(page, 'recountMinutes').waitFor();
    expect(await page.locator('.policy-acts, .policy input, .policy .ant-select').count()).toBe(0);
    expect(await page.textContent('.policy [role=note]')).toContain('县管理员');
    await judge(page, 'read-only-zh');
  });
});
