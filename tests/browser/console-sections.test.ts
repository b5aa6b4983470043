// The sections of an alert on the live board in a real browser: people placed, who leads, pairs that go out and are heard of, and everybody called back.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CallsView, SectionsView, SeatView } from '@laba/domain/board-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { any } from '@laba/storage/database';
import { unreadable } from './page-checks.ts';
import { DESK, openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const MARKUP = '<img src=x onerror=alert(1)>"><script>alert(2)</script>\u202Egnp.exe\u202C';
const AGREED_MS = 2_000;
const PEOPLE = 4;

describe.skipIf(!installed('chromium', 'chromium'))('the sections in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;
  let group: string;
  const raised: string[] = [];

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    group = shown.running.demo!.dasuo.groupCode;
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    // What a test left behind on its way would keep the next one's drill from beginning.
    for (const id of raised.splice(0)) await leaveNothing(id);
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  /** Raised, planned, and the first four have arrived. */
  async function arrived(mode: 'live' | 'drill' = 'live'): Promise<{ id: string; people: CallsView['calls'] }> {
    const draft = { mode, kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [group] };
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', draft);
    await duty.post(`/api/v1/alerts/${id}/raise`, {});
    raised.push(id);
    const calls = async () => (await duty.get<CallsView>(`/api/v1/alerts/${id}/calls`)).calls;
    await until(async () => (await calls()).length >= PEOPLE && (await read(id)).groups.length > 0);
    const people = (await calls()).slice(0, PEOPLE);
    for (const one of people) await duty.post(`/api/v1/calls/${one.id}/answer-for`, { answer: 'arrived', means: 'telephone' });
    await until(async () => (await read(id)).have >= PEOPLE);
    return { id, people };
  }

  async function leaveNothing(id: string): Promise<void> {
    const out = (await read(id)).watches.flatMap(({ members }) => members.filter(({ backAt }) => backAt === null));
    for (const { memberId } of out) await duty.post(`/api/v1/alerts/${id}/back`, { memberId, means: 'radio' });
    await duty.post(`/api/v1/alerts/${id}/cancel`, { reason: '演示误发' }).catch(() => undefined);
  }

  const read = (id: string) => duty.get<SectionsView>(`/api/v1/alerts/${id}/sections`);
  const seatOf = async (id: string, memberId: string): Promise<SeatView | undefined> =>
    (await read(id)).groups.flatMap(({ seats }) => seats).find((seat) => seat.memberId === memberId);
  const end = (id: string) => duty.post(`/api/v1/alerts/${id}/end`, { checkedBy: '演示监测员' });
  const panelOf = (page: Page, id: string) => page.evaluate(`location.hash = '#/board/${id}/sections/${group}'`);

  async function opened(id: string, username = 'duty1'): Promise<Page> {
    const page = await openConsole(shown, username, `board/${id}/sections/${group}`);
    await page.waitForSelector('.panel [data-seat]');
    return page;
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `sections-${name}.png`), fullPage: true });
  }

  async function readable(page: Page, name: string): Promise<void> {
    for (const width of [1920, DESK.width]) {
      await page.setViewportSize({ width, height: 1000 });
      await shoot(page, `${name}-${width}`);
      expect(await unreadable(page), `${name} ${width}`).toEqual([]);
    }
    await page.setViewportSize(DESK);
  }

  /** By keyboard: typed, and chosen by Enter. */
  async function choose(page: Page, label: string, words: string): Promise<void> {
    await page.getByRole('dialog').getByRole('combobox', { name: label, exact: true }).focus();
    await page.keyboard.type(words);
    await page.waitForSelector('.ant-select-open');
    await page.waitForSelector(`.ant-select-item-option-active:has-text("${words}")`);
    await page.keyboard.press('Enter');
    await page.locator('.ant-select-open').waitFor({ state: 'detached' });
  }

  /** A list without a search: opened, and walked down to it. */
  async function walkTo(page: Page, label: string, words: string): Promise<void> {
    await page.getByRole('dialog').getByRole('combobox', { name: label, exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ant-select-open');
    await until(async () => {
      await page.keyboard.press('ArrowDown');
      return (await page.locator(`.ant-select-item-option-active:has-text("${words}")`).count()) > 0;
    });
    await page.keyboard.press('Enter');
    await page.locator('.ant-select-open').waitFor({ state: 'detached' });
  }

  async function press(page: Page, name: RegExp | string, within = '.panel'): Promise<void> {
    await page.locator(within).last().getByRole('button', { name }).first().focus();
    await page.keyboard.press('Enter');
  }

  const closed = (page: Page) => page.getByRole('dialog').waitFor({ state: 'detached' });

  it('somebody is moved by keyboard alone, with the reason; the other desk has it within 2 s, in both languages', async () => {
    const { id, people } = await arrived();
    const [one] = people;
    const [mine, his] = [await opened(id), await opened(id, 'duty2')];
    await his.waitForSelector('.line.up');
    await press(mine, `调动 ${one!.name}`);
    await mine.waitForSelector('[role=dialog] .acts [role=status]:has-text("还没有选分组")');
    await walkTo(mine, '分组', '后勤');
    await mine.waitForSelector('[role=dialog] .acts [role=status]:has-text("还没有写理由")');
    expect(await unreadable(mine)).toEqual([]);
    await shoot(mine, 'assign');
    await mine.getByRole('dialog').getByLabel('理由').focus();
    await mine.keyboard.type('送饭 <b>两人</b>');
    await press(mine, '确定', '[role=dialog]');
    await until(async () => (await seatOf(id, one!.memberId))?.section === 'supply');
    const took = await until(async () => (await his.locator(`[data-seat="${one!.memberId}"]:has-text("后勤"):has-text("演示值班员甲 安排")`).count()) === 1);
    console.log(`the other desk has the place after ${Math.round(took)} ms`);
    expect(took).toBeLessThan(AGREED_MS);
    await closed(mine);
    await mine.waitForSelector(`[data-seat="${one!.memberId}"]:has-text("送饭 <b>两人</b>")`);
    await readable(mine, 'zh');
    await mine.click('header button.language');
    await readable(mine, 'en');
    expect(await untranslated(mine, 'en')).toEqual([]);
    await mine.click('header button.language');
    expect(await untranslated(mine, 'zh')).toEqual([]);
    await press(mine, `退出岗位 ${one!.name}`);
    await mine.getByRole('dialog').getByLabel('理由').focus();
    await mine.keyboard.type('受伤');
    await mine.keyboard.press('Tab');
    await mine.keyboard.press('Enter');
    await mine.waitForSelector(`[data-seat="${one!.memberId}"]:has-text("已退出"):has-text("受伤")`);
    await end(id);
    await mine.waitForSelector('.section-acts .note:has-text("预警已结束")');
    expect(await mine.locator('.panel .section-acts button:not(:disabled)').count()).toBe(0);
  });

  it('of two officers who move the same person the second is told who, when and where to, and writes over it only knowingly', async () => {
    const { id, people } = await arrived();
    const [one] = people;
    const page = await opened(id);
    await press(page, `调动 ${one!.name}`);
    await walkTo(page, '分组', '抢险');
    await page.getByRole('dialog').getByLabel('理由').focus();
    await page.keyboard.type('他会抬');
    const second = new Client(shown.url);
    await second.signIn('duty2', shown.loginOf('duty2').password);
    await second.post(`/api/v1/alerts/${id}/sections/assign`, { memberId: one!.memberId, gridCode: group, section: 'cordon', reason: '守路口' });
    await press(page, '确定', '[role=dialog]');
    await page.waitForSelector('.clash:has-text("演示值班员乙"):has-text("警戒 在岗") .age');
    expect((await seatOf(id, one!.memberId))?.section).toBe('cordon');
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'clash');
    await press(page, '仍按我的办', '[role=dialog]');
    await until(async () => (await seatOf(id, one!.memberId))?.section === 'rescue');
    await closed(page);
    await end(id);
  });

  it('a commander who has not said yes is seen first, with since when; his yes is written down; who was named meanwhile is told', async () => {
    const { id, people } = await arrived();
    const [one, two, three] = people;
    const page = await opened(id);
    await page.waitForSelector('[data-commander=none]');
    await press(page, '任命现场指挥');
    await choose(page, '成员', one!.name);
    await press(page, '确定', '[role=dialog]');
    await closed(page);
    await page.waitForSelector(`[data-commander=silent]:has-text("${one!.name}"):has-text("演示值班员甲 请他任指挥") .age`);
    await page.waitForSelector('.board .section-row .chip.bad:has-text("指挥没有答应")');
    await shoot(page, 'silent-commander');
    expect(await unreadable(page)).toEqual([]);
    await press(page, '他答应了');
    await page.waitForSelector(`[data-commander=leads]:has-text("${one!.name}")`);
    await press(page, '任命现场指挥');
    await choose(page, '成员', two!.name);
    await duty.post(`/api/v1/alerts/${id}/commanders`, { gridCode: group, memberId: three!.memberId, acknowledged: true });
    await press(page, '确定', '[role=dialog]');
    await page.waitForSelector(`.clash:has-text("${three!.name}")`);
    await press(page, '按现在的，不改了', '[role=dialog]');
    await page.waitForSelector(`[data-commander=leads]:has-text("${three!.name}")`);
    expect((await read(id)).commanders.map(({ memberId }) => memberId)).toEqual([one!.memberId, three!.memberId]);
    await end(id);
  });

  it('a pair goes out, is not heard of and stands first, is heard of; everybody is called back by a key that is held, and each comes back', async () => {
    const { db } = shown.running.house.deps;
    const { id, people } = await arrived();
    const [one, two, three] = people;
    const [page, his] = [await opened(id), await openConsole(shown, 'duty2', `board/${id}`)];
    await press(page, '派两人一组');
    await page.waitForSelector('[role=dialog] .acts [role=status]:has-text("要选两个不同的人")');
    await choose(page, '第一人', one!.name);
    await choose(page, '第二人', two!.name);
    await page.getByRole('dialog').getByLabel('任务（可不填）').focus();
    await page.keyboard.type('上沟口看水');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await closed(page);
    const { id: pair } = (await read(id)).watches[0]!;
    await page.waitForSelector(`[data-watch="${pair}"]:has-text("上沟口看水"):has-text("还没有消息")`);
    // Who is out stands in the list and cannot be sent out once more.
    await press(page, '派两人一组');
    await page.getByRole('dialog').getByRole('combobox', { name: '第一人' }).focus();
    await page.keyboard.type(one!.name);
    await page.waitForSelector(`.ant-select-item-option-disabled:has-text("${one!.name}"):has-text("已在外")`);
    await page.keyboard.press('Escape');
    await page.locator('.ant-select-open, .ant-select-dropdown:not(.ant-select-dropdown-hidden)').first().waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await closed(page);
    expect(await page.locator('.panel').count(), 'the window is closed, not what lies under it').toBe(1);
    const late = { dueAtMs: Date.now() - 90_000, alarms: 1 };
    await db.atomically([any((q, t) => q.update(t.safetyWatch).set(late).where(eq(t.safetyWatch.id, pair)).returning({ id: t.safetyWatch.id }))]);
    await his.waitForSelector(`section [data-watch="${pair}"].overdue:has-text("逾期 1 分钟，已告警 1 次")`);
    await page.waitForSelector('.board .section-row .chip.bad:has-text("没有按时报平安")');
    await page.waitForSelector(`.panel [data-watch="${pair}"].overdue`);
    await shoot(page, 'overdue');
    expect(await unreadable(page)).toEqual([]);
    await press(page, / 平安$/);
    await page.getByRole('dialog').getByRole('radio', { name: '电话' }).focus();
    await page.keyboard.press('Space');
    await press(page, '记下', '[role=dialog]');
    await closed(page);
    const took = await until(async () => (await his.locator(`[data-watch="${pair}"]:not(.overdue):has-text("演示值班员甲")`).count()) > 0);
    expect(took).toBeLessThan(AGREED_MS);

    await press(page, '全体撤离');
    await page.waitForSelector(`[data-called-back="${(await callable(id)).length}"]:has-text("${three!.name}")`);
    await page.locator('[role=dialog] .hold').focus();
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'withdraw');
    await page.keyboard.press('Space');
    expect((await read(id)).watches).toHaveLength(1);
    // Held until it is done, however slow the machine is.
    await page.keyboard.down('Space');
    await closed(page);
    await page.keyboard.up('Space');
    await page.waitForSelector('.panel [data-watch]:has-text("全体撤离"):has-text("演示值班员甲 下令")');
    await page.waitForSelector('.panel details:has-text("已经结束的 1 次")');
    await press(page, '全体撤离');
    await page.waitForSelector('[role=dialog] [role=alert]:has-text("演示值班员甲"):has-text("已下令撤离")');
    await page.keyboard.press('Escape');
    await closed(page);
    await press(page, `${three!.name} 已返回`);
    await press(page, '记下', '[role=dialog]');
    await page.waitForSelector(`.panel [data-watch] small:has-text("${three!.name} 已返回")`);
    // Whoever is out is looked for also when the alert is over.
    await end(id);
    await page.waitForSelector('.section-acts .note:has-text("预警已结束")');
    await press(page, `${one!.name} 已返回`);
    await press(page, '记下', '[role=dialog]');
    await until(async () => (await read(id)).watches.at(-1)!.members.filter(({ backAt }) => backAt !== null).length === 2);
  });

  const callable = async (id: string) =>
    (await read(id)).groups.flatMap(({ seats }) => seats).filter(({ state, answer }) => state === 'held' && (answer === 'arrived' || answer === 'on-the-way'));

  it('shows whatever was written as it was written, and a drill says on every row that it is one', async () => {
    const { db } = shown.running.house.deps;
    const { id, people } = await arrived('drill');
    const [one, two] = people;
    await db.atomically([any((q, t) => q.update(t.member).set({ name: MARKUP }).where(eq(t.member.id, one!.memberId)).returning({ id: t.member.id }))]);
    await duty.post(`/api/v1/alerts/${id}/sections/assign`, { memberId: one!.memberId, gridCode: group, section: 'supply', reason: MARKUP });
    await duty.post(`/api/v1/alerts/${id}/commanders`, { gridCode: group, memberId: one!.memberId, words: MARKUP });
    await duty.post(`/api/v1/alerts/${id}/pairs`, { memberIds: [one!.memberId, two!.memberId], words: MARKUP });
    const page = await opened(id);
    await page.waitForSelector('.mode-frame.drill');
    for (const where of ['[data-seat]', '[data-watch]', '[data-commander=silent]']) {
      await page.waitForSelector(`.panel ${where}:has-text("onerror")`);
      expect(await page.locator(`.panel ${where} .mode-tag.drill`).count(), where).toBeGreaterThan(0);
    }
    await press(page, /^调动 <img/);
    await page.waitForSelector('[role=dialog] :text("onerror")');
    expect(await page.locator('[role=dialog] .mode-tag.drill').count()).toBe(1);
    const widerThanItsWindow = `[...document.querySelectorAll('[role=dialog] .field')].filter((field) => field.getBoundingClientRect().right > document.querySelector('.ant-modal-container').getBoundingClientRect().right).length`;
    expect(await page.evaluate<number>(widerThanItsWindow)).toBe(0);
    expect(await page.locator('main img, main script, .ant-modal img, .ant-modal script').count()).toBe(0);
    expect(await unreadable(page)).toEqual([]);
    expect(await untranslated(page, 'zh')).toEqual([]);
    await shoot(page, 'hostile');
    await page.keyboard.press('Escape');
    await closed(page);
    await panelOf(page, id);
    await end(id);
  });
});
