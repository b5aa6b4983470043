// What people reach by a link: member's page, village form, first link, and the page that says what is wrong. In a real browser, with and without scripts.
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { shownHouse } from './shown-house.ts';

const PHONE = { width: 390, height: 844 };
/** A cheap phone. */
const SMALL = { width: 320, height: 568 };

interface SignedIn {
  cookie: string;
  csrfToken: string;
}

describe.skipIf(!installed('chromium', 'chromium'))('pages behind a link in Chromium', () => {
  const shown = shownHouse();

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
  });

  async function signIn(username: string): Promise<SignedIn> {
    const response = await fetch(`${shown.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: shown.loginOf(username).password }),
    });
    const { csrfToken } = (await response.json()) as { csrfToken: string };
    return { cookie: response.headers.getSetCookie()[0]!.split(';')[0]!, csrfToken };
  }

  async function call<T>(officer: SignedIn, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${shown.url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { cookie: officer.cookie, 'x-csrf-token': officer.csrfToken, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(response.status).toBeLessThan(300);
    return (await response.json()) as T;
  }

  async function open(path: string, { viewport = PHONE, scripts = true } = {}): Promise<Page> {
    const page = await (await shown.browser.newContext({ viewport, javaScriptEnabled: scripts })).newPage();
    await page.goto(shown.url + path);
    return page;
  }

  it('reports a hazard from the village form without scripts; what is missing and what was received is fit to be read', async () => {
    const link = await call<{ path: string }>(await signIn('cadre1'), `/report-links/${shown.loginOf('cadre1').scopes[0]!}`);
    const form = await open(link.path);
    expect(await unreadable(form)).toEqual([]);
    await form.evaluate("document.querySelectorAll('[required]').forEach((one) => { one.required = false; })");
    await form.click('button');
    expect(await form.textContent('[role=alert]')).toContain('请选择看到了什么');
    expect(await unreadable(form)).toEqual([]);
    const plain = await open(link.path, { viewport: SMALL, scripts: false });
    await plain.locator('.choice').nth(1).click();
    await plain.fill('textarea', '路边的坡在掉石头');
    await plain.click('button');
    expect(await plain.textContent('.number strong')).toMatch(/^[0-9A-F]{4}-[0-9A-F]{4}$/);
    await form.locator('.choice').first().click();
    await form.click('button');
    await form.waitForSelector('.number');
    expect(await unreadable(form)).toEqual([]);
  });

  it('sets a first password without scripts, and says what a password needs', async () => {
    const body = { username: 'new.cadre', name: '演示新村干部', role: 'village-cadre', scopes: shown.loginOf('cadre1').scopes };
    const { firstLink } = await call<{ firstLink: { path: string } }>(await signIn('admin'), '/officers', body);
    const page = await open(firstLink.path);
    expect(await unreadable(page)).toEqual([]);
    await page.fill('#password', 'aaaaaaaaaaaaaaaa');
    await page.fill('#again', 'aaaaaaaaaaaaaaaa');
    await page.click('button');
    expect(await page.textContent('[role=alert]')).toContain('5 种不同字符');
    expect(await unreadable(page)).toEqual([]);
    const plain = await open(firstLink.path, { scripts: false });
    await plain.fill('#password', 'shan-shui-yun-wu-27');
    await plain.fill('#again', 'shan-shui-yun-wu-27');
    await plain.click('button');
    expect(await plain.textContent('h1')).toContain('密码已设置');
    await page.goto(shown.url + firstLink.path);
    expect(await page.textContent('h1')).toContain('链接无效或已过期');
    expect(await unreadable(page)).toEqual([]);
  });

  it('says on a page, never in a program’s words, that a link or an address leads nowhere', async () => {
    for (const path of ['/m/nothing', '/r/nothing', '/first/nothing', '/nowhere']) {
      const page = await open(path, { viewport: SMALL });
      expect(await page.textContent('h1'), path).toMatch(path === '/nowhere' ? /没有找到/ : /链接无效或已过期/);
      expect(await page.textContent('body'), path).not.toMatch(/expected|token|urn:|\{/);
      expect(await unreadable(page), path).toEqual([]);
    }
  });

  it('shows the call and its first answer on a cheap phone without scrolling, and after the all-clear nothing that still says to move', async () => {
    const cadre = await signIn('cadre1');
    const text = {
      language: 'zh-CN',
      title: '泥石流：立即转移',
      text: '泥石流危险！立即往两边山坡高处转移，不要沿沟走，不要过沟，不要回去拿东西。带上老人孩子，叫上邻居。',
    };
    const village = shown.loginOf('cadre1').scopes[0]!;
    const draft = { mode: 'live', kind: 'order', level: null, order: 'move-now', areaCodes: [`${village}01`], texts: [text], durationMinutes: 60 };
    const { id } = await call<{ id: string }>(cadre, '/alerts', draft);
    await call(cadre, `/alerts/${id}/raise`, {});
    let link: string | undefined;
    for (let tries = 0; tries < 100 && link === undefined; tries++) {
      link = (await call<{ calls: { link?: string }[] }>(cadre, `/alerts/${id}/calls`)).calls[0]?.link;
      if (link === undefined) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const path = new URL(link!, shown.url).pathname;
    const small = await open(path, { viewport: SMALL, scripts: false });
    const box = (await small.locator('button.coming').boundingBox())!;
    expect(box.height).toBeGreaterThanOrEqual(96);
    expect(box.y + box.height).toBeLessThanOrEqual(SMALL.height);
    for (const answer of ['coming', 'on-the-way', 'arrived', 'cannot']) {
      await small.click(`button.${answer}`);
      await small.waitForSelector(`button.${answer}.chosen`);
    }
    const phone = await open(path);
    expect(await unreadable(phone)).toEqual([]);
    await call(cadre, `/alerts/${id}/end`, { checkedBy: '演示监测员' });
    await phone.reload();
    expect(await phone.textContent('h1')).toContain('险情已解除');
    expect(await phone.locator('.badge').count()).toBe(0);
    expect(await phone.locator('.words').first().isVisible()).toBe(false);
    expect(await phone.locator('.answer').count()).toBe(0);
    expect(await unreadable(phone)).toEqual([]);
  });
});
