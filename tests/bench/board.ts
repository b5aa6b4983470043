// The live board in a real browser, with 211 sites and 2,000 members while events stream: how long each frame takes, beside a page that does nothing.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { makeIds } from '@laba/domain/ids';
import { Client } from '@laba/host/cli/client';
import { compose, type House } from '@laba/host/compose';
import { createOfficer } from '@laba/registry/create-officer';
import { systemClock } from '@laba/runtime/clock';
import { configSchema } from '@laba/runtime/config';
import { silentLog } from '@laba/runtime/log';
import { COUNTY, OFFICER, writeCounty } from './bench-county.ts';
import { allCalls, Rooms, writeGroupMembers } from './board-county.ts';
import { perSecond, plain, quantile, type Figure } from './figure.ts';

const SECOND = { username: 'duty2', password: 'a second password for the bench only' } as const;
const SITES = 211;
const MEMBERS = 2_000;
const WATCHED_MS = 20_000;
const SETTLED_MS = 3_000;
const REPORT_EVERY_MS = 30;
const ANSWER_EVERY_MS = 50;
const TEXTS = [{ language: 'zh-CN', title: '立即转移', text: '泥石流来了，立即往两边山坡高处转移。' }];
const ANSWERS = ['coming', 'on-the-way', 'arrived', 'cannot'] as const;

const WATCH_FRAMES = `(() => {
  window.frames = []; window.tasks = [];
  let last;
  const step = (atMs) => { if (last !== undefined) window.frames.push(atMs - last); last = atMs; requestAnimationFrame(step); };
  requestAnimationFrame(step);
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask' });
})()`;

interface Watched {
  frames: number[];
  /** Tasks of the page's own thread above 50 ms. */
  tasks: number[];
}

async function watched(page: Page, ms: number): Promise<Watched> {
  await page.evaluate('window.frames.length = 0; window.tasks.length = 0');
  await new Promise((resolve) => setTimeout(resolve, ms));
  return page.evaluate<Watched>('({ frames: window.frames, tasks: window.tasks })');
}

function told(what: string, { frames, tasks }: Watched): Figure[] {
  return [
    plain(`${what}: a frame, median`, 'ms', [quantile(frames, 0.5)]),
    plain(`  p99 of ${frames.length} frames`, 'ms', [quantile(frames, 0.99)]),
    plain('  the longest', 'ms', [Math.max(...frames)]),
    plain(`  tasks above 50 ms: ${tasks.length}, in all`, 'ms', [tasks.reduce((sum, one) => sum + one, 0)]),
  ];
}

/** For a whole county a second officer agrees. */
async function raise(client: Client, second: Client): Promise<string> {
  const { id } = await client.post<{ id: string }>('/api/v1/alerts', {
    ...{ mode: 'live', kind: 'order', order: 'move-now', areaCodes: [COUNTY], eventCode: '11D00', durationMinutes: 120 },
    ...{ texts: TEXTS, endTexts: TEXTS, cancelTexts: TEXTS },
  });
  await second.post(`/api/v1/alerts/${id}/approve`, { means: 'screen' });
  await client.post(`/api/v1/alerts/${id}/raise`, {});
  return id;
}

/** Speakers report and members answer as long as it runs. */
function stream(rooms: Rooms, client: Client, calls: readonly string[]): { stop: () => void; answers: () => number } {
  let answered = 0;
  const reports = setInterval(() => rooms.report(), REPORT_EVERY_MS);
  const answers = setInterval(() => {
    const call = calls[answered % calls.length]!;
    const answer = ANSWERS[Math.floor(answered / calls.length + answered) % ANSWERS.length];
    answered += 1;
    void client.post(`/api/v1/calls/${call}/answer-for`, { answer, means: 'telephone' }).catch(() => undefined);
  }, ANSWER_EVERY_MS);
  return {
    answers: () => answered,
    stop: () => {
      clearInterval(reports);
      clearInterval(answers);
    },
  };
}

async function inBrowser(url: string, alertId: string, begin: () => void): Promise<Figure[]> {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  try {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1000 } });
    await context.addInitScript(WATCH_FRAMES);
    const page = await context.newPage();
    await page.goto(`${url}/console/`);
    await page.waitForSelector('input[name=password]');
    const idle = await watched(page, WATCHED_MS / 4);
    await page.fill('input[name=username]', OFFICER.username);
    await page.fill('input[name=password]', OFFICER.password);
    await page.click('form button[type=submit]');
    await page.waitForSelector('main section');
    await page.evaluate(`location.hash = '#/board/${alertId}'`);
    await page.waitForSelector('.village-card .chip');
    // How the first of it is drawn is another figure.
    const first = await watched(page, SETTLED_MS);
    begin();
    const board = await watched(page, WATCHED_MS);
    await page.evaluate(`location.hash = '#/board/${alertId}/members/all'`);
    await page.waitForSelector('.panel .virtual li');
    const withList = await watched(page, WATCHED_MS);
    return [
      ...told('a page that does nothing', idle),
      plain('the board is opened: the longest frame', 'ms', [Math.max(...first.frames)]),
      ...told(`the board, ${SITES} sites and ${MEMBERS} members, while events stream`, board),
      ...told('the same with the list of all members open', withList),
    ];
  } finally {
    await browser.close();
  }
}

export async function boardBench(): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'laba-bench-board-'));
  const ids = makeIds(() => Date.now(), randomBytes);
  const config = configSchema.parse({ port: 0, mqttPort: 0, dataDir: dir, county: COUNTY, logLevel: 'silent' });
  const house: House = await compose(config, { clock: systemClock, ids, log: silentLog });
  const gateways = await writeCounty(house.deps, SITES);
  await writeGroupMembers(house.deps, gateways, MEMBERS);
  await createOfficer(house.deps, { ...SECOND, name: '演示值班员乙', role: 'county-officer', scopes: [COUNTY] }, { who: 'system', via: 'cli', once: [] });
  await house.start();
  const rooms = new Rooms(gateways);
  try {
    await rooms.connect(house.broker.port);
    const client = new Client(house.url());
    await client.signIn(OFFICER.username, OFFICER.password);
    const second = new Client(house.url());
    await second.signIn(SECOND.username, SECOND.password);
    const alertId = await raise(client, second);
    const calls = await allCalls(client, alertId, MEMBERS);
    let streaming: ReturnType<typeof stream> | undefined;
    let begunMs = Number.NaN;
    const figures = await inBrowser(house.url(), alertId, () => {
      streaming = stream(rooms, client, calls);
      begunMs = performance.now();
    });
    streaming?.stop();
    const events = rooms.reports + (streaming?.answers() ?? 0);
    return [...figures, plain('  reports and answers meanwhile', '/s', [perSecond(events, performance.now() - begunMs)])];
  } finally {
    rooms.close();
    await house.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}
