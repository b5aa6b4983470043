// The village alone, at the centre: it falls silent and somebody goes; it is heard by telephone; it comes back and tells what happened there.
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { one } from '@laba/storage/database';
import { HouseBelow } from '../harness/house-below.ts';
import { DASUO, NEIGHBOUR, UPPER, VILLAGE, type Username } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

interface Status {
  id: string;
  gridCode: string;
  alertId: string | null;
  counts: Record<string, number | null>;
  expected: { households: number; persons: number };
  saidAt: string;
  writtenBy: string;
  isGrave: boolean;
  isNewest: boolean;
  contact: string | null;
  needReportId: string | null;
  differences: { what: string; said: number; marked: number }[];
  reconciled: { by: string } | null;
  version: number;
}
interface Now {
  sites: { silent: { siteId: string }[] };
  houses: { silent: { gridCode: string; ageMs: number }[] };
  statuses: { overdue: { gridCode: string; ageMs: number }[]; grave: { gridCode: string; missing: number; injured: number }[] };
}
interface Alone {
  spells: { fromMs: number; backMs: number | null; of: { kind: string; name: string }[] }[];
  events: { id: string; type: string; isFromThere: boolean; isClockOff: boolean; happenedAtMs: number }[];
}

const MINUTE_MS = 60_000;

