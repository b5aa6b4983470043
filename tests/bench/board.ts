// The live board in a real browser, with 211 sites and 2,000 members while events stream and nine more consoles are open: how long each frame takes, beside a page
// that does nothing, what the page keeps in memory, and how late the house's own loop comes.
import { chromium, type CDPSession, type Page } from 'playwright-core';
import { Client } from '@laba/host/cli/client';
import { COUNTY, OFFICER, SECOND } from './bench-county.ts';
import { BenchHouse } from './bench-house.ts';
import { allCalls, Rooms } from './board-county.ts';
import { Consoles } from './consoles.ts';
import { perSecond, plain, quantile, type Figure } from './figure.ts';
import type { BenchOptions } from './options.ts';

const SITES = 211;
const MEMBERS = 2_000;
const MORE_CONSOLES = 9;
const IDLE_MS = 5_000;
const SETTLED_MS = 3_000;
const REPORT_EVERY_MS = 30;
const ANSWER_EVERY_MS = 50;
const LAG_GOAL_MS = 50;
const MINUTE_MS = 60_000;
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

/** What the page keeps once everything it may throw away is thrown away, MB. */
async function heapOf(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize / 1_048_576;
}

async function signedInPage(page: Page, url: string): Promise<Watched> {
  await page.goto(`${url}/console/`);
  await page.waitForSelector('input[name=password]');
  const idle = await watched(page, IDLE_MS);
  await page.fill('input[name=username]', OFFICER.username);
  await page.fill('input[name=password]', OFFICER.password);
  await page.click('form button[type=submit]');
  await page.waitForSelector('main section');
  return idle;
}

interface Watch {
  house: BenchHouse;
  consoles: Consoles;
  alertId: string;
  watchMs: number;
  /** Events begin to stream. */
  begin: () => void;
}

async function inBrowser(page: Page, { house, consoles, alertId, watchMs, begin }: Watch): Promise<Figure[]> {
  const devtools = await page.context().newCDPSession(page);
  const idle = await signedInPage(page, house.url);
  await page.evaluate(`location.hash = '#/board/${alertId}'`);
  await page.waitForSelector('.village-card .chip');
  // How the first of it is drawn is another figure.
  const first = await watched(page, SETTLED_MS);
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (request.method() === 'GET' && pathname.startsWith('/api/v1/') && pathname !== '/api/v1/live') consoles.read(pathname + search);
  });
  begin();
  const before = await heapOf(devtools);
  await house.lag();
  const board = await watched(page, watchMs);
  const lag = await house.lag();
  const after = await heapOf(devtools);
  await page.evaluate(`location.hash = '#/board/${alertId}/members/all'`);
  await page.waitForSelector('.panel .virtual li');
  const withList = await watched(page, Math.min(watchMs, MINUTE_MS));
  return [
    ...told('a page that does nothing', idle),
    plain('the board is opened: the longest frame', 'ms', [Math.max(...first.frames)]),
    ...told(`the board, ${SITES} sites and ${MEMBERS} members, while events stream for ${(watchMs / MINUTE_MS).toFixed(1)} min`, board),
    plain('  memory of the page before', 'MB', [before]),
    plain('  and after', 'MB', [after]),
    plain('  the house with ten consoles open: event-loop lag p99', 'ms', [lag.p99], LAG_GOAL_MS),
    plain('  the longest stop of the house', 'ms', [lag.max]),
    ...told('the same with the list of all members open', withList),
  ];
}

async function streamed(house: BenchHouse, rooms: Rooms, watchMs: number): Promise<Figure[]> {
  const client = new Client(house.url);
  await client.signIn(OFFICER.username, OFFICER.password);
  const second = new Client(house.url);
  await second.signIn(SECOND.username, SECOND.password);
  const alertId = await raise(client, second);
  const calls = await allCalls(client, alertId, MEMBERS);
  const consoles = await Consoles.open(house, MORE_CONSOLES);
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  let streaming: ReturnType<typeof stream> | undefined;
  let begunMs = Number.NaN;
  const begin = () => {
    streaming = stream(rooms, client, calls);
    begunMs = performance.now();
  };
  try {
    const context = await browser.newContext({ viewport: { width: 1920, height: 1000 } });
    await context.addInitScript(WATCH_FRAMES);
    const figures = await inBrowser(await context.newPage(), { house, consoles, alertId, watchMs, begin });
    const events = rooms.reports + (streaming?.answers() ?? 0);
    if (consoles.refused > 0) throw new Error(`${consoles.refused} questions of the other consoles were refused`);
    return [
      ...figures,
      plain('  reports and answers meanwhile', '/s', [perSecond(events, performance.now() - begunMs)]),
      plain(`  ${consoles.waits.length} questions of the ${MORE_CONSOLES} other consoles, p99 to the answer`, 'ms', [quantile(consoles.waits, 0.99)]),
    ];
  } finally {
    streaming?.stop();
    consoles.close();
    await browser.close();
  }
}

export async function boardBench({ minutes, profile }: BenchOptions): Promise<Figure[]> {
  const house = await BenchHouse.open(SITES, profile, MEMBERS);
  const rooms = new Rooms(house.gateways);
  try {
    await rooms.connect(house.mqttPort);
    return await streamed(house, rooms, minutes * MINUTE_MS);
  } finally {
    rooms.close();
    await house.close();
  }
}
