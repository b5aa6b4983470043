// "Local codes" of the officers' console in Chromium: a cadre makes his own, an administrator makes it anew and revokes it, and at the village's own console the code signs in.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeIds } from '@laba/domain/ids';
import type { LocalCodesView } from '@laba/domain/local-code-view';
import { Client } from '@laba/host/cli/client';
import { compose, type House } from '@laba/host/compose';
import { installed } from '@laba/messaging/installed.test-kit';
import { introduce, tellDown } from '@laba/registry/local-codes/two-houses.test-kit';
import { systemClock } from '@laba/runtime/clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { press, unreadable } from './page-checks.ts';
import { openConsole, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const HELD_MS = 1_350;
const HOSTILE = '<img src=x onerror=alert(1)>';
const DIGITS = /^\d{5} \d{5}$/;

describe.skipIf(!installed('chromium', 'chromium'))('local codes in the console, in Chromium', () => {
  const shown = shownHouse();
  let village: House;
  let folder: string;
  let node: string;
  let code: string;

  beforeAll(async () => {
    node = shown.running.demo!.dasuo.villageCode;
    folder = mkdtempSync(join(tmpdir(), 'laba-village-'));
    const config = configSchema.parse({ port: 0, mqttPort: 0, dataDir: folder, county: node.slice(0, 6), node, logLevel: 'silent' });
    village = await compose(config, { clock: systemClock, ids: makeIds(() => systemClock.now(), randomBytes), log: silentLog });
    await introduce(shown.running.house.deps, village.deps, node);
    await village.start();
    await tell();
  });
  afterAll(async () => {
    await village?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  const tell = () => tellDown(shown.running.house.deps, village.deps, node);

  async function judge(page: Page, name: string): Promise<void> {
    for (const width of [1920, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `codes-${name}-${width}.png`), fullPage: true });
      }
      expect(await unreadable(page), `${name} at ${width} px`).toEqual([]);
    }
  }

  async function admin(): Promise<Client> {
    const client = new Client(shown.url);
    await client.signIn('admin', shown.loginOf('admin').password);
    return client;
  }

  /** By keyboard, in the field with the focus. */
  async function choose(page: Page, field: string, words: string): Promise<void> {
    await page.focus(field);
    await page.keyboard.type(words);
    await page.waitForSelector(`.ant-select-item-option-active:has-text("${words}")`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-select-open', { state: 'detached' });
  }

  async function villageConsole(secret: string): Promise<Page> {
    const page = await (await shown.browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    shown.watch(page, /status of 4(01|09|22|29)/);
    await page.goto(`${village.url()}/console/`);
    await page.waitForSelector('input[name=password]');
    await page.fill('input[name=username]', 'cadre1');
    await page.fill('input[name=password]', secret);
    await page.keyboard.press('Enter');
    return page;
  }

  it('a cadre makes his own by keyboard alone; it is shown once, on a slip to print, and stands in the list without its digits', async () => {
    const page = await openConsole(shown, 'cadre1', 'houses');
    await page.focus('.sub-nav a[href="#/houses/codes"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#code-where');
    expect(await page.locator('#code-who').count()).toBe(0);
    await page.focus('main form button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('main form [role=alert]:has-text("请选择在哪里用")');
    await judge(page, '1-choose');
    await choose(page, '#code-where', node);
    await page.focus('main form button[type=submit]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.slip .code');
    const first = (await page.textContent('.slip .code'))!;
    expect(first).toMatch(DIGITS);
    await judge(page, '2-slip');
    expect(await untranslated(page, 'zh')).toEqual([]);
    await page.keyboard.press('Escape');
    expect(await page.locator('.slip .code').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('main').isVisible()).toBe(false);
    expect(await page.locator('.slip .code').isVisible()).toBe(true);
    await page.emulateMedia({ media: null });
    await page.focus('.slip button:has-text("已打印或抄下")');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`tr[data-code]:has-text("${shown.loginOf('cadre1').name}")`);
    expect(await page.textContent('main')).not.toContain(first);
    await page.click('header .language');
    await page.waitForSelector('h2:has-text("Codes that are good now")');
    expect(await untranslated(page, 'en')).toEqual([]);
    await judge(page, '3-list-en');
  });

  it('an administrator makes it anew for him; where somebody else did so meanwhile he is told, and looks again', async () => {
    const page = await openConsole(shown, 'admin', 'houses/codes');
    await page.waitForSelector('tr[data-code]');
    await choose(page, '#code-who', 'cadre1');
    await choose(page, '#code-where', node);
    await page.waitForSelector('form [role=note]:has-text("旧码立刻作废")');
    const other = await admin();
    const before = (await other.get<LocalCodesView>('/api/v1/local-codes')).codes[0]!;
    let isFirst = true;
    await page.route('**/api/v1/local-codes', async (route) => {
      if (isFirst && route.request().method() === 'POST') {
        isFirst = false;
        await other.post('/api/v1/local-codes', { officerId: before.officerId, gridCode: node, replaces: before.id });
      }
      await route.continue();
    });
    await page.click('button:has-text("换新码，旧码作废")');
    await page.waitForSelector('form .ant-alert-error');
    await page.waitForSelector(`tr[data-code="${before.id}"]`, { state: 'detached' });
    await judge(page, '4-conflict');
    await page.click('button:has-text("换新码，旧码作废")');
    await page.waitForSelector('.slip .code');
    code = (await page.textContent('.slip .code'))!;
    expect(code).toMatch(DIGITS);
    await page.click('.slip button:has-text("已打印或抄下")');
    expect((await other.get<LocalCodesView>('/api/v1/local-codes')).codes).toHaveLength(1);
  });

  it('at the village’s own console: wrong once, then in; the order to move is raised, a red warning is refused before the button, in words', async () => {
    await tell();
    const page = await villageConsole('12345 67890');
    await page.waitForSelector('[role=alert]:has-text("姓名或本地码不对")');
    await page.fill('input[name=password]', code);
    await page.keyboard.press('Enter');
    await page.waitForSelector('main section');
    expect(await page.textContent('header .who')).toContain('村干部');
    await page.goto(`${village.url()}/console/#/houses/codes`);
    await page.waitForSelector('[role=note]:has-text("上级系统")');
    await judge(page, '5-not-here');
    await page.click('nav a[href="#/raise"]');
    await page.click('li[data-template="rainstorm-red"] .mode-choice.live');
    await page.keyboard.type(shown.running.demo!.dasuo.groupCode);
    await page.keyboard.press('Enter');
    await page.fill('.issuer input', '演示气象台');
    await page.waitForSelector('.hold-box .why:has-text("这里不能发布这一种；可以发布的是：准备转移、立即转移")');
    expect(await page.getAttribute('.hold', 'aria-disabled')).toBe('true');
    await judge(page, '6-refused');
    await page.click('header .language');
    await page.waitForSelector('.hold-box .why:has-text("what may be raised here: prepare to move, move now")');
    await page.click('header .language');
    await page.click('button:has-text("换模板")');
    await page.click('li[data-template="debris-flow-move-now"] .mode-choice.live');
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    await press(page, '.hold.live', HELD_MS);
    await page.waitForSelector('#raised-title:has-text("已发布")');
  });

  it('revoked, he stands at the door again; who revokes it at the same time as another reads that it is gone; names are shown as they are', async () => {
    const client = await admin();
    const body = { username: 'odd.name', name: HOSTILE, role: 'village-cadre', scopes: [node] };
    const made = await client.post<{ officer: { id: string } }>('/api/v1/officers', body);
    const odd = await client.post<{ id: string }>('/api/v1/local-codes', { officerId: made.officer.id, gridCode: node });
    const inside = await villageConsole(code);
    await inside.waitForSelector('main section');
    const page = await openConsole(shown, 'admin', 'houses/codes');
    const row = page.locator(`tr[data-code="${odd.id}"]`);
    await row.waitFor();
    expect(await row.textContent()).toContain(HOSTILE);
    expect(await page.locator('main img').count()).toBe(0);
    await row.locator('button').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-modal:visible');
    await judge(page, '7-revoke');
    await client.post(`/api/v1/local-codes/${odd.id}/revoke`, {});
    await page.waitForSelector('.ant-modal [role=status]:has-text("这个码已经不在了")');
    expect(await page.locator('.ant-modal button:has-text("作废")').isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.ant-modal', { state: 'hidden' });
    await page.locator(`tr[data-code]:has-text("${shown.loginOf('cadre1').name}") button`).click();
    await page.click('.ant-modal button:has-text("作废")');
    await page.waitForSelector('.empty:has-text("没有")');
    await tell();
    await inside.waitForSelector('.ant-modal input[name=password], main.sign-in input[name=password]');
  });
});
