// "Accounts" of the officers' console in a real browser: one is made by an administrator, used by its officer, locked, unlocked and disabled; two administrators at once.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const HOSTILE = '<img src=x onerror=alert(1)>\u202e反转';

describe.skipIf(!installed('chromium', 'chromium'))('accounts in Chromium', () => {
  const shown = shownHouse();

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function judge(page: Page, name: string): Promise<void> {
    if (SHOTS !== undefined) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `officers-${name}.png`), fullPage: true });
    }
    expect(await unreadable(page), name).toEqual([]);
  }

  async function admin(): Promise<Client> {
    const client = new Client(shown.url);
    await client.signIn('admin', shown.loginOf('admin').password);
    return client;
  }

  const row = (page: Page, username: string) => page.locator(`tr[data-officer="${username}"]`);
  const open = async (page: Page, username: string, words: string) => {
    await row(page, username).locator(`button:has-text("${words}")`).click();
    await page.waitForSelector('.ant-modal:visible');
  };

  async function fill(page: Page, name: string, username: string, place: string): Promise<void> {
    await page.fill('#name', name);
    await page.fill('#username', username);
    await page.click('.ant-select:has(#role)');
    await page.click('.ant-select-item-option:has-text("村干部")');
    await page.click('.area-select');
    await page.keyboard.type(place);
    await page.waitForSelector('.ant-select-tree-treenode.filter-node');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
  }

  it('makes an account for a place found by its initials; its link is shown once, sets a password, and the officer is in', async () => {
    const page = await openConsole(shown, 'admin', 'admin/officers');
    await page.waitForSelector('tr[data-officer=admin]');
    await judge(page, 'list-zh');
    await page.click('button:has-text("新建，生成首次登录链接")');
    await page.waitForSelector('.ant-form-item-explain-error:has-text("请至少选一个地方")');
    await fill(page, HOSTILE, 'new.cadre', 'dsxz');
    await judge(page, 'form-zh');
    await page.click('button:has-text("新建，生成首次登录链接")');
    await page.waitForSelector('.slip');
    await judge(page, 'slip-zh');
    await page.keyboard.press('Escape');
    const link = (await page.textContent('.slip .code'))!;
    expect(link).toMatch(new RegExp(`^${shown.url}/first/[\\w-]{43}$`));
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('main').isVisible()).toBe(false);
    expect(await page.locator('.slip .code').isVisible()).toBe(true);
    await page.emulateMedia({ media: null });
    await page.click('.slip button:has-text("已交给本人")');
    await page.waitForSelector('tr[data-state=new][data-officer="new.cadre"]');
    expect(await row(page, 'new.cadre').textContent()).toContain('打所');
    expect(await row(page, 'new.cadre').locator('img').count()).toBe(0);

    const first = await (await shown.browser.newContext()).newPage();
    await first.goto(link);
    for (const field of ['password', 'again']) await first.fill(`input[name=${field}]`, 'a long new password 7');
    await first.click('form button');
    await page.waitForSelector('tr[data-state=good][data-officer="new.cadre"]');
    const cadre = new Client(shown.url);
    await cadre.signIn('new.cadre', 'a long new password 7');
    await expect(cadre.get('/api/v1/officers')).rejects.toMatchObject({ code: 'role-refused' });
  });

  it('unlocks who was locked out, disables who left, and stands in English too', async () => {
    const made = await (
      await admin()
    ).post<{ officer: { id: string } }>('/api/v1/officers', {
      username: 'leaver',
      name: '演示离岗',
      role: 'village-cadre',
      scopes: [shown.running.demo!.dasuo.villageCode],
    });
    const stranger = new Client(shown.url);
    for (let i = 0; i < 5; i++) await stranger.signIn('cadre1', `wrong ${i}`).catch(() => undefined);
    const page = await openConsole(shown, 'admin', 'admin/officers');
    await page.waitForSelector('tr[data-state=locked][data-officer=cadre1]');
    await page.click('header button.language');
    await judge(page, 'list-en');
    expect(await untranslated(page, 'en')).toEqual([]);
    expect(await row(page, 'admin').locator('button:has-text("Disable")').isDisabled()).toBe(true);
    expect(await row(page, 'admin').textContent()).toContain('You cannot disable yourself');
    await open(page, 'cadre1', 'Unlock');
    await judge(page, 'unlock-en');
    await page.click('.ant-modal button:has-text("It is he: unlock")');
    await page.waitForSelector('tr[data-state=good][data-officer=cadre1]');
    await open(page, 'leaver', 'Disable');
    await page.click('.ant-modal button.ant-btn-dangerous');
    await page.waitForSelector('tr[data-state=disabled][data-officer=leaver]');
    expect(await row(page, 'leaver').locator('button').count()).toBe(0);
    expect(made.officer.id).toBeTruthy();
  });

  it('tells the slower of two administrators what the other one did, and does nothing twice', async () => {
    const client = await admin();
    const body = { username: 'contested', name: '演示争用', role: 'village-cadre', scopes: [shown.running.demo!.dasuo.villageCode] };
    const { officer } = await client.post<{ officer: { id: string } }>('/api/v1/officers', body);
    const page = await openConsole(shown, 'admin', 'admin/officers');
    await page.waitForSelector('tr[data-officer=contested]');
    await open(page, 'contested', '停用');
    await client.post(`/api/v1/officers/${officer.id}/disable`);
    await page.waitForSelector('.ant-modal:has-text("您打开后情况变了")');
    await until(() => page.locator('.ant-modal button.ant-btn-dangerous').isDisabled());
    expect(await page.textContent('.ant-modal')).toContain('已停用');
    await judge(page, 'conflict-zh');
    await page.click('.ant-modal button:has-text("取消")');
    // The same name once more, while the other one has it.
    await fill(page, '演示重名', 'contested', 'dsxz');
    await page.click('button:has-text("新建，生成首次登录链接")');
    await page.waitForSelector('main .ant-alert-error');
    expect(await page.inputValue('#username')).toBe('contested');
    expect(await page.locator('.slip').count()).toBe(0);
  });

  it('is used by keyboard alone, and says to who may not why', async () => {
    const page = await openConsole(shown, 'admin', 'now');
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('a');
    await page.waitForSelector('nav a[href="#/admin"][aria-current=page]');
    await page.waitForSelector('tr[data-officer=duty2]');
    await row(page, 'duty2').locator('button').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-modal:has-text("给")');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.ant-modal', { state: 'hidden' });
    const cadre = await openConsole(shown, 'cadre1', 'admin/officers');
    await cadre.waitForSelector('main:has-text("您的岗位（村干部）不能用这一页")');
    expect(await cadre.textContent('main')).toContain('县管理员');
    await judge(cadre, 'not-yours');
  });
});
