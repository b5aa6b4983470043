// Every page that the house serves, as it stands in the middle of an alert: readable for everybody, on a phone and on a desk, in both languages.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { pagesOf, phoneLines } from '@laba/host/demo/demo-phones';
import { installed } from '@laba/messaging/installed.test-kit';
import { tagCode } from '@laba/mobilization/roll-call/tag';
import { aPhoto } from './a-photo.ts';
import { unreadable } from './page-checks.ts';
import { shownHouse } from './shown-house.ts';

const WIDTHS = [360, 1280];
const LISTS = { zh: ['清点名单', '成员名单'], en: ['The roll-call list', 'List of members'] };
const SHOTS = process.env['LABA_SHOTS'];
const SERVICES = new URL('../../services/', import.meta.url);

/** What the services' own routes call a page, by its path. */
function pageRoutes(): string[] {
  const files = readdirSync(SERVICES, { recursive: true, encoding: 'utf8' }).filter((name) => /\/src\/.*-(routes|pages)\.ts$/.test(name));
  const texts = files.filter((name) => !name.includes('node_modules')).map((name) => readFileSync(new URL(name, SERVICES), 'utf8'));
  return texts.flatMap((text) => {
    const isShared = /const config = \{[^}]*page: true/.test(text);
    const routes = [...text.matchAll(/app\.get\(\s*'([^']+)',\s*\{\s*config(: \{[^}]*page: true|,)/g)];
    return routes.flatMap(([, path, how]) => (how !== ',' || isShared ? [path!] : []));
  });
}

describe.skipIf(!installed('chromium', 'chromium'))('every page in Chromium', () => {
  const shown = shownHouse();
  let officer: BrowserContext;
  let stranger: BrowserContext;
  let duty: Client;
  let alertId: string;
  const opened = new Set<string>();

  beforeAll(async () => {
    [officer, stranger] = [await shown.browser.newContext(), await shown.browser.newContext()];
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    alertId = await raise();
    const page = await officer.newPage();
    await page.goto(shown.url);
    await shown.signIn(page, 'duty1');
  });

  async function raise(): Promise<string> {
    const draft = { mode: 'live', kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [shown.running.demo!.dasuo.groupCode] };
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', draft);
    await duty.post(`/api/v1/alerts/${id}/raise`, {});
    return id;
  }

  /** The page behind the first message of that purpose. */
  async function sentTo(purpose: 'call' | 'ladder' | 'task'): Promise<string> {
    const pages = () => pagesOf(phoneLines(shown.dataDir, 0), purpose);
    await expect.poll(pages, { timeout: 30_000, interval: 200 }).not.toEqual([]);
    return pages()[0]!;
  }

  /** `route`: as the service names it. */
  async function look(route: string, path: string, { by = stranger, ready = 'h1' }: { by?: BrowserContext; ready?: string } = {}): Promise<Page> {
    opened.add(route);
    const page = await by.newPage();
    page.on('pageerror', (error) => shown.complaints.push(`${route}: ${error.message}`));
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width === 360 ? 640 : 900 });
      await page.goto(shown.url + path);
      await page.waitForSelector(ready);
      await judge(page, route, width);
    }
    return page;
  }

  async function judge(page: Page, name: string, width: number): Promise<void> {
    if (SHOTS !== undefined) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `${name.replaceAll(/\W+/g, '-')}-${width}.png`), fullPage: true });
    }
    expect(await unreadable(page), `${name} at ${width} px`).toEqual([]);
  }

  it('the members’ side: call, ladder, task', async () => {
    await look('/m/:token', await sentTo('call'), { ready: '#page .answer.next' });
    const ladder = await look('/l/:token', await sentTo('ladder'));
    await ladder.click('button[value=got-it]');
    await judge(ladder, 'ladder answered', 360);
    const page = await look('/k/:token', await sentTo('task'));
    await page.setViewportSize({ width: 360, height: 640 });
    await page.click('button[value=take]');
    await page.setInputFiles('input[type=file]', { name: 'road.png', mimeType: 'image/png', buffer: await aPhoto(page) });
    await page.click('button:has-text("上传照片")');
    await page.waitForSelector('img.photo');
    await judge(page, 'task with its photo', 360);
    await page.fill('textarea[name=words]', '路口已设卡');
    await page.click('button[value=done]');
    await judge(page, 'task done', 360);
    const [task] = (await duty.get<{ tasks: { id: string }[] }>(`/api/v1/tasks?alertId=${alertId}`)).tasks;
    await look('/api/v1/tasks/:id/reminder', `/api/v1/tasks/${task!.id}/reminder`, { by: officer });
  });

  it('the monitors’ side: what is to be patrolled and visited', async () => {
    const { rounds } = await duty.get<{ rounds: { planId: string }[] }>(`/api/v1/rounds/list?kind=patrol&grid=${shown.running.demo!.dasuo.groupCode}`);
    const { link } = await duty.get<{ link: string }>(`/api/v1/rounds/${rounds[0]!.planId}/contact`);
    const page = await look('/w/:token', link);
    await page.click('button[value=calm]');
    await page.waitForSelector('text=一切正常');
    await judge(page, 'round told', 360);
  });

  it('joining on the spot: where the code is typed, the form behind it, the notice to print', async () => {
    const { id, path } = await duty.post<{ id: string; path: string }>(`/api/v1/alerts/${alertId}/join-codes`, {
      gridCode: shown.running.demo!.dasuo.groupCode,
    });
    await look('/j', '/j');
    await look('/j', '/j?lang=en');
    await look('/j/:code', path);
    await look('/j/:code', `${path}?lang=en`);
    await look('/api/v1/join-codes/:id/sheet', `/api/v1/join-codes/${id}/sheet`, { by: officer });
  });

  it('the tags: the sheet, a scan, what a finder sees', async () => {
    const group = shown.running.demo!.dasuo.groupCode;
    await look('/api/v1/rollcall/tags', `/api/v1/rollcall/tags?group=${group}`, { by: officer });
    for (const kind of ['households', 'members'])
      for (const lang of ['zh', 'en']) await look(`/api/v1/cards/${kind}`, `/api/v1/cards/${kind}?group=${group}&lang=${lang}`, { by: officer });
    for (const lang of ['zh', 'en'])
      await look('/api/v1/alerts/:id/rollcall/sheet', `/api/v1/alerts/${alertId}/rollcall/sheet?group=${group}&lang=${lang}`, { by: officer });
    const { list } = await duty.get<{ list: { householdId: string | null }[] }>(`/api/v1/alerts/${alertId}/rollcall`);
    const household = list.find((one) => one.householdId !== null)!.householdId!;
    const code = tagCode(shown.running.house.deps.vault, { gridCode: group, householdId: household, personId: null, doorplate: '', name: '' });
    const scanned = await look('/t/:code', `/t/${code}`, { by: officer });
    await scanned.click('form button');
    expect(await scanned.textContent('main')).toContain('已转移');
    await judge(scanned, 'scanned', 1280);
    await look('/t/:code', `/t/${code}`);
  });

  it('the officer’s screen: the county now, the board, its lists, in both languages', async () => {
    const now = await look('/', '/#/', { by: officer, ready: '#view section' });
    await now.close();
    for (const view of ['reports', 'status', 'alone', 'numbers', 'raise'])
      await (await look('/', `/#/${view}`, { by: officer, ready: '#view section' })).close();
    for (const screen of ['now', 'raise', 'board', 'reports', 'rollcall', 'tasks', 'shift', 'peace', 'houses', 'upward', 'bulletins', 'look-back', 'admin'])
      await (await look('/console/', `/console/#/${screen}`, { by: officer, ready: 'main section' })).close();
    await (await look('/console', '/console', { by: officer, ready: 'main section' })).close();
    const board = await look('/', `/#/alert/${alertId}`, { by: officer, ready: '.tasks tbody tr' });
    expect(await board.textContent('.head .mode.live')).toBe('实警');
    expect(await board.textContent('#view')).not.toMatch(/null|undefined|NaN/);
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await board.click('header button[lang=en]');
      await board.waitForSelector('.tasks tbody tr');
      await judge(board, `board ${language}`, 1280);
      for (const list of LISTS[language]) {
        await board.click(`button:has-text("${list}")`);
        await board.waitForSelector('dialog .line-item');
        await judge(board, list, 1280);
        await board.click('dialog form button');
      }
    }
  });

  it('what an officer does on the board: marks a household, signs off a task that he has looked at', async () => {
    const board = await look('/', `/#/alert/${alertId}`, { by: officer, ready: '.tasks tbody tr' });
    const toChinese = board.locator('header button[lang="zh-CN"]');
    if ((await toChinese.count()) > 0) await toChinese.click();
    const before = (await counted()).accounted;
    await board.click('button:has-text("清点名单")');
    await board.click('dialog .line-item button:has-text("全户已转移")');
    await board.waitForSelector('dialog .persons select.good');
    expect((await counted()).accounted).toBeGreaterThan(before);
    await board.locator('dialog .line-item select.bad').first().selectOption('needs-help');
    await expect.poll(async () => (await counted()).byStatus['needs-help']).toBe(1);
    await board.fill('dialog input[type=search]', '打所12号');
    expect(await board.locator('dialog .line-item:visible').count()).toBe(1);
    await board.click('dialog form button');
    await board.click('.tasks button:has-text("销号")');
    await board.waitForSelector('dialog img.photo');
    expect(await board.textContent('dialog')).toContain('路口已设卡');
    await judge(board, 'sign off', 1280);
    await board.click('dialog button.good');
    await board.waitForSelector('.tasks tbody:has-text("已销号")');
  });

  const counted = async () =>
    (await duty.get<{ persons: { accounted: number; byStatus: Record<string, number> } }>(`/api/v1/alerts/${alertId}/rollcall?totals=true`)).persons;

  it('the doors for everybody: sign-in, report form, first password, and where nothing is', async () => {
    await look('/', '/', { ready: 'input[name=password]' });
    // Only a village's own house has it; there it is looked at by its own test.
    await look('/sign-in', '/sign-in');
    await look('/codes', '/codes', { by: officer });
    const link = await duty.get<{ path: string }>(`/api/v1/report-links/${shown.running.demo!.dasuo.villageCode}`);
    await look('/r/:token', link.path);
    const admin = new Client(shown.url);
    await admin.signIn('admin', shown.loginOf('admin').password);
    const body = { username: 'new.cadre', name: '演示新村干部', role: 'village-cadre', scopes: [shown.running.demo!.dasuo.villageCode] };
    await look('/first/:token', (await admin.post<{ firstLink: { path: string } }>('/api/v1/officers', body)).firstLink.path);
    await look('/nowhere', '/nowhere');
  });

  it('leaves no page out', () => {
    expect(pageRoutes().filter((route) => !opened.has(route) && !route.endsWith('/:photoId'))).toEqual([]);
    expect(shown.complaints).toEqual([]);
  });
});
