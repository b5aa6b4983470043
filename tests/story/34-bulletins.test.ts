// Peacetime: routine broadcasts on the same path as a live alert, below everything else.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BulletinForecast, BulletinListView, BulletinTimeDetail, BulletinTimesView, BulletinView } from '@laba/domain/bulletin-view';
import { Client } from '@laba/host/cli/client';
import { any } from '@laba/storage/database';
import { MOVE_NOW } from '../harness/officer.ts';
import { COUNTY, DASUO, NEIGHBOUR, TOWNSHIP, VILLAGE, type Username } from '../harness/small-county.ts';
import { openTown, PASSWORD, type Town } from '../harness/town.ts';

// The day of these stories is 30 June 2026, 15:00 in the county.
const TODAY = '2026-06-30';
const WORDS = '今天下午收医保，请带身份证到活动室。';
const POLES = ['dasuo-1', 'upper-1', 'across-1', 'office-1'] as const;

interface Given {
  title?: string;
  says?: string;
  at?: string[];
  hours?: string[];
  repeat?: 'once' | 'daily' | 'weekly';
  weekdays?: number[];
  from?: string;
  to?: string | null;
}

function asked({ title = '医保通知', says = WORDS, at = [COUNTY], hours = ['15:40'], repeat = 'once', weekdays = [], from = TODAY, to = null }: Given = {}) {
  return { title, texts: [{ language: 'zh-CN', text: says }], areaCodes: at, times: { repeat, at: hours, weekdays, from, to }, volume: 60 };
}

const BULLETINS = '/api/v1/bulletins';

