// "After-action" of the officers' console in a real browser: a drill that is over as curves, tables, points and stars, and as files.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MeasuresView, StarsView } from '@laba/domain/measures-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { whereItIsNoon } from '../harness/time-of-day.ts';
import { unreadable } from './page-checks.ts';
import { openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];

describe.skipIf(!installed('chromium', 'chromium'))('after-action in Chromium', () => {
  const shown = shownHouse({ env: { LABA_UTC_OFFSET_MINUTES: whereItIsNoon() } });
  let duty: Client;
  let drill: string;

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    const draft = { mode: 'drill', kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [shown.running.demo!.dasuo.groupCode] };
    drill = (await duty.post<{ id: string }>('/api/v1/alerts', draft)).id;
    await duty.post(`/api/v1/alerts/${drill}/raise`, {});
    type Listed = { list: { householdId: string | null; version: number }[] };
    const listed = async () => (await duty.get<Listed>(`/api/v1/alerts/${drill}/rollcall`)).list;
    await until(async () => (await listed()).length > 10, 40_000);
    const { householdId, version } = (await listed()).find((one) => one.householdId !== null)!;
    await duty.post(`/api/v1/alerts/${drill}/rollcall/households/${householdId!}/mark`, { status: 'moved', means: 'radio', version });
    await until(async () => (await measures()).firstSound.count > 0, 40_000);
    await duty.post(`/api/v1/alerts/${drill}/end`, { checkedBy: '演示监测员' });
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  const measures = () => duty.get<MeasuresView>(`/api/v1/alerts/${drill}/measures`);

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `look-back-${name}.png`), fullPage: true });
  }

  it('shows a drill in its frame with curves, the same figures as tables, each place, the points and their rule, in both languages', async () => {
    const page = await openConsole(shown, 'duty1', 'look-back');
    await page.focus('.alert-list a');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.mode-frame.drill');
    await page.waitForSelector('.step-plot.roll-call');
    const { rollCall, firstSound, score, groups } = await measures();
    expect(await page.textContent('.step-plot.roll-call p')).toContain(`${rollCall.persons.accounted} / ${rollCall.persons.total}`);
    expect(await page.getAttribute('.step-plot.sound svg', 'aria-label')).toContain(`${firstSound.count} / ${firstSound.speakers}`);
    await page.click('.step-plot.roll-call summary');
    const last = page.locator('.step-plot.roll-call tbody tr:last-child td');
    expect(await last.textContent()).toBe(String(rollCall.persons.accounted));
    expect(await page.locator(`[data-place="${groups[0]!.code}"]`).textContent()).toContain(`${rollCall.persons.accounted} / ${rollCall.persons.total}`);
    expect(await page.textContent('.points')).toContain(`${score!.points} 分`);
    expect(await page.textContent('.rule')).toContain('从不按个人');
    await page.waitForSelector('.timeline li time');
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.click('header button.language');
      expect(await unreadable(page), language).toEqual([]);
      expect(await untranslated(page, language)).toEqual([]);
      await shoot(page, language);
    }
    await page.emulateMedia({ media: 'print' });
    await shoot(page, 'print');
    expect(await page.isVisible('header')).toBe(false);
    expect(await page.isVisible('.step-plot svg')).toBe(true);
  });

  it('gives the half-year’s stars to villages and groups, with the rule, and says so where there are none', async () => {
    const page = await openConsole(shown, 'duty1', 'look-back');
    const { places } = await duty.get<StarsView>('/api/v1/stars');
    const [rated] = places;
    await page.waitForSelector(`[data-rated="${rated!.code}"]`);
    expect(await page.getAttribute(`[data-rated="${rated!.code}"] .stars`, 'aria-label')).toBe(`${rated!.stars} 星`);
    expect(await page.textContent('.half-year .rule')).toContain('90 分起 5 星');
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'stars');
    await page.click('.half-year .ant-select');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.half-year .empty');
    expect(await untranslated(page, 'zh')).toEqual([]);
  });

  it('is taken away as CSV and as JSON, and a cadre sees his own ground only', async () => {
    const page = await openConsole(shown, 'duty1', `look-back/${drill}`);
    const [csv] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("下载 CSV")')]);
    const table = readFileSync(await csv.path(), 'utf8');
    expect(table).toContain('【演练】');
    expect(table.split('\r\n').filter((line) => /^[=+@-]/.test(line))).toEqual([]);
    const [json] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("下载 JSON")')]);
    expect(JSON.parse(readFileSync(await json.path(), 'utf8'))).toMatchObject({ alertId: drill, mode: 'drill' });
    const cadre = await openConsole(shown, 'cadre1', `look-back/${drill}`);
    await cadre.waitForSelector('.places tbody tr');
    const codes = await cadre.locator('[data-place]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-place') ?? ''));
    const { scopes } = (await signedIn('cadre1')).officer;
    expect(codes.filter((code) => !scopes.some((scope) => code.startsWith(scope)))).toEqual([]);
    expect(await unreadable(cadre)).toEqual([]);
  });

  async function signedIn(username: string): Promise<{ officer: { scopes: string[] } }> {
    const client = new Client(shown.url);
    await client.signIn(username, shown.loginOf(username).password);
    return client.get('/api/v1/sessions/current');
  }
});
