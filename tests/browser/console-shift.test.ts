// The shift log of the officers' console in a real browser: begun, filled by itself, written in over a cut line, handed over, signed for, printed.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ShiftLogView, ShiftsView, ShiftView } from '@laba/domain/shift-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { DESK, openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const SHIFTS = '/api/v1/shifts';

describe.skipIf(!installed('chromium', 'chromium'))('the shift log in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `shift-${name}.png`), fullPage: true });
  }

  async function raise(): Promise<string> {
    const draft = { mode: 'live', kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [shown.running.demo!.dasuo.groupCode] };
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', draft);
    await duty.post(`/api/v1/alerts/${id}/raise`, {});
    return id;
  }

  const reports = (text: string) =>
    duty.post('/api/v1/reports', { gridCode: shown.running.demo!.dasuo.groupCode, hazard: 'debris-flow', text, source: 'telephone' });
  const current = async () => (await duty.get<ShiftsView>(SHIFTS)).own.current!;
  const remarks = async () => (await duty.get<ShiftView>(`${SHIFTS}/${(await current()).id}`)).remarks;
  const dialog = (page: Page) => page.getByRole('dialog');
  const button = (page: Page, name: string) => page.locator('.own-shift').getByRole('button', { name, exact: true });

  async function writes(page: Page, words: string): Promise<void> {
    await page.fill('textarea[name=remark]', words);
    await page.click('.remark-form button[type=submit]');
  }

  it('is begun with one key and fills itself in the order in which things happen; another desk sees it; readable in both languages', async () => {
    const other = await openConsole(shown, 'duty2', 'shift');
    const page = await openConsole(shown, 'duty1', 'shift');
    await page.waitForSelector('.own-shift:has-text("还没有开始")');
    await button(page, '开始值班').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.one-shift:has-text("第 1 班")');
    await other.waitForSelector('.own-shift:has-text("演示值班员甲")');
    await reports('沟里水变浑');
    await raise();
    await page.waitForSelector('.timeline li[data-event="alert.raised"]');
    const { events } = await duty.get<ShiftLogView>(`${SHIFTS}/${(await current()).id}/log`);
    const order = events.map(({ type }) => type).filter((type) => ['shift.begun', 'report.received', 'alert.raised'].includes(type));
    expect(order).toEqual(['alert.raised', 'report.received', 'shift.begun']);
    expect(await page.textContent('.timeline li[data-event="alert.raised"]')).toContain('演示值班员甲');
    expect(await page.textContent('#why-not-remark')).toContain('还没有写');
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.click('header button.language');
      for (const width of [DESK.width, 1920]) {
        await page.setViewportSize({ width, height: 1000 });
        expect(await unreadable(page), `${language} ${width}`).toEqual([]);
      }
      expect(await untranslated(page, language)).toEqual([]);
      await shoot(page, `running-${language}`);
    }
  });

  it('keeps a remark while the line is cut, over a page that is loaded anew, and has it once, as it was typed', async () => {
    const markup = '<img src=x onerror=alert(1)> 断网时写的';
    const page = await openConsole(shown, 'duty1', 'shift');
    await page.route(/\/remarks$/, (route) => route.abort('internetdisconnected'));
    await page.waitForSelector('textarea[name=remark]');
    await page.fill('textarea[name=remark]', '看一眼现在再回来写');
    await page.evaluate(`location.hash = '#/now'`);
    await page.waitForSelector('.tiles');
    await page.goBack();
    expect(await page.inputValue('textarea[name=remark]')).toBe('看一眼现在再回来写');
    await writes(page, markup);
    await page.waitForSelector('.on-its-way li:has-text("还没有送到")');
    expect(await page.inputValue('textarea[name=remark]')).toBe('');
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'line-cut');
    page.on('dialog', (asked) => void asked.accept());
    await page.reload();
    await page.waitForSelector('.on-its-way li:has-text("断网时写的")');
    expect(await remarks()).toEqual([]);
    await page.waitForTimeout(10_500);
    // From whatever screen stands when the line is back.
    await page.evaluate(`location.hash = '#/now'`);
    await page.reload();
    await page.waitForSelector('.tiles');
    await page.unroute(/\/remarks$/);
    await until(async () => (await remarks()).length === 1);
    await page.evaluate(`location.hash = '#/shift'`);
    await page.waitForSelector('.timeline li.remark:has-text("断网后送到")');
    await until(async () => (await page.locator('.on-its-way li').count()) === 0);
    expect(await remarks()).toMatchObject([{ words: markup, writtenAt: expect.stringMatching(/^2/) }]);
    expect(await page.locator('.timeline img').count()).toBe(0);
    expect(await page.locator('.timeline li.remark').getByRole('button').count()).toBe(0);
  });

  it('an answer that is lost on the way makes no second remark', async () => {
    const page = await openConsole(shown, 'duty1', 'shift');
    await page.waitForSelector('textarea[name=remark]');
    let lost = 0;
    await page.route(/\/remarks$/, async (route) => {
      // The house has it; its answer does not come.
      await route.fetch();
      lost += 1;
      await (lost > 2 ? route.continue() : route.abort('connectionreset'));
    });
    await writes(page, '只记一次');
    await page.waitForSelector('.timeline li.remark:has-text("只记一次")');
    await until(async () => (await page.locator('.on-its-way li').count()) === 0);
    expect(lost).toBeGreaterThan(1);
    expect((await remarks()).filter(({ words }) => words === '只记一次')).toHaveLength(1);
  });

  it('is handed over with what is open, seen on Now until somebody signs with his own password, and then stays as it was', async () => {
    const page = await openConsole(shown, 'duty1', 'shift');
    const next = await openConsole(shown, 'duty2', 'now');
    await page.waitForSelector('#why-not-take-over:has-text("由下一位接班")');
    expect(await button(page, '接班签字').isDisabled()).toBe(true);
    await button(page, '交班').focus();
    await page.keyboard.press('Enter');
    await dialog(page).locator('[data-open="alert"]').waitFor();
    expect(await dialog(page).locator('[data-open="report"] .figure').textContent()).toBe('1');
    await page.fill('textarea[name=hand-over]', '水还在涨，<b>每小时</b>问一次');
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'hand-over');
    await dialog(page).getByRole('button', { name: '交班', exact: true }).click();
    await page.waitForSelector('.own-shift:has-text("还没有人接班")');
    await next.waitForSelector('.shift-note:has-text("演示值班员甲 已交班")');
    expect(await unreadable(next)).toEqual([]);
    await shoot(next, 'now');
    await next.click('.shift-note a');
    await next.waitForSelector('#why-not-hand-over:has-text("只有当班的人能交班")');
    expect(await button(next, '按现在的情况重新交班').isDisabled()).toBe(true);
    await button(next, '接班签字').click();
    await dialog(next).locator('.note:has-text("<b>每小时</b>")').waitFor();
    await next.waitForSelector('#why-not-sign:has-text("还没有输入密码")');
    await next.fill('input[name=signature]', 'not his password');
    await dialog(next).getByRole('button', { name: '签字接班' }).click();
    await dialog(next).locator('.ant-alert:has-text("用户名或密码不对")').waitFor();
    await next.fill('textarea[name=take-over]', '已看板');
    await next.fill('input[name=signature]', shown.loginOf('duty2').password);
    expect(await unreadable(next)).toEqual([]);
    await shoot(next, 'take-over');
    await next.keyboard.press('Enter');
    await next.waitForSelector('.own-shift:has-text("第 2 班")');
    expect(await current()).toMatchObject({ number: 2, officerName: '演示值班员乙', state: 'running' });
    await page.waitForSelector('.own-shift:has-text("演示值班员乙")');
    await page.click('[data-over] a');
    const then = page.locator('.one-shift');
    await then.locator('h3:has-text("接班时的未了事项")').waitFor();
    for (const words of ['<b>每小时</b>', '已看板', '演示值班员甲', '演示值班员乙', '校验码']) expect(await then.textContent()).toContain(words);
    expect(await then.locator('textarea').count()).toBe(0);
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'over-zh');
    await page.click('header button.language');
    expect(await untranslated(page, 'en')).toEqual([]);
    await shoot(page, 'over-en');
    await until(async () => (await next.locator('.shift-note').count()) === 0);
  });

  it('is printed with what was open, the log in its order and both signatures', async () => {
    const page = await openConsole(shown, 'duty1', 'shift');
    await page.click('[data-over] a');
    await page.waitForSelector('.one-shift:has-text("校验码")');
    const [paper] = await Promise.all([page.waitForEvent('popup'), page.locator('.one-shift').getByRole('button', { name: '打印' }).click()]);
    await paper.waitForSelector('h1');
    const text = (await paper.textContent('body'))!;
    for (const words of ['值班日志（第 1 班）', '<b>每小时</b>', '只记一次', '交班人', '接班人', '演示值班员乙']) expect(text).toContain(words);
    expect(text.indexOf('第 1 班开始值班')).toBeLessThan(text.indexOf('只记一次'));
    expect(await paper.locator('script, img').count()).toBe(0);
    await paper.emulateMedia({ media: 'print' });
    await shoot(paper, 'paper-zh');
    if (SHOTS !== undefined) await paper.pdf({ path: join(SHOTS, 'shift-paper.pdf'), preferCSSPageSize: true });
    for (const width of [360, DESK.width]) {
      await paper.setViewportSize({ width, height: 900 });
      expect(await unreadable(paper), String(width)).toEqual([]);
    }
  });

  it('a remark that comes when somebody else has taken over is not lost: it waits for the officer, who writes it in the shift that runs', async () => {
    const page = await openConsole(shown, 'duty1', 'shift');
    await page.route(/\/remarks$/, (route) => route.abort('internetdisconnected'));
    await page.waitForSelector('textarea[name=remark]');
    await writes(page, '3 号桥水位到警戒');
    await page.waitForSelector('.on-its-way li:has-text("还没有送到")');
    const before = await current();
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    await duty.post(`${SHIFTS}/${before.id}/take-over`, { version: before.version, words: '已看' });
    await page.unroute(/\/remarks$/);
    const held = page.locator('.on-its-way li:has-text("3 号桥水位到警戒")');
    await held.locator('.bad:has-text("没有记下")').waitFor();
    expect(await remarks()).toEqual([]);
    await held.getByRole('button', { name: '记进现在这一班' }).click();
    await until(async () => (await remarks()).some(({ words }) => words === '3 号桥水位到警戒'));
    await held.waitFor({ state: 'detached' });
  });

  it('of a village is its own: the cadre begins it, the county reads it and does not write in it', async () => {
    const cadre = await openConsole(shown, 'cadre1', 'shift');
    await button(cadre, '开始值班').click();
    await cadre.waitForSelector('.one-shift:has-text("第 1 班")');
    await writes(cadre, '村里一切正常');
    await cadre.waitForSelector('.timeline li.remark:has-text("村里一切正常")');
    const own = new Client(shown.url);
    await own.signIn('cadre1', shown.loginOf('cadre1').password);
    const { id } = (await own.get<ShiftsView>(SHIFTS)).own.current!;
    const page = await openConsole(shown, 'duty1', `shift/${id}`);
    await page.waitForSelector('.one-shift li.remark:has-text("村里一切正常")');
    expect(await page.locator('.one-shift textarea').count()).toBe(0);
    expect(await unreadable(page)).toEqual([]);
  });
});
