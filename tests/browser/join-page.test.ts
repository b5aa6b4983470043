// A resident who is on no list joins on the spot, in a real browser at 360 px: by the QR's address and by the typed code, with scripts and without.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { shownHouse } from './shown-house.ts';

const PHONE = { width: 360, height: 640 };
/** A name on the village's own network, without TLS. */
const VILLAGE_NAME = 'laba.village';
const SHOTS = process.env['LABA_SHOTS'];

interface Code {
  id: string;
  code: string;
  path: string;
}
interface Joined {
  name: string;
  hasPhone: boolean;
  gridCode: string;
  skills: string[];
  answer: string | null;
}

describe.skipIf(!installed('chromium', 'chromium'))('joining on the spot in Chromium', () => {
  const shown = shownHouse({ args: [`--host-resolver-rules=MAP ${VILLAGE_NAME} 127.0.0.1`] });
  let cadre: Client;
  let village: string;

  beforeAll(async () => {
    const login = shown.loginOf('cadre1');
    village = login.scopes[0]!;
    cadre = new Client(shown.url);
    await cadre.signIn(login.username, login.password);
  });
  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function opened(mode: 'live' | 'drill' = 'live'): Promise<Code & { alertId: string }> {
    const text = { language: 'zh-CN', title: '泥石流：立即转移', text: `${mode === 'drill' ? '演练，演练。' : ''}泥石流危险！立即往两边山坡高处转移。` };
    const draft = { mode, kind: 'order', level: null, order: 'move-now', areaCodes: [`${village}01`], texts: [text], durationMinutes: 60 };
    const { id: alertId } = await cadre.post<{ id: string }>('/api/v1/alerts', draft);
    await cadre.post(`/api/v1/alerts/${alertId}/raise`, {});
    return { alertId, ...(await cadre.post<Code>(`/api/v1/alerts/${alertId}/join-codes`, { gridCode: `${village}01` })) };
  }
  const joined = async (alertId: string) => (await cadre.get<{ joined: Joined[] }>(`/api/v1/alerts/${alertId}/join-codes`)).joined;

  async function open(path: string, { scripts = true } = {}): Promise<Page> {
    const page = await (await shown.browser.newContext({ viewport: PHONE, javaScriptEnabled: scripts })).newPage();
    shown.watch(page, /Cross-Origin-Opener-Policy|status of (400|401|404|410)/);
    await page.goto(new URL(path, shown.url).href);
    return page;
  }

  async function shot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `join-${name}.png`), fullPage: true });
  }

  it('asks for a name, keeps what was typed, and leads to the page on which he goes on answering', async () => {
    const { alertId, path } = await opened();
    const page = await open(path);
    await shot(page, '1-zh');
    expect(await unreadable(page)).toEqual([]);
    // Name, telephone and both answers: what is asked of everybody stands on little more than one screen.
    const last = (await page.locator('button[value=coming]').boundingBox())!;
    expect(last.y + last.height).toBeLessThanOrEqual(PHONE.height * 1.25);
    for (const name of ['arrived', 'coming']) expect((await page.locator(`button[value=${name}]`).boundingBox())!.height).toBeGreaterThanOrEqual(64);
    // The browser itself does not send an empty name; a name of blanks it does.
    await page.click('button[value=arrived]');
    expect(new URL(page.url()).pathname).toBe(path);
    await page.fill('[name=name]', '   ');
    await page.fill('[name=phone]', '139 0000 0088');
    await page.click('summary');
    await page.click('.choice:has-text("急救")');
    await page.click('button[value=arrived]');
    expect(await page.textContent('[role=alert]')).toBe('请填写姓名');
    await shot(page, '2-zh-no-name');
    expect(await unreadable(page)).toEqual([]);
    expect([await page.inputValue('[name=phone]'), await page.isChecked('[value=first-aid]')]).toEqual(['139 0000 0088', true]);
    await page.fill('[name=name]', '<i>演示</i>🙂');
    await page.click('button[value=arrived]');
    await page.waitForSelector('#page .held.county:has-text("已到位")');
    expect(await page.textContent('.who')).toContain('<i>演示</i>🙂');
    await shot(page, '3-zh-joined');
    expect(await unreadable(page)).toEqual([]);
    expect(await joined(alertId)).toMatchObject([
      { name: '<i>演示</i>🙂', hasPhone: true, skills: ['first-aid'], answer: 'arrived', gridCode: `${village}01` },
    ]);
    // By the phone page like everybody else.
    await page.click('.answer.help');
    await page.waitForSelector('.held.help');
  });

  it('without a script, over plain http on the village’s network, by a code that was only heard; in English', async () => {
    const { alertId, code } = await opened('drill');
    const page = await open('/j', { scripts: false });
    await page.goto(`http://${VILLAGE_NAME}:${new URL(shown.url).port}/j`);
    await page.click('text=English');
    await shot(page, '4-en-code');
    await page.fill('[name=code]', code.toLowerCase().replace('-', ' '));
    await page.click('button');
    expect(await page.textContent('.drill')).toContain('DRILL DRILL DRILL');
    await shot(page, '5-en-drill');
    await page.fill('[name=name]', 'Demo Helper');
    await page.fill('[name=phone]', 'call me');
    await page.click('button[value=coming]');
    expect(await page.textContent('[role=alert]')).toContain('no telephone number');
    await page.fill('[name=phone]', '');
    await page.click('button[value=coming]');
    expect(new URL(page.url()).pathname).toMatch(/^\/m\//);
    expect(await page.textContent('.held')).toContain('收到，我来');
    await page.click('button.arrived');
    await page.waitForSelector('button.arrived.chosen');
    expect(await joined(alertId)).toMatchObject([{ name: 'Demo Helper', hasPhone: false, answer: 'arrived' }]);
    const english = await open(`/j/${code}?lang=en`);
    expect(await unreadable(english)).toEqual([]);
    expect(await english.getAttribute('html', 'lang')).toBe('en');
    for (const path of ['/j', '/j?lang=en']) expect(await unreadable(await open(path))).toEqual([]);
  });

  it('says in plain words why a code does not let in', async () => {
    const { id, alertId, path } = await opened();
    const again = await cadre.post<Code>(`/api/v1/alerts/${alertId}/join-codes`, { gridCode: `${village}01` });
    const form = await open(again.path);
    await cadre.post(`/api/v1/join-codes/${id}/close`);
    const refused = async (at: string, words: RegExp, name: string) => {
      const page = await open(at);
      expect(await page.textContent('h1')).toMatch(words);
      expect(await page.textContent('body')).not.toMatch(/expected|urn:|\{/);
      expect(await unreadable(page)).toEqual([]);
      await shot(page, name);
    };
    await refused('/j/AAAA-0000', /没有这个加入码/, '6-unknown');
    await refused(path, /加入码已停用/, '7-closed');
    await cadre.post(`/api/v1/alerts/${alertId}/end`, { checkedBy: '演示监测员' });
    await refused(again.path, /本次预警已经结束/, '8-over');
    // Who had the form open when it ended.
    await form.fill('[name=name]', '演示迟');
    await form.click('button[value=coming]');
    expect(await form.textContent('h1')).toContain('本次预警已经结束');
    expect(await joined(alertId)).toEqual([]);
  });

  async function officersPage(path: string): Promise<Page> {
    const page = await open('/');
    const { username, password } = shown.running.demo!.logins.find((one) => one.username === 'cadre1')!;
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ username, password }) };
    expect(await page.evaluate(`fetch('/api/v1/sessions', ${JSON.stringify(request)}).then((answer) => answer.status)`)).toBe(200);
    await page.goto(new URL(path, shown.url).href);
    return page;
  }

  it('is printed as a notice with the code in large letters, on one sheet', async () => {
    const { id, code } = await opened();
    const page = await officersPage(`/api/v1/join-codes/${id}/sheet`);
    expect(await page.textContent('.code')).toBe(code);
    await page.setViewportSize({ width: 794, height: 1123 });
    await shot(page, '9-sheet');
    expect(await unreadable(page)).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollHeight')).toBeLessThanOrEqual(1123);
  });

  it('whoever stands on a person’s button still stands on his when somebody joins beside him', async () => {
    const { alertId, code } = await opened();
    const board = await officersPage('/');
    await board.setViewportSize({ width: 1280, height: 900 });
    await board.goto(new URL(`/#/alert/${alertId}`, shown.url).href);
    await board.reload();
    for (const name of ['演示甲', '演示乙', '演示丙']) {
      const page = await open(`/j/${code}`, { scripts: false });
      await page.fill('[name=name]', name);
      await page.click('button[value=coming]');
      await board.waitForSelector(`.joining li:has-text("${name}")`);
      // By keyboard, the last of the list: whoever comes then is painted with everybody.
      if (name === '演示乙') await board.focus('.joining li:has-text("演示乙") button');
    }
    expect(await board.evaluate('document.activeElement.closest("li")?.textContent')).toContain('演示乙');
    expect(await board.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('转为正式成员 演示乙');
    expect(await unreadable(board)).toEqual([]);
  });

  it('an officer opens a code on the board, sees at once who joined, keeps him, and closes it', async () => {
    const { id: first, alertId } = await opened();
    await cadre.post(`/api/v1/join-codes/${first}/close`);
    const board = await officersPage('/');
    await board.setViewportSize({ width: 1280, height: 900 });
    await board.goto(new URL(`/#/alert/${alertId}`, shown.url).href);
    await board.reload();
    await board.selectOption('.joining select', `${village}01`);
    await board.click('.joining form button');
    await board.waitForSelector('.joining a[href$="/sheet"]');
    const code = (await cadre.get<{ codes: Code[] }>(`/api/v1/alerts/${alertId}/join-codes`)).codes.at(-1)!;
    const page = await open(code.path, { scripts: false });
    await page.fill('[name=name]', '<b>演示帮手</b>');
    await page.click('button[value=coming]');
    await board.waitForSelector('.joining li:has-text("<b>演示帮手</b>"):has-text("收到，会来")');
    await board.waitForSelector('.tile .chip:has-text("现场加入 1")');
    await shot(board, 'a-board');
    expect(await unreadable(board)).toEqual([]);
    await board.click('.joining button:has-text("转为正式成员")');
    await board.waitForSelector('.joining li:has-text("已转为正式成员")');
    await board.click('.joining button:has-text("停用")');
    await board.waitForSelector('.joining li:has-text("已停用") >> nth=1');
  });
});
