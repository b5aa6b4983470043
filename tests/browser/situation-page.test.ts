// A report upward as it comes out of the printer, in a real browser, both languages, readable for everybody also on a phone.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const WORDS = {
  course: { zh: '02:40 打所后山出现裂缝，03:02 发布立即转移指令。', en: 'At 02:40 cracks were seen behind Dasuo; at 03:02 the order to move was given.' },
  weather: { zh: '过去一小时雨量 62 毫米。\n怒江水位上涨 1.2 米。\n<b>未来两小时</b>仍有强降雨。', en: '' },
  losses: { zh: `农田约 ${'很'.repeat(400)}多亩`, en: 'a'.repeat(400) },
};
interface Report {
  id: string;
  version: number;
}

describe.skipIf(!installed('chromium', 'chromium'))('a report upward, in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;
  const reports: Record<string, string> = {};

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
  });

  it('is filled, worded and signed for a live alert, and filled for a drill', async () => {
    for (const mode of ['live', 'drill']) {
      const draft = { mode, kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [shown.running.demo!.dasuo.groupCode] };
      const { id: alertId } = await duty.post<{ id: string }>('/api/v1/alerts', draft);
      await duty.post(`/api/v1/alerts/${alertId}/raise`, {});
      const listed = async () => (await duty.get<{ persons: { total: number } }>(`/api/v1/alerts/${alertId}/rollcall?totals=true`)).persons.total;
      await expect.poll(listed, { timeout: 30_000 }).toBeGreaterThan(100);
      const { id, version } = await duty.post<Report>(`/api/v1/alerts/${alertId}/situation-reports`);
      const worded = await duty.put<Report>(`/api/v1/situation-reports/${id}/words`, { version, words: WORDS });
      if (mode === 'live') await duty.post(`/api/v1/situation-reports/${id}/send`, { version: worded.version });
      reports[mode] = id;
    }
    expect(Object.keys(reports)).toEqual(['live', 'drill']);
  });

  it.each([
    ['live', 'zh-CN', ['65', '199', '怒江水位上涨 1.2 米。', '校验码']],
    ['live', 'en', ['65', '199', 'People accounted for', 'Seal']],
    ['drill', 'zh-CN', ['演练 · 不是真实险情', '草稿 · 未签发']],
    ['drill', 'en', ['DRILL · not a real emergency', 'DRAFT · not signed']],
  ] as const)('%s, %s: on a phone, on a desk and on A4', async (mode, lang, words) => {
    const page = await (await shown.browser.newContext()).newPage();
    shown.watch(page);
    await page.goto(shown.url);
    await shown.signIn(page, 'duty1');
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${shown.url}/api/v1/situation-reports/${reports[mode]}/print?lang=${lang}`);
      await page.waitForSelector('h1');
      const text = await page.innerText('body');
      for (const one of words) expect(text).toContain(one);
      expect(await page.locator('b, script').count()).toBe(0);
      expect(await unreadable(page), `${mode} ${lang} at ${width} px`).toEqual([]);
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        await page.screenshot({ path: join(SHOTS, `situation-${mode}-${lang}-${width}.png`), fullPage: true });
      }
    }
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    if (SHOTS !== undefined) writeFileSync(join(SHOTS, `situation-${mode}-${lang}.pdf`), pdf);
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? [];
    expect(pages.length).toBeGreaterThanOrEqual(1);
    expect(pages.length).toBeLessThanOrEqual(4);
    expect(shown.complaints).toEqual([]);
    await page.context().close();
  });
});
