// "Now" and "Reports" of the officers' console in a real browser: what happens elsewhere arrives by itself, and two desks say the same.
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NowView } from '@laba/domain/now-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { DESK, openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

/** How long two officers' screens may say different things. */
const DISAGREE_MS = 2_000;
const CUT_OFF_VILLAGES = 3_000;

describe.skipIf(!installed('chromium', 'chromium'))('Now and Reports in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;
  let group: string;

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    group = shown.running.demo!.dasuo.groupCode;
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  const count = (kind: string) => `[...document.querySelectorAll('.tile.${kind} .figure')].map((one) => one.textContent).join('')`;
  /** When the page first shows it. */
  const seenAt = async (page: Page, shows: string) => {
    await until(() => page.evaluate<boolean>(`Boolean(${shows})`));
    return performance.now();
  };

  async function raise(mode: 'live' | 'drill'): Promise<string> {
    const templateId = mode === 'live' ? 'debris-flow-move-now' : 'drill-move-now';
    const { templates } = await duty.get<{ templates: { id: string; modes?: string[] }[] }>('/api/v1/templates');
    const known = templates.some(({ id }) => id === templateId) ? templateId : 'debris-flow-move-now';
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', { mode, kind: 'order', order: 'move-now', templateId: known, areaCodes: [group] });
    await duty.post(`/api/v1/alerts/${id}/raise`, {});
    return id;
  }

  /** What it shows came by the live stream: reading again by time, which would hide a deaf stream, is put off. */
  async function deskWithoutPolls(username: string): Promise<Page> {
    const context = await shown.browser.newContext({ viewport: DESK });
    await context.addInitScript('{ const own = setInterval; window.setInterval = (done, ms) => own(done, ms === 5000 ? 600000 : ms); }');
    return openConsole(shown, username, 'now', context);
  }

  it('two desks show what is raised, reported, verified and ended elsewhere, neither later than the other by two seconds', async () => {
    const desks = [await deskWithoutPolls('duty1'), await deskWithoutPolls('duty2')];
    const apart: number[] = [];
    const bothShow = async (shows: string) => {
      const [first, second] = await Promise.all(desks.map((page) => seenAt(page, shows)));
      apart.push(Math.abs(first! - second!));
    };
    const report = async (text: string) =>
      (await duty.post<{ id: string }>('/api/v1/reports', { gridCode: group, hazard: 'other', text, source: 'telephone' })).id;
    const id = await raise('live');
    await bothShow(`document.querySelector('.alert-card.live[data-alert="${id}"]')`);
    await bothShow(`document.querySelector('.mode-frame.live')`);
    const one = await report('后山有裂缝');
    await bothShow(`${count('report')}.includes('1')`);
    await report('水变浑了');
    await bothShow(`${count('report')}.includes('2')`);
    await duty.post(`/api/v1/reports/${one}/verify`, { result: 'true' });
    await bothShow(`${count('report')}.includes('1')`);
    for (const page of desks) expect(await unreadable(page)).toEqual([]);
    await duty.post(`/api/v1/alerts/${id}/cancel`, { reason: '演示误发' });
    await bothShow(`!document.querySelector('.alert-card.live') && !document.querySelector('.mode-frame')`);
    console.log(`two desks apart by at most ${Math.round(Math.max(...apart))} ms over ${apart.length} changes`);
    expect(Math.max(...apart)).toBeLessThanOrEqual(DISAGREE_MS);
  });

  it('a drill is called one on its card, and the screen that also shows what is real gets no purple frame', async () => {
    const page = await openConsole(shown, 'duty1');
    const id = await raise('drill');
    await page.waitForSelector(`.alert-card.drill[data-alert="${id}"]`);
    expect(await page.textContent('.alert-card.drill .mode-tag')).toBe('演练');
    expect(await page.locator('.mode-frame').count()).toBe(0);
    expect(await unreadable(page)).toEqual([]);
    await duty.post(`/api/v1/alerts/${id}/end`, { checkedBy: '演示监测员' });
    await page.waitForSelector('.alert-card.drill', { state: 'detached' });
  });

  it('draws only the rows in sight when a whole county is cut off, and every figure counts them all', async () => {
    const page = await openConsole(shown, 'duty1');
    await page.route('**/api/v1/now', async (route) => {
      const now = (await (await route.fetch()).json()) as NowView;
      const overdue = Array.from({ length: CUT_OFF_VILLAGES }, (_, i) => ({
        ...{ alertId: 'a', mode: 'live', gridCode: '533324101201', gridName: `<b>村</b> ${i}`, question: 'answer' as const },
        ...{ overdueAtMs: now.asOfMs - i * 1_000, overdueSince: '', round: 1, ageMs: i * 1_000 },
      }));
      await route.fulfill({ json: { ...now, ladders: { ...now.ladders, overdue } } });
    });
    await page.waitForSelector('.worst-first li.ladder');
    expect(await page.textContent('.tile.ladder .figure')).toContain(String(CUT_OFF_VILLAGES));
    expect(await page.locator('.worst-first li').count()).toBeLessThan(60);
    expect(await page.locator('.worst-first li').first().textContent()).toContain(`<b>村</b> ${CUT_OFF_VILLAGES - 1}`);
    expect(await unreadable(page)).toEqual([]);
    await page.click('.tile:has-text("任务逾期")');
    expect(await page.locator('.worst-first').count()).toBe(0);
  });

  it('a report by telephone is written down and its draft begun, by keyboard alone', async () => {
    const page = await openConsole(shown, 'cadre1', 'reports');
    const begun = performance.now();
    await page.focus('main form input >> nth=0');
    await page.keyboard.type('打所');
    await page.waitForSelector('.ant-select-item-option-active:has-text("打所")');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-select-open', { state: 'detached' }); // until then a Tab chooses once more
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('沟里的水突然断了');
    for (let tabs = 0; tabs < 4; tabs++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#\/raise\//);
    const reportId = decodeURIComponent(page.url().split('/').at(-1)!);
    console.log(`a telephone report to its draft, by a script: ${Math.round(performance.now() - begun)} ms, 5 steps`);
    expect(await duty.get(`/api/v1/reports/${reportId}`)).toMatchObject({ text: '沟里的水突然断了', gridCode: group, source: 'telephone' });
  });

  it('verifies and merges reports, and shows whatever was written as it was written', async () => {
    const markup = '<img src=x onerror=alert(1)> "><script>alert(2)</script> \u202Egnp.exe\u202C';
    for (const text of [`${markup}${'裂'.repeat(300)}`, '同一条裂缝'])
      await duty.post('/api/v1/reports', { gridCode: group, hazard: 'other', text, source: 'telephone' });
    const page = await openConsole(shown, 'duty1', 'reports');
    const dirty = page.locator('.report-card:has-text("onerror")');
    await dirty.waitFor();
    expect(await page.locator('.report-card img, .report-card script').count()).toBe(0);
    expect(await unreadable(page)).toEqual([]);
    await page.locator('.report-card:has-text("同一条裂缝") button:has-text("与另一条重复")').click();
    await page.click('.ant-modal .ant-select');
    await page.keyboard.type('onerror');
    await page.waitForSelector('.ant-select-item-option-active:has-text("onerror")');
    await page.keyboard.press('Enter');
    expect(await unreadable(page)).toEqual([]);
    await page.click('.ant-modal button:has-text("并入这一条")');
    await page.locator('.report-card:has-text("同一条裂缝")').waitFor({ state: 'detached' });
    await dirty.locator('button:has-text("不属实")').click();
    await dirty.waitFor({ state: 'detached' });
    await page.click('.ant-segmented-item:has-text("全部")');
    await page.waitForSelector('.report-card.false');
    await until(async () => (await page.locator('.report-card.duplicate').count()) === 1);
    expect(await untranslated(page, 'zh')).toEqual([]);
  });
});
