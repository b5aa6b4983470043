// Peacetime: hazard points and households come in as lists, monitors tell their rounds by their own page, and a missed one is seen within a minute.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NowView } from '@laba/domain/now-view';
import type { Policy } from '@laba/domain/policy';
import type { PeaceView, RoundContact, RoundRow, RoundsView } from '@laba/domain/round-view';
import { ACROSS, DASUO, VILLAGE, type Username } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';
import { VillageHouse } from '../harness/village-house.ts';

const POINTS = `point_id,grid_code,name,hazard,patrol_name,phone,patrol_member_id
hp-1,${DASUO},打所后山,debris-flow,,,m-chun
hp-2,${ACROSS},对岸陡坡,landslide,演示监测员,+8610000000031,
`;

describe('rounds', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
    await imports(POINTS);
    // The town's night begins at 3: one round by 3:30, one by 4.
    await patrolsBy('03:30', '04:00', '20:00');
  });
  afterEach(() => town.close());

  const api = async (username: Username = 'duty1') => (await town.officer(username)).api;
  const settled = async <T>(asked: Promise<T>): Promise<T> => {
    const answer = await asked;
    await town.clock.settle();
    return answer;
  };
  async function imports(csv: string): Promise<void> {
    await settled((await api('admin')).upload('/api/v1/imports/hazard-points', 'text/csv', Buffer.from(csv)));
  }
  async function patrolsBy(...by: string[]): Promise<void> {
    const policy = await (await api('admin')).get<Policy>('/api/v1/policy');
    const rounds = { ...policy.rounds, patrol: { ...policy.rounds.patrol, by } };
    await settled((await api('admin')).put('/api/v1/policy', { ...policy, rounds }));
  }
  const list = async (kind: string, username?: Username) => (await (await api(username)).get<RoundsView>(`/api/v1/rounds/list?kind=${kind}`)).rounds;
  const rowOf = async (id: string, kind = 'patrol') => (await list(kind)).find(({ subjectId }) => subjectId === id)!;
  const peace = async () => (await api()).get<PeaceView>('/api/v1/rounds');
  const missedNow = async (username?: Username) =>
    (await (await api(username)).get<NowView>('/api/v1/now')).rounds.map(({ gridName, kind, missed }) => `${gridName} ${kind} ${missed}`).sort();
  const contact = async (planId: string) => (await api()).get<RoundContact>(`/api/v1/rounds/${planId}/contact`);
  const told = async (row: RoundRow, body: object) => settled((await api()).post(`/api/v1/rounds/${row.planId}/done`, { means: 'telephone', ...body }));

  /** What a phone without JavaScript does: it opens the page and sends its form. */
  async function tellsByPage(row: RoundRow, result: string, words = ''): Promise<string> {
    const { link } = await contact(row.planId);
    const page = await (await fetch(`${town.house.url()}${link}`)).text();
    const [, form] = new RegExp(`value="${row.planId}"><input type="hidden" name="form" value="([^"]+)"`).exec(page) ?? [];
    const fields = new URLSearchParams({ plan: row.planId, form: form!, result, words });
    const answer = await settled(fetch(`${town.house.url()}${link}`, { method: 'POST', body: fields, redirect: 'manual' }));
    expect(answer.status).toBe(303);
    return (await fetch(`${town.house.url()}${link}`)).text();
  }

  it('a missed patrol stands on the first screen within a minute, by its village, until somebody was there', async () => {
    await town.clock.pass('50 min');
    await tellsByPage(await rowOf('hp-2'), 'calm');
    expect(await missedNow()).toEqual([]);
    await town.clock.pass('10 min');
    await town.clock.pass('59 s');
    expect(await missedNow()).toEqual(['芒孜村委会 patrol 1']);
    expect(await missedNow('cadre2')).toEqual([]);
    expect((await peace()).total.patrol).toMatchObject({ kept: 1, missed: 1 });
    expect(await tellsByPage(await rowOf('hp-1'), 'calm')).toContain('一切正常');
    expect(await missedNow()).toEqual([]);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('what a monitor saw and what a household needs become reports; the need becomes a task', async () => {
    await tellsByPage(await rowOf('hp-1'), 'wrong', '沟里的水变浑了');
    await tellsByPage(await rowOf('h-1', 'visit'), 'need', '没有药了');
    await town.clock.pass('10 s');
    const { reports } = await (
      await api()
    ).get<{ reports: { id: string; hazard: string; source: string; text: string; gridCode: string }[] }>('/api/v1/reports');
    expect(reports.map(({ hazard, source, text, gridCode }) => [hazard, source, text, gridCode]).sort()).toEqual([
      ['debris-flow', 'patrol', '打所后山：沟里的水变浑了', DASUO],
      ['need', 'member', '打所01：没有药了', DASUO],
    ]);
    expect((await rowOf('hp-1')).last?.reportId).toBe(reports.find(({ source }) => source === 'patrol')!.id);
    const { tasks } = await (await api()).get<{ tasks: { kind: string; source: string }[] }>('/api/v1/tasks');
    expect(tasks.map(({ kind, source }) => `${kind} ${source}`)).toEqual(['need report']);
  });

  it('an alert asks for more of its own ground, and no more when it is over', async () => {
    const soon = async (id: string) => Math.round(((await rowOf(id)).dueAtMs! - town.clock.now()) / 60_000);
    await town.clock.pass('61 min');
    expect([await soon('hp-1'), await soon('hp-2')]).toEqual([959, 959]);
    const officer = await town.officer('duty1');
    const alert = await officer.orders({ at: [DASUO], intervalSeconds: 600 });
    expect([await soon('hp-1'), await soon('hp-2')]).toEqual([59, 959]);
    await officer.ends(alert);
    await town.clock.settle();
    expect(await soon('hp-1')).toBe(959);
  });

  it('a house that was down over a deadline finds what was missed meanwhile, once', async () => {
    await town.clock.pass('55 min');
    await town.house.stop();
    town.clock.set(town.clock.now() + 30 * 60_000);
    await town.startHouse(0);
    await town.clock.pass('10 s');
    expect((await town.toldOf('round.missed')).map(({ subjectId }) => subjectId).sort()).toEqual(['hp-1', 'hp-2']);
    await town.clock.pass('5 min');
    expect(await town.toldOf('round.missed')).toHaveLength(2);
  });

  it('the village checks its room, the township looks at it, and what is missing is a task with a deadline', async () => {
    const row = (await list('room', 'cadre1')).find(({ subjectId }) => subjectId === 'site-dasuo')!;
    await settled((await api('cadre1')).post(`/api/v1/rounds/${row.planId}/done`, { result: 'lacking', means: 'on-site', lacking: ['rescue-kit'] }));
    const checked = (await list('room', 'town1')).find(({ subjectId }) => subjectId === 'site-dasuo')!;
    await settled((await api('town1')).post(`/api/v1/rounds/${row.planId}/confirm`, { checkId: checked.room!.checkId, lacking: ['rescue-kit'] }));
    const { tasks } = await (await api()).get<{ tasks: { kind: string; title: { zh: string }; dueAtMs: number }[] }>('/api/v1/tasks');
    expect(tasks).toMatchObject([{ kind: 'room-lacks', title: { zh: '活动室补齐缺项：有应急物资和急救箱' } }]);
  });

  it('an officer writes down by telephone what was done before the deadline, and the miss is made good', async () => {
    await town.clock.pass('62 min');
    expect(await missedNow()).toHaveLength(2);
    await told(await rowOf('hp-1'), { result: 'calm', doneAtMs: town.clock.now() - 10 * 60_000 });
    expect(await missedNow()).toEqual(['茨开村委会 patrol 1']);
  });
});

