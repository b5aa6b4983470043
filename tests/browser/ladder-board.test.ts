// The ladders on the officer's screen and on a rung's phone, in a real browser, both languages, readable for everybody.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { startHouse, type RunningHouse } from '@laba/host/start-house';
import { installed } from '@laba/messaging/installed.test-kit';
import { readConfig } from '@laba/runtime/config';
import { personalToken } from '@laba/runtime/personal-link';
import { unreadable } from './page-checks.ts';

const WORDS = [{ language: 'zh-CN', title: '立即转移', text: '泥石流来了，立即往两边山坡高处转移。' }];

describe.skipIf(!installed('chromium', 'chromium'))('the ladders in Chromium', () => {
  let dataDir: string;
  let running: RunningHouse;
  let browser: Browser;
  let duty: Client;
  const complaints: string[] = [];

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'laba-ladders-'));
    running = await startHouse(readConfig({ LABA_DATA: dataDir, LABA_PORT: '0', LABA_MQTT_PORT: '0', LABA_LOG_LEVEL: 'silent' }));
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    duty = new Client(running.house.url());
    await duty.signIn('duty1', passwordOf('duty1'));
  });
  afterAll(async () => {
    await browser?.close();
    await running?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const passwordOf = (username: string) => running.demo!.logins.find((login) => login.username === username)!.password;
  const village = () => running.demo!.dasuo.villageCode;

  async function open(path: string, width: number): Promise<Page> {
    const page = await (await browser.newContext({ viewport: { width, height: 900 } })).newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(running.house.url() + path);
    return page;
  }

  async function signIn(): Promise<Page> {
    const page = await open('/', 1280);
    await page.fill('input[name=username]', 'duty1');
    await page.fill('input[name=password]', passwordOf('duty1'));
    await page.click('button[type=submit]');
    await page.waitForSelector('#view section');
    return page;
  }

  it('shows each village with both clocks, takes an officer’s record in one dialog, and the rung’s page says what the county holds', async () => {
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', {
      mode: 'live',
      kind: 'order',
      order: 'move-now',
      areaCodes: [running.demo!.dasuo.groupCode],
      eventCode: '11D00',
      durationMinutes: 60,
      texts: WORDS,
      endTexts: WORDS,
      cancelTexts: WORDS,
    });
    await duty.post(`/api/v1/alerts/${id}/raise`, {});
    const page = await signIn();
    await page.evaluate(`location.hash = '#/alert/${id}'`);
    await page.waitForSelector('.ladders tbody tr');
    expect(await page.textContent('.ladders tbody')).toContain('等待回答');
    expect(await unreadable(page)).toEqual([]);

    await page.click('.ladders tbody button');
    await page.fill('dialog input[name=name]', '演示村书记');
    await page.fill('dialog textarea[name=words]', '正在敲门');
    await page.click('dialog button[type=submit][value=yes]');
    await page.waitForSelector('.ladders tbody:has-text("已收到")');

    const { db, vault } = running.house.deps;
    const asked = (await db.read((q, t) => q.select().from(t.ladderStep))).find(
      (step) => step.alertId === id && step.memberId !== null && step.skipped === null,
    )!;
    const phone = await open(`/l/${personalToken(vault, 'rung', asked.id)}`, 360);
    expect(await phone.textContent('.held')).toContain('开始转移后请报人数');
    expect(await unreadable(phone)).toEqual([]);
    expect((await phone.locator('button.answer').boundingBox())!.height).toBeGreaterThanOrEqual(96);
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await phone.fill('input[name=persons]', '35');
    await phone.click('button.answer');
    expect(await phone.textContent('.held')).toContain('35 人');
    await page.waitForSelector('.ladders tbody:has-text("35 人")');
    await page.click('header button[lang=en]');
    await page.waitForSelector('.ladders tbody:has-text("35 people")');
    await page.waitForSelector('.ladders tbody:has-text("warning 0/2")');
    expect(await unreadable(page)).toEqual([]);
    expect((await duty.get<{ ladders: { gridCode: string; state: string }[] }>(`/api/v1/alerts/${id}/ladders`)).ladders).toMatchObject([
      { gridCode: village(), state: 'moving' },
    ]);
    expect(complaints).toEqual([]);
  });
});
