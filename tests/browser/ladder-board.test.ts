// The ladders on the officer's screen and on a rung's phone, in a real browser, both languages, readable for everybody.
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { personalToken } from '@laba/runtime/personal-link';
import { unreadable } from './page-checks.ts';
import { shownHouse } from './shown-house.ts';

const WORDS = [{ language: 'zh-CN', title: '立即转移', text: '泥石流来了，立即往两边山坡高处转移。' }];

describe.skipIf(!installed('chromium', 'chromium'))('the ladders in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
  });

  const village = () => shown.running.demo!.dasuo.villageCode;

  async function open(path: string, width: number): Promise<Page> {
    const page = await (await shown.browser.newContext({ viewport: { width, height: 900 } })).newPage();
    shown.watch(page);
    await page.goto(shown.url + path);
    return page;
  }

  async function signIn(): Promise<Page> {
    const page = await open('/', 1280);
    await shown.signIn(page, 'duty1');
    return page;
  }

  it('shows each village with both clocks, takes an officer’s record in one dialog, and the rung’s page says what the county holds', async () => {
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', {
      mode: 'live',
      kind: 'order',
      order: 'move-now',
      areaCodes: [shown.running.demo!.dasuo.groupCode],
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

    const { db, vault } = shown.running.house.deps;
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
    expect(shown.complaints).toEqual([]);
  });
});