describe('a village from which nothing comes by the line', () => {
  let town: Town;
  let below: HouseBelow | undefined;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(async () => {
    await below?.close();
    below = undefined;
    await town.close();
  });

  const api = async (username: Username = 'duty1') => (await town.officer(username)).api;
  const now = async (username?: Username) => (await api(username)).get<Now>('/api/v1/now');
  async function said(lines: readonly string[], more: object = {}, username?: Username): Promise<Status> {
    const status = await (await api(username)).post<Status>('/api/v1/statuses', { gridCode: DASUO, lines, ...more });
    await town.clock.settle();
    return status;
  }
  const statuses = async (query: string, username?: Username) =>
    (await (await api(username)).get<{ statuses: Status[] }>(`/api/v1/statuses?${query}`)).statuses;
  const refused = async (asked: Promise<unknown>) => {
    const error = (await asked.then(
      () => ({ code: 'taken' }),
      (problem: unknown) => problem,
    )) as { code?: string; problem?: { code: string }; message?: string };
    return error.problem?.code ?? error.code ?? error.message;
  };
  const runs = async () =>
    (await (await api()).get<{ tasks: { kind: string; gridCode: string; alertId: string | null; state: string }[] }>('/api/v1/tasks')).tasks.filter(
      ({ kind }) => kind === 'run-to-village',
    );
  async function frozen(alertId: string): Promise<void> {
    await town.eventually('the list is frozen', async () => (await town.told(alertId, 'rollcall.frozen')).length > 0);
  }
  async function policy(tasks: object): Promise<void> {
    const admin = await api('admin');
    const { version: _version, ...before } = await admin.get<{ version: number; tasks: object }>('/api/v1/policy');
    await admin.put('/api/v1/policy', { ...before, tasks: { ...before.tasks, ...tasks } });
  }

  it('its house is silent: within 90 seconds it is red, and under an alert somebody runs there; back again, it is red no more', async () => {
    below = await new HouseBelow(town, VILLAGE).enrol();
    await below.keepsSpeaking(2);
    expect((await now()).houses.silent).toEqual([]);
    const alert = await (await town.officer('duty1')).orders({ at: [VILLAGE, NEIGHBOUR] });
    await town.clock.pass('90 s');
    const seen = await now();
    expect(seen.houses.silent.map(({ gridCode }) => gridCode)).toEqual([VILLAGE]);
    expect(seen.houses.silent[0]!.ageMs).toBeGreaterThanOrEqual(60_000);
    // All that the house serves is red with it; the neighbour, who hangs on the county's own line, is not.
    expect(seen.sites.silent.map(({ siteId }) => siteId).sort()).toEqual(['site-dasuo', 'site-office', 'site-upper']);
    await town.eventually('three runs', async () => (await runs()).length === 3);
    expect((await runs()).every(({ alertId }) => alertId === alert)).toBe(true);
    await below.speaks();
    await town.clock.pass('20 s');
    expect((await now()).houses.silent).toEqual([]);
    expect((await now()).sites.silent).toEqual([]);
    expect(await town.toldOf('house.silent')).toHaveLength(1);
    expect(await town.toldOf('house.back')).toHaveLength(1);
    expect(await town.toldOf('site.silent')).toEqual([]);
  });

  it('without an alert somebody goes after the time that the county says, and only where nothing was heard meanwhile', async () => {
    await policy({ silentMinutes: 30 });
    await town.site('dasuo-1').loseLine();
    await town.site('upper-1').loseLine();
    await town.clock.pass('100 s');
    expect((await now()).sites.silent).toHaveLength(2);
    await town.clock.pass('20 min');
    expect(await runs()).toEqual([]);
    await town.site('upper-1').powerOff();
    await town.site('upper-1').powerOn();
    await town.eventually('it is back', async () => (await town.toldOf('site.back')).length === 1);
    await town.site('upper-1').loseLine();
    await town.clock.pass('11 min');
    expect((await now()).sites.silent).toHaveLength(2);
    await town.eventually('one run', async () => (await runs()).length > 0);
    expect((await runs()).map(({ gridCode, alertId }) => [gridCode, alertId])).toEqual([[DASUO, null]]);
  });

  it('is heard by satellite phone: beside the proven totals, with its age, marking nobody, until the numbers agree', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [VILLAGE] });
    await frozen(alert);
    const before = await cadre.api.get<{ persons: object }>(`/api/v1/alerts/${alert}/rollcall?totals=true`);
    const status = await said(['阿依 卫星 0258', '转移 0250 响了', '2户 3人 转移3 失联0 受伤0', '路断', '', '0430 13800000000']);
    expect(status).toMatchObject({ alertId: alert, isNewest: true, isGrave: false, writtenBy: '演示值班员甲', contact: 'awaited' });
    expect(status.saidAt).toContain('T02:58:00');
    expect(status.expected).toEqual({ households: 2, persons: 3 });
    expect((await cadre.api.get<{ persons: object }>(`/api/v1/alerts/${alert}/rollcall?totals=true`)).persons).toEqual(before.persons);
    const differs = async () =>
      (await statuses(`alertId=${alert}&newest=true`))[0]!.differences.map(({ what, said: one, marked }) => `${what} ${one} ${marked}`);
    expect(await differs()).toEqual(['households 2 0', 'persons 3 0', 'moved 3 0']);
    await cadre.api.post(`/api/v1/alerts/${alert}/rollcall/households/h-1/mark`, { status: 'moved', means: 'radio', version: 1 });
    expect(await differs()).toEqual(['households 2 1', 'persons 3 1', 'moved 3 1']);
    await cadre.api.post(`/api/v1/alerts/${alert}/rollcall/households/h-2/mark`, { status: 'moved', means: 'radio', version: 2 });
    expect(await differs()).toEqual([]);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('somebody is missing: red on the first screen until it is reconciled; the next word about the place takes its place', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await frozen(alert);
    const status = await said(['阿依', '', '2 2 2 1 0']);
    expect(status.isGrave).toBe(true);
    expect((await now()).statuses.grave).toMatchObject([{ gridCode: DASUO, missing: 1, injured: 0 }]);
    expect((await now('cadre2')).statuses.grave).toEqual([]);
    const settle = async (version: number, username?: Username) => (await api(username)).post<Status>(`/api/v1/statuses/${status.id}/reconcile`, { version });
    expect(await refused(settle(2))).toBe('changed-meanwhile');
    expect(await refused(settle(1, 'cadre2'))).toBe('out-of-scope');
    expect((await settle(1)).reconciled?.by).toBe('演示值班员甲');
    expect(await refused(settle(2))).toBe('already-done');
    expect((await now()).statuses.grave).toEqual([]);
    expect((await town.told(alert, 'status.reconciled')).map(({ data }) => data)).toEqual([{ differences: 4 }]);
    await said(['阿依', '', '2 3 3 0 1']);
    await said(['阿依', '', '2 3 3 0 0']);
    expect((await now()).statuses.grave).toEqual([]);
    expect((await statuses(`grid=${DASUO}`)).map(({ isNewest, differences }) => [isNewest, differences.length > 0])).toEqual([
      [true, true],
      [false, false],
      [false, false],
    ]);
  });

  it('does not call when it said it would: overdue on the first screen and somebody goes, once; the next word ends it', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await said(['阿依 卫星', '', '', '', '', '0330 卫星电话']);
    await town.clock.pass('35 min');
    expect((await now()).statuses.overdue).toEqual([]);
    await town.clock.pass('6 min');
    await town.eventually('it is overdue', async () => (await now()).statuses.overdue.length === 1);
    expect((await now()).statuses.overdue[0]).toMatchObject({ gridCode: DASUO });
    await town.restartHouse();
    await town.clock.pass('10 min');
    expect((await runs()).map(({ gridCode, alertId }) => [gridCode, alertId])).toEqual([[DASUO, alert]]);
    expect(await town.told(alert, 'contact.overdue')).toHaveLength(1);
    await said(['阿依 卫星', '', '2 3 3 0 0', '', '', '0500']);
    expect((await now()).statuses.overdue).toEqual([]);
    expect((await statuses(`grid=${DASUO}`)).map(({ contact }) => contact)).toEqual(['awaited', 'met']);
  });

  it('is back on its line before the time: no call is waited for, nobody runs', async () => {
    await town.site('dasuo-1').loseLine();
    await town.clock.pass('100 s');
    await said(['阿依 卫星', '', '', '', '', '0330']);
    await town.site('dasuo-1').powerOff();
    await town.site('dasuo-1').powerOn();
    await town.eventually('it is back', async () => (await town.toldOf('site.back')).length === 1);
    await town.clock.pass('45 min');
    expect((await now()).statuses.overdue).toEqual([]);
    expect(await runs()).toEqual([]);
    expect(await town.toldOf('contact.met')).toHaveLength(1);
  });

  it('the county may say that nobody runs by himself', async () => {
    await policy({ contactRun: false, contactGraceMinutes: 0 });
    await said(['阿依 卫星', '', '', '', '', '0330']);
    await town.clock.pass('31 min');
    await town.eventually('it is overdue', async () => (await now()).statuses.overdue.length === 1);
    expect(await runs()).toEqual([]);
  });

  it('what they need becomes a report when the officer says so, and so a task that closes', async () => {
    const plain = await said(['阿依', '', '', '', '胰岛素两支']);
    expect(plain.needReportId).toBeNull();
    const status = await said(['阿依', '', '', '', '胰岛素两支，挖机', '0430 13800000000'], { asNeed: true });
    await town.eventually('the task', async () => {
      const { tasks } = await (await api()).get<{ tasks: { kind: string; gridCode: string }[] }>('/api/v1/tasks');
      return tasks.some(({ kind, gridCode }) => kind === 'need' && gridCode === DASUO);
    });
    const report = await (await api()).get<{ text: string; reporter: object }>(`/api/v1/reports/${status.needReportId}`);
    expect(report).toMatchObject({ text: '胰岛素两支，挖机', reporter: { name: '阿依', phone: '13800000000' } });
    expect(await town.toldOf('report.received')).toHaveLength(1);
  });

  it('said of a place before the county knew of its own order, it stands beside that alert all the same', async () => {
    const status = await said(['阿依 0258', '转移 0256 响了', '2 3 3 0 0']);
    expect(status).toMatchObject({ alertId: null, expected: { households: 2, persons: 3 }, differences: [] });
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO] });
    await frozen(alert);
    expect(await statuses(`alertId=${alert}`)).toEqual([]);
    // What the village ordered by itself comes later, with the time at which it did so.
    const raisedAtMs = Date.parse(status.saidAt) - MINUTE_MS;
    const earlier = one((q, t) => q.update(t.alert).set({ raisedAtMs }).where(eq(t.alert.id, alert)).returning({ id: t.alert.id }));
    await town.house.deps.db.atomically([earlier]);
    expect(await statuses(`alertId=${alert}`)).toMatchObject([{ id: status.id, alertId: null }]);
    expect((await statuses(`alertId=${alert}`))[0]!.differences).toHaveLength(3);
  });

  it.each([
    ['nobody is named', { lines: [''] }, 'bad-input'],
    ['more are moved than were counted', { lines: ['阿依', '', '2 3 4'] }, 'bad-input'],
    ['a line says no number', { lines: ['阿依', '', '很多'] }, 'bad-input'],
    ['the next contact has no time', { lines: ['阿依', '', '', '', '', '明早'] }, 'bad-input'],
    ['a need without words', { lines: ['阿依'], asNeed: true }, 'bad-input'],
    ['seven lines', { lines: ['阿依', '', '', '', '', '', '7'] }, 'bad-input'],
    ['no lines', { lines: [] }, 'bad-input'],
    ['a whole township', { gridCode: '533324101', lines: ['阿依'] }, 'bad-input'],
    ['a place that nobody knows', { gridCode: '53332410120199', lines: ['阿依'] }, 'unknown-code'],
    ['more than the list has', { lines: ['阿依', '', '2 7 7 0 0'] }, 'more-than-listed'],
  ])('is refused, and nothing is written: %s', async (_, body, code) => {
    expect(await refused(said([], body))).toBe(code);
    expect(await town.toldOf('status.received')).toEqual([]);
  });

  it('more than the list has is taken when whoever speaks confirms it; another village’s cadre may neither write nor read it', async () => {
    expect((await said(['阿依', '', '2 7 7 0 0'], { confirmed: true })).counts).toMatchObject({ persons: 7 });
    expect(await refused(said(['阿依'], {}, 'cadre2'))).toBe('out-of-scope');
    expect(await statuses('', 'cadre2')).toEqual([]);
    expect(await refused(statuses(`grid=${UPPER}`, 'cadre2'))).toBe('out-of-scope');
  });

  it('comes back and tells what happened there, in its own order, whatever its clock said', async () => {
    below = await new HouseBelow(town, VILLAGE).enrol();
    await below.keepsSpeaking(1);
    // That the house did not hear one of its own boxes did not make the place alone.
    const box = town.site('upper-1').identity.gatewayId;
    const silent = { siteId: 'site-upper', how: 'no-heartbeat', lastSeenMs: town.clock.now() - 30_000 };
    await below.lives('site.silent', { atMs: town.clock.now() - 25_000, at: UPPER, about: box, data: silent });
    await below.speaks();
    const cutMs = town.clock.now();
    const at = (minute: number) => cutMs + minute * MINUTE_MS;
    await town.clock.pass('30 min');
    await said(['阿依 卫星', '转移 响了', '2 3 3 0 0']);
    const lived = [
      await below.lives('alert.raised', { atMs: at(2), at: DASUO, data: { revision: 1, mode: 'live', areaCodes: [DASUO], officers: [] } }),
      await below.lives('speaker.failed', { atMs: at(5), at: UPPER, data: { siteId: 'site-upper', reason: '' } }),
      // The box was started anew and its clock stood before the cut.
      await below.lives('speaker.mended', { atMs: cutMs - 20_000, at: UPPER, data: { siteId: 'site-upper' } }),
      await below.lives('rollcall.completed', { atMs: at(20), at: DASUO }),
      await below.lives('ladder.closed', { atMs: at(45), at: DASUO, data: { reason: 'ended', open: false } }),
    ];
    await town.clock.pass('10 min');
    await below.speaks();
    await town.clock.pass('30 s');
    const { spells, events } = await (await api()).get<Alone>(`/api/v1/alone/${VILLAGE}`);
    expect(spells).toMatchObject([{ fromMs: cutMs, of: [{ kind: 'house' }] }]);
    expect(spells[0]!.backMs).toBeLessThanOrEqual(cutMs + 42 * MINUTE_MS);
    const there = events.filter(({ isFromThere }) => isFromThere);
    expect(there.map(({ id }) => lived.indexOf(id))).toEqual([0, 1, 2, 3]);
    expect(there.map(({ isClockOff }) => isClockOff)).toEqual([false, false, true, false]);
    expect(events.filter(({ isFromThere }) => !isFromThere).map(({ type }) => type)).toEqual(['house.silent', 'status.received', 'house.back']);
    // What came by telephone stands between what they did there, by time.
    expect(events.map(({ type }) => type).indexOf('status.received')).toBeGreaterThan(events.map(({ type }) => type).indexOf('rollcall.completed'));
    expect((await (await api()).get<Alone>(`/api/v1/alone/${UPPER}`)).events.some(({ type }) => type === 'alert.raised')).toBe(false);
    expect(await refused((await api('cadre2')).get(`/api/v1/alone/${VILLAGE}`))).toBe('out-of-scope');
    expect(await refused((await api()).get(`/api/v1/alone/${VILLAGE}?from=5`))).toBe('not-found');
    const { alone } = await (await api('cadre2')).get<{ alone: unknown[] }>('/api/v1/alone');
    expect(alone).toEqual([]);
  });

  it('a box that only plays comes back: what its journal kept stands at its own time', async () => {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO], intervalSeconds: 60 });
    await town.speaker('dasuo-1').hears('泥石流');
    const site = town.site('dasuo-1');
    await site.loseLine();
    await town.clock.pass('5 min');
    await site.powerOff();
    await site.powerOn();
    await town.eventually('it is back', async () => (await town.toldOf('site.back')).length === 1);
    await town.clock.pass('1 min');
    const { spells, events } = await (await api()).get<Alone>(`/api/v1/alone/${DASUO}`);
    expect(spells).toHaveLength(1);
    const played = events.filter(({ type, isFromThere }) => type === 'delivery.played' && isFromThere);
    expect(new Set(played.map(({ happenedAtMs }) => happenedAtMs)).size).toBeGreaterThan(2);
    for (const { happenedAtMs } of played) {
      expect(happenedAtMs).toBeGreaterThanOrEqual(spells[0]!.fromMs);
      expect(happenedAtMs).toBeLessThanOrEqual(spells[0]!.backMs!);
    }
    const { alone } = await (await api()).get<{ alone: { code: string }[] }>(`/api/v1/alone?alertId=${alert}`);
    expect(alone.map(({ code }) => code)).toEqual([DASUO]);
  });
});
