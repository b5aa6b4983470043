// "Raise" of the officers' console in a real browser: a red alert in few actions, by mouse and by keyboard; held, never clicked; once, never twice.
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { press, unreadable } from './page-checks.ts';
import { DESK, openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const HELD_MS = 1_350;
const SHOTS = process.env['LABA_SHOTS'];

interface Listed {
  id: string;
  state: string;
  mode: string;
  title: string;
  issuer: string;
}

describe.skipIf(!installed('chromium', 'chromium'))('raising in Chromium', () => {
  const shown = shownHouse();

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  const group = () => shown.running.demo!.dasuo.groupCode;

  async function asked(username = 'duty1'): Promise<Client> {
    // A draft is replaced by PATCH, which the command line has no need of.
    const client = new Client(shown.url, (url, init) => fetch(url, init?.method === 'PUT' ? { ...init, method: 'PATCH' } : init));
    await client.signIn(username, shown.loginOf(username).password);
    return client;
  }

  const raisedNow = async (client: Client) => (await client.get<{ alerts: Listed[] }>('/api/v1/alerts?state=raised')).alerts;

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
  }

  const templateButton = (id: string, mode: string) => `li[data-template="${id}"] .mode-choice.${mode}`;

  it('raises a red alert from the open console in five actions by mouse', async () => {
    const client = await asked();
    const page = await openConsole(shown, 'duty1');
    const begun = performance.now();
    let actions = 0;
    const action = async (act: () => Promise<unknown>) => {
      await act();
      actions += 1;
    };
    await action(() => page.click('nav a[href="#/raise"]'));
    await action(() => page.click(templateButton('rainstorm-red', 'live')));
    await action(async () => {
      await page.keyboard.type(group());
      await page.keyboard.press('Enter');
    });
    expect(await page.textContent('.hold-box .why')).toBe('先填发布单位');
    await action(() => page.fill('.issuer input', '演示县气象台'));
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    await shoot(page, 'composed');
    await action(() => press(page, '.hold.live', HELD_MS));
    await page.waitForSelector('#raised-title:has-text("已发布")');
    console.log(`a red alert from the open console, by mouse: ${actions} actions, ${((performance.now() - begun) / 1_000).toFixed(1)} s by a script`);
    expect(actions).toBeLessThanOrEqual(5);
    const raised = await raisedNow(client);
    expect(raised).toMatchObject([{ mode: 'live', issuer: '演示县气象台' }]);
    await shoot(page, 'raised');
    expect(await unreadable(page)).toEqual([]);
    await client.post(`/api/v1/alerts/${raised[0]!.id}/cancel`, { reason: '演示' });
  });

  it('raises a red alert by keyboard alone, found by the first letters of its sounds', async () => {
    const client = await asked();
    const page = await openConsole(shown, 'duty1');
    await page.evaluate('document.activeElement.blur()');
    const begun = performance.now();
    let strokes = 0;
    const key = async (name: string) => {
      await page.keyboard.press(name);
      strokes += 1;
    };
    const type = async (words: string) => {
      await page.keyboard.type(words);
      strokes += words.length;
    };
    const tabTo = async (selector: string) => {
      for (let n = 0; n < 30; n += 1) {
        if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
        await key('Tab');
      }
      throw new Error(`The keyboard does not come to ${selector}`);
    };
    await key('r');
    await page.waitForSelector('.templates');
    await type('byhs');
    await tabTo('.mode-choice.live');
    await key('Enter');
    await type('dsxz');
    await key('Enter');
    await shoot(page, 'area');
    await page.waitForSelector('.area-select bdi');
    await tabTo('.issuer input');
    await page.keyboard.press('ControlOrMeta+a');
    await type('演示县气象台');
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    await tabTo('.hold.live');
    await page.keyboard.down('Enter');
    await page.waitForTimeout(HELD_MS);
    await page.keyboard.up('Enter');
    strokes += 1;
    await page.waitForSelector('#raised-title:has-text("已发布")');
    console.log(`a red alert from the open console, by keyboard alone: ${strokes} strokes, ${((performance.now() - begun) / 1_000).toFixed(1)} s by a script`);
    const raised = await raisedNow(client);
    expect(raised).toHaveLength(1);
    await client.post(`/api/v1/alerts/${raised[0]!.id}/cancel`, { reason: '演示' });
  });

  /** Composed up to the button: the order to move now, for the group of the story. */
  async function composed(page: Page, mode: 'live' | 'drill'): Promise<void> {
    await page.evaluate("location.hash = '#/raise'");
    await page.click(templateButton('debris-flow-move-now', mode));
    await page.keyboard.type(group());
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.read-back');
  }

  it('says on the button what is missing, reads back the exact words, and does nothing when it is let go early', async () => {
    const client = await asked();
    const page = await openConsole(shown, 'duty1', 'raise');
    const why = () => page.textContent('.hold-box .why');
    expect(await why()).toBe('先选模板，并选实警、演练或测试');
    await press(page, '.hold', HELD_MS);
    for (const width of [DESK.width, 1920]) {
      await page.setViewportSize({ width, height: 1000 });
      expect(await unreadable(page), `nothing chosen at ${width}`).toEqual([]);
    }
    await page.setViewportSize(DESK);
    await page.click(templateButton('debris-flow-move-now', 'live'));
    expect(await why()).toBe('先选范围');
    await page.keyboard.type('打所');
    expect(await unreadable(page)).toEqual([]);
    await page.keyboard.press('Enter');
    // An Enter too many ticks nothing, least of all the county.
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    expect(await page.textContent('.read-back')).toContain('65 户 199 人');
    expect(await page.textContent('.spoken >> nth=0')).toContain('立即往两边山坡高处转移');
    expect(await page.textContent('.spoken >> nth=0')).toContain('12 秒');
    await page.click('.spoken button:has-text("试听")');
    await page.waitForSelector('.spoken button:has-text("停止")');
    await press(page, '.hold.live', 600);
    expect(await why()).toContain('松得太早');
    await page.locator('.hold.live').focus();
    await page.keyboard.down(' ');
    await page.waitForTimeout(600);
    expect(await page.getAttribute('.hold.live', 'class')).toContain('holding');
    await page.keyboard.up(' ');
    await page.click('.hold.live');
    await page.waitForTimeout(HELD_MS);
    expect(await raisedNow(client)).toEqual([]);
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.click('header button.language');
      for (const width of [DESK.width, 1920]) {
        await page.setViewportSize({ width, height: 1000 });
        expect(await unreadable(page), `${language} ${width}`).toEqual([]);
      }
      expect(await untranslated(page, language)).toEqual([]);
    }
    await page.setViewportSize(DESK);
    await shoot(page, 'composed-en');
  });

  it('raises once, though the button is held twice and the answer is lost on the way', async () => {
    const client = await asked();
    const before = (await client.get<{ alerts: Listed[] }>('/api/v1/alerts')).alerts.length;
    const page = await openConsole(shown, 'duty1');
    await composed(page, 'live');
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    const lost = new Set<boolean>();
    await page.route(/\/api\/v1\/alerts(\/[^/]+\/raise)?$/, async (route) => {
      const isRaise = route.request().url().endsWith('/raise');
      if (route.request().method() !== 'POST' || lost.has(isRaise)) return route.continue();
      lost.add(isRaise);
      await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 800));
      return route.abort('connectionreset');
    });
    await press(page, '.hold.live', HELD_MS);
    await press(page, '.hold.live', HELD_MS);
    await page.waitForSelector('#raised-title:has-text("已发布")');
    expect(lost.size).toBe(2);
    const alerts = (await client.get<{ alerts: Listed[] }>('/api/v1/alerts')).alerts;
    expect(alerts.length - before).toBe(1);
    const [raised] = await raisedNow(client);
    await client.post(`/api/v1/alerts/${raised!.id}/cancel`, { reason: '演示' });
  });

  it('loses nothing when the session ends before the button: after signing in again the alert is raised, once', async () => {
    const client = await asked();
    const page = await openConsole(shown, 'duty1');
    await composed(page, 'live');
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    await page.context().clearCookies();
    await press(page, '.hold.live', HELD_MS);
    await page.waitForSelector('.ant-modal input[name=password]');
    expect(await page.textContent('.read-back')).toContain('打所小组');
    await page.fill('.ant-modal input[name=password]', shown.loginOf('duty1').password);
    await page.click('.ant-modal button[type=submit]');
    await page.waitForSelector('#raised-title:has-text("已发布")');
    const raised = await raisedNow(client);
    expect(raised).toHaveLength(1);
    await client.post(`/api/v1/alerts/${raised[0]!.id}/cancel`, { reason: '演示' });
  });

  it('shows a drill in a purple frame and raises it only for who typed that it is one', async () => {
    const client = await asked();
    const page = await openConsole(shown, 'duty1');
    await composed(page, 'drill');
    await page.waitForSelector('.mode-frame.drill');
    expect(await page.textContent('.mode-banner')).toContain('演练 演练 演练');
    expect(await page.textContent('.hold-box .why')).toBe('先输入“演练”二字');
    expect(await page.textContent('.spoken >> nth=0')).toContain('演练，演练。');
    expect(await unreadable(page)).toEqual([]);
    await press(page, '.hold.drill', HELD_MS);
    expect(await raisedNow(client)).toEqual([]);
    await page.fill('.confirm input', '演练');
    await page.waitForSelector('.hold.drill[aria-disabled=false]');
    await shoot(page, 'drill');
    await press(page, '.hold.drill', HELD_MS);
    await page.waitForSelector('#raised-title:has-text("已发布")');
    await page.waitForSelector('.mode-frame.drill');
    const raised = await raisedNow(client);
    expect(raised).toMatchObject([{ mode: 'drill' }]);
    await client.post(`/api/v1/alerts/${raised[0]!.id}/cancel`, { reason: '演示' });
  });

  it('reads the same back to the second officer on his own desk, and is raised only after he held', async () => {
    const client = await asked();
    const first = await openConsole(shown, 'duty1', 'raise');
    await first.click(templateButton('rainstorm-red', 'live'));
    await first.keyboard.type(group().slice(0, 6));
    await first.keyboard.press('Enter');
    await first.keyboard.press('Escape');
    await first.fill('.issuer input', '演示县气象台');
    await first.waitForSelector('.hold:has-text("按住送审")[aria-disabled=false]');
    const readBack = async (page: Page) => (await page.locator('.read-back > :not(h3):not(.forecast)').allTextContents()).join('\n');
    const words = await readBack(first);
    await press(first, '.hold.live', HELD_MS);
    await first.waitForSelector('#waiting-title');
    await first.waitForSelector('.hold.live[aria-disabled=true]');
    expect(await first.textContent('section.sum p[role=status]')).toContain('同意 1 / 2 人');
    expect(await unreadable(first)).toEqual([]);
    await shoot(first, 'waits');

    const second = await openConsole(shown, 'duty2', 'raise');
    await second.click('.waiting-list a');
    await second.waitForSelector('.hold.approve[aria-disabled=false]');
    expect(await readBack(second)).toBe(words);
    expect(await unreadable(second)).toEqual([]);
    await press(second, '.hold.approve', 500);
    expect(await raisedNow(client)).toEqual([]);
    await press(second, '.hold.approve', HELD_MS);
    await second.waitForSelector('.why:has-text("您已同意")');
    expect(await raisedNow(client)).toEqual([]);
    const ms = await until(async () => (await first.locator('.hold.live[aria-disabled=false]').count()) === 1);
    console.log(`an approval is on the first desk after ${Math.round(ms)} ms`);
    await press(first, '.hold.live', HELD_MS);
    await first.waitForSelector('#raised-title:has-text("已发布")');
    await second.waitForSelector('#raised-title:has-text("已发布")');
    const raised = await raisedNow(client);
    expect(raised).toHaveLength(1);
    await client.post(`/api/v1/alerts/${raised[0]!.id}/cancel`, { reason: '演示' });
  });

  it('lets nobody approve words that are not on his screen: they were changed on another desk, and the new ones have not come yet', async () => {
    const client = await asked();
    const draft = {
      ...{ mode: 'live', kind: 'warning', level: 'red', issuer: '演示县气象台', templateId: 'rainstorm-red' },
      ...{ areaCodes: [group().slice(0, 6)], durationMinutes: 60 },
    };
    const { id } = await client.post<Listed>('/api/v1/alerts', draft);
    const page = await openConsole(shown, 'duty2');
    await page.evaluate(`location.hash = '#/raise/alert/${id}'`);
    await page.waitForSelector('.hold.approve[aria-disabled=false]');
    let isLate = true;
    await page.route('**/api/v1/alerts/forecast', async (route) => {
      await until(() => Promise.resolve(!isLate));
      await route.continue();
    });
    const texts = [{ language: 'zh-CN', title: '改过的标题', text: '改过的话，请看清楚再同意。' }];
    await client.put(`/api/v1/alerts/${id}`, { ...draft, texts });
    await page.waitForSelector('[data-alert]:has-text("改过的标题")');
    expect(await page.locator('.hold.approve').count()).toBe(0);
    expect(await page.locator('.read-back').count()).toBe(0);
    isLate = false;
    await page.waitForSelector('.hold.approve[aria-disabled=false]');
    expect(await page.textContent('.spoken')).toContain('改过的话');
    await client.post(`/api/v1/alerts/${id}/discard`);
    await page.waitForSelector('#raised-title:has-text("已作废")');
  });

  it('updates, quietens, ends and cancels by buttons of their own, with the words that will be spoken', async () => {
    const client = await asked();
    const page = await openConsole(shown, 'cadre1');
    await page.evaluate("location.hash = '#/raise'");
    await page.click(templateButton('debris-flow-prepare', 'live'));
    await page.waitForSelector('.hold.live[aria-disabled=false]');
    await press(page, '.hold.live', HELD_MS);
    await page.waitForSelector('.alert-acts');

    await page.click('.alert-acts a:has-text("更新")');
    await page.waitForSelector('.read-back');
    await page.click('button:has-text("换模板")');
    await page.click(templateButton('debris-flow-move-now', 'live'));
    await page.waitForSelector('.read-back:has-text("立即往两边山坡高处转移")');
    await press(page, '.hold:has-text("按住更新")', HELD_MS);
    await page.waitForSelector('.alert-acts');
    expect((await raisedNow(client)).map(({ title }) => title)).toEqual(['泥石流：立即转移']);

    await press(page, '.hold:has-text("按住静音")', HELD_MS);
    await page.waitForSelector('.why:has-text("已经静音")');
    await page.click('.alert-acts button:has-text("延长")');
    await press(page, '.act-window .hold', HELD_MS);
    await page.waitForSelector('.act-window', { state: 'detached' });

    await page.click('.alert-acts button:has-text("取消")');
    expect(await page.textContent('.act-window blockquote')).toContain('播报有误');
    expect(await page.textContent('.act-window .why')).toBe('请填写为什么是误发');
    expect(await unreadable(page)).toEqual([]);
    await page.click('.ant-modal button[aria-label="关闭"]');
    await page.click('.alert-acts button:has-text("解除")');
    expect(await page.textContent('.act-window blockquote')).toContain('已经解除');
    expect(await page.textContent('.act-window .why')).toBe('请填写谁查看了现场');
    await page.fill('.act-window input', '演示监测员');
    await shoot(page, 'end');
    expect(await unreadable(page)).toEqual([]);
    expect(await untranslated(page, 'zh')).toEqual([]);
    await press(page, '.act-window .hold.good', HELD_MS);
    await page.waitForSelector('#raised-title:has-text("已解除")');
    expect(await page.locator('.alert-acts').count()).toBe(0);
    expect(await raisedNow(client)).toEqual([]);
  });
});
