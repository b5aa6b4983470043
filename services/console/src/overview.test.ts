// Chapter 6, watch: figures, names of what is wrong, the timeline, and nobody sees beyond his scope.
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { any } from '@laba/storage/database';
import type { CountedNode, NodeFigures } from '@laba/domain/board-view';
import { COUNTY, GROUP_A, GROUP_B, OTHER, VILLAGE, Watch } from './watch.test-kit.ts';

interface Coverage {
  totals: NodeFigures;
  nodes: CountedNode[];
  failed: { name: string; reason: string; ageMs: number }[];
  silent: { siteId: string; ageMs: number | null }[];
  asOfMs: number;
  ageMs: number;
}
interface Timeline {
  events: { seq: number; type: string; zh: string; en: string }[];
  next: number | null;
}

describe('the board of an alert', () => {
  let watch: Watch;
  let id: string;
  beforeEach(async () => {
    watch = await Watch.open();
    id = await watch.alert([VILLAGE, OTHER]);
    await watch.delivery(id, 's-a', GROUP_A, 'playing');
    await watch.delivery(id, 's-b', GROUP_B, 'failed', 'player broken');
    await watch.delivery(id, 's-v', VILLAGE, 'received');
    await watch.delivery(id, 's-o', OTHER, 'sounded');
    await watch.call(id, 1, GROUP_A, 'coming');
    await watch.call(id, 2, GROUP_A, null);
    await watch.call(id, 3, OTHER, 'arrived');
    for (const [speaker, code] of [
      ['s-a', GROUP_A],
      ['s-b', GROUP_B],
      ['s-v', VILLAGE],
    ] as const)
      await watch.heard(speaker, code);
    for (const type of ['delivery.received', 'delivery.playing'] as const) await watch.tell(type, GROUP_A, `${id}/s-a`, { repeat: 1 }, id);
    await watch.tell('delivery.playing', GROUP_A, `${id}/s-a`, { repeat: 2 }, id);
  });

  const coverage = async (officer: 'county' | 'village' | 'other' = 'county') => (await watch.get<Coverage>(officer, `/api/v1/alerts/${id}/coverage`)).body;

  it('counts every node with everything under it, and totals that add up', async () => {
    const { totals, nodes } = await coverage();
    expect(totals.speakers).toMatchObject({
      total: 4,
      states: { playing: 1, failed: 1, received: 1, sounded: 1 },
      ever: { received: 1, playing: 1, sounded: 0 },
    });
    expect(totals.members).toMatchObject({ total: 3, read: 1, coming: 1, arrived: 1, waiting: 0 });
    expect(totals.households.total).toBe(3);
    expect(nodes.map((node) => [node.code, node.parentCode, node.speakers.total, node.members.total, node.households.total])).toEqual([
      [VILLAGE, null, 3, 2, 3],
      [GROUP_A, VILLAGE, 1, 2, 2],
      [GROUP_B, VILLAGE, 1, 0, 1],
      [OTHER, null, 1, 1, 0],
    ]);
    const villages = nodes.filter((node) => node.tier === 'village');
    expect(villages.reduce((sum, node) => sum + node.speakers.total, 0)).toBe(totals.speakers.total);
  });

  it('names what failed and what is silent, with the age of each figure', async () => {
    await watch.clock.advance(40_000);
    const { failed, silent, asOfMs } = await coverage();
    expect(failed).toMatchObject([{ name: '喇叭 s-b', reason: 'player broken', ageMs: 40_000 }]);
    expect(silent.map((site) => [site.siteId, site.ageMs])).toEqual([['site-s-o', null]]);
    expect(asOfMs).toBe(watch.clock.now());
    await watch.clock.advance(40_000);
    expect((await coverage()).silent).toHaveLength(4);
  });

  it('shows a village cadre his own village and nothing else', async () => {
    const own = await coverage('village');
    expect(own.totals.speakers.total).toBe(3);
    expect(own.nodes.map((node) => node.code)).toEqual([VILLAGE, GROUP_A, GROUP_B]);
    expect(own.silent).toEqual([]);
    const narrow = await watch.alert([GROUP_A]);
    for (const path of ['coverage', 'timeline', 'speakers']) expect((await watch.get('other', `/api/v1/alerts/${narrow}/${path}`)).status, path).toBe(403);
    expect((await watch.get('county', '/api/v1/alerts/none/coverage')).status).toBe(404);
  });

  it('counts anew as soon as something happened', async () => {
    expect((await coverage()).totals.speakers.ever.played).toBe(0);
    for (const repeat of [2, 3]) await watch.tell('delivery.played', GROUP_A, `${id}/s-a`, { repeat }, id);
    await watch.tell('delivery.played', GROUP_B, 's-b', { repeat: 1, revision: 1 }, id);
    expect((await coverage()).totals.speakers.ever.played).toBe(2);
    // Neither the all-clear nor another revision's words prove anything about these.
    await watch.tell('delivery.played', OTHER, 's-o', { repeat: 1, revision: 1, purpose: 'all-clear' }, id);
    await watch.tell('delivery.played', VILLAGE, 's-v', { repeat: 1, revision: 2 }, id);
    expect((await coverage()).totals.speakers.ever.played).toBe(2);
  });

  it('tells the timeline in words, page by page, in scope', async () => {
    await watch.tell('call.answered', OTHER, `${id}-3`, { answer: 'arrived', means: 'page' }, id);
    const first = (await watch.get<Timeline>('county', `/api/v1/alerts/${id}/timeline?limit=2`)).body;
    expect(first.events.map((event) => event.type)).toEqual(['alert.raised', 'delivery.received']);
    const rest = (await watch.get<Timeline>('county', `/api/v1/alerts/${id}/timeline?after=${first.next}`)).body;
    expect(rest.events.map((event) => event.zh)).toEqual(['喇叭 s-a：正在播放（第 1 遍）', '喇叭 s-a：正在播放（第 2 遍）', '演示成员3：已到位']);
    expect(rest.next).toBeNull();
    const newest = (await watch.get<Timeline>('county', `/api/v1/alerts/${id}/timeline?before=999999&limit=1`)).body;
    expect(newest.events[0]?.en).toBe('演示成员3: Arrived');
    // The alert touches his village, so he sees that it was raised; what happened elsewhere he does not see.
    const cadre = (await watch.get<Timeline>('village', `/api/v1/alerts/${id}/timeline`)).body;
    expect(cadre.events.map((event) => event.type)).toEqual(['alert.raised', 'delivery.received', 'delivery.playing', 'delivery.playing']);
  });

  it('counts in all whoever a widened call-out called from elsewhere in his scope, and nobody beyond it', async () => {
    const narrow = await watch.alert([GROUP_A]);
    await watch.call(narrow, 4, GROUP_A, 'coming');
    await watch.call(narrow, 5, GROUP_B, 'arrived');
    await watch.call(narrow, 6, OTHER, 'arrived');
    const read = async (officer: 'county' | 'village') => (await watch.get<Coverage>(officer, `/api/v1/alerts/${narrow}/coverage`)).body;
    expect((await read('county')).totals.members).toMatchObject({ total: 3, coming: 1, arrived: 2 });
    const { totals, nodes } = await read('village');
    expect(totals.members).toMatchObject({ total: 2, coming: 1, arrived: 1 });
    expect(nodes.map(({ code, members }) => [code, members.total])).toEqual([[GROUP_A, 1]]);
  });

  it('names people by their call and rungs by their village, whatever else stands on the page', async () => {
    const calm = await watch.alert([GROUP_A]);
    await watch.call(calm, 7, GROUP_A, 'coming');
    await watch.tell('member.stood-down', GROUP_A, `${calm}-7`, {}, calm);
    await watch.tell('ladder.asked', VILLAGE, 'ladder-1', { question: 'answer', round: 1, rungCode: OTHER, position: 2, memberId: 'm1' }, calm);
    const { events } = (await watch.get<Timeline>('county', `/api/v1/alerts/${calm}/timeline`)).body;
    expect(events.slice(-2).map(({ zh }) => zh)).toEqual(['演示成员7 待命：人手已够', '叫应 演示一村：已呼叫 演示二村第 2 位责任人（收到）']);
    expect(events.at(-1)?.en).toBe('Ladder of 演示一村: no. 2 of 演示二村 asked for an answer');
  });

  it('lists the speakers of one cell', async () => {
    const { body } = await watch.get<{ speakers: { name: string; state: string }[] }>('county', `/api/v1/alerts/${id}/speakers?group=${GROUP_B}`);
    expect(body.speakers).toMatchObject([{ name: '喇叭 s-b', state: 'failed' }]);
    expect((await watch.get<{ speakers: unknown[] }>('village', `/api/v1/alerts/${id}/speakers?group=${OTHER}`)).body.speakers).toEqual([]);
  });

  it('says which revisions wait for somebody: drafts, and the update of what sounds', async () => {
    const { db } = watch.deps;
    const [sounding] = await db.read((q, t) => q.select().from(t.alertRevision));
    await db.atomically([
      any((q, t) =>
        q
          .insert(t.alertRevision)
          .values({ ...sounding!, revision: 2, areaCodes: [COUNTY], texts: [{ language: 'zh-CN', title: '扩大', text: '扩大' }], raisedAtMs: null })
          .returning({ id: t.alertRevision.alertId }),
      ),
    ]);
    const { body } = await watch.get<{ alerts: { title: string }[]; waiting: { title: string; areas: string[] }[] }>('county', '/api/v1/now');
    expect(body.alerts.map((alert) => alert.title)).toEqual(['立即转移']);
    expect(body.waiting).toMatchObject([{ title: '扩大', areas: [COUNTY] }]);
  });

  it('says what is on now, worst first, in scope, and what is wrong with the house', async () => {
    interface Now {
      alerts: { id: string; areas: string[]; allInScope: boolean }[];
      reports: { unread: number };
      sites: { total: number; silent: unknown[] };
      degraded: { words: string[] };
    }
    const drill = await watch.alert([COUNTY], 'drill');
    watch.degraded = ['broker: offline'];
    const county = (await watch.get<Now>('county', '/api/v1/now')).body;
    expect(county.alerts.map((alert) => alert.id)).toEqual([id, drill]);
    expect(county.degraded.words).toEqual(['broker: offline']);
    expect([county.sites.total, county.sites.silent.length]).toEqual([4, 1]);
    const cadre = (await watch.get<Now>('village', '/api/v1/now')).body;
    expect(cadre.alerts[0]).toMatchObject({ id, areas: [VILLAGE], allInScope: false });
    expect(cadre.sites.total).toBe(3);
    expect((await watch.app.inject({ method: 'GET', url: '/api/v1/now' })).statusCode).toBe(401);
  });

  it('names the sites on battery in the officer’s scope, whose battery ends first foremost', async () => {
    await watch.heard('s-o', OTHER, true, { source: 'battery', batteryPercent: 30, hoursLeft: 1.5 });
    const power = { source: 'battery', hoursLeft: 6 } as const;
    const state = { state: 'online' as const, bootCounter: 1, journalId: 'j', software: 'test', clockKnown: true, reportsWaiting: 0, speakers: [], power };
    await watch.deps.db.atomically([any((q, t) => q.update(t.gatewayStatus).set({ state }).where(eq(t.gatewayStatus.gatewayId, 'gw-s-a')).returning())]);
    const onBattery = async (officer: 'county' | 'village') =>
      (await watch.get<{ sites: { onBattery: object[] } }>(officer, '/api/v1/now')).body.sites.onBattery;
    const own = { siteId: 'site-s-a', name: 's-a 活动室', gridCode: GROUP_A, gridName: '一组', low: false, batteryPercent: null, hoursLeft: 6 };
    expect(await onBattery('county')).toEqual([
      { siteId: 'site-s-o', name: 's-o 活动室', gridCode: OTHER, gridName: '演示二村', low: true, batteryPercent: 30, hoursLeft: 1.5 },
      own,
    ]);
    expect(await onBattery('village')).toEqual([own]);
    await watch.clock.advance(70_000);
    expect(await onBattery('county')).toEqual([]);
  });
});