describe('bulletins', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown('day');
  });
  afterEach(() => town.close());

  const api = async (name: Username) => (await town.officer(name)).api;
  const makes = async (name: Username, given?: Given) => {
    const made = await (await api(name)).post<BulletinView>(BULLETINS, asked(given));
    await town.clock.settle();
    return made;
  };
  /** One who has seen this version of the bulletin. */
  const having = async (name: Username, version: number) => {
    const client = new Client(town.house.url(), (url, init) =>
      fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), 'if-match': `"${version}"` } }),
    );
    await client.signIn(name, PASSWORD);
    return client;
  };
  const today = async (name: Username = 'duty1') => (await (await api(name)).get<BulletinTimesView>(`/api/v1/bulletin-times?from=${TODAY}&days=1`)).times;
  const detail = async (id: string, name: Username = 'duty1') => (await api(name)).get<BulletinTimeDetail>(`/api/v1/bulletin-times/${id}`);
  const heard = (pole: (typeof POLES)[number]) => town.site(pole).pole.heard;
  const startsAt = (pole: (typeof POLES)[number]) => heard(pole).map(({ startedAtMs }) => new Date(startedAtMs + 8 * 3_600_000).toISOString().slice(11, 16));

  it('one sounds at its minute on every loudspeaker of its area, says first what it is, and is counted', async () => {
    await makes('duty1', { at: [VILLAGE] });
    expect(await today()).toMatchObject([{ id: null, state: 'ahead', startTime: `${TODAY}T15:40:00+08:00` }]);
    await town.clock.pass('39 min');
    for (const pole of POLES) expect(heard(pole)).toEqual([]);
    await town.clock.pass('2 min');
    const [first] = await town.speaker('dasuo-1').hears(`日常广播。${WORDS}`);
    expect(first).toMatchObject({ repeat: 1, hasSiren: false });
    expect(startsAt('upper-1')).toEqual(['15:40']);
    expect(heard('across-1')).toEqual([]);
    await town.clock.pass('1 h');
    const [time] = await today();
    expect(time).toMatchObject({ state: 'over', counts: { speakers: 3, played: 3, resumed: 0, failed: 0, refused: 0, unheard: 0 } });
    expect(await town.toldOf('bulletin.time-over')).toMatchObject([{ data: { played: 3, speakers: 3 } }]);
    // One event for each change of each delivery.
    for (const type of ['delivery.received', 'delivery.playing', 'delivery.played'] as const) expect(await town.toldOf(type)).toHaveLength(3);
    await town.nothingElseWasSent();
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('an order goes before it at once; it begins again when that is over, and the officer sees by what and how often', async () => {
    await makes('duty1');
    await town.clock.pass('40 min');
    await town.clock.pass('4 s');
    await town.speaker('across-1').hears(WORDS);
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await town.speaker('dasuo-1').hears(MOVE_NOW);
    await town.clock.pass('5 min');
    expect(heard('dasuo-1').filter(({ purpose }) => purpose === 'bulletin')).toMatchObject([{ outcome: 'stopped' }]);
    const [now] = await today();
    expect(now!.counts).toMatchObject({ speakers: 4, played: 3, preempted: 1 });
    expect((await detail(now!.id!)).speakers[0]).toMatchObject({
      speakerId: 'dasuo-1',
      state: 'stopped',
      reason: 'pre-empted',
      preemptedBy: [{ mode: 'live' }],
    });
    await (await town.officer('cadre1')).ends(alert);
    await town.clock.pass('3 min');
    expect(heard('dasuo-1').filter(({ purpose }) => purpose === 'bulletin')).toMatchObject([
      { repeat: 1, outcome: 'stopped' },
      { repeat: 2, outcome: 'played' },
    ]);
    await town.clock.pass('1 h');
    expect((await today())[0]).toMatchObject({ state: 'over', counts: { played: 4, resumed: 1, preempted: 0, missed: 0 } });
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('what is kept silent for longer than its slot is dropped and named', async () => {
    await makes('duty1');
    await (await town.officer('cadre1')).orders({ at: [DASUO], minutes: 180 });
    await town.clock.pass('2 h');
    expect(heard('dasuo-1').filter(({ purpose }) => purpose === 'bulletin')).toEqual([]);
    const [time] = await today();
    expect(time).toMatchObject({ state: 'over', counts: { speakers: 4, played: 3, missed: 1 } });
    expect((await detail(time!.id!)).speakers[0]).toMatchObject({ speakerId: 'dasuo-1', state: 'stopped', reason: 'expired', preemptedBy: [{ mode: 'live' }] });
  });

  it('a house that dies and comes back plans no time twice, and boxes that were told play without it', async () => {
    await makes('duty1', { repeat: 'daily', hours: ['15:40', '16:40'] });
    await town.clock.pass('15 min');
    await town.restartHouse();
    await town.clock.pass('20 min');
    await town.restartHouse();
    await town.clock.pass('10 min');
    for (const pole of POLES) expect(startsAt(pole)).toEqual(['15:40']);
    await town.clock.pass('30 min');
    await town.house.stop();
    await town.clock.pass('30 min');
    for (const pole of POLES) expect(startsAt(pole)).toEqual(['15:40', '16:40']);
    await town.startHouse(town.brokerPort);
    await town.clock.pass('1 h');
    for (const pole of POLES) expect(startsAt(pole)).toEqual(['15:40', '16:40']);
    expect((await town.toldOf('bulletin.time-planned')).map(({ data }) => data['startTime'])).toEqual([`${TODAY}T15:40:00+08:00`, `${TODAY}T16:40:00+08:00`]);
  });

  it('a time that passed while the house was away is dropped, not played late, and named', async () => {
    await makes('duty1', { hours: ['17:00'] });
    const port = town.brokerPort;
    await town.house.stop();
    await town.clock.pass('3 h');
    await town.startHouse(port);
    await town.clock.pass('1 h');
    for (const pole of POLES) expect(heard(pole)).toEqual([]);
    expect(await town.toldOf('bulletin.time-dropped')).toMatchObject([{ data: { reason: 'late', startTime: `${TODAY}T17:00:00+08:00` } }]);
  });

  it('a village whose line is cut after it was told plays; one that is cut before is silent, and the county says that it never heard', async () => {
    await town.site('across-1').loseLine();
    await makes('duty1');
    await town.clock.pass('20 min');
    await town.site('dasuo-1').loseLine();
    await town.clock.pass('25 min');
    expect(startsAt('dasuo-1')).toEqual(['15:40']);
    expect(heard('across-1')).toEqual([]);
    await town.clock.pass('1 h');
    const [time] = await today();
    expect(time!.counts).toMatchObject({ speakers: 4, played: 2, unheard: 2 });
    const reasons = Object.fromEntries((await detail(time!.id!)).speakers.map(({ speakerId, reason }) => [speakerId, reason]));
    expect(reasons).toMatchObject({ 'across-1': 'never-received', 'dasuo-1': 'no-word' });
  });

  it('one that is stopped falls silent and sounds no more; one time of it alone can be taken back', async () => {
    const made = await makes('duty1', { repeat: 'daily', hours: ['15:40', '16:10', '16:30'] });
    await town.clock.pass('20 min');
    const second = (await today()).find(({ startTime }) => startTime.includes('16:10'));
    expect(second!.id).toBeNull();
    await town.clock.pass('25 min');
    const put = (await today()).find(({ startTime }) => startTime.includes('16:10'))!;
    await (await api('duty2')).post(`/api/v1/bulletin-times/${put.id}/cancel`);
    await town.clock.pass('30 min');
    expect(startsAt('dasuo-1')).toEqual(['15:40']);
    await town.clock.pass('15 min');
    await town.clock.pass('3 s');
    expect(heard('dasuo-1').at(-1)).toMatchObject({ outcome: 'playing' });
    await (await having('duty1', made.version)).post(`${BULLETINS}/${made.id}/stop`);
    await town.clock.settle();
    await town.speaker('dasuo-1').falls('silent');
    expect(heard('dasuo-1').at(-1)).toMatchObject({ outcome: 'stopped' });
    await town.clock.pass('30 min');
    expect(startsAt('dasuo-1')).toEqual(['15:40', '16:30']);
    expect(await town.toldOf('bulletin.time-cancelled')).toHaveLength(2);
    await expect((await having('duty1', made.version + 1)).post(`${BULLETINS}/${made.id}/stop`)).rejects.toMatchObject({ code: 'transition-refused' });
  });

  it('a change takes back what has not begun: no time is heard twice, and the words are the new ones', async () => {
    const made = await makes('duty1');
    await town.clock.pass('20 min');
    const stale = await having('duty2', made.version + 5);
    await expect(stale.put(`${BULLETINS}/${made.id}`, asked())).rejects.toMatchObject({ code: 'changed-meanwhile' });
    await (await having('duty2', made.version)).put(`${BULLETINS}/${made.id}`, asked({ says: '收医保改到明天。' }));
    await town.clock.pass('30 min');
    for (const pole of POLES) {
      expect(heard(pole).map(({ words }) => words)).toEqual(['日常广播。收医保改到明天。']);
    }
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('above the number of loudspeakers of a role a second officer agrees first', async () => {
    await setMost(1);
    const made = await makes('town1', { at: [TOWNSHIP] });
    expect(made).toMatchObject({ state: 'waiting', speakers: 4, mayApprove: false });
    await town.clock.pass('20 min');
    const own = await having('town1', made.version);
    await expect(own.post(`${BULLETINS}/${made.id}/approve`)).rejects.toMatchObject({ code: 'same-officer' });
    const cadre = await having('cadre1', made.version);
    await expect(cadre.post(`${BULLETINS}/${made.id}/approve`)).rejects.toMatchObject({ code: 'out-of-scope' });
    await (await having('duty1', made.version)).post(`${BULLETINS}/${made.id}/approve`);
    await town.clock.pass('25 min');
    for (const pole of POLES) expect(startsAt(pole)).toEqual(['15:40']);
  });

  it('one that nobody agreed to is silent, and is not called planned', async () => {
    await setMost(1);
    await makes('town1', { at: [TOWNSHIP] });
    expect(await today()).toMatchObject([{ state: 'waiting' }]);
    await town.clock.pass('1 h');
    for (const pole of POLES) expect(heard(pole)).toEqual([]);
  });

  async function setMost(speakers: number) {
    const admin = await api('admin');
    const policy = await admin.get<{ bulletins: { mostSpeakers: Record<string, number> } }>('/api/v1/policy');
    policy.bulletins.mostSpeakers['township-officer'] = speakers;
    await admin.put('/api/v1/policy', policy);
  }

  it('what is wrong with it is said in words, and nothing is planned', async () => {
    const wrong: [Username, Given, string, RegExp][] = [
      ['duty1', { hours: ['22:00'] }, 'bad-time', /22:00: from 21:30 to 07:00/],
      ['duty1', { hours: ['21:29'], says: '通'.repeat(300) }, 'bad-time', /it is over before 21:30/],
      ['duty1', { says: '通'.repeat(599) }, 'bad-text', /characters/],
      ['duty1', { says: '，。' }, 'bad-text', /cannot be spoken/],
      ['duty1', { repeat: 'weekly', weekdays: [] }, 'bad-time', /days of the week/],
      ['duty1', { from: '2026-06-01' }, 'bad-time', /have passed/],
      ['duty1', { repeat: 'daily', to: '2026-06-29' }, 'bad-time', /before the first/],
      ['duty1', { at: [] }, 'empty-area', /everywhere/],
      ['cadre1', { at: [NEIGHBOUR] }, 'out-of-scope', /533324101202/],
      ['duty1', { at: ['533324999'] }, 'unknown-code', /533324999/],
    ];
    for (const [who, given, code, words] of wrong)
      await expect(makes(who, given), JSON.stringify(given)).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
    // Before it is made the same is said, for a screen in two languages.
    const ask = async ({ areaCodes, title, texts, times }: ReturnType<typeof asked>) =>
      (await (await api('duty1')).post<BulletinForecast>(`${BULLETINS}/forecast`, { areaCodes, title, texts, times })).wrong;
    expect(await ask(asked({ hours: ['22:00'] }))).toEqual({ wrong: 'quiet-hours', figures: { at: '22:00', from: '21:30', to: '07:00' } });
    expect(await ask(asked({ says: '，。' }))).toMatchObject({ wrong: 'words-empty' });
    expect(await ask(asked({ from: '2026-06-01' }))).toMatchObject({ wrong: 'passed' });
    expect(await ask(asked())).toBeNull();
    expect((await (await api('duty1')).get<BulletinListView>(BULLETINS)).bulletins).toEqual([]);
  });

  it('each officer sees the numbers of his own ground, and no bulletin of another', async () => {
    await makes('duty1');
    await makes('cadre2', { title: '邻村', at: [NEIGHBOUR], hours: ['16:00'] });
    await town.clock.pass('41 min');
    const seen = (await (await api('cadre1')).get<BulletinListView>(BULLETINS)).bulletins;
    expect(seen.map(({ title, mayManage }) => [title, mayManage])).toEqual([['医保通知', false]]);
    const [time] = await today('cadre1');
    expect(time!.counts).toMatchObject({ speakers: 3, played: 3 });
    expect((await detail(time!.id!, 'cadre1')).speakers.map(({ speakerId }) => speakerId).sort()).toEqual(['dasuo-1', 'office-1', 'upper-1']);
  });

  it('a gateway from before bulletins is told nothing, is silent, and is named', async () => {
    const { db } = town.house.deps;
    const before = await db.read((q, t) => q.select().from(t.gatewayStatus));
    const old = before.find(({ gridCode }) => gridCode === DASUO)!;
    const { can: _, ...state } = old.state!;
    await town.site('dasuo-1').loseLine();
    await db.atomically([
      any((q, t) => q.update(t.gatewayStatus).set({ state }).where(eq(t.gatewayStatus.gatewayId, old.gatewayId)).returning({ id: t.gatewayStatus.gatewayId })),
    ]);
    const told = await town.listenTo(`laba/v1/${COUNTY}/gateway/${old.gatewayId}/cmd`);
    await makes('duty1', { hours: ['15:31'] });
    expect(await (await api('duty1')).get<BulletinListView>(BULLETINS)).toMatchObject({
      oldGateways: [old.gatewayId],
      oldSites: [{ gatewayId: old.gatewayId }],
    });
    const foreseen = await (await api('duty1')).post<BulletinForecast>(`${BULLETINS}/forecast`, { areaCodes: [COUNTY] });
    expect(foreseen).toMatchObject({ speakers: 4, ready: 3, cannotCount: 1, cannot: [{ speakerId: 'dasuo-1', lack: 'old-gateway' }], wrong: null });
    await town.clock.pass('40 min');
    const [time] = await today();
    expect(time!.counts).toMatchObject({ speakers: 4, played: 3, failed: 1 });
    expect((await detail(time!.id!)).speakers[0]).toMatchObject({ speakerId: 'dasuo-1', state: 'failed', reason: 'old-gateway' });
    expect(told).toEqual([]);
  });
});
