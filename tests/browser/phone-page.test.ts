// The member's phone page in a real browser at 360 px: both languages, with a line and without, and with no script at all.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { aPhoto } from './a-photo.ts';
import { unreadable } from './page-checks.ts';
import { shownHouse } from './shown-house.ts';

const PHONE = { width: 360, height: 640 };
/** A name on the village's own network, without TLS: no service worker there, and no crypto.randomUUID. */
const VILLAGE_NAME = 'laba.village';
const SHOTS = process.env['LABA_SHOTS'];

describe.skipIf(!installed('chromium', 'chromium'))('the phone page in Chromium', () => {
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

  interface Call {
    id: string;
    memberId: string;
    link: string;
    answer: string | null;
    help: { words: string | null } | null;
  }

  const TEXTS = [
    { language: 'zh-CN', title: '泥石流：立即转移', text: '泥石流危险！立即往两边山坡高处转移，不要过沟，带上老人孩子。' },
    { language: 'en', title: 'Debris flow: move now', text: 'Go up the slope on either side at once. Do not cross the gully. Take the old and the children.' },
  ];

  async function raise(mode: 'live' | 'drill' = 'live'): Promise<{ id: string; links: string[] }> {
    const texts = mode === 'live' ? TEXTS : TEXTS.map((one) => ({ ...one, text: (one.language === 'en' ? 'This is a drill. ' : '演练，演练。') + one.text }));
    const draft = { mode, kind: 'order', level: null, order: 'move-now', areaCodes: [`${village}01`], texts, durationMinutes: 60 };
    const { id } = await cadre.post<{ id: string }>('/api/v1/alerts', draft);
    await cadre.post(`/api/v1/alerts/${id}/raise`, {});
    let links: string[] = [];
    for (let tries = 0; tries < 100 && links.length === 0; tries++) {
      links = (await called(id)).map((call) => new URL(call.link, shown.url).pathname);
      if (links.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { id, links };
  }

  const called = async (id: string) => (await cadre.get<{ calls: Call[] }>(`/api/v1/alerts/${id}/calls`)).calls;
  const answersTold = async (id: string, call: Call) => {
    const { events } = await cadre.get<{ events: { type: string; subjectId: string }[] }>(`/api/v1/alerts/${id}/timeline`);
    return events.filter((event) => event.type === 'call.answered' && event.subjectId === call.id).length;
  };

  async function open(path: string, { scripts = true, viewport = PHONE } = {}): Promise<Page> {
    const page = await (await shown.browser.newContext({ viewport, javaScriptEnabled: scripts })).newPage();
    shown.watch(page, /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|Cross-Origin-Opener-Policy|status of (404|409)/);
    await page.goto(shown.url + path);
    return page;
  }

  async function shot(page: Page, name: string): Promise<void> {
    if (SHOTS === undefined) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  }

  it('shows what to do, a picture, a play button and one large button without scrolling; each touch leads on to the next', async () => {
    const { id, links } = await raise();
    const page = await open(links[0]!);
    await page.waitForSelector('#page .answer.next.coming');
    await shot(page, '1-zh-first');
    const box = (await page.locator('.answer.next').boundingBox())!;
    expect(box.height).toBeGreaterThanOrEqual(96);
    expect(box.y + box.height).toBeLessThanOrEqual(PHONE.height);
    expect(await page.locator('.badge .picture').count()).toBe(1);
    expect(await page.locator('.listen').count()).toBeGreaterThan(0);
    expect(await unreadable(page)).toEqual([]);
    for (const [press, next] of [
      ['coming', 'on-the-way'],
      ['on-the-way', 'arrived'],
    ]) {
      await page.click(`.answer.next.${press}`);
      await page.waitForSelector(`.held.county:not(:has-text("没有"))`);
      await page.waitForSelector(`.answer.next.${next}`);
    }
    await page.click('.answer.next.arrived');
    await page.waitForSelector('.held.county:has-text("已到位")');
    await shot(page, '2-zh-arrived');
    expect(await page.locator('.answer.next').count()).toBe(0);
    expect((await called(id)).map((call) => call.answer)).toContain('arrived');
  });

  it('speaks English at one touch, and asks for support with words that the officer sees', async () => {
    const { id, links } = await raise();
    const page = await open(links[0]!);
    await page.click('.language');
    await page.waitForSelector('.answer.next:has-text("Got it")');
    expect(await page.textContent('.words p')).toContain('Go up the slope');
    await page.click('.answer.small.help');
    await page.waitForSelector('.held.help');
    await page.fill('.help-words textarea', '路断了');
    await page.click('.send');
    await expect.poll(async () => (await called(id)).find((call) => call.help)?.help?.words, { timeout: 10_000 }).toBe('路断了');
    await shot(page, '3-en-help');
    expect(await unreadable(page)).toEqual([]);
    await page.reload();
    await page.waitForSelector('.answer.next:has-text("Got it")');
  });

  it('without a line what is said is kept and shown as kept; with the line it arrives once, in order', async () => {
    const { id, links } = await raise();
    const page = await open(links[0]!);
    await page.waitForSelector('.answer.next.coming');
    await page.context().setOffline(true);
    await page.click('.answer.next.coming');
    await page.waitForSelector('.held.waiting:has-text("还没送到县里")');
    await page.click('.answer.next.on-the-way');
    await page.waitForSelector('.held.waiting b:nth-of-type(2)');
    await page.waitForSelector('.answer.on-the-way.kept');
    await shot(page, '4-zh-offline');
    expect(await page.locator('.held.county').count()).toBe(0);
    expect(await unreadable(page)).toEqual([]);
    expect((await called(id)).map((call) => call.answer)).not.toContain('coming');
    await page.context().setOffline(false);
    await page.waitForSelector('.held.county:has-text("已出发")', { timeout: 30_000 });
    expect(await page.locator('.held.waiting').count()).toBe(0);
    await shot(page, '5-zh-online-again');
    const call = (await called(id)).find((one) => one.answer === 'on-the-way')!;
    expect(await answersTold(id, call)).toBe(2);
  });

  it('an answer outlives the house and the page: both go, the page opens again as it was last seen, and the answer arrives once', async () => {
    const { id, links } = await raise();
    const page = await open(links[0]!);
    await page.waitForSelector('.answer.next.coming');
    // Looked at once is enough: the worker that this page brought keeps it.
    await expect.poll(() => page.evaluate('caches.match(location.href).then((kept) => kept !== undefined)')).toBe(true);
    await shown.running.stop();
    await page.click('.answer.next.coming');
    await page.waitForSelector('.held.waiting');
    await page.reload();
    await page.waitForSelector('.held.waiting:has-text("收到，我来")');
    expect(await page.textContent('.badge')).toContain('立即转移');
    await shot(page, 'd-zh-reopened-offline');
    await shown.startHouse();
    await page.waitForSelector('.held.county:has-text("收到，我来")', { timeout: 60_000 });
    const login = shown.loginOf('cadre1');
    cadre = new Client(shown.url);
    await cadre.signIn(login.username, login.password);
    const call = (await called(id)).find((one) => one.answer === 'coming')!;
    expect(await answersTold(id, call)).toBe(1);
  });

  it('on the village’s own network, over plain http, it answers, keeps and hears as well', async () => {
    const { id, links } = await raise();
    const page = await open(links[0]!);
    await page.goto(`http://${VILLAGE_NAME}:${new URL(shown.url).port}${links[0]!}`);
    expect(await page.evaluate('[isSecureContext, typeof crypto.randomUUID, navigator.serviceWorker === undefined]')).toEqual([false, 'undefined', true]);
    await page.context().setOffline(true);
    await page.click('.answer.next.coming');
    await page.waitForSelector('.held.waiting');
    await page.context().setOffline(false);
    await page.waitForSelector('.held.county:has-text("收到，我来")', { timeout: 30_000 });
    const call = (await called(id)).find((one) => one.answer === 'coming')!;
    await cadre.post(`/api/v1/calls/${call.id}/answer-for`, { answer: 'arrived', means: 'radio' });
    await page.waitForSelector('.held.county:has-text("值班员代记")', { timeout: 5_000 });
  });

  it('what was kept until after the end is shown as not taken, with what to do', async () => {
    const { id, links } = await raise();
    const page = await open(links[0]!);
    await page.waitForSelector('.answer.next.coming');
    await page.context().setOffline(true);
    await page.click('.answer.next.coming');
    await page.waitForSelector('.held.waiting');
    await cadre.post(`/api/v1/alerts/${id}/end`, { checkedBy: '演示监测员' });
    await page.context().setOffline(false);
    await page.waitForSelector('.held.refused:has-text("预警已经结束")', { timeout: 30_000 });
    await page.waitForSelector('h1.over.ended');
    await shot(page, '6-zh-refused');
    expect(await page.locator('.answer').count()).toBe(0);
    expect(await unreadable(page)).toEqual([]);
    await page.click('.seen');
    await page.waitForSelector('.held.refused', { state: 'detached' });
  });

  it('his doors are marked by a touch, with a line and without, and the county’s list follows', async () => {
    const { id, links } = await raise();
    const doorsOf = async (link: string) => ((await (await fetch(`${shown.url}${link}/state`)).json()) as { doors: unknown[] }).doors.length;
    let link: string | undefined;
    for (let tries = 0; tries < 100 && link === undefined; tries++) {
      for (const one of links) if (link === undefined && (await doorsOf(one)) > 1) link = one;
      if (link === undefined) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const page = await open(link!);
    await page.waitForSelector('.door.open');
    const doors = await page.locator('.door.open').count();
    await shot(page, 'a-zh-doors');
    expect(await unreadable(page)).toEqual([]);
    await page.locator('.door.open').first().locator('.marks button').first().click();
    await page.waitForSelector('.door:not(.open):has-text("已转移")');
    await page.context().setOffline(true);
    await page.locator('.door.open').first().locator('.marks button').first().click();
    await page.waitForSelector('.door .marks button.kept');
    await page.waitForSelector('.held.waiting:has-text("已转移")');
    await shot(page, 'b-zh-doors-offline');
    expect(await unreadable(page)).toEqual([]);
    await page.context().setOffline(false);
    await page.waitForSelector('.held.waiting', { state: 'detached', timeout: 30_000 });
    await expect.poll(() => page.locator('.door.open').count(), { timeout: 30_000 }).toBe(doors - 2);
    const { persons } = await cadre.get<{ persons: { byStatus: Record<string, number> } }>(`/api/v1/alerts/${id}/rollcall`);
    expect(persons.byStatus['moved']).toBeGreaterThan(1);
  });

  it('who is out says that his pair is well, hears that everybody is called back, and says that he is back', async () => {
    const { id } = await raise();
    const calls = await called(id);
    for (const call of calls.slice(0, 3)) await cadre.post(`/api/v1/calls/${call.id}/answer-for`, { answer: 'arrived', means: 'radio' });
    const seated = async () => {
      const { groups } = await cadre.get<{ groups: { seats: { memberId: string; state: string }[] }[] }>(`/api/v1/alerts/${id}/sections`);
      return groups.flatMap(({ seats }) => seats.filter(({ state }) => state === 'held').map(({ memberId }) => memberId));
    };
    await expect.poll(async () => (await seated()).length, { timeout: 30_000 }).toBeGreaterThan(2);
    const [first, second, third] = (await seated()).map((member) => calls.find((call) => call.memberId === member)!);
    const pathOf = ({ link }: Call) => new URL(link, shown.url).pathname;
    const [out, lead] = [await open(pathOf(first!)), await open(pathOf(third!))];
    await cadre.post(`/api/v1/alerts/${id}/commanders`, { gridCode: `${village}01`, memberId: third!.memberId });
    await lead.click('.safety button:has-text("我来指挥")');
    await lead.waitForSelector('summary:has-text("叫全体撤离")', { timeout: 30_000 });
    await cadre.post(`/api/v1/alerts/${id}/pairs`, { memberIds: [first!.memberId, second!.memberId], words: '上沟口看水' });
    await out.waitForSelector('.safety.pair');
    await shot(out, 'e-zh-pair');
    expect(await unreadable(out)).toEqual([]);
    await out.context().setOffline(true);
    await out.click('.safety button:has-text("我们平安")');
    await out.waitForSelector('.held.waiting:has-text("平安")');
    await out.context().setOffline(false);
    await out.waitForSelector('.held.waiting', { state: 'detached', timeout: 30_000 });
    await lead.click('summary:has-text("叫全体撤离")');
    await lead.click('.report .send:has-text("撤离")');
    await out.waitForSelector('.safety.withdrawal', { timeout: 30_000 });
    await shot(out, 'f-zh-withdrawal');
    expect(await unreadable(out)).toEqual([]);
    await out.click('.safety.withdrawal button');
    await out.waitForSelector('.safety', { state: 'detached', timeout: 30_000 });
    const { events } = await cadre.get<{ events: { type: string; who: string }[] }>(`/api/v1/alerts/${id}/timeline`);
    const his = events.filter(({ who }) => who === `member:${first!.memberId}`).map(({ type }) => type);
    expect(his.filter((type) => /^pair|^member\.back/.test(type))).toEqual(['pair.checked-in', 'member.back']);
  });

  it('a hazard seen where there is no line is reported when there is one, once, with its number', async () => {
    const { links } = await raise();
    const page = await open(links[0]!);
    await page.click('.report summary');
    await page.context().setOffline(true);
    await page.click('.report .marks button:has-text("落石")');
    await page.fill('.report textarea', '桥头在掉石头');
    await page.setInputFiles('.report input[type=file]', { name: 'bridge.png', mimeType: 'image/png', buffer: await aPhoto(page) });
    await page.waitForSelector('.report .taken');
    await shot(page, 'c-zh-report');
    expect(await unreadable(page)).toEqual([]);
    await page.click('.report .send');
    await page.waitForSelector('.held.waiting:has-text("险情报告：落石")');
    await page.context().setOffline(false);
    await page.waitForSelector('.held.county:has-text("编号")', { timeout: 30_000 });
    const { reports } = await cadre.get<{ reports: { id: string; source: string; text: string; photo: string | null }[] }>('/api/v1/reports');
    const [report, ...more] = reports.filter(({ text }) => text === '桥头在掉石头');
    expect([report, more]).toMatchObject([{ source: 'member', photo: `/api/v1/reports/${report!.id}/photo` }, []]);
  });

  it('a drill is a drill in both languages, and the page without scripts answers as well', async () => {
    const { id, links } = await raise('drill');
    const page = await open(links[0]!);
    await page.waitForSelector('#page .answer.next');
    expect(await page.textContent('.drill')).toContain('演练');
    expect(await page.evaluate('getComputedStyle(document.body).borderTopColor')).toBe('rgb(114, 46, 209)');
    await shot(page, '7-zh-drill');
    await page.click('.language');
    await page.waitForSelector('.drill:has-text("DRILL")');
    await shot(page, '8-en-drill');
    expect(await unreadable(page)).toEqual([]);
    const plain = await open(links[1]!, { scripts: false });
    await shot(plain, '9-plain');
    await plain.click('button.help');
    await plain.waitForSelector('.held.help');
    await plain.click('button.coming');
    await plain.waitForSelector('button.coming.chosen');
    expect((await called(id)).some((call) => call.answer === 'coming' && call.help !== null)).toBe(true);
  });
});
