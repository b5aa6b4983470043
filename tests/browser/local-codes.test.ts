// Local codes in Chromium: an administrator prints a cadre's slip, the cadre types it at his village's own house and orders from the page there.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIds } from '@laba/domain/ids';
import { compose, type House } from '@laba/host/compose';
import { installed } from '@laba/messaging/installed.test-kit';
import { introduce, tellDown } from '@laba/registry/local-codes/two-houses.test-kit';
import { systemClock } from '@laba/runtime/clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { press, unreadable } from './page-checks.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];

describe.skipIf(!installed('chromium', 'chromium'))('local codes in Chromium', () => {
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

  const tell = () => tellDown(shown.running.house.deps, village.deps, node);

  async function judge(page: Page, name: string): Promise<void> {
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: width === 360 ? 640 : 900 });
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `codes-${name}-${width}.png`), fullPage: true });
      }
      expect(await unreadable(page), `${name} at ${width} px`).toEqual([]);
    }
  }

  async function fresh(): Promise<Page> {
    const page = await (await shown.browser.newContext()).newPage();
    shown.watch(page);
    return page;
  }

  it('an administrator makes one for a cadre from the officer’s screen, and prints the slip', async () => {
    const page = await fresh();
    await page.goto(shown.url);
    await shown.signIn(page, 'admin');
    await page.click('header a[href="/codes"]');
    await page.selectOption('select[name=officer]', { label: shown.loginOf('cadre1').name });
    await page.click('form[method=get] button');
    await judge(page, '1-choose');
    await page.selectOption('select[name=place]', `${node}.`);
    await page.click('form[action="/codes"][method=post] button');
    code = (await page.textContent('.digits'))!;
    expect(code).toMatch(/^\d{5} \d{5}$/);
    await judge(page, '2-slip');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.digits').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    await page.click('a[href="/codes"]');
    await judge(page, '3-list');
    expect(await page.textContent('main')).not.toContain(code);
  });

  it('at the door of the village’s house: a name from the list and a keypad; wrong once, then in', async () => {
    const page = await fresh();
    await page.goto(village.url());
    await page.waitForURL('**/sign-in');
    await judge(page, '4-nobody-yet');
    await tell();
    await page.reload();
    await judge(page, '5-door');
    expect(await page.getAttribute('input[name=code]', 'inputmode')).toBe('numeric');
    await page.selectOption('select[name=username]', 'cadre1');
    await page.fill('input[name=code]', '12345 67890');
    await page.click('button');
    expect(await page.textContent('[role=alert]')).toContain('姓名或本地码不对');
    expect(await page.inputValue('select[name=username]')).toBe('cadre1');
    expect(await page.inputValue('input[name=code]')).toBe('');
    await judge(page, '6-wrong');
    await page.fill('input[name=code]', code);
    await page.click('button');
    await page.waitForSelector('#view section');
    expect(await page.textContent('header .who')).toContain('村干部');
    expect(await page.locator('header a[href="/codes"]').count()).toBe(0);
    await judge(page, '7-inside');
  });

  it('the order to move is raised on the page there; a red warning is refused before the button, in words', async () => {
    const page = await fresh();
    await page.goto(`${village.url()}/sign-in`);
    await page.selectOption('select[name=username]', 'cadre1');
    await page.fill('input[name=code]', code);
    await page.click('button');
    await page.waitForSelector('#view section');
    await page.click('nav a.raise');
    await page.click('.templates .choice:has-text("暴雨红色预警")');
    await page.locator('.tree input').first().check();
    await page.click('.choice.live');
    await page.fill('.two input >> nth=0', '演示气象台');
    await page.waitForSelector('.why:has-text("这里不能发布这一种；可以发布的是：准备转移、立即转移")');
    expect(await page.getAttribute('.hold', 'aria-disabled')).toBe('true');
    await judge(page, '8-refused');
    await page.click('header button[lang=en]');
    await page.waitForSelector('.why:has-text("what may be raised here: prepare to move, move now")');
    await page.click('header button[lang="zh-CN"]');
    await page.click('.templates .choice:has-text("泥石流：立即转移")');
    await page.waitForSelector('.hold:not([aria-disabled])');
    await press(page, '.hold', 1_400);
    await page.waitForSelector('.head .mode.live');
    await judge(page, '9-raised');
  });

  it('signed out or revoked, he stands at the door again', async () => {
    const page = await fresh();
    await page.goto(`${village.url()}/sign-in`);
    await page.selectOption('select[name=username]', 'cadre1');
    await page.fill('input[name=code]', code);
    await page.click('button');
    await page.waitForSelector('#view section');
    const [row] = await shown.running.house.deps.db.read((q, t) => q.select({ id: t.localOfficer.id }).from(t.localOfficer));
    const admin = await fresh();
    await admin.goto(shown.url);
    await shown.signIn(admin, 'admin');
    await admin.goto(`${shown.url}/codes`);
    await admin.click(`form[action="/codes/${row!.id}/revoke"] button`);
    expect(await admin.textContent('main')).toContain('没有');
    await tell();
    await page.waitForURL('**/sign-in');
    expect(await page.textContent('main')).toContain('还没有人有本地码');
    expect(shown.complaints).toEqual([]);
  });
});
