// Chapter 6, reporting upward: first, follow-up and final report from the board's own figures, signed, unchangeable, missed when late.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACROSS, DASUO, NEIGHBOUR, VILLAGE, type Username } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

interface Report {
  id: string;
  number: number;
  kind: string;
  mode: string;
  state: string;
  late: boolean;
  altered: boolean;
  asOfMs: number;
  sentBy: string | null;
  seal: string | null;
  version: number;
  day: string | null;
  title: string;
  words: Record<string, { zh: string; en: string }>;
  figures: {
    coverage: unknown;
    rollCall: { persons: { byStatus: Record<string, number> } };
    ladders: unknown;
    tasks: { open: number };
    villages: { code: string }[];
  };
  subject: { state: string; slopeCheckedBy: string | null; areas: { name: string }[] };
}
interface Due {
  alertId: string | null;
  day: string | null;
  kind: string;
  number: number;
  overdue: boolean;
  draftId: string | null;
}
interface Listed {
  due: Due[];
  reports: Report[];
}

const REPORTS = '/api/v1/situation-reports';

describe('reports upward', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
  });
  afterEach(() => town.close());

  const api = async (username: Username = 'duty1') => (await town.officer(username)).api;
  const settled = async <T>(asked: Promise<T>): Promise<T> => {
    const answer = await asked;
    await town.clock.settle();
    return answer;
  };
  const fill = async (alert: string, username?: Username) => settled((await api(username)).post<Report>(`/api/v1/alerts/${alert}/situation-reports`));
  const write = async ({ id, version }: Report, words: object, username?: Username) =>
    settled((await api(username)).put<Report>(`${REPORTS}/${id}/words`, { version, words }));
  const send = async ({ id, version }: Report, username?: Username) => settled((await api(username)).post<Report>(`${REPORTS}/${id}/send`, { version }));
  const read = async (id: string, username?: Username) => (await api(username)).get<Report>(`${REPORTS}/${id}`);
  const listOf = async (alert: string, username?: Username) => (await api(username)).get<Listed>(`/api/v1/alerts/${alert}/situation-reports`);
  const due = async (username?: Username) => (await (await api(username)).get<{ situation: Due[] }>('/api/v1/now')).situation;
  const refused = async (asked: Promise<unknown>) =>
    (
      (await asked.then(
        () => ({ code: 'taken' }),
        (error: unknown) => error,
      )) as { code: string }
    ).code;
  async function raised(at: string[] = [DASUO], mode: 'live' | 'drill' = 'live'): Promise<string> {
    const alert = await (await town.officer('duty1')).orders({ at, mode, intervalSeconds: 600 });
    await town.eventually('the list is frozen and the village is asked', async () => {
      const { persons } = await (await api()).get<{ persons: { total: number } }>(`/api/v1/alerts/${alert}/rollcall`);
      const { counts } = await (await api()).get<{ counts: { total: number } }>(`/api/v1/alerts/${alert}/ladders`);
      return persons.total > 0 && counts.total > 0;
    });
    return alert;
  }
  const moved = async (alert: string, householdId: string, version: number) =>
    settled((await api()).post(`/api/v1/alerts/${alert}/rollcall/households/${householdId}/mark`, { status: 'moved', means: 'by-list', version }));

  it('one key fills the first report with exactly what the board says at that moment', async () => {
    const alert = await raised([VILLAGE, ACROSS]);
    await town.speaker('dasuo-1').hears('泥石流');
    await moved(alert, 'h-2', 2);
    const [call] = (await (await town.officer('duty1')).called(alert)).filter(({ memberId }) => memberId === 'm-bo');
    await town.member(call!).answers('coming');
    const report = await fill(alert);
    const board = await api();
    const coverage = await board.get<{ totals: object; nodes: { code: string; tier: string }[] }>(`/api/v1/alerts/${alert}/coverage`);
    const { households, persons, places, complete, round } = await board.get<Record<string, unknown>>(`/api/v1/alerts/${alert}/rollcall`);
    const { counts } = await board.get<{ counts: object }>(`/api/v1/alerts/${alert}/ladders`);
    const tasks = (await board.get<{ counts: Record<string, number> & { byStatus: Record<string, number> } }>(`/api/v1/tasks?alertId=${alert}`)).counts;
    expect(report).toMatchObject({ number: 1, kind: 'first', state: 'draft', late: false, seal: null });
    expect(report.figures.coverage).toEqual(coverage.totals);
    expect(report.figures.rollCall).toEqual({ households, persons, places, complete, round });
    expect(report.figures.rollCall.persons.byStatus['moved']).toBe(2);
    expect(report.figures.ladders).toEqual(counts);
    expect(report.figures.tasks).toEqual({ open: tasks['open'], overdue: tasks['overdue'], unowned: tasks['unowned'], waiting: tasks.byStatus['done'] });
    expect(report.figures.tasks.open).toBeGreaterThan(1);
    const shown = coverage.nodes.filter(({ code }) => code === VILLAGE || code === ACROSS);
    expect(report.figures.villages).toMatchObject(shown);
    for (const { code, rollCall } of report.figures.villages as unknown as { code: string; rollCall: object }[]) {
      const part = await board.get<Record<string, unknown>>(`/api/v1/alerts/${alert}/rollcall?group=${code}`);
      expect(part).toMatchObject(rollCall);
    }
  });

  it('the words are the officer’s, the signature ends all changes, and the next one has the next number and the words of the last', async () => {
    const alert = await raised();
    const first = await write(await fill(alert), { weather: { zh: '小时雨强 62 毫米\n河水上涨', en: '62 mm in an hour' }, measures: { zh: '两村转移' } });
    const again = await fill(alert, 'duty2');
    expect(again).toMatchObject({ id: first.id, number: 1, words: { weather: { en: '62 mm in an hour' } } });
    expect(await refused(send(first))).toBe('changed-meanwhile');
    const sent = await send(again);
    expect(sent).toMatchObject({ state: 'sent', number: 1, sentBy: '演示值班员甲', late: false });
    expect(sent.seal).toHaveLength(43);
    expect(await town.told(alert, 'situation.sent')).toEqual([
      { who: expect.stringMatching(/^officer:/), data: { kind: 'first', number: 1, late: false, seal: sent.seal } },
    ]);
    await moved(alert, 'h-1', 1);
    expect(await refused(write(sent, { losses: { zh: '无' } }))).toBe('already-done');
    expect(await refused(send(sent))).toBe('already-done');
    expect(await read(sent.id)).toEqual(sent);
    const second = await fill(alert);
    expect(second).toMatchObject({ number: 2, kind: 'follow-up', words: sent.words, figures: { rollCall: { persons: { byStatus: { moved: 1 } } } } });
    expect(second.id).not.toBe(sent.id);
    await send(await write(second, { weather: { zh: '雨停', en: '' } }));
    expect((await read(sent.id)).words['weather']).toEqual({ zh: '小时雨强 62 毫米\n河水上涨', en: '62 mm in an hour' });
    await (await town.officer('duty1')).ends(alert);
    const last = await send(await fill(alert));
    expect(last).toMatchObject({ number: 3, kind: 'final', subject: { state: 'ended', slopeCheckedBy: '演示监测员' } });
    expect(await refused(fill(alert))).toBe('transition-refused');
    expect((await listOf(alert)).reports.map(({ number, kind, state }) => [number, kind, state])).toEqual([
      [3, 'final', 'sent'],
      [2, 'follow-up', 'sent'],
      [1, 'first', 'sent'],
    ]);
    expect(await due()).toEqual([]);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('what is due stands on the first screen, and what is overdue says so until it is sent; figures of half an hour ago are not signed', async () => {
    const alert = await raised();
    const report = await fill(alert);
    expect(await due()).toMatchObject([{ alertId: alert, kind: 'first', number: 1, overdue: false, draftId: report.id }]);
    await town.clock.pass('31 min');
    expect(await due()).toMatchObject([{ kind: 'first', overdue: true }]);
    expect(await refused(send(report))).toBe('figures-old');
    const anew = await fill(alert);
    expect(anew).toMatchObject({ id: report.id, asOfMs: town.clock.now() });
    expect((await send(anew)).late).toBe(true);
    expect((await town.told(alert, 'situation.sent'))[0]!.data).toMatchObject({ late: true });
    expect(await due()).toMatchObject([{ kind: 'follow-up', number: 2, overdue: false, draftId: null }]);
  });

  it('two officers press at the same moment, and there is one report', async () => {
    const alert = await raised();
    const codes = await Promise.all([refused(fill(alert)), refused(fill(alert, 'duty2'))]);
    expect(codes.filter((code) => code !== 'taken' && code !== 'changed-meanwhile')).toEqual([]);
    expect((await listOf(alert)).reports).toHaveLength(1);
    const report = (await listOf(alert)).reports[0]!;
    const sent = await Promise.all([refused(send(report)), refused(send(report, 'duty2'))]);
    expect(sent.filter((code) => code === 'taken')).toHaveLength(1);
    expect(await town.told(alert, 'situation.sent')).toHaveLength(1);
  });

  it('a drill is reported as a drill; when it is over unreported nobody is asked', async () => {
    const alert = await raised([DASUO], 'drill');
    const report = await fill(alert);
    expect(report.mode).toBe('drill');
    const page = (await (await api()).download(`${REPORTS}/${report.id}/print`)).toString();
    expect(page).toContain('演练 · 不是真实险情');
    expect(page).toContain('【演练】');
    await (await town.officer('duty1')).ends(alert);
    expect(await due()).toEqual([]);
    expect(await refused(fill(alert))).toBe('transition-refused');
  });

  it('who has not the whole ground of the alert neither reads nor makes its reports; a cadre reads', async () => {
    const wide = await raised([VILLAGE, NEIGHBOUR]);
    const report = await fill(wide);
    for (const username of ['cadre1', 'cadre2'] as const) {
      expect(await refused(listOf(wide, username))).toBe('out-of-scope');
      expect(await refused(read(report.id, username))).toBe('out-of-scope');
      expect(await due(username)).toEqual([]);
      expect((await (await api(username)).get<Listed>(REPORTS)).reports).toEqual([]);
    }
    await send(report, 'town1');
    const own = await raised([DASUO]);
    const mine = await fill(own);
    expect(await read(mine.id, 'cadre1')).toMatchObject({ number: 1 });
    for (const make of [() => fill(own, 'cadre1'), () => send(mine, 'cadre1'), () => write(mine, {}, 'cadre1')])
      expect(await refused(make())).toBe('role-refused');
    const county = await api('town1');
    expect(await refused(county.post(`${REPORTS}/zero`))).toBe('out-of-scope');
  });
});
