// The second officer in a real browser: asked on whatever screen he has open, asked again, or agreed with on the telephone and signed for later.
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Policy } from '@laba/domain/policy';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { press, unreadable } from './page-checks.ts';
import { openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const HELD_MS = 1_350;
const ROUND_SECONDS = 30;
const SHOTS = process.env['LABA_SHOTS'];
const WORDS = '同意，马上发。<b>乙</b>';

// Counts the tones that a page makes; three are one chime.
const LISTEN = `(() => {
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at); };
})()`;

describe.skipIf(!installed('chromium', 'chromium'))('the second officer in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;

  beforeAll(async () => {
    duty = await signedIn('duty1');
    // A policy is changed by whoever has seen it.
    const admin = new Client(shown.url, (url, init) => fetch(url, { ...init, headers: { ...init?.headers, 'if-match': '"0"' } }));
    await admin.signIn('admin', shown.loginOf('admin').password);
    const { version: _version, ...policy } = await admin.get<Policy & { version: number }>('/api/v1/policy');
    await admin.put('/api/v1/policy', { ...policy, askApproversSeconds: ROUND_SECONDS });
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function signedIn(username: string): Promise<Client> {
    const client = new Client(shown.url);
    await client.signIn(username, shown.loginOf(username).password);
    return client;
  }

  async function drafted(): Promise<string> {
    const county = shown.running.demo!.dasuo.groupCode.slice(0, 6);
    const body = { mode: 'live', kind: 'warning', level: 'red', issuer: '演示县气象台', templateId: 'rainstorm-red', areaCodes: [county], durationMinutes: 60 };
    return (await duty.post<{ id: string }>('/api/v1/alerts', body)).id;
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/approval-${name}.png`, fullPage: true });
  }

  async function desk(username: string, screen: string): Promise<Page> {
    const context = await shown.browser.newContext({ viewport: { width: 1280, height: 900 } });
    await context.addInitScript(LISTEN);
    return openConsole(shown, username, screen, context);
  }

  const tones = (page: Page) => page.evaluate<number>('window.tones');

  it('is asked over whatever screen he has open, with a chime, and the drafter is not', async () => {
    const [first, second] = [await desk('duty1', 'reports'), await desk('duty2', 'reports')];
    const id = await drafted();
    const ms = await until(async () => (await second.locator('.ask-approval').count()) === 1);
    console.log(`an officer is asked ${Math.round(ms)} ms after the draft`);
    expect(await second.textContent('.ask-approval')).toMatch(/实警.*请您复核：.*打开核对/);
    expect(await tones(second)).toBe(3);
    for (const width of [1280, 1920]) {
      await second.setViewportSize({ width, height: 900 });
      expect(await unreadable(second), `asked, at ${width}`).toEqual([]);
      await shoot(second, `asked-${width}`);
    }
    await second.focus('.ask-approval a');
    await second.keyboard.press('Enter');
    await second.waitForSelector('.hold.approve[aria-disabled=false]');
    expect(await second.locator('.ask-approval').count()).toBe(0);
    await second.evaluate("location.hash = '#/reports'");
    await second.waitForSelector('.ask-approval');
    expect(await tones(second)).toBe(3);
    expect([await first.locator('.ask-approval').count(), await tones(first)]).toEqual([0, 0]);
    const other = await signedIn('duty2');
    await other.post(`/api/v1/alerts/${id}/approve`, { means: 'screen' });
    await second.waitForSelector('.ask-approval', { state: 'detached' });
    await duty.post(`/api/v1/alerts/${id}/discard`);
  });

  it('is asked again until somebody decides: from the second time on the duty room sees it among the worst', async () => {
    const [first, second] = [await desk('duty1', 'now'), await desk('duty2', 'reports')];
    const id = await drafted();
    await second.waitForSelector('.ask-approval');
    expect(await first.locator('li.approval').count()).toBe(0);
    await until(async () => (await tones(second)) === 6, (ROUND_SECONDS + 15) * 1_000);
    await first.waitForSelector('li.approval');
    expect(await first.textContent('li.approval')).toContain('已提醒 2 次');
    expect(await unreadable(first)).toEqual([]);
    await shoot(first, 'nobody');
    await first.click('header button.language');
    await first.waitForSelector('li.approval:has-text("asked 2 times")');
    expect(await untranslated(first, 'en')).toEqual([]);
    await duty.post(`/api/v1/alerts/${id}/discard`);
    await first.waitForSelector('li.approval', { state: 'detached' });
  });

  it('is chosen from those who may when he agrees on the telephone, and signs for his words when he is back', async () => {
    const id = await drafted();
    const first = await desk('duty1', `raise/alert/${id}`);
    await first.click('.call-back summary');
    await first.click('.call-back .approver');
    const choices = await first.locator('.ant-select-item-option').allTextContents();
    expect(choices).toHaveLength(2);
    expect(choices.join()).not.toContain(shown.loginOf('duty1').name);
    await first.keyboard.type(shown.loginOf('duty2').name);
    await first.keyboard.press('Enter');
    expect(await first.textContent('.call-back .why')).toBe('请填写对方和他的话');
    await first.fill('.call-back textarea', WORDS);
    await first.waitForSelector('.call-back .hold.approve[aria-disabled=false]');
    await shoot(first, 'telephone');
    expect(await unreadable(first)).toEqual([]);
    await press(first, '.call-back .hold.approve', HELD_MS);
    await first.waitForSelector('.countersign');
    expect(await first.textContent('.countersign')).toContain(WORDS);
    expect(await first.locator('.countersign .hold').count()).toBe(0);
    await first.waitForSelector('.hold.live[aria-disabled=false]');
    await press(first, '.hold.live', HELD_MS);
    await first.waitForSelector('#raised-title:has-text("已发布")');

    const second = await desk('duty2', 'now');
    await second.click('li.unsigned a');
    await second.waitForSelector('.countersign .hold.approve');
    expect(await unreadable(second)).toEqual([]);
    await shoot(second, 'sign');
    await second.focus('.countersign .hold');
    await second.keyboard.down('Enter');
    await second.waitForTimeout(HELD_MS);
    await second.keyboard.up('Enter');
    await second.waitForSelector('.countersign', { state: 'detached' });
    await second.evaluate("location.hash = '#/now'");
    await second.waitForSelector('main section');
    await second.waitForSelector('li.unsigned', { state: 'detached' });
    await duty.post(`/api/v1/alerts/${id}/cancel`, { reason: '演示' });
  });
});
