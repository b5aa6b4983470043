// Tasks of the officers' console in a real browser: found, given out, shown by photos, signed off by somebody else; templates; findings of an after-action.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TaskDetail, TasksView } from '@laba/domain/task-view';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { DESK, openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const TASKS = '/api/v1/tasks';
const HOUR_MS = 3_600_000;

describe.skipIf(!installed('chromium', 'chromium'))('tasks in Chromium', () => {
  const shown = shownHouse();
  let duty: Client;
  let group: string;

  beforeAll(async () => {
    duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    group = shown.running.demo!.dasuo.groupCode;
  });

  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function shoot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `tasks-${name}.png`), fullPage: true });
  }

  async function raise(mode: 'live' | 'drill'): Promise<string> {
    const draft = { mode, kind: 'order', order: 'move-now', templateId: 'debris-flow-move-now', areaCodes: [group] };
    const { id } = await duty.post<{ id: string }>('/api/v1/alerts', draft);
    await duty.post(`/api/v1/alerts/${id}/raise`, {});
    return id;
  }

  const give = (title: string, more: object = {}) =>
    duty.post<TaskDetail>(TASKS, { kind: 'finding', gridCode: group, title, dueAt: new Date(Date.now() + HOUR_MS).toISOString(), ...more });
  const read = (id: string) => duty.get<TaskDetail>(`${TASKS}/${id}`);
  const list = async (page: Page, name: string) => page.locator(`[data-list="${name}"] tr[data-task]`).count();
  const dialog = (page: Page) => page.getByRole('dialog');
  const act = (page: Page, name: string) => page.locator('.panel').getByRole('button', { name, exact: true });
  const says = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true });

  /** Opens a box by its name, types, and takes the first that has the words. */
  async function choose(page: Page, label: string, typed: string, words = typed): Promise<void> {
    const box = page.getByRole('combobox', { name: label, exact: true }).last();
    await box.click();
    if (typed !== '') await page.keyboard.type(typed);
    await page.locator(`.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option:has-text("${words}")`).first().click();
  }

  it('lists an alert’s work the worst first, narrowed by alert, place, owner and words, in both languages, and opens one with what happened to it', async () => {
    const page = await openConsole(shown, 'duty1', 'tasks');
    const alert = await raise('live');
    await give('修排水沟 <b>快</b>');
    await until(async () => (await list(page, 'open')) >= 3);
    await page.waitForSelector('[data-list="overdue"]:has-text("没有逾期的")');
    expect(await page.locator('[data-list] tr b:text-is("快")').count()).toBe(0);
    await page.fill('input[name=text]', '排水沟');
    await until(async () => (await list(page, 'open')) === 1);
    await page.getByRole('button', { name: '全部显示' }).click();
    await until(async () => (await list(page, 'open')) >= 3);
    await choose(page, '预警', '', '不属于任何预警');
    await until(async () => (await list(page, 'open')) === 1);
    await page.getByRole('button', { name: '全部显示' }).click();
    await choose(page, '责任人', '', '无人负责');
    await until(async () => (await list(page, 'open')) === 0);
    await page.getByRole('button', { name: '全部显示' }).click();
    await until(async () => (await list(page, 'open')) >= 3);
    const { tasks } = await duty.get<TasksView>(`${TASKS}?alertId=${alert}`);
    await page.focus(`tr[data-task="${tasks[0]!.id}"] a`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.panel .timeline li[data-event="task.created"]');
    expect(await page.evaluate('document.activeElement.id')).toBe('task-title');
    for (const language of ['zh', 'en'] as const) {
      if (language === 'en') await page.click('header button.language');
      for (const width of [DESK.width, 1920]) {
        await page.setViewportSize({ width, height: 1000 });
        expect(await unreadable(page), `${language} ${width}`).toEqual([]);
      }
      expect(await untranslated(page, language)).toEqual([]);
      await shoot(page, `list-${language}`);
    }
  });

  it('is given out of a template to a real person, changed, reminded, done, sent back, and signed off by somebody else than who said it is done', async () => {
    const page = await openConsole(shown, 'duty1', 'tasks/new');
    await page.waitForSelector('#why-not-give:has-text("还没有选地点")');
    await choose(page, '从模板', '封路');
    await choose(page, '地点', group);
    await page.fill('input[name=title]', '封村口的路');
    await choose(page, '责任人', '', ' · ');
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'new');
    await page.click('.task-form button[type=submit]');
    await page.waitForSelector('[data-open-task] .timeline li');
    const id = (await page.getAttribute('[data-open-task]', 'data-open-task'))!;
    const made = await read(id);
    expect(made).toMatchObject({ kind: 'close-road', gridCode: group, title: { zh: '封村口的路' }, source: 'officer' });
    expect(made.owner!.memberId).not.toBeNull();
    await act(page, '现在催办').click();
    await page.waitForSelector('.panel [data-event="task.reminded"]');
    await act(page, '延长期限').click();
    await says(page, '确定').click();
    await page.waitForSelector('.panel [data-event="task.extended"]');
    expect(Date.parse((await read(id)).dueAt)).toBe(Date.parse(made.dueAt) + HOUR_MS);
    await act(page, '换责任人').click();
    await page.waitForSelector('#why-not-move:has-text("还没有选人")');
    await choose(page, '责任人', '演示值班员乙');
    expect(await unreadable(page)).toEqual([]);
    await says(page, '确定').click();
    await page.waitForSelector('.panel .pairs:has-text("演示值班员乙")');
    await act(page, '记为办完').click();
    await dialog(page).locator('textarea').fill('路已封 <i>两头</i>');
    await says(page, '确定').click();
    await page.waitForSelector('#why-not-sign-off:has-text("您记的办完")');
    expect(await act(page, '✓ 销号').isDisabled()).toBe(true);
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'done');
    const owner = await openConsole(shown, 'duty2', `tasks/${id}`);
    await owner.waitForSelector('#why-not-sign-off:has-text("您是责任人")');
    expect(await act(owner, '✓ 销号').isDisabled()).toBe(true);
    const other = await openConsole(shown, 'admin', `tasks/${id}`);
    await act(other, '退回重办').click();
    await other.waitForSelector('#why-not-move:has-text("还没有写")');
    await dialog(other).locator('textarea').fill('另一头没有人守');
    await says(other, '确定').click();
    await page.waitForSelector('.panel .pairs:has-text("另一头没有人守")');
    await act(page, '记为办完').click();
    await says(page, '确定').click();
    await act(other, '✓ 销号').focus();
    await other.keyboard.press('Enter');
    await page.waitForSelector('.panel h2:has-text("已销号")');
    await page.waitForSelector('.panel [data-event="task.signed-off"]:has-text("演示管理员")');
    expect(await page.locator('.panel i').count()).toBe(0);
    const [paper] = await Promise.all([page.waitForEvent('popup'), act(page, '打印催办单').click()]);
    await paper.waitForSelector('h1:has-text("催办单")');
  });

  it('what is overdue says so, and is done only with a reason', async () => {
    const { id } = await give('来不及', { dueAt: new Date(Date.now() + 2_500).toISOString() });
    const page = await openConsole(shown, 'duty1', `tasks/${id}`);
    await page.waitForSelector(`[data-list="overdue"] tr[data-task="${id}"] .bad`);
    await act(page, '记为办完').click();
    await dialog(page).locator('label:has-text("为什么逾期")').waitFor();
    expect(await says(page, '确定').isDisabled()).toBe(true);
    await dialog(page).locator('textarea').first().fill('塌方绕路');
    await says(page, '确定').click();
    await page.waitForSelector(`[data-list="waiting"] tr[data-task="${id}"]`);
    await page.waitForSelector('.panel .pairs:has-text("塌方绕路")');
  });

  it('photos are added and opened large; what is no photo, is too large, or only calls itself one, is refused in clear words', async () => {
    const { id } = await give('照一张');
    const page = await openConsole(shown, 'duty1', `tasks/${id}`);
    await page.waitForSelector('.panel input[type=file]');
    const picture = await sharp({ create: { width: 1_280, height: 960, channels: 3, background: '#556b2f' } })
      .jpeg()
      .toBuffer();
    const send = (name: string, mimeType: string, buffer: Buffer) => page.setInputFiles('.panel input[type=file]', { name, mimeType, buffer });
    await send('说明.txt', 'text/plain', Buffer.from('路断了'));
    await page.waitForSelector('.panel [role=alert]:has-text("这个文件不是照片")');
    await send('大.jpg', 'image/jpeg', Buffer.alloc(17 * 1_048_576, 1));
    await page.waitForSelector('.panel [role=alert]:has-text("照片太大：17 MB，最多 16 MB")');
    expect(await unreadable(page)).toEqual([]);
    await send('假.jpg', 'image/jpeg', Buffer.from('<script>alert(1)</script>'));
    await page.waitForSelector('.panel .ant-alert:has-text("whatever its name says")');
    await page.waitForSelector('.panel p.bad:has-text("没有收")');
    expect((await read(id)).photos).toEqual([]);
    await send('现场.jpg', 'image/jpeg', picture);
    await page.waitForSelector('.panel [role=status]:has-text("照片已收到")');
    await page.focus('.panel .photo');
    await page.keyboard.press('Enter');
    await page.waitForFunction('document.querySelector("img.photo-large")?.naturalWidth > 1000');
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'photo');
    await page.keyboard.press('Escape');
    await duty.post(`${TASKS}/${id}/drop`, { words: '演示完了' });
    await page.waitForSelector('.panel:has-text("不能再加照片")');
    expect(await page.locator('.panel input[type=file]').count()).toBe(0);
  });

  it('templates are read by everybody and changed by the administrator alone, who is told of a change meanwhile', async () => {
    const page = await openConsole(shown, 'duty1', 'tasks/templates');
    await page.waitForSelector('#why-not-edit:has-text("只有县管理员")');
    expect(await page.getByRole('button', { name: '修改 geological-now' }).isDisabled()).toBe(true);
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'templates');
    await page.click('header button.language');
    expect(await untranslated(page, 'en')).toEqual([]);
    const admin = await openConsole(shown, 'admin', 'tasks/templates');
    await admin.click('[data-template="geological-now"] a');
    await admin.fill('input[name=zh]', '临灾：马上转移');
    expect(await unreadable(admin)).toEqual([]);
    await shoot(admin, 'template-form');
    await admin.click('.template-form button[type=submit]');
    await page.waitForSelector('[data-template="geological-now"]:has-text("version 2")');
    await admin.click('[data-template="fire-inspect-12h"] a');
    await admin.waitForSelector('.template-form');
    const boss = new Client(shown.url);
    await boss.signIn('admin', shown.loginOf('admin').password);
    const { templates } = await boss.get<{ templates: { id: string }[] }>('/api/v1/task-templates');
    const { id, ...fire } = templates.find((one) => one.id === 'fire-inspect-12h')!;
    await boss.put(`/api/v1/task-templates/${id}`, fire);
    await admin.fill('input[name=en]', 'My own');
    await admin.click('.template-form button[type=submit]');
    await admin.waitForSelector('.template-form .ant-alert:has-text("别人刚刚改过")');
    await admin.evaluate(`location.hash = '#/tasks/templates/new'`);
    for (const [field, words] of [
      ['id', 'snow'],
      ['zh', '大雪'],
      ['en', 'Snow'],
      ['stage', 'own'],
    ])
      await admin.fill(`.template-form input[name=${field}]`, words!);
    await choose(admin, '级别或指令', '', '蓝');
    await admin.keyboard.press('Escape');
    await admin.click('.template-form button[type=submit]');
    await page.waitForSelector('[data-template="snow"]');
  });

  it('a finding of an after-action becomes a task, is listed there until it is signed off, and leads back', async () => {
    const drill = await raise('drill');
    await duty.post(`/api/v1/alerts/${drill}/end`, { checkedBy: '演示监测员' });
    const page = await openConsole(shown, 'duty1', `look-back/${drill}`);
    await page.waitForSelector('.findings:has-text("还没有写下发现的问题")');
    await page.locator('.findings').getByRole('button', { name: '写下一个问题' }).click();
    await choose(page, '地点', group);
    await page.fill('.findings input[name=title]', '对岸听不清喇叭');
    await page.fill('.findings textarea[name=words]', '换方向，再试一次');
    expect(await unreadable(page)).toEqual([]);
    await shoot(page, 'finding');
    await page.click('.findings button[type=submit]');
    await page.waitForSelector('[data-finding]:has-text("对岸听不清喇叭")');
    await page.click('[data-finding] a');
    await page.waitForSelector('.panel:has-text("换方向，再试一次")');
    expect(await page.locator('.mode-frame').count()).toBe(0);
    await page.click('.panel a:has-text("复盘发现")');
    await page.waitForSelector('[data-finding]');
    const { tasks } = await duty.get<TasksView>(`${TASKS}?findingOf=${drill}`);
    expect(tasks).toMatchObject([{ mode: 'live', alertId: null, source: 'finding' }]);
  });
});
