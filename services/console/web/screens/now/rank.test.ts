// What waits stands in the order of how bad it is, and a drill never before what is real.
import type { NowView } from '@laba/domain/now-view';
import { describe, expect, it } from 'vitest';
import { countsOf, drillsOf, rowsOf } from './rank.ts';

const NOW_MS = 1_000_000;
const place = { gridCode: '53332410000101', gridName: '打所小组' };

function quiet(): NowView {
  return {
    ...{ asOf: '', asOfMs: NOW_MS, alerts: [], waiting: [], unsigned: [], overdue: [] },
    ladders: { waiting: 0, answered: 0, proofAgeMs: null, overdue: [] },
    tasks: { open: 0, overdue: 0, waiting: 0, unowned: 0, late: [] },
    reports: { unread: 0, oldestAt: null, ageMs: null },
    sites: { total: 211, silent: [], onBattery: [] },
    statuses: { overdue: [], grave: [] },
    houses: { silent: [] },
    situation: [],
    shifts: [],
    rounds: [],
    degraded: { asOfMs: NOW_MS, words: [] },
  };
}

const ladder = (over: { mode?: string; alertId?: string; overdueAtMs?: number } = {}) => ({
  ...{ alertId: 'a-1', mode: 'live', ...place, question: 'answer' as const, overdueAtMs: NOW_MS - 60_000, overdueSince: '', round: 1, ageMs: 60_000 },
  ...over,
});
const silent = { siteId: 's-1', name: '活动室', ...place, hasGateway: true, lastSeenAt: '', lastSeenAtMs: 1, ageMs: NOW_MS - 1 };
const missing = { id: 'w-1', alertId: 'a-1', kind: 'pair' as const, ...place, alarms: 2, missing: 3, lateMs: 1_000 };

describe('what waits', () => {
  it('is nothing where nothing waits', () => {
    expect(rowsOf(quiet())).toEqual([]);
  });

  it('puts people before who has not answered, and both before what is broken, however long it is', () => {
    const now = { ...quiet(), overdue: [missing], reports: { unread: 2, oldestAt: '', ageMs: 5_000 }, sites: { total: 211, silent: [silent], onBattery: [] } };
    now.ladders = { ...now.ladders, overdue: [ladder()] };
    expect(rowsOf(now).map(({ kind }) => kind)).toEqual(['missing', 'ladder', 'report', 'site']);
  });

  it('puts the longest late of one kind first', () => {
    const now = quiet();
    now.ladders.overdue = [ladder({ alertId: 'new', overdueAtMs: NOW_MS - 1_000 }), ladder({ alertId: 'old', overdueAtMs: NOW_MS - 90_000 })];
    expect(rowsOf(now).map(({ alertId }) => alertId)).toEqual(['old', 'new']);
  });

  it('never puts a drill before what is real, not even people who are out in it', () => {
    const drill = { id: 'a-1', mode: 'drill' } as NowView['alerts'][number];
    const now = { ...quiet(), alerts: [drill], overdue: [missing], sites: { total: 211, silent: [silent], onBattery: [] } };
    now.ladders = { ...now.ladders, overdue: [ladder({ mode: 'drill' })] };
    expect(rowsOf(now).map(({ kind, mode }) => `${mode} ${kind}`)).toEqual(['live site', 'drill missing', 'drill ladder']);
  });

  it('counts what is real and tells exercises apart', () => {
    const now = quiet();
    now.ladders.overdue = [ladder(), ladder({ mode: 'drill', alertId: 'a-2' }), ladder({ mode: 'test', alertId: 'a-3' })];
    expect(countsOf(now).ladder).toBe(1);
    expect(drillsOf(now, 'ladder')).toBe(2);
  });

  it('counts people and not only the rows that name them', () => {
    const now = { ...quiet(), overdue: [missing], tasks: { open: 40, overdue: 33, waiting: 0, unowned: 1, late: [] } };
    expect(countsOf(now)).toMatchObject({ missing: 3, task: 33, site: 0 });
  });
});
