// A village's house without the time, in Chromium: its console asks on every screen, in both languages, and a press on the desk's own time is enough.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeIds } from '@laba/domain/ids';
import { Client } from '@laba/host/cli/client';
import { compose, type House } from '@laba/host/compose';
import { thisMachine } from '@laba/host/this-machine';
import { installed } from '@laba/messaging/installed.test-kit';
import { introduce, tellDown } from '@laba/registry/local-codes/two-houses.test-kit';
import { systemClock } from '@laba/runtime/clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import type { HouseClock, Machine } from '@laba/runtime/house-clock';
import { unreadable } from './page-checks.ts';
import { untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const ASKS = { zh: '本机断电后时间不准，请确认现在时间并恢复播报', en: 'After a power cut this house does not know the time' };

describe.skipIf(!installed('chromium', 'chromium'))('a village’s house that does not know the time, in Chromium', () => {
  const shown = shownHouse();
  let village: House;
  let folder: string;
  let node: string;
  let boots = 0;

  /** Its battery is flat after the first start. */
  const machine = (): Machine => ({
    ...thisMachine(),
    bootId: `boot-${++boots}`,
    wallMs: () => (boots === 1 ? Date.now() : 0),
    isKept: async () => boots === 1,
  });
  const open = async () => {
    const config = configSchema.parse({ profile: 'edge', port: 0, mqttPort: 0, dataDir: folder, county: node.slice(0, 6), node, logLevel: 'silent' });
    village = await compose(config, { clock: systemClock, machine: machine(), ids: makeIds(() => systemClock.now(), randomBytes), log: silentLog });
  };

  beforeAll(async () => {
    node = shown.running.demo!.dasuo.villageCode;
    folder = mkdtempSync(join(tmpdir(), 'laba-village-'));
    await open();
    await introduce(shown.running.house.deps, village.deps, node);
    await village.start();
  });
  afterAll(async () => {
    await village?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function judge(page: Page, name: string): Promise<void> {
    for (const width of [1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `clock-${name}-${width}.png`), fullPage: true });
      }
      expect(await unreadable(page), `${name} at ${width} px`).toEqual([]);
    }
  }

  it('asks its officer on every screen until he confirms, and lets him correct himself', async () => {
    const api = new Client(shown.url);
    await api.signIn('admin', shown.loginOf('admin').password);
    const { officers } = await api.get<{ officers: { id: string; username: string }[] }>('/api/v1/officers');
    const cadre = officers.find(({ username }) => username === 'cadre1')!;
    const { code } = await api.post<{ code: string }>('/api/v1/local-codes', { officerId: cadre.id, gridCode: node });
    await village.stop();
    await open();
    await tellDown(shown.running.house.deps, village.deps, node);
    await village.start();
    const page = await (await shown.browser.newContext()).newPage();
    shown.watch(page, /status of 4(01|22)/);
    await page.goto(`${village.url()}/console/`);
    await page.waitForSelector('input[name=password]');
    await page.fill('input[name=username]', cadre.username);
    await page.fill('input[name=password]', code);
    await page.keyboard.press('Enter');
    await page.waitForSelector('main section');
    for (const screen of ['now', 'houses/status', 'houses/alone', 'board']) {
      await page.goto(`${village.url()}/console/#/${screen}`);
      await page.locator('.house-time[data-clock=unknown] h2', { hasText: ASKS.zh }).waitFor();
    }
    await page.goto(`${village.url()}/console/#/now`);
    await judge(page, 'asked-zh');
    expect(await untranslated(page, 'zh')).toEqual([]);
    await page.click('header .language');
    await page.locator('.house-time h2', { hasText: ASKS.en }).waitFor();
    await judge(page, 'asked-en');
    // A time that cannot be is refused in the house's own words, and asked again.
    await page.focus('.house-time input');
    await page.fill('.house-time input', '2021-01-01T00:00');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.house-time [role=alert].ant-alert');
    expect(await untranslated(page, 'en')).toEqual([]);
    await page.getByRole('button', { name: /^The time on this device is right: \d{4}-/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('was confirmed by hand after a power cut; if it is wrong').waitFor();
    expect(Math.abs(village.deps.clock.now() - Date.now())).toBeLessThan(30_000);
    await page.focus('.house-time summary');
    await page.keyboard.press('Enter');
    await judge(page, 'by-hand-en');
    // The village's own wall clock is typed, wherever the telephone thinks it is.
    const soon = Date.now() + 3 * 3_600_000;
    await page.locator('.house-time input').fill(new Date(soon + village.deps.config.utcOffsetMinutes * 60_000).toISOString().slice(0, 16));
    const taken = page.waitForResponse((answer) => answer.url().endsWith('/clock/confirm') && answer.ok());
    await page.getByRole('button', { name: 'Confirm, and go on' }).click();
    await taken;
    expect(Math.abs(village.deps.clock.now() - soon)).toBeLessThan(120_000);
    expect((village.time as HouseClock).by).toBe('officer');
    expect(shown.complaints).toEqual([]);
  });
});
