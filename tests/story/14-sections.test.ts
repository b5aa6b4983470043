// Chapter 5, sections (分组布阵): who comes is put where he is needed, too few are made more, and nobody is lost while looking for others.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { and, eq } from 'drizzle-orm';
import { memberToken } from '@laba/mobilization/call-out/member-link';
import { importCsv } from '@laba/registry/import-csv';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import type { SectionPlan } from '@laba/domain/section-plan';
import { one } from '@laba/storage/database';
import { ACROSS, COUNTY, DASUO, VILLAGE, type Username } from '../harness/small-county.ts';
import { openTown, type Town } from '../harness/town.ts';

interface Sections {
  needed: number;
  have: number;
  groups: { code: string; reach: string; seats: { memberId: string; section: string | null; state: string; reasons: { zh: string; en: string }[] }[] }[];
  commanders: { memberId: string; leads: boolean }[];
  watches: {
    id: string;
    kind: string;
    state: string;
    overdue: boolean;
    alarms: number;
    members: { memberId: string; name: string; backAt: string | null }[];
  }[];
}

const PLACE = '分组任务';
const SAFETY = '安全报到';

describe('the sections', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown();
    await decides({});
  });
  afterEach(() => town.close());

  /** A county that waits only minutes: every minute of a whole town takes its time. */
  async function decides(sections: Partial<SectionPlan>): Promise<void> {
    const quick = { widenAfterMinutes: 2, checkInMinutes: 4, backWithinMinutes: 4, alarmEveryMinutes: 2 };
    const callOut = { ...DEFAULT_POLICY.callOut, arriveWithinMinutes: 6 };
    const policy = { ...DEFAULT_POLICY, callOut, sections: { ...DEFAULT_POLICY.sections, ...quick, ...sections } };
    await town.house.deps.db.atomically([
      one((q, t) =>
        q
          .insert(t.policy)
          .values({ county: COUNTY, policy })
          .onConflictDoUpdate({ target: t.policy.county, set: { policy } })
          .returning({ county: t.policy.county }),
      ),
    ]);
  }
  const api = async (username: Username) => (await town.officer(username)).api;
  const sections = async (alert: string, username: Username = 'duty1') => (await api(username)).get<Sections>(`/api/v1/alerts/${alert}/sections`);
  const orders = async (alert: string, path: string, body: object, username: Username = 'cadre1') => {
    const answer = await (await api(username)).post<{ id: string }>(`/api/v1/alerts/${alert}/${path}`, body);
    await town.clock.settle();
    return answer;
  };
  const seats = async (alert: string) => {
    const { groups } = await sections(alert);
    return groups
      .flatMap((group) => group.seats.filter(({ state }) => state !== 'freed').map((seat) => `${seat.memberId}: ${seat.section ?? seat.state}`))
      .toSorted();
  };
  const seated = (alert: string, ...expected: string[]) =>
    town.eventually(`seats are ${expected.join(', ')}`, async () => (await seats(alert)).join() === expected.toSorted().join());
  /** On the page behind his link, which anybody's phone shows. */
  const says = async (alert: string, memberId: string, answer: 'coming' | 'on-the-way' | 'arrived' | 'cannot') => {
    const [call] = await town.house.deps.db.read((q, t) =>
      q
        .select({ id: t.call.id })
        .from(t.call)
        .where(and(eq(t.call.alertId, alert), eq(t.call.memberId, memberId))),
    );
    await town.member({ link: `/m/${memberToken(town.house.deps.vault, call!.id)}` }).answers(answer);
  };
  const planned = (alert: string) => town.eventually('the sections are planned', async () => (await town.told(alert, 'sections.planned')).length > 0);

  /** What the same alert sends otherwise are other stories. */
  async function noOtherPlaceOrAlarm(): Promise<void> {
    await town.clock.settle();
    town.phones.expect(town.phones.received.filter(({ words }) => !words.includes(PLACE) && !words.includes(SAFETY)));
    await town.nothingElseWasSent();
  }

  async function everybodyIsThere(): Promise<string> {
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO], minutes: 300 });
    await planned(alert);
    for (const member of ['m-ayi', 'm-bo', 'm-chun']) await says(alert, member, 'arrived');
    // The ladder, which asks some of them too, is another story.
    const { ladders } = await (await api('cadre1')).get<{ ladders: { gridCode: string; version: number }[] }>(`/api/v1/alerts/${alert}/ladders`);
    for (const { gridCode, version } of ladders)
      await orders(alert, `ladders/${gridCode}/answer`, { means: 'radio', by: { name: '演示甲' }, moving: { persons: 9 }, version });
    await seated(alert, 'm-ayi: warning', 'm-bo: evacuation', 'm-chun: evacuation');
    for (const member of ['m-ayi', 'm-bo', 'm-chun']) await town.phone(member).receives(PLACE);
    return alert;
  }

  it('the secretary warns, the group leader moves people; each is told where, and the officer sees why', async () => {
    const alert = await everybodyIsThere();
    expect((await town.phone('m-bo').receives('请到打所小组，您在转移组')).map(({ channel }) => channel)).toEqual(['sms']);
    const { needed, have, groups } = await sections(alert, 'cadre1');
    expect([needed, have, groups.map(({ code }) => code)]).toEqual([3, 3, [DASUO]]);
    expect(groups[0]?.seats.find(({ memberId }) => memberId === 'm-bo')?.reasons.map(({ zh, en }) => `${zh} ${en}`)).toEqual([
      '村民小组长 villager group leader',
      '担架搬运 stretcher carrying',
      '驾驶 driving',
      '本组 this group',
    ]);
    await expect(sections(alert, 'cadre2')).rejects.toThrow(/scope/i);
    await noOtherPlaceOrAlarm();
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('who cannot come any more is replaced; who said that he comes and does not arrive loses his place', async () => {
    const alert = await everybodyIsThere();
    await says(alert, 'm-ayi', 'cannot');
    await seated(alert, 'm-bo: evacuation', 'm-chun: evacuation');
    await town.clock.pass('5 min');
    await town.phone('m-dao').receives('集结');
    await says(alert, 'm-dao', 'coming');
    await seated(alert, 'm-bo: evacuation', 'm-chun: evacuation', 'm-dao: warning');
    expect((await town.phone('m-dao').receives('您在预警组')).length).toBe(1);
    await town.clock.pass('8 min');
    expect((await town.told(alert, 'section.freed')).map(({ data }) => data['why'])).toEqual(['cannot', 'expired']);
  });

  it('two answer in one moment for the last seat: one has it, the other stands down; the house may die in between', async () => {
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [VILLAGE], minutes: 300 });
    await planned(alert);
    await says(alert, 'm-ayi', 'arrived');
    await says(alert, 'm-bo', 'arrived');
    await seated(alert, 'm-ayi: warning', 'm-bo: evacuation');
    await town.clock.pass('2 min');
    await Promise.all([says(alert, 'm-chun', 'on-the-way'), says(alert, 'm-dao', 'on-the-way')]);
    await town.restartHouse();
    await town.eventually('nobody waits', async () => (await seats(alert)).length === 4);
    expect((await seats(alert)).filter((seat) => seat.endsWith('evacuation'))).toHaveLength(2);
    expect((await seats(alert)).filter((seat) => seat.endsWith('stood-down'))).toHaveLength(1);
    expect(await town.told(alert, 'section.filled')).toHaveLength(3);
    expect(await town.told(alert, 'member.stood-down')).toHaveLength(1);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('too few: village, neighbours, township and county are called one after the other, and what nobody can fill is named', async () => {
    const { deps } = town.house;
    await importCsv(
      deps,
      { kind: 'neighbours', bytes: Buffer.from(`grid_code,neighbour_code\n${DASUO},${ACROSS}\n`), dryRun: false },
      { who: 'system', via: 'cli', once: [] },
    );
    const cadre = await town.officer('cadre1');
    const alert = await cadre.orders({ at: [DASUO], minutes: 300 });
    await planned(alert);
    await town.clock.pass('2 min');
    await town.phone('m-dao').receives('集结');
    expect(town.phones.at('m-er').filter(({ words }) => words.includes('集结'))).toEqual([]);
    await town.clock.pass('2 min');
    await town.phone('m-er').receives('集结');
    await says(alert, 'm-er', 'coming');
    await seated(alert, 'm-er: warning');
    expect((await sections(alert)).groups[0]?.seats[0]?.reasons.map(({ zh }) => zh)).toEqual(['有空缺', '邻近网格']);
    await town.clock.pass('8 min');
    expect((await town.told(alert, 'callout.widened')).map(({ data }) => data['to'])).toEqual(['village', 'neighbours', 'township', 'county']);
    expect((await town.told(alert, 'section.unfillable')).map(({ data }) => data['section'])).toContain('evacuation');
    const unfillable = (await town.told(alert, 'section.unfillable')).length;
    await town.clock.pass('5 min');
    expect(await town.told(alert, 'section.unfillable')).toHaveLength(unfillable);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('a pair that is not heard of alarms until it is; the commander takes everybody back, and who does not say so is named', async () => {
    const alert = await everybodyIsThere();
    await orders(alert, 'commanders', { gridCode: DASUO, memberId: 'm-chun' });
    await town.phone('m-chun').receives('请您担任打所小组现场指挥');
    await orders(alert, 'commanders/acknowledge', { gridCode: DASUO, memberId: 'm-chun' });
    const { id } = await orders(alert, 'pairs', { memberIds: ['m-ayi', 'm-bo'], words: '查看上沟' });
    await town.phone('m-ayi').receives('每4分钟回复1报平安');
    await town.phone('m-bo').receives('每4分钟回复1报平安');
    await town.clock.pass('3 min');
    await town.phone('m-bo').replies('1');
    await town.clock.pass('3 min');
    await noOtherPlaceOrAlarm();
    await town.clock.pass('1 min');
    for (const member of ['m-ayi', 'm-bo']) await town.phone(member).receives('没有收到你们的平安报告');
    await town.phone('m-chun').receives('有一组没有按时报平安');
    expect((await (await api('cadre1')).get<{ overdue: { id: string }[] }>('/api/v1/now')).overdue.map((one) => one.id)).toEqual([id]);
    await town.clock.pass('2 min');
    expect(await town.phone('m-ayi').receives('没有收到你们的平安报告')).toHaveLength(2);
    await (await api('cadre1')).post(`/api/v1/pairs/${id}/check-in`, { means: 'radio' });

    await orders(alert, 'withdraw', { gridCode: DASUO });
    for (const member of ['m-ayi', 'm-bo', 'm-chun']) await town.phone(member).receives('全体撤离，立即返回');
    await town.phone('m-ayi').replies('收到');
    const backSoFar = (await sections(alert)).watches.flatMap(({ members }) => members.filter(({ backAt }) => backAt !== null));
    expect(backSoFar).toEqual([]);
    await town.phone('m-ayi').replies('到了');
    await town.phone('m-chun').replies('3');
    await (await town.officer('cadre1')).ends(alert);
    await town.clock.pass('5 min');
    await town.phone('m-bo').receives('还没有收到您已返回的报告');
    const [, withdrawal] = (await sections(alert)).watches;
    expect(withdrawal?.members.filter(({ backAt }) => backAt === null).map(({ memberId, name }) => `${memberId} ${name}`)).toEqual(['m-bo 演示乙']);
    await orders(alert, 'back', { memberId: 'm-bo', means: 'face-to-face' });
    const alarms = (await town.told(alert, 'withdrawal.overdue')).length;
    await town.clock.pass('6 min');
    expect(await town.told(alert, 'withdrawal.overdue')).toHaveLength(alarms);
    expect((await town.told(alert, 'member.back')).map(({ data }) => data['last'])).toEqual([false, false, true]);
    expect(await town.brokenPromises()).toEqual([]);
  });

  it('who is one person twice, not there, out already or out of reach is refused by name; a drill says so, a test sends nobody', async () => {
    const alert = await everybodyIsThere();
    await expect(orders(alert, 'pairs', { memberIds: ['m-ayi', 'm-ayi'] })).rejects.toThrow(/two different/);
    await expect(orders(alert, 'pairs', { memberIds: ['m-ayi', 'm-dao'] })).rejects.toThrow(/not there/);
    await orders(alert, 'pairs', { memberIds: ['m-ayi', 'm-bo'] });
    await expect(orders(alert, 'pairs', { memberIds: ['m-bo', 'm-chun'] })).rejects.toThrow(/another pair/);
    await expect(orders(alert, 'commanders', { gridCode: DASUO, memberId: 'm-dao' })).rejects.toThrow(/not called/);
    await expect(orders(alert, 'withdraw', { gridCode: DASUO }, 'cadre2')).rejects.toThrow(/scope/i);
    const test = await (await town.officer('duty1')).orders({ at: [DASUO], mode: 'test' });
    await town.clock.settle();
    expect(await town.told(test, 'sections.planned')).toEqual([]);
    const drill = await (await town.officer('duty1')).orders({ at: [DASUO], mode: 'drill', says: '演练。请到活动室集合。' });
    await planned(drill);
    const call = (await (await town.officer('duty1')).called(drill)).find(({ memberId }) => memberId === 'm-chun');
    await town.member(call!).answers('arrived');
    expect((await town.phone('m-chun').receives('【演练】分组任务')).length).toBeGreaterThan(0);
  });

  it('a quota that nobody can fill ends named', async () => {
    const medical = { section: 'medical' as const, eventCodes: [], fromHouseholds: 0, least: 3, perPersons: 0, most: 3, inPairs: false, fitOnly: true };
    await decides({ quotas: [medical], widenAfterMinutes: 1 });
    const alert = await (await town.officer('cadre1')).orders({ at: [DASUO], minutes: 300 });
    await planned(alert);
    await says(alert, 'm-ayi', 'arrived');
    await says(alert, 'm-chun', 'arrived');
    await seated(alert, 'm-ayi: medical', 'm-chun: stood-down');
    await town.clock.pass('8 min');
    expect((await town.told(alert, 'section.unfillable')).map(({ data }) => data)).toEqual([{ section: 'medical', missing: 2 }]);
  });
});