describe('rounds in a village that is cut off', () => {
  let town: Town;
  let village: VillageHouse;
  let dir: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'laba-rounds-'));
    town = await openTown();
  });
  afterEach(async () => {
    await village.close();
    await town.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('go on at its own house, and both houses hold one truth when the line is back', async () => {
    await (await town.officer('admin')).api.upload('/api/v1/imports/hazard-points', 'text/csv', Buffer.from(POINTS));
    village = await new VillageHouse(town, dir).open();
    await village.agree();
    await town.clock.pass('5 s');
    const cadre = (await village.officer('cadre1', [VILLAGE])).api;
    const points = async () => (await cadre.get<RoundsView>('/api/v1/rounds/list?kind=patrol')).rounds;
    expect((await points()).map(({ subjectId }) => subjectId)).toEqual(['hp-1']);
    village.cut();
    await town.clock.pass('2 min');
    const [row] = await points();
    await cadre.post(`/api/v1/rounds/${row!.planId}/done`, { result: 'wrong', means: 'on-site', words: '裂缝变宽' });
    await town.clock.pass('10 s');
    const atCounty = async () =>
      (await (await town.officer('duty1')).api.get<RoundsView>('/api/v1/rounds/list?kind=patrol')).rounds.find(({ subjectId }) => subjectId === 'hp-1')!;
    expect((await atCounty()).last).toBeNull();
    await village.heal();
    expect((await atCounty()).last).toMatchObject({ result: 'wrong', means: 'on-site' });
    const { reports } = await (await town.officer('duty1')).api.get<{ reports: { text: string }[] }>('/api/v1/reports');
    expect(reports.map(({ text }) => text)).toEqual(['打所后山：裂缝变宽']);
    expect(await village.differences()).toEqual([]);
  });

  it('that both houses find missed stand once in the timeline of each, word for word the same', async () => {
    const { api } = await town.officer('admin');
    await api.upload('/api/v1/imports/hazard-points', 'text/csv', Buffer.from(POINTS));
    const policy = await api.get<Policy>('/api/v1/policy');
    await api.put('/api/v1/policy', { ...policy, rounds: { ...policy.rounds, patrol: { ...policy.rounds.patrol, by: ['03:30', '04:00', '20:00'] } } });
    village = await new VillageHouse(town, dir).open();
    await village.agree();
    await town.clock.pass('62 min');
    await village.agree();
    const missedAt = async (deps: Town['house']['deps']) =>
      (await deps.db.read((q, t) => q.select().from(t.event))).filter(({ type, subjectId }) => type === 'round.missed' && subjectId === 'hp-1');
    const [county, below] = [await missedAt(town.house.deps), await missedAt(village.house.deps)];
    expect([county.length, below.length]).toEqual([1, 1]);
    expect({ ...below[0], seq: 0 }).toEqual({ ...county[0], seq: 0 });
    expect(await village.house.deps.db.read((q, t) => q.select().from(t.roundMissed))).toHaveLength(1);
    expect(await village.differences()).toEqual([]);
  });
});
