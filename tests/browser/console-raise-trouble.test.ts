// "Raise" of the officers' console when things go wrong under the officer's hands: lost answers, an alert that changed meanwhile, a recording that stands in.
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Forecast } from '@laba/domain/forecast-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { press, unreadable } from './page-checks.ts';
import { openConsole } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const HELD_MS = 1_350;

type Listed = { id: string };

describe.skipIf(!installed('chromium', 'chromium'))('raising in Chromium, when things go wrong', () => {
  const shown = shownHouse();

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    // A refusal because of what was done before is what is looked for here.
    expect(shown.complaints.splice(0).filter((one) => !one.includes('status of 409'))).toEqual([]);
  });

  const group = () => shown.running.demo!.dasuo.groupCode;

  async function asked(): Promise<Client> {
    const client = new Client(shown.url);
    await client.signIn('duty1', shown.loginOf('duty1').password);
    return client;
  }

  async function composed(page: Page): Promise<void> {
    await page.evaluate("location.hash = '#/raise'");
    await page.click('li[data-template="debris-flow-move-now"] .mode-choice.live');
    await page.keyboard.type(group());
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.read-back');
  }

  it('raises once, though the answers were lost and the officer looked at another screen before he held again', async () => {
    const client = await asked();
    const before = (await client.get<{ alerts: Listed[] }>('/api/v1/alerts')).alerts.length;
    const page = await openConsole(shown, 'duty1');
    await composed(page);
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    const lost = /\/api\/v1\/alerts\/[^/]+\/raise$/;
    await page.route(lost, async (route) => {
      await route.fetch();
      return route.abort('connectionreset');
    });
    await press(page, '.hold.live', HELD_MS);
    await page.waitForSelector('main [role=alert]');
    await page.unroute(lost);
    await page.evaluate("location.hash = '#/now'");
    await page.waitForSelector('.raise', { state: 'detached' });
    await page.evaluate("location.hash = '#/raise'");
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    await press(page, '.hold.live', HELD_MS);
    await page.waitForSelector('#raised-title:has-text("已发布")');
    const alerts = (await client.get<{ alerts: Listed[] }>('/api/v1/alerts')).alerts;
    expect(alerts.length - before).toBe(1);
    const { alerts: raised } = await client.get<{ alerts: Listed[] }>('/api/v1/alerts?state=raised');
    expect(raised).toHaveLength(1);
    await client.post(`/api/v1/alerts/${raised[0]!.id}/cancel`, { reason: '演示' });
  });

  it('sends an update though somebody quietened the alert meanwhile: the officer is told, his words stand, and he holds once more', async () => {
    const client = await asked();
    const subject = { mode: 'live', kind: 'order', order: 'move-now', areaCodes: [group()], templateId: 'debris-flow-move-now', durationMinutes: 60 };
    const { id } = await client.post<Listed>('/api/v1/alerts', subject);
    await client.post(`/api/v1/alerts/${id}/raise`);
    const page = await openConsole(shown, 'duty1');
    await page.evaluate(`location.hash = '#/raise/update/${id}'`);
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    await page.fill('.field textarea >> nth=0', '我写的话：马上走。');
    await page.waitForSelector('.spoken:has-text("我写的话：马上走。")');
    await client.post(`/api/v1/alerts/${id}/quieten`);
    await press(page, '.hold.live', HELD_MS);
    await page.waitForSelector('.meanwhile[role=alert]:has-text("喇叭已被静音")');
    expect(await page.inputValue('.field textarea >> nth=0')).toBe('我写的话：马上走。');
    expect(await unreadable(page)).toEqual([]);
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    await press(page, '.hold.live', HELD_MS);
    await page.waitForSelector('#raised-title:has-text("已发布")');
    const alert = await client.get<{ revisions: { texts: { text: string }[] }[] }>(`/api/v1/alerts/${id}`);
    expect(alert.revisions.at(-1)!.texts[0]!.text).toContain('我写的话：马上走。');
    await client.post(`/api/v1/alerts/${id}/cancel`, { reason: '演示' });
  });

  it('says of a stand-in recording that it is one, and lets it be listened to', async () => {
    const page = await openConsole(shown, 'duty1');
    await page.route('**/api/v1/alerts/forecast', async (route) => {
      const response = await route.fetch();
      const forecast = (await response.json()) as Forecast;
      const language = forecast.texts[0]!.language;
      const languages = [{ language, how: 'placeholder', codes: [group()] }];
      await route.fulfill({ response, json: { ...forecast, languages, noVoice: [language], withoutClip: [language] } });
    });
    await composed(page);
    const spoken = page.locator('.spoken >> nth=0');
    expect(await spoken.textContent()).toContain('只有占位录音');
    expect(await spoken.textContent()).toContain('12 秒');
    expect(await spoken.textContent()).not.toContain('不会播出');
    expect(await spoken.locator('button:has-text("试听")').count()).toBe(1);
    expect(await page.textContent('.forecast')).toContain('只有占位录音');
    expect(await page.textContent('.forecast')).not.toContain('喇叭说不了');
    expect(await unreadable(page)).toEqual([]);
  });
});
