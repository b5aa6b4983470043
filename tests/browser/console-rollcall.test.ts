// The roll-call screen of the officers' console in a real browser: found, marked, scanned, kept over a cut line, and two officers who do not write over each other.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HouseholdView, RollCallView } from '@laba/domain/board-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { tagCode } from '@laba/mobilization/roll-call/tag';
import { any } from '@laba/storage/database';
import { unreadable } from './page-checks.ts';
import { DESK, openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const MARKUP = '<img src=x onerror=alert(1)>"><script>alert(2)</script>\u202Egnp.exe\u202C';
const AGREED_MS = 2_000;

describe.skipIf(!installed('chromium', 'chromium'))('the roll-call in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;
  let group: string;
  let village: string;
  let alertId: string;

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    ({ groupCode: group, villageCode: village } = shown.running.demo!.dasuo);
    await raise('drill');
    alertId = await raise('live');
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function raise(mode: 'live' | 'drill'): Promise<string> {
    const draft = { mode, kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [group] };
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', draft);
    await duty.post(`/api/v1/alerts/${id}/raise`, {});
    await until(async () => (await duty.get<RollCallView>(`/api/v1/alerts/${id}/rollcall?totals=true`)).persons.total > 0);
    return id;
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `rollcall-${name}.png`), fullPage: true });
  }

  const read = () => duty.get<RollCallView>(`/api/v1/alerts/${alertId}/rollcall?group=${group}`);
  const sums = async () => (await duty.get<RollCallView>(`/api/v1/alerts/${alertId}/rollcall?totals=true`)).persons;
  const household = async (id: string) => (await read()).list.find((one) => one.householdId === id)!;
  /** Households with so many persons of whom nothing was said yet. */
  async function untouched(atLeast = 2): Promise<HouseholdView[]> {
    return (await read()).list.filter(
      ({ householdId, persons }) => householdId !== null && persons.length >= atLeast && persons.every(({ status }) => status === 'unreached'),
    );
  }
  const tagOf = (householdId: string, personId: string | null = null) =>
    tagCode(shown.running.house.deps.vault, { gridCode: group, householdId, personId, doorplate: '', name: '' });
  const opens = (part?: string) => openConsole(shown, 'duty1', ['rollcall', alertId, group, ...(part === undefined ? [] : [part])].join('/'));
  /** The list is long: looked for by its door, as an officer does. */
  async function row(page: Page, { householdId, doorplate }: HouseholdView) {
    await page.fill('input[name=search]', doorplate!);
    const found = page.locator(`.households [data-household="${householdId}"]`);
    await found.waitFor();
    return found;
  }
  async function choose(page: Page, label: string, words: string): Promise<void> {
    await page.getByRole('combobox', { name: label, exact: true }).last().click();
    await page.locator(`.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option:has-text("${words}")`).first().click();
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').waitFor({ state: 'detached' });
  }
  const scans = async (page: Page, typed: string) => {
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
  };

  it('is opened from the menu, from Now and from the board; the worst alert stands first, with every figure’s age, in both languages', async () => {
    const page = await openConsole(shown, 'duty1');
    await page.keyboard.press('q');
    await page.waitForSelector(`[data-rollcall="${alertId}"]`);
    await page.waitForSelector('.mode-frame.live');
    await page.waitForSelector('.households [data-household]');
    const { households, persons } = await read();
    expect(await page.textContent('[data-figure=households]')).toContain(`${households.accounted} / ${households.total}`);
    expect(await page.textContent('[data-figure=persons]')).toContain(`${persons.accounted} / ${persons.total}`);
    expect(await page.locator(`[data-progress="${group}"]`).textContent()).toMatch(/0\/\d+ 户 · 0\/\d+ 人.*还没有标记/);
    expect(await page.locator(`[data-progress="${village}"]`).textContent(), 'both clocks of its ladder').toMatch(/应答 \d\d:\d\d 前.*转移/);
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.click('header button.language');
      for (const width of [DESK.width, 1920]) {
        await page.setViewportSize({ width, height: 1000 });
        await shoot(page, `whole-${language}-${width}`);
        expect(await unreadable(page), `${language} ${width}`).toEqual([]);
      }
      expect(await untranslated(page, language)).toEqual([]);
    }
    await page.click('header button.language');
    await page.evaluate(`location.hash = '#/now'`);
    await page.click(`.alert-card[data-alert="${alertId}"] a:has-text("清点")`);
    await page.waitForSelector(`[data-rollcall="${alertId}"]`);
    await page.evaluate(`location.hash = '#/board/${alertId}'`);
    await page.click('.village-card .place-row a:has-text("清点")');
    await page.waitForSelector(`[data-part="${group}"]`);
  });

  it('marks a household in one press and a person in full, says who did, and finds by door, pinyin, status and needs', async () => {
    const page = await opens();
    const [one, other] = await untouched();
    const at = await row(page, one!);
    await at.getByRole('button', { name: /全户已转移/ }).click();
    await until(async () => (await household(one!.householdId!)).persons.every(({ status }) => status === 'moved'));
    await at.locator('small:has-text("演示值班员甲 电话")').first().waitFor();
    const next = await row(page, other!);
    const { personId } = other!.persons[0]!;
    await next.locator(`[data-person="${personId}"] .cell-button`).click();
    const dialog = page.getByRole('dialog');
    await page.waitForSelector('#why-not-mark:has-text("还没有选情况")');
    await dialog.getByRole('radio', { name: '需要帮助' }).check();
    await dialog.locator('textarea').fill('要轮椅 <b>两个人抬</b>');
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'mark');
    await dialog.getByRole('button', { name: '记下', exact: true }).click();
    await next.locator('small:has-text("要轮椅 <b>")').waitFor();
    expect((await household(other!.householdId!)).persons.find((person) => person.personId === personId)).toMatchObject({
      status: 'needs-help',
      means: 'telephone',
    });
    await page.fill('input[name=search]', '');
    await choose(page, '筛选名单', '需要帮助');
    await until(async () => (await page.locator('.households [data-household]').count()) === 1);
    expect(await page.getAttribute('.households [data-household]', 'data-household')).toBe(other!.householdId);
    await choose(page, '筛选名单', '有困难的户');
    await page.waitForSelector('.households .chip.need');
    const bare = `[...document.querySelectorAll('.households [data-household]')].filter((row) => row.querySelector('.chip.need') === null).length`;
    expect(await page.evaluate<number>(bare)).toBe(0);
    await choose(page, '筛选名单', '全部');
    await page.fill('input[name=search]', 'yshds-1');
    await page.waitForSelector('.households [data-household]');
    await until(async () => /^1\d 户，共 65 户/.test((await page.textContent('[data-part] p[role=status]'))!));
  });

  it('of two officers who mark the same person the second is told, and writes over it only knowingly; both see the same within 2 s', async () => {
    const [one] = await untouched();
    const [first, second] = [await opens(), await openConsole(shown, 'duty2', `rollcall/${alertId}/${group}`)];
    const [mine, his] = [await row(first, one!), await row(second, one!)];
    const { personId } = one!.persons[0]!;
    await his.waitFor();
    // The second desk has not heard yet when it presses.
    await second.route(/rollcall\?|\/live/, (route) => route.abort());
    await mine
      .locator(`[data-person="${personId}"]`)
      .getByRole('button', { name: /已转移/ })
      .click();
    await until(async () => (await household(one!.householdId!)).persons[0]!.status === 'moved');
    await his.locator(`[data-person="${personId}"] .cell-button`).click();
    await second.getByRole('dialog').getByRole('radio', { name: '失联' }).check();
    await second.getByRole('dialog').getByRole('button', { name: '记下', exact: true }).click();
    await his.locator('.clash:has-text("演示值班员甲 先标为“已转移”")').waitFor();
    expect((await household(one!.householdId!)).persons[0]!.status).toBe('moved');
    expect(await unreadable(second)).toEqual([]);
    await shoot(second, 'clash');
    await second.unroute(/rollcall\?|\/live/);
    await his.locator(`[data-person="${personId}"] .chip:has-text("已转移")`).first().waitFor();
    await his.getByRole('button', { name: '仍按我的记' }).click();
    await until(async () => (await household(one!.householdId!)).persons[0]!.status === 'missing');
    const took = await until(async () => (await mine.locator(`[data-person="${personId}"] .chip:has-text("失联")`).count()) > 0);
    expect(took).toBeLessThan(AGREED_MS);
    expect(await second.locator('.clash').count()).toBe(0);
    expect(shown.complaints.splice(0).filter((one) => !/409|Failed to fetch|ERR_FAILED/.test(one))).toEqual([]);
  });

  it('a hand scanner moves a household wherever the focus is, says already, and refuses a foreign, a void and no tag; by keyboard alone', async () => {
    const [one, other] = await untouched();
    const page = await opens();
    await page.getByRole('link', { name: '扫码清点' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.scanner');
    await page.waitForFunction('document.activeElement?.name === "tag"');
    const last = (is: string) => page.waitForSelector(`[data-last-scan=${is}]`);
    await scans(page, `http://10.0.0.5:8080/t/${tagOf(one!.householdId!)}`);
    await last('moved');
    expect((await household(one!.householdId!)).persons.every(({ status, means }) => status === 'moved' && means === 'tag')).toBe(true);
    expect(await page.textContent('.last-scan')).toContain(one!.headName);
    await page.locator('.last-scan small:has-text("演示值班员甲 扫码")').first().waitFor();
    // The officer clicked somewhere else: the scanner's letters open no other screen.
    await page.evaluate('document.activeElement.blur()');
    await scans(page, tagOf(one!.householdId!));
    await last('already');
    await scans(page, tagOf(other!.householdId!, other!.persons[1]!.personId));
    await last('moved');
    await until(async () => (await household(other!.householdId!)).persons.filter(({ status }) => status === 'moved').length === 1);
    await scans(page, '6901234567892');
    await page.waitForSelector('[data-last-scan=wrong]:has-text("这不是清点标签")');
    await scans(page, `${tagOf(other!.householdId!).slice(0, -3)}xyz`);
    await page.waitForSelector('[data-last-scan=wrong]:has-text("作废")');
    await scans(page, `${Number(`5333251${group.slice(7)}`).toString(36)}.aaaaaaaaaaaa`);
    await page.waitForSelector('[data-last-scan=wrong]:has-text("别的县")');
    expect(await page.locator('.scan-list li').count()).toBe(6);
    await page.getByRole('radio', { name: '只看是谁' }).check();
    await scans(page, tagOf(other!.householdId!));
    await last('seen');
    expect((await household(other!.householdId!)).persons.filter(({ status }) => status === 'moved')).toHaveLength(1);
    for (const width of [DESK.width, 1920]) {
      await page.setViewportSize({ width, height: 1000 });
      expect(await unreadable(page)).toEqual([]);
    }
    await shoot(page, 'scanner');
    await page.click('header button.language');
    expect(await untranslated(page, 'en')).toEqual([]);
    expect(await page.evaluate('location.hash')).toBe(`#/rollcall/${alertId}/${group}/scan`);
    // A tag that is nobody's is told by the house as one.
    expect(shown.complaints.splice(0).filter((one) => !one.includes('404'))).toEqual([]);
  });

  it('keeps scans and marks while the line is cut, over a page that is loaded anew, and the house has each once', async () => {
    const [one, other] = await untouched();
    const page = await opens('scan');
    await page.waitForFunction('document.activeElement?.name === "tag"');
    const cut = /rollcall\/(scans|persons|households)/;
    await page.route(cut, (route) => (route.request().method() === 'POST' ? route.abort('internetdisconnected') : route.continue()));
    await scans(page, tagOf(one!.householdId!));
    await page.waitForSelector('.scan-list li[data-scan=waiting]');
    const at = await row(page, other!);
    const [first, second] = other!.persons;
    for (const person of [first!, second!])
      await at
        .locator(`[data-person="${person.personId}"]`)
        .getByRole('button', { name: /已转移/ })
        .click();
    await at.locator('.chip:has-text("还没有送到")').first().waitFor();
    await page.waitForSelector('[data-on-its-way="3"]:has-text("还没有送到的 3 条")');
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'line-cut');
    page.on('dialog', (asked) => void asked.accept());
    await page.evaluate(`location.hash = '#/now'`);
    await page.reload();
    await page.waitForSelector('.tiles');
    expect((await household(one!.householdId!)).persons.every(({ status }) => status === 'unreached')).toBe(true);
    await page.unroute(cut);
    await until(async () => (await household(one!.householdId!)).persons.every(({ status }) => status === 'moved'));
    await until(async () => (await household(other!.householdId!)).persons.filter(({ status }) => status === 'moved').length === 2);
    expect((await household(other!.householdId!)).version).toBe(other!.version + 2);
    await page.evaluate(`location.hash = '#/rollcall/${alertId}/${group}'`);
    await page.waitForSelector('.households [data-household]');
    expect(await page.locator('[data-on-its-way]').count()).toBe(0);
  });

  it('says where people were taken, how full it is there, and who is there', async () => {
    const [one] = await untouched();
    const { id: musterPointId } = await duty.post<{ id: string }>(`/api/v1/alerts/${alertId}/shelters`, {
      villageCode: village,
      name: '演示小学操场',
      capacity: 3,
    });
    const page = await opens();
    await choose(page, '转移到', '演示小学操场');
    const at = await row(page, one!);
    await at.getByRole('button', { name: /全户已转移/ }).click();
    await at.locator('small:has-text("在 演示小学操场")').first().waitFor();
    expect((await household(one!.householdId!)).persons.every((person) => person.musterPointId === musterPointId)).toBe(true);
    await page.fill('input[name=search]', '');
    await choose(page, '在哪个安置点', '演示小学操场');
    await until(async () => (await page.locator('.households [data-household]').count()) === 1);
    expect(await untranslated(page, 'zh')).toEqual([]);
    await shoot(page, 'at-place');
    await choose(page, '转移到', '不写安置点');
  });

  it('adds who is on no list, and counts the guests of a place', async () => {
    const page = await opens();
    const before = await sums();
    const place = page.locator('[data-place]').first();
    const counted = await place.locator('input').inputValue();
    await place.getByRole('button', { name: '记下人数' }).click();
    await place.locator(`.chip.good:has-text("${counted} / ${counted}")`).waitFor();
    await page.click('.roll-found summary');
    await page.waitForSelector('#why-not-found:has-text("还没有写姓名")');
    await page.fill('input[name=found]', MARKUP.slice(0, 60));
    await page.waitForSelector('#why-not-found:has-text("还没有选情况")');
    await page.locator('.roll-found').getByRole('radio', { name: '原地安全' }).check();
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'found');
    await page.click('.roll-found button[type=submit]');
    await until(async () => (await sums()).found === before.found + 1);
    await page.fill('input[name=search]', 'onerror');
    await page.locator('.households [data-household]:has-text("名册外的人")').waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.inputValue('input[name=found]')).toBe('');
  });

  it('prints the list, tags and cards of the group, each in both languages, and exports the list', async () => {
    const page = await opens();
    for (const [name, words] of [
      ['清点名单', '打所小组 清点名单'],
      ['清点名单 英文版', 'Roll-call list'],
      ['门牌二维码标签', '清点标签'],
      ['标签（含每个人）', '清点标签'],
      ['住户明白卡', '住户明白卡'],
      ['住户明白卡 英文版', 'Household'],
      ['成员明白卡', '成员明白卡'],
      ['成员明白卡 英文版', 'Member'],
    ] as const) {
      const [paper] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name, exact: true }).click()]);
      await paper.waitForSelector(`h1:has-text("${words}")`);
      await paper.close();
    }
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("导出 CSV")')]);
    expect(file.suggestedFilename()).toMatch(/^清点 打所小组 .*\.csv$/);
  });

  it('shows whatever was written as it was written', async () => {
    const { db } = shown.running.house.deps;
    const [one] = await untouched();
    const { personId } = one!.persons[0]!;
    await db.atomically([
      any((q, t) => q.update(t.household).set({ headName: MARKUP }).where(eq(t.household.id, one!.householdId!)).returning({ id: t.household.id })),
      any((q, t) => q.update(t.person).set({ name: MARKUP }).where(eq(t.person.id, personId)).returning({ id: t.person.id })),
      any((q, t) => q.update(t.gridNode).set({ name: MARKUP }).where(eq(t.gridNode.code, group)).returning({ code: t.gridNode.code })),
    ]);
    await duty.post(`/api/v1/alerts/${alertId}/rollcall/persons/${personId}/mark`, { status: 'missing', means: 'telephone', words: MARKUP, version: 1 });
    const page = await opens('scan');
    const at = await row(page, one!);
    await at.locator(':text("onerror")').first().waitFor();
    await page.focus('input[name=tag]');
    await scans(page, tagOf(one!.householdId!));
    await page.locator('.last-scan :text("onerror")').first().waitFor();
    await scans(page, MARKUP.slice(0, 40));
    await page.locator('.scan-list [data-scan=wrong]:has-text("onerror")').waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    await shoot(page, 'hostile');
    expect(await unreadable(page)).toEqual([]);
    expect(await untranslated(page, 'zh')).toEqual([]);
  });

  it('a drill stands in the purple frame and says so on every row', async () => {
    const { alerts } = await duty.get<{ alerts: { id: string; mode: string }[] }>('/api/v1/alerts');
    const drill = alerts.find(({ mode }) => mode === 'drill')!.id;
    const page = await openConsole(shown, 'duty1', `rollcall/${drill}/${village}/scan`);
    await page.waitForSelector('.mode-frame.drill');
    await page.waitForSelector('.households [data-household]');
    const bare = `[...document.querySelectorAll('[data-household], [data-progress], [data-part] h2')].filter((row) => row.querySelector('.mode-tag.drill')?.textContent !== '演练').map((row) => row.textContent)`;
    expect(await page.evaluate<string[]>(bare)).toEqual([]);
    await shoot(page, 'drill');
    expect(await unreadable(page)).toEqual([]);
  });
});
