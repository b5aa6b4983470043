// Joining on the spot on the officers' console in a real browser: a code is opened, shown, printed and closed; who joins by it is seen, kept, or let go.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallsView } from '@laba/domain/board-view';
import type { JoinCodesView, JoinCodeView } from '@laba/domain/join-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { DESK, openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const PHONE = { width: 360, height: 640 };
const MARKUP = '<img src=x onerror=alert(1)>\u202Egnp.exe\u202C';
const AGREED_MS = 2_000;

describe.skipIf(!installed('chromium', 'chromium'))('joining on the console in Chromium', () => {
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

  async function raise(mode: 'live' | 'drill' = 'live'): Promise<string> {
    const draft = { mode, kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [group] };
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', draft);
    await duty.post(`/api/v1/alerts/${id}/raise`, {});
    await until(async () => (await duty.get<CallsView>(`/api/v1/alerts/${id}/calls`)).calls.length > 0);
    return id;
  }

  const read = (id: string) => duty.get<JoinCodesView>(`/api/v1/alerts/${id}/join-codes`);
  const end = (id: string) => duty.post(`/api/v1/alerts/${id}/end`, { checkedBy: '演示监测员' });
  const opens = (id: string) => duty.post<JoinCodeView>(`/api/v1/alerts/${id}/join-codes`, { gridCode: group });

  async function panel(id: string, username = 'duty1'): Promise<Page> {
    const page = await openConsole(shown, username, `board/${id}/joining/all`);
    await page.waitForSelector('.panel form, .panel .note');
    return page;
  }

  /** A resident, on a phone of his own, by the address that the QR holds. */
  async function joins(address: string, name: string): Promise<void> {
    const page = await (await shown.browser.newContext({ viewport: PHONE, javaScriptEnabled: false })).newPage();
    await page.goto(address);
    await page.fill('[name=name]', name);
    await page.click('button[value=coming]');
    expect(new URL(page.url()).pathname).toMatch(/^\/m\//);
    await page.context().close();
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `joining-${name}.png`), fullPage: true });
  }

  async function press(page: Page, name: RegExp | string, within = '.panel'): Promise<void> {
    await page.locator(within).last().getByRole('button', { name }).first().focus();
    await page.keyboard.press('Enter');
  }

  const closed = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });

  it('a code is opened and shown by keyboard alone; who joins by its address stands on both desks within 2 s, and stays a member; in both languages', async () => {
    const id = await raise();
    const [page, his] = [await openConsole(shown, 'duty1', `board/${id}`), await panel(id, 'duty2')];
    await page.waitForSelector('.village-card .chip');
    await page.focus('[data-cell="joining all"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.panel :text("还没有开过加入码")');
    await press(page, '开一个加入码');
    await page.waitForSelector('[data-shown-code]');
    const [code] = (await read(id)).codes;
    expect(await page.textContent('[data-shown-code] .code')).toBe(code!.code);
    expect(await page.getAttribute('[data-shown-code] svg[role=img]', 'aria-label')).toBe(`${shown.url}/j/${code!.code}`);
    expect(await page.locator('[data-shown-code] svg path').count()).toBeGreaterThan(0);
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'shown');
    await page.keyboard.press('Escape');
    await closed(page);
    await his.waitForSelector(`[data-code="${code!.code}"]:has-text("0 / 100 人"):has-text("演示值班员甲 开放") .age`);
    await joins(code!.address, '演示帮手');
    for (const desk of [page, his]) {
      const took = await until(async () => (await desk.locator('[data-joined]:has-text("演示帮手"):has-text("会来")').count()) === 1);
      expect(took).toBeLessThan(AGREED_MS);
    }
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.click('header button.language');
      for (const width of [DESK.width, 1920]) {
        await page.setViewportSize({ width, height: 1000 });
        await shoot(page, `${language}-${width}`);
        expect(await unreadable(page), `${language} ${width}`).toEqual([]);
      }
      expect(await untranslated(page, language)).toEqual([]);
    }
    await page.click('header button.language');
    await page.waitForSelector('[data-joined] small:has-text("预警结束后才能让他离队")');
    await press(page, '转为正式成员 演示帮手');
    const agreed = await until(async () => (await his.locator('[data-joined]:has-text("已转为正式成员")').count()) === 1);
    console.log(`the other desk knows of it after ${Math.round(agreed)} ms`);
    expect(agreed).toBeLessThan(AGREED_MS);
    await end(id);
    await page.waitForSelector('.panel .note:has-text("预警已结束，不能再开加入码")');
  });

  it('is printed as a notice with the code in large letters, and closed with a question', async () => {
    const id = await raise();
    const { code, id: codeId } = await opens(id);
    const page = await panel(id);
    await page.waitForSelector(`[data-code="${code}"]`);
    const [sheet] = await Promise.all([page.context().waitForEvent('page'), press(page, `打印张贴单 ${code}`)]);
    await sheet.waitForSelector('.code');
    expect(new URL(sheet.url()).pathname).toBe(`/api/v1/join-codes/${codeId}/sheet`);
    expect(await sheet.textContent('.code')).toBe(code);
    await sheet.setViewportSize({ width: 794, height: 1123 });
    expect(await unreadable(sheet)).toEqual([]);
    await sheet.close();
    await press(page, `停用 ${code}`);
    await page.waitForSelector('[role=dialog]:has-text("已经加入的人不受影响")');
    // Another desk closes it meanwhile: closed is closed.
    await duty.post(`/api/v1/join-codes/${codeId}/close`);
    await press(page, '停用', '[role=dialog]');
    await closed(page);
    await page.waitForSelector(`[data-code="${code}"]:has-text("已停用")`);
    expect(await page.locator(`[data-code="${code}"] button`).count()).toBe(0);
    await end(id);
  });

  it('of two officers the one who lets somebody go whom the other kept meanwhile is refused, and sees how it stands', async () => {
    const id = await raise();
    const { address } = await opens(id);
    for (const name of ['演示留', '演示走']) await joins(address, name);
    await end(id);
    const page = await panel(id);
    await page.waitForSelector('[data-joined] >> nth=1');
    await press(page, '离队并删除信息 演示走');
    await press(page, '离队并删除信息', '[role=dialog]');
    await closed(page);
    await until(async () => (await read(id)).joined.length === 1);
    await page.locator('[data-joined]:has-text("演示走")').waitFor({ state: 'detached' });
    // This desk has not heard yet when it presses.
    await press(page, '离队并删除信息 演示留');
    await page.route(/join-codes|\/live/, (route) => route.abort());
    await duty.post(`/api/v1/members/${(await read(id)).joined[0]!.memberId}/keep`);
    await press(page, '离队并删除信息', '[role=dialog]');
    await page.waitForSelector('[role=dialog] [role=alert]');
    await page.unroute(/join-codes|\/live/);
    await page.waitForSelector('[data-joined]:has-text("已转为正式成员")');
    expect(await page.locator('[role=dialog] [role=alert]').count(), 'what was refused still stands').toBe(1);
    await shoot(page, 'refused');
    expect((await read(id)).joined.map(({ name, kept }) => [name, kept])).toEqual([['演示留', true]]);
    expect(shown.complaints.splice(0).filter((one) => !/409|Failed to fetch|ERR_FAILED/.test(one))).toEqual([]);
  });

  it('shows whatever a resident wrote as he wrote it; a drill says on every row that it is one', async () => {
    const id = await raise('drill');
    const { address, code } = await opens(id);
    await joins(address, MARKUP);
    const page = await panel(id);
    await page.waitForSelector('.mode-frame.drill');
    await page.waitForSelector('[data-joined]:has-text("onerror") .mode-tag.drill');
    await page.waitForSelector(`[data-code="${code}"] .mode-tag.drill`);
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await unreadable(page)).toEqual([]);
    expect(await untranslated(page, 'zh')).toEqual([]);
    await shoot(page, 'hostile');
    await end(id);
  });
});
