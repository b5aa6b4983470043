// "Routine broadcasts" of the officers' console in a real browser, on loudspeakers that take their time: planned, recorded, refused, played, stopped, interrupted by an alert, changed by two.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BulletinListView, BulletinTimeDetail, BulletinTimesView, BulletinView } from '@laba/domain/bulletin-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { encodeWav, SAMPLE_RATE } from '@laba/runtime/wav';
import { any } from '@laba/storage/database';
import { unreadable } from './page-checks.ts';
import { DESK, openConsole, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const BULLETINS = '/api/v1/bulletins';
const HOSTILE = '<img src=x onerror=alert(1)>\u202e反转';
const MINUTE_MS = 60_000;
const OFFSET_MS = 8 * 60 * MINUTE_MS;
/** A minute may have to be waited for, and then the sound. */
const SLOW_MS = 240_000;

const inCounty = (ms: number) => new Date(ms + OFFSET_MS).toISOString();
const sound = (seconds: number, height = 9_000) => encodeWav(Int16Array.from({ length: seconds * SAMPLE_RATE }, (_, i) => height * Math.sin(i / 6)));

describe.skipIf(!installed('chromium', 'chromium'))('routine broadcasts in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;
  let other: Client;
  let group: string;

  beforeAll(async () => {
    [duty, other] = [new Client(shown.url), new Client(shown.url)];
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    await other.signIn('duty2', shown.loginOf('duty2').password);
    group = shown.running.demo!.dasuo.groupCode;
    // Whatever hour the test is run at, it is not the quiet one.
    const nowMs = Date.now();
    await changePolicy({ quietHours: { from: inCounty(nowMs + 600 * MINUTE_MS).slice(11, 16), to: inCounty(nowMs + 660 * MINUTE_MS).slice(11, 16) } });
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function changePolicy(part: object): Promise<void> {
    const admin = new Client(shown.url);
    await admin.signIn('admin', shown.loginOf('admin').password);
    const { version: _, ...policy } = await admin.get<{ version: number }>('/api/v1/policy');
    await admin.put('/api/v1/policy', { ...policy, ...part });
  }

  async function judge(page: Page, name: string): Promise<void> {
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.click('header button.language');
      for (const width of [DESK.width, 1920]) {
        await page.setViewportSize({ width, height: 1000 });
        expect(await unreadable(page), `${name} ${language} ${width}`).toEqual([]);
      }
      expect(await untranslated(page, language), `${name} ${language}`).toEqual([]);
      if (SHOTS !== undefined) {
        mkdirSync(SHOTS, { recursive: true });
        await page.setViewportSize({ width: DESK.width, height: 1000 });
        await page.screenshot({ path: join(SHOTS, `bulletins-${name}-${language}.png`), fullPage: true });
      }
    }
    await page.click('header button.language');
    await page.setViewportSize(DESK);
  }

  /** The next minute that is not upon us already. */
  const soonMs = () => Math.ceil((Date.now() + 12_000) / MINUTE_MS) * MINUTE_MS;
  const asked = (title: string, more: object = {}) => ({
    ...{ title, texts: [{ language: 'zh-CN', text: `${title}，请带身份证到活动室。` }], areaCodes: [group], volume: 60 },
    times: { repeat: 'daily', at: [inCounty(Date.now() - 10 * MINUTE_MS).slice(11, 16)], from: inCounty(Date.now()).slice(0, 10) },
    ...more,
  });
  const once = (ms: number) => ({ times: { repeat: 'once', at: [inCounty(ms).slice(11, 16)], from: inCounty(ms).slice(0, 10) } });
  const makes = (title: string, more: object = {}) => duty.post<BulletinView>(BULLETINS, asked(title, more));
  const read = async (id: string) => (await duty.get<BulletinListView>(BULLETINS)).bulletins.find((one) => one.id === id)!;
  const having = async (name: string, version: number) => {
    const client = new Client(shown.url, (url, init) =>
      fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), 'if-match': `"${version}"` } }),
    );
    await client.signIn(name, shown.loginOf(name).password);
    return client;
  };
  const detail = (id: string) => duty.get<BulletinTimeDetail>(`/api/v1/bulletin-times/${id}`);
  async function timeOf(bulletinId: string, ms: number): Promise<string> {
    const day = inCounty(ms).slice(0, 10);
    const times = async () => (await duty.get<BulletinTimesView>(`/api/v1/bulletin-times?from=${day}&days=1&bulletin=${bulletinId}`)).times;
    await expect.poll(async () => (await times())[0]?.id ?? null, { timeout: 20_000 }).not.toBeNull();
    return (await times())[0]!.id!;
  }

  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const look = (page: Page, name: string, ms = 100_000) => page.waitForSelector(`.panel > p [data-look="${name}"]`, { timeout: ms });
  const pick = (page: Page, name: string, buffer: Buffer) =>
    page.setInputFiles('[data-recording="zh-CN"] input[type=file]', { name, mimeType: 'audio/mpeg', buffer });

  async function ticks(page: Page, code: string): Promise<void> {
    await page.click('.area-select');
    await page.keyboard.type(code);
    await page.waitForSelector('.ant-select-tree-treenode.filter-node');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
  }

  it(
    'is planned daily with a recording; a file that is none, is too long, silent or too large is refused in words; the quiet hours too',
    async () => {
      const page = await openConsole(shown, 'duty1', 'bulletins');
      await page.waitForSelector('section:has-text("还没有日常广播")');
      await button(page, '新建广播').click();
      await page.waitForSelector('#why-not-save:has-text("先写标题")');
      expect(await button(page, '安排播出').isDisabled()).toBe(true);
      await page.fill('input[name=title]', HOSTILE);
      await page.waitForSelector('#why-not-save:has-text("先写内容")');
      await page.fill('[data-text="zh-CN"] textarea', '今天下午收医保 <b>请带身份证</b>');
      await page.waitForSelector('#why-not-save:has-text("先选范围")');
      await ticks(page, group);
      await page.waitForSelector('.sum [data-ready]');
      const quietAt = inCounty(Date.now() + 605 * MINUTE_MS).slice(11, 16);
      await page.getByLabel('时刻 1').fill('25:00');
      await page.waitForSelector('#why-not-save:has-text("如 07:30")');
      await page.getByLabel('时刻 1').fill(quietAt.replace(':', ''));
      await page.keyboard.press('Tab');
      expect(await page.inputValue('input.hour-field')).toBe(quietAt);
      await page.waitForSelector('.sum [data-wrong="quiet-hours"]');
      await page.waitForSelector(`#why-not-save:has-text("${quietAt}")`);
      const says = (words: string) => page.waitForSelector(`[data-recording] [role=alert]:has-text("${words}")`);
      await pick(page, '通知.mp3', Buffer.from('这不是录音'));
      await says('这不是 WAV、FLAC、Ogg 或 MP3 录音');
      await pick(page, '长.wav', sound(190));
      await says('录音长 190 秒，最多 180 秒');
      await pick(page, '静.wav', sound(3, 0));
      await says('录音没有声音');
      const large = join(shown.dataDir, 'large.wav');
      writeFileSync(large, Buffer.alloc(100 * 1_048_576));
      await page.setInputFiles('[data-recording="zh-CN"] input[type=file]', large);
      await says('录音太大：100 MB，最多 32 MB');
      await pick(page, '通知.wav', sound(30));
      await page.waitForSelector('[data-recording] [role=status]:has-text("录音已收到：30 秒")');
      expect(await page.locator('[data-recording] [role=alert]').count()).toBe(0);
      await judge(page, 'form');
      const ms = soonMs();
      await page.getByLabel('时刻 1').fill(inCounty(ms).slice(11, 16));
      await page.locator('#why-not-save:text-is("")').waitFor({ state: 'attached' });
      await button(page, '安排播出').click();
      await page.waitForSelector('.panel .spoken button:has-text("试听")');
      expect(await page.locator('main img, main blockquote b').count()).toBe(0);
      const { bulletins } = await duty.get<BulletinListView>(BULLETINS);
      expect(bulletins).toMatchObject([{ times: { repeat: 'daily' }, state: 'on', texts: [{ seconds: 30 }] }]);
      await page.waitForSelector(`[data-day] tr[data-time*="T${inCounty(ms).slice(11, 16)}"] [data-look=told]`);
      await judge(page, 'one');
      // It sounds; the officer stops this one alone.
      const id = await timeOf(bulletins[0]!.id, ms);
      await page.evaluate(`location.hash = '#/bulletins/time/${id}'`);
      await look(page, 'playing');
      await button(page, '只停这一次').click();
      await page.getByRole('dialog').getByRole('button', { name: '确定', exact: true }).click();
      await look(page, 'cancelled');
      await page.waitForSelector('.panel li[data-state=stopped]:has-text("已取消")');
      await page.waitForSelector('.panel .acts:has-text("这一次已经取消")');
      expect(await button(page, '只停这一次').isDisabled()).toBe(true);
      expect((await detail(id)).time.state).toBe('cancelled');
      expect((await read(bulletins[0]!.id)).state).toBe('on');
      await page.getByRole('link', { name: '关闭', exact: true }).click();
      await page.click(`tr[data-bulletin="${bulletins[0]!.id}"] a`);
      await button(page, '停止这个广播').click();
      await page.getByRole('dialog').getByRole('button', { name: '确定', exact: true }).click();
      await page.waitForSelector('.panel .acts:has-text("已经停止，要再播请新建")');
      expect((await read(bulletins[0]!.id)).state).toBe('stopped');
    },
    SLOW_MS,
  );

  it(
    'gives way to a live alert and is played again after it: the screen says by what, how often, and of how many',
    async () => {
      const ms = soonMs();
      const made = await makes('防火宣传', { ...once(ms), texts: [{ language: 'zh-CN', text: '上山不带火种，发现烟火马上报告。'.repeat(10) }] });
      const page = await openConsole(shown, 'duty1', 'bulletins');
      const id = await timeOf(made.id, ms);
      await page.click(`[data-day] tr[data-time*="T${inCounty(ms).slice(11, 16)}"] a:has-text("防火宣传")`);
      await look(page, 'playing');
      const draft = { mode: 'live', kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [group] };
      const alert = await duty.post<{ id: string }>('/api/v1/alerts', draft);
      await duty.post(`/api/v1/alerts/${alert.id}/raise`, {});
      await look(page, 'paused');
      await page.waitForSelector('.panel li[data-state=stopped]:has-text("让路给：")');
      expect(await page.textContent('.panel li[data-state=stopped]')).toContain('让路给： 预警');
      await judge(page, 'interrupted');
      await duty.post(`/api/v1/alerts/${alert.id}/end`, { checkedBy: '演示监测员' });
      await look(page, 'playing');
      await look(page, 'played');
      await page.waitForSelector('.panel > p:has-text("被打断后重播 1")');
      await page.waitForSelector('.panel li[data-state=played]:has-text("开始 2 次")');
      const { speakers } = await detail(id);
      expect(speakers.map(({ state, starts }) => [state, starts])).toEqual(speakers.map(() => ['played', 2]));
      expect(await button(page, '只停这一次').isDisabled()).toBe(true);
      await judge(page, 'resumed');
    },
    SLOW_MS,
  );

  it(
    'the slower of two officers is told who changed it, when and what, and overwrites nothing unawares',
    async () => {
      const made = await makes('收医保');
      const page = await openConsole(shown, 'duty1', `bulletins/${made.id}/edit`);
      await page.waitForSelector('#why-not-save:has-text("没有改动")');
      await page.fill('[data-text="zh-CN"] textarea', '我写的话');
      await page.waitForSelector('.sum blockquote:has-text("我写的话")');
      await (await having('duty2', made.version)).put(`${BULLETINS}/${made.id}`, asked('收养老保险'));
      await page.waitForSelector('[data-meanwhile]:has-text("演示值班员乙"):has-text("收养老保险")');
      await page.waitForSelector('#why-not-save:has-text("别人改过这个广播")');
      expect(await button(page, '保存修改').isDisabled()).toBe(true);
      await judge(page, 'meanwhile');
      await button(page, '用我写的盖过去').click();
      // This time the other one is faster while the request is under way.
      await page.route(`**${BULLETINS}/${made.id}`, async (route) => {
        if (route.request().method() === 'PUT' && (await read(made.id)).version === made.version + 1)
          await (await having('duty2', made.version + 1)).put(`${BULLETINS}/${made.id}`, asked('收水费'));
        await route.continue();
      });
      await button(page, '保存修改').click();
      await page.waitForSelector('[data-meanwhile]:has-text("收水费")');
      expect((await read(made.id)).title).toBe('收水费');
      await button(page, '用现在的，放下我写的').click();
      expect(await page.inputValue('input[name=title]')).toBe('收水费');
      await page.fill('input[name=title]', '收水费和电费');
      await button(page, '保存修改').click();
      await page.waitForSelector('.panel h2:has-text("收水费和电费")');
      // To stop it he is told the same.
      await page.route(`**${BULLETINS}/${made.id}/stop`, async (route) => {
        const { version, title } = await read(made.id);
        if (title === '收水费和电费') await (await having('duty2', version)).put(`${BULLETINS}/${made.id}`, asked('只收电费'));
        await route.continue();
      });
      await button(page, '停止这个广播').click();
      const yes = page.getByRole('dialog').getByRole('button', { name: '确定', exact: true });
      await yes.click();
      await page.waitForSelector('[role=dialog] [data-meanwhile]:has-text("只收电费")');
      await page.waitForSelector('[role=dialog]:has-text("没有做")');
      expect((await read(made.id)).state).toBe('on');
      expect(await unreadable(page)).toEqual([]);
      await yes.click();
      await page.waitForSelector('.panel .chip:has-text("已停止")');
    },
    SLOW_MS,
  );

  it('above his number a second officer agrees; a gateway too old is named and counted before and after; who may not act reads why', async () => {
    const { db } = shown.running.house.deps;
    const { id: siteId } = (await db.read((q, t) => q.select({ id: t.site.id }).from(t.site)))[0]!;
    const state = { state: 'online', bootCounter: 1, journalId: 'j', software: 'old', clockKnown: true, power: { source: 'mains' }, speakers: [] } as const;
    await db.atomically([
      any((q, t) =>
        q
          .insert(t.gateway)
          .values({ id: 'g-old', siteId, gridCode: group, status: 'active', passwordHash: '', publicKey: '', createdAtMs: 0 })
          .returning({ id: t.gateway.id }),
      ),
      any((q, t) =>
        q
          .insert(t.gatewayStatus)
          .values({
            ...{ gatewayId: 'g-old', siteId, gridCode: group, online: true, lastSeenAtMs: Date.now(), bootCounter: 1, journalId: 'j', reportsHeldUpTo: 0 },
            state: state as never,
          })
          .returning({ id: t.gatewayStatus.gatewayId }),
      ),
      any((q, t) => q.insert(t.speaker).values({ id: 's-old', name: '旧喇叭', siteId, gridCode: group, gatewayId: 'g-old' }).returning({ id: t.speaker.id })),
    ]);
    await changePolicy({ bulletins: { mostSpeakers: { 'county-officer': 1 } } });
    const page = await openConsole(shown, 'duty1', 'bulletins/new');
    await page.waitForSelector('.sum:has-text("选好范围")');
    await ticks(page, group);
    await page.waitForSelector('.sum [data-cannot="s-old"]:has-text("网关程序太旧")');
    await page.waitForSelector('.sum .note:has-text("要另一位值班员同意")');
    const made = await makes('要两个人');
    expect(made.state).toBe('waiting');
    await page.evaluate(`location.hash = '#/bulletins/${made.id}'`);
    await page.waitForSelector('[data-old-gateways]:has-text("g-old")');
    await page.waitForSelector('.panel .acts:has-text("是您安排的")');
    expect(await button(page, '同意').isDisabled()).toBe(true);
    await judge(page, 'waiting');
    const second = await openConsole(shown, 'duty2', `bulletins/${made.id}`);
    await button(second, '同意').focus();
    await second.keyboard.press('Enter');
    const yes = second.getByRole('dialog').getByRole('button', { name: '确定', exact: true });
    await yes.focus();
    await second.keyboard.press('Enter');
    await page.waitForSelector('.panel .chip:has-text("执行中")');
    expect(await read(made.id)).toMatchObject({ state: 'on', approvedBy: '演示值班员乙' });
    const cadre = await openConsole(shown, 'cadre1', 'bulletins');
    await other.post(BULLETINS, { ...asked('全县的'), areaCodes: [group.slice(0, 6)] });
    await cadre.click('tr[data-bulletin] a:has-text("全县的")');
    await cadre.waitForSelector('.panel .acts:has-text("超出您的辖区")');
    expect(await button(cadre, '停止这个广播').isDisabled()).toBe(true);
  });
});
