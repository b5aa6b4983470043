// The live board of one alert in a real browser: figures that open into names, both clocks, a drill that cannot be mistaken, and what the stream brings.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallsView, LaddersView, SpeakersView } from '@laba/domain/board-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { any } from '@laba/storage/database';
import { eq } from 'drizzle-orm';
import { unreadable } from './page-checks.ts';
import { DESK, openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const MARKUP = '<img src=x onerror=alert(1)>"><script>alert(2)</script>\u202Egnp.exe\u202C';
const SHOTS = process.env['LABA_SHOTS'];

describe.skipIf(!installed('chromium', 'chromium'))('the live board in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;
  let group: string;
  let village: string;

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    ({ groupCode: group, villageCode: village } = shown.running.demo!.dasuo);
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function raise(mode: 'live' | 'drill', areaCodes = [village]): Promise<string> {
    const { templates } = await duty.get<{ templates: { id: string }[] }>('/api/v1/templates');
    const wanted = mode === 'live' ? 'debris-flow-move-now' : 'drill-move-now';
    const templateId = templates.some(({ id }) => id === wanted) ? wanted : 'debris-flow-move-now';
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', { mode, kind: 'order', order: 'move-now', templateId, areaCodes });
    await duty.post(`/api/v1/alerts/${id}/raise`, {});
    await until(async () => (await callsOf(id)).length > 0);
    return id;
  }

  const callsOf = async (id: string) => (await duty.get<CallsView>(`/api/v1/alerts/${id}/calls`)).calls;

  const end = (id: string) => duty.post(`/api/v1/alerts/${id}/end`, { checkedBy: '演示监测员' });

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `board-${name}.png`), fullPage: true });
  }

  /** Reading again by time, which would hide a deaf stream, is put off. */
  async function boardWithoutPolls(id: string): Promise<Page> {
    const context = await shown.browser.newContext({ viewport: DESK });
    await context.addInitScript('{ const own = setInterval; window.setInterval = (done, ms) => own(done, ms === 5000 ? 600000 : ms); }');
    const page = await openConsole(shown, 'duty1', `board/${id}`, context);
    await page.waitForSelector('.village-card .chip');
    return page;
  }

  async function readable(page: Page, name: string): Promise<void> {
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.click('header button.language');
      for (const width of [DESK.width, 1920]) {
        await page.setViewportSize({ width, height: 1000 });
        await shoot(page, `${name}-${language}-${width}`);
        expect(await unreadable(page), `${name} ${language} ${width}`).toEqual([]);
      }
      expect(await untranslated(page, language), `${name} ${language}`).toEqual([]);
    }
    await page.click('header button.language');
    await page.setViewportSize(DESK);
  }

  it('is opened from Now, and every figure opens who exactly, with state, age and next step, in both languages', async () => {
    const id = await raise('live');
    const page = await openConsole(shown, 'duty1');
    await page.click(`.alert-card[data-alert="${id}"] a`);
    await page.waitForSelector('.village-card .chip');
    await page.waitForSelector('.mode-frame.live');
    expect(await page.textContent('.timer')).toMatch(/^\d\d:\d\d$/);
    await readable(page, 'live');
    for (const list of ['speakers', 'members', 'households', 'ladders', 'sections']) {
      await page.click(`[data-cell="${list} all"]`);
      await page.waitForSelector(`.panel .virtual li`);
      const row = page.locator('.panel .virtual li').first();
      expect(await row.locator('.chip').count(), list).toBeGreaterThan(0);
      expect(await row.locator('.age, .ladder-clock').count(), list).toBeGreaterThan(0);
      if (list !== 'sections') expect(await row.locator('.next-step').textContent(), list).toMatch(/下一步.+/);
      expect(await page.locator('.panel .as-of').count(), list).toBeGreaterThan(0);
      expect(await unreadable(page), list).toEqual([]);
      await shoot(page, `list-${list}`);
    }
    await page.click('.panel .ant-btn');
    await page.waitForSelector('.panel', { state: 'detached' });
    await page.click('nav a[href="#/board"]');
    await page.waitForSelector(`.alert-list tr[data-alert="${id}"]`);
    await readable(page, 'alerts');
    await end(id);
    await page.waitForSelector(`.alert-list tr.ended[data-alert="${id}"]`);
  });

  it('a drill stands in the purple frame and says so on every row', async () => {
    const id = await raise('drill');
    const page = await openConsole(shown, 'duty1', `board/${id}`);
    await page.waitForSelector('.mode-frame.drill');
    await page.waitForSelector('.village-card .chip');
    await page.waitForSelector('.event-row');
    const bare = `[...document.querySelectorAll('.village-card h3, [data-group], .ladder-row, .section-row, .list-row, .event-row')].filter((row) => row.querySelector('.mode-tag.drill')?.textContent !== '演练').map((row) => row.textContent)`;
    for (const list of ['speakers', 'members', 'households', 'ladders', 'sections']) {
      await page.evaluate(`location.hash = '#/board/${id}/${list}/all'`);
      await page.waitForSelector('.panel .virtual li');
      expect(await page.evaluate<string[]>(bare), list).toEqual([]);
    }
    await shoot(page, 'drill');
    expect(await unreadable(page)).toEqual([]);
    await end(id);
    await page.waitForSelector('.board-head:has-text("已解除")');
    expect(await page.locator('.mode-frame.drill').count()).toBe(1);
  });

  it('shows by the stream what somebody answers, and after a cut line what was missed', async () => {
    const id = await raise('live');
    const page = await boardWithoutPolls(id);
    const [first, second] = await callsOf(id);
    const coming = '.board-tile.members .chip:has-text("会来")';
    const answer = (call: CallsView['calls'][number] | undefined) =>
      duty.post(`/api/v1/calls/${call!.id}/answer-for`, { answer: 'coming', means: 'telephone' });
    await page.waitForSelector('.line.up');
    await answer(first);
    const shownMs = await until(async () => (await page.locator(`${coming}:has-text("1")`).count()) === 1);
    await page.waitForSelector(`.event-row:has-text("${first!.name}")`);
    console.log(`an answer stands on the board ${Math.round(shownMs)} ms after it was written down`);
    await page.context().setOffline(true);
    await page.waitForSelector('.stale', { timeout: 30_000 });
    await answer(second);
    await page.context().setOffline(false);
    await page.waitForSelector(`${coming}:has-text("2")`);
    await page.waitForSelector(`.event-row:has-text("${second!.name}")`);
    const told = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.timeline .event-row')].map((row) => row.querySelector('time').textContent + row.querySelector('.said').textContent)`,
    );
    expect(new Set(told).size).toBe(told.length);
    await end(id);
  });

  it('drills down to what happened with a device, a member and a person', async () => {
    const id = await raise('live', [group]);
    const [call] = await callsOf(id);
    await duty.post(`/api/v1/calls/${call!.id}/answer-for`, { answer: 'arrived', means: 'telephone' });
    const page = await openConsole(shown, 'duty1', `board/${id}/members/${group}`);
    await page.click(`.panel .list-row a:has-text("${call!.name}")`);
    await page.waitForSelector(`.history .event-row:has-text("${call!.name}")`);
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'history');
    await page.click('.panel a:has-text("返回名单")');
    await page.waitForSelector('.panel .virtual li');
    const { speakers } = await duty.get<SpeakersView>(`/api/v1/alerts/${id}/speakers`);
    await page.evaluate(`location.hash = '#/board/${id}/speakers/all'`);
    await page.click(`.panel .list-row a:has-text("${speakers[0]!.name}")`);
    await page.waitForSelector('.history .event-row');
    const { list } = await duty.get<{ list: { persons: { personId: string; version: number }[] }[] }>(`/api/v1/alerts/${id}/rollcall?group=${group}`);
    const person = list[0]!.persons[0]!;
    await duty.post(`/api/v1/alerts/${id}/rollcall/persons/${person.personId}/mark`, { status: 'missing', means: 'radio', version: person.version });
    await page.evaluate(`location.hash = '#/board/${id}/households/${group}'`);
    await page.click('.panel .virtual li >> nth=0 >> a:has-text("失联")');
    await page.waitForSelector('.history .event-row');
    await end(id);
  });

  it('is walked by keyboard alone: a cell opens its list, Escape leads back to the cell', async () => {
    const id = await raise('live');
    const page = await openConsole(shown, 'duty1', `board/${id}`);
    await page.waitForSelector('.village-card .chip');
    await page.focus(`[data-cell="members ${village}"]`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.panel .virtual li');
    expect(await page.evaluate('document.activeElement.id')).toBe('panel-title');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.panel', { state: 'detached' });
    await until(async () => (await page.evaluate<string | null>('document.activeElement.dataset.cell')) === `members ${village}`);
    await page.keyboard.press('b');
    await page.waitForSelector('.alert-list');
    await end(id);
  });

  it('shows whatever was written as it was written', async () => {
    const { db } = shown.running.house.deps;
    const id = await raise('live', [group]);
    const [call] = await callsOf(id);
    const { speakers } = await duty.get<SpeakersView>(`/api/v1/alerts/${id}/speakers`);
    const { speakerId } = speakers[0]!;
    await db.atomically([
      any((q, t) => q.update(t.member).set({ name: MARKUP }).where(eq(t.member.id, call!.memberId)).returning({ id: t.member.id })),
      any((q, t) => q.update(t.speaker).set({ name: MARKUP }).where(eq(t.speaker.id, speakerId)).returning({ id: t.speaker.id })),
      any((q, t) => q.update(t.gridNode).set({ name: MARKUP }).where(eq(t.gridNode.code, group)).returning({ code: t.gridNode.code })),
    ]);
    const { ladders } = await duty.get<LaddersView>(`/api/v1/alerts/${id}/ladders`);
    const said = { means: 'telephone', by: { name: MARKUP }, words: MARKUP, version: ladders[0]!.version };
    await duty.post(`/api/v1/alerts/${id}/ladders/${ladders[0]!.gridCode}/answer`, said);
    const page = await openConsole(shown, 'duty1', `board/${id}/members/${group}`);
    for (const list of [
      `members/${group}`,
      `members/${group}/${call!.memberId}`,
      'speakers/all',
      `speakers/all/${speakerId}`,
      `ladders/${ladders[0]!.gridCode}`,
      'sections/all',
    ]) {
      await page.evaluate(`location.hash = '#/board/${id}/${list}'`);
      await page.waitForSelector('.panel :text("onerror")');
      expect(await page.locator('main img, main script').count(), list).toBe(0);
    }
    await shoot(page, 'hostile');
    expect(await unreadable(page)).toEqual([]);
    expect(await untranslated(page, 'zh')).toEqual([]);
    await end(id);
  });

  it('is quietened, ended and cancelled from the board by keyboard alone: each by a key that is held', async () => {
    const held = async (page: Page, key: string) => {
      await page.keyboard.down(key);
      await page.waitForTimeout(1_400);
      await page.keyboard.up(key);
    };
    const opens = async (page: Page, act: string) => {
      await page.focus(`.alert-acts button:has-text("${act}")`);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.act-window');
      await page.focus('.act-window input, .act-window textarea');
    };
    const toEnd = await raise('live');
    const page = await openConsole(shown, 'duty1', `board/${toEnd}`);
    await page.focus('.alert-acts .hold');
    await page.keyboard.press('Space');
    await page.waitForTimeout(300);
    expect(await page.locator('.why:has-text("已经静音")').count(), 'a key that is only touched does nothing').toBe(0);
    await held(page, 'Space');
    await page.waitForSelector('.why:has-text("已经静音")');
    await opens(page, '解除');
    await page.keyboard.type('演示监测员');
    await page.focus('.act-window .hold');
    await shoot(page, 'end');
    expect(await unreadable(page)).toEqual([]);
    await held(page, 'Enter');
    await page.waitForSelector('.board-head :text("已解除")');
    expect(await page.locator('.alert-acts').count()).toBe(0);

    const toCancel = await raise('drill');
    await page.evaluate(`location.hash = '#/board/${toCancel}'`);
    await page.waitForSelector(`.board-head[data-alert="${toCancel}"] .alert-acts`);
    await opens(page, '取消');
    await page.keyboard.type('演示');
    await page.focus('.act-window .hold');
    await held(page, 'Space');
    await page.waitForSelector('.board-head :text("已取消")');
  });
});
