// "Peacetime" of the officers' console in a real browser: figures by village, rounds written down and checked by keyboard, a monitor's own page without JavaScript.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { and, eq, isNull } from 'drizzle-orm';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PeaceView, RoundRow, RoundsView } from '@laba/domain/round-view';
import { SPEAKER_HEALTHS, type SpeakersView } from '@laba/domain/speaker-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { any } from '@laba/storage/database';
import { unreadable } from './page-checks.ts';
import { DESK, openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const DAY_MS = 86_400_000;
const PHONE = { width: 360, height: 640 };

describe.skipIf(!installed('chromium', 'chromium'))('peacetime in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;
  let village: string;

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    village = shown.running.demo!.dasuo.villageCode;
    await listedSinceYesterday();
  });
  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  const list = async (kind: string) => (await duty.get<RoundsView>(`/api/v1/rounds/list?kind=${kind}&grid=${village}`)).rounds;
  const rowOf = async (kind: string, id: string) => (await list(kind)).find(({ subjectId }) => subjectId === id)!;
  const peace = () => duty.get<PeaceView>(`/api/v1/rounds?grid=${village}`);
  const line = (page: Page, id: string) => page.locator(`tr[data-round="${id}"]`);
  const dialog = (page: Page) => page.getByRole('dialog');

  /** The lists came in long ago, and the watch looks at the deadlines of the last day. */
  async function listedSinceYesterday(): Promise<void> {
    const { db, clock } = shown.running.house.deps;
    await until(async () => (await duty.get<PeaceView>('/api/v1/rounds')).watched.patrol > 0);
    await db.atomically([
      any((q, t) =>
        q
          .update(t.roundPlan)
          .set({ sinceMs: clock.now() - 3 * DAY_MS })
          .returning({ id: t.roundPlan.id }),
      ),
      any((q, t) =>
        q
          .update(t.job)
          .set({ dueAtMs: clock.now() - DAY_MS, pushedAtMs: null })
          .where(and(eq(t.job.consumer, 'mobilization.watch-rounds'), isNull(t.job.doneAtMs)))
          .returning({ id: t.job.id }),
      ),
    ]);
    await until(async () => (await list('patrol')).every(({ missed }) => missed > 0));
  }

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `peace-${name}.png`), fullPage: name !== 'window' });
  }

  /** The heaviest judges, in both languages and at two desks. */
  async function isFit(page: Page, name: string): Promise<void> {
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.click('header button.language');
      for (const width of [DESK.width, 1920]) {
        await page.setViewportSize({ width, height: 1000 });
        expect(await unreadable(page), `${name} ${language} ${width}`).toEqual([]);
        await shoot(page, `${name}-${language}-${width}`);
      }
      expect(await untranslated(page, language), `${name} ${language}`).toEqual([]);
    }
    await page.click('header button.language');
    await page.setViewportSize(DESK);
  }

  it('shows what is due, done and missed by village, and the lists with the missed ones first, fit to be read in both languages', async () => {
    const page = await openConsole(shown, 'duty1', `peace/patrol/${village}`);
    await page.waitForSelector('tr[data-round]');
    const { total } = await duty.get<PeaceView>('/api/v1/rounds');
    for (const kind of ['patrol', 'visit', 'room'] as const)
      for (const part of ['due', 'kept', 'missed', 'open'] as const)
        expect(Number((await page.textContent(`tr.all [data-figure="${kind} ${part}"]`))!.replace('✕', '')), `${kind} ${part}`).toBe(total[kind][part]);
    await isFit(page, 'patrol');
    await page.getByRole('button', { name: '活动室', exact: true }).click();
    await page.waitForSelector('tr[data-round]:has-text("没有自查过")');
    await isFit(page, 'room');
    await page.getByRole('button', { name: '困难户', exact: true }).click();
    await page.waitForSelector('tr[data-round]');
    await isFit(page, 'visit');
  });

  it('missed patrols stand on "Now" under their village, and lead to its list', async () => {
    const page = await openConsole(shown, 'duty1', 'now');
    await page.click('.tile.round');
    await page.waitForSelector('.worst-first li.round');
    expect(await page.textContent('.worst-first li.round .what')).toMatch(/\d+ 个隐患点到期没有人巡查/);
    await page.click('.worst-first li.round a');
    await page.waitForSelector('tr[data-round].missed');
    expect(page.url()).toMatch(/#\/peace\/patrol\/\d{12}$/);
  });

  it('a round heard by telephone is written down by keyboard alone; the figures and the row say so at once', async () => {
    const [first] = (await list('patrol')).filter(({ missed }) => missed > 0);
    const before = (await peace()).total.patrol;
    const page = await openConsole(shown, 'cadre1', `peace/patrol/${village}`);
    await line(page, first!.subjectId)
      .getByRole('button', { name: `记一次 ${first!.name}` })
      .focus();
    await page.keyboard.press('Enter');
    await dialog(page).waitFor();
    expect(await dialog(page).getByRole('button', { name: '记下' }).isDisabled()).toBe(true);
    expect(await page.textContent('#why-not-told')).toBe('还没有选看到什么');
    await dialog(page).locator('input[name=result]').first().focus();
    await page.keyboard.press('Space');
    await shoot(page, 'window');
    expect(await unreadable(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: '记下' }).focus();
    await page.keyboard.press('Enter');
    await line(page, first!.subjectId).locator('b:text-is("一切正常")').waitFor();
    expect(await rowOf('patrol', first!.subjectId)).toMatchObject({ missed: 0, last: { result: 'calm', means: 'telephone' } });
    const after = (await peace()).total.patrol;
    expect([after.due, after.kept + after.missed + after.open]).toEqual([before.due, before.due]);
  });

  it('what is wrong must be said in words, and becomes a report; a hostile word stays a word', async () => {
    const first = (await list('patrol')).find(({ missed }) => missed > 0)!;
    const page = await openConsole(shown, 'duty1', `peace/patrol/${village}`);
    await line(page, first.subjectId).getByRole('button', { name: '记一次' }).click();
    await dialog(page).locator('input[name=result]').nth(1).check();
    await until(async () => (await page.textContent('#why-not-told')) === '请写明情况');
    await dialog(page).locator('textarea').fill('<img src=x onerror=alert(1)> 裂缝');
    await dialog(page).getByRole('button', { name: '记下' }).click();
    await line(page, first.subjectId).locator('a:has-text("看险情")').click();
    await page.waitForSelector('.report-card:has-text("<img src=x onerror=alert(1)> 裂缝")');
  });

  it('a room is checked by the village and confirmed by its township, with a deadline for what is missing', async () => {
    const [room] = await list('room');
    const cadre = await openConsole(shown, 'cadre1', `peace/room/${village}`);
    await line(cadre, room!.subjectId).getByRole('button', { name: '自查' }).click();
    await dialog(cadre).getByRole('checkbox', { name: '有电和备用电源' }).check();
    await dialog(cadre).getByRole('checkbox', { name: '有书报' }).check();
    expect(await unreadable(cadre)).toEqual([]);
    await dialog(cadre).getByRole('button', { name: '记下' }).click();
    await line(cadre, room!.subjectId).locator('text=等乡镇核查').waitFor();
    expect(await line(cadre, room!.subjectId).getByRole('button', { name: '乡镇核查' }).count()).toBe(0);

    const town = await openConsole(shown, 'town1', `peace/room/${village}`, await shown.browser.newContext({ viewport: DESK }));
    await line(town, room!.subjectId).getByRole('button', { name: '乡镇核查' }).click();
    expect(await dialog(town).getByRole('checkbox', { name: '有书报' }).isChecked()).toBe(true);
    await dialog(town).getByRole('checkbox', { name: '有书报' }).uncheck();
    expect(await unreadable(town)).toEqual([]);
    await shoot(town, 'confirm');
    await dialog(town).getByRole('button', { name: '核查完毕' }).click();
    await line(town, room!.subjectId).locator('text=缺项（1）').waitFor();
    await line(town, room!.subjectId).locator('text=前补齐').waitFor();
    const { tasks } = await duty.get<{ tasks: { kind: string; title: { zh: string } }[] }>('/api/v1/tasks');
    expect(tasks.map(({ title }) => title.zh)).toContain('活动室补齐缺项：有电和备用电源');
  });

  it('the loudspeakers stand there by township and one by one, the worst first, with their last proof; and go out as a table', async () => {
    const { db, clock } = shown.running.house.deps;
    const { speakers: all } = await duty.get<SpeakersView>('/api/v1/speakers');
    // One without a gateway that played long ago, and one that played yesterday: no heartbeat changes either.
    const [dead, proven] = [all[5]!.speakerId, all[6]!.speakerId];
    const played = (speakerId: string, days: number) => {
      const set = { lastPlayedAtMs: clock.now() - days * DAY_MS };
      return any((q, t) =>
        q
          .insert(t.speakerStatus)
          .values({ speakerId, player: 'ok', ...set })
          .onConflictDoUpdate({ target: t.speakerStatus.speakerId, set })
          .returning({ id: t.speakerStatus.speakerId }),
      );
    };
    const cutOff = any((q, t) => q.update(t.speaker).set({ gatewayId: null }).where(eq(t.speaker.id, dead)).returning({ id: t.speaker.id }));
    await db.atomically([cutOff, played(dead, 40), played(proven, 1)]);
    const page = await openConsole(shown, 'duty1', 'peace/patrol');
    await page.getByRole('button', { name: '喇叭', exact: true }).click();
    await page.waitForSelector('tr[data-speaker]');
    expect(await page.locator('tr[data-speaker]').first().getAttribute('data-speaker')).toBe(dead);
    expect(await page.locator('tr[data-speaker]').first().textContent()).toContain('网关报告播完');
    const { total } = await duty.get<SpeakersView>('/api/v1/speakers');
    expect([total['no-gateway'], total.proven]).toEqual([1, 1]);
    const shownOf = async (health: string) => Number((await page.textContent(`tr.all td[data-figure="${health}"]`))!.replace('✕', ''));
    await until(async () => {
      const now = (await duty.get<SpeakersView>('/api/v1/speakers')).total;
      return (await Promise.all(SPEAKER_HEALTHS.map(async (health) => (await shownOf(health)) === now[health]))).every(Boolean);
    });
    await isFit(page, 'speakers');
    await page.click('tr[data-township] a');
    await page.waitForURL(/#\/peace\/speakers\/\d{9}$/);
    await page.waitForSelector('tr[data-speaker]');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("导出表格")')]);
    expect(download.suggestedFilename()).toBe('speakers.csv');
  });

  it('the list goes out as a table', async () => {
    const page = await openConsole(shown, 'duty1', `peace/patrol/${village}`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("导出表格")')]);
    expect(download.suggestedFilename()).toBe('rounds-patrol.csv');
  });

  it('a monitor tells his round on his own page, on a small phone without JavaScript; what he saw is in the inbox', async () => {
    const page = await openConsole(shown, 'duty1', `peace/patrol/${village}`);
    const row = (await list('patrol')).findLast(({ missed }) => missed > 0) as RoundRow;
    await line(page, row.subjectId).getByRole('button', { name: '电话和链接' }).click();
    await page.waitForSelector('.round-link');
    const address = (await page.textContent('.round-link'))!.trim();
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'contact');

    const judged = await (await shown.browser.newContext({ viewport: PHONE })).newPage();
    await judged.goto(address);
    expect(await unreadable(judged)).toEqual([]);
    await shoot(judged, 'phone');

    const phone = await (await shown.browser.newContext({ viewport: PHONE, javaScriptEnabled: false })).newPage();
    await phone.goto(address);
    const section = phone.locator(`section[id="${row.planId}"]`);
    expect(await section.textContent()).toMatch(/漏了 \d+ 次/);
    await section.locator('button[value=calm]').click();
    await phone.waitForURL(`**#${row.planId}`);
    expect(await section.textContent()).toContain('一切正常');
    expect(await section.textContent()).not.toContain('漏了');
    await section.locator('textarea').fill('沟水变浑');
    await section.locator('button[value=wrong]').click();
    await until(async () => (await rowOf('patrol', row.subjectId)).last?.result === 'wrong');
    const { reports } = await duty.get<{ reports: { source: string; text: string }[] }>('/api/v1/reports');
    await until(async () => (await duty.get<{ reports: { text: string }[] }>('/api/v1/reports')).reports.some(({ text }) => text.includes('沟水变浑')));
    expect(reports.length).toBeGreaterThan(0);

    await page.click('.ant-modal button:has-text("换新链接")');
    await page.waitForSelector('text=已换新链接');
    expect((await fetch(address)).status).toBe(404);
  });
});
