// Chapter 6, shift log: what is open at this moment, in words that stay as they are: the same figures as on the screen "Now".
import { capTime } from '@laba/domain/cap';
import { LEVEL_WORDS, ORDER_WORDS } from '@laba/domain/alert';
import type { NowAlert, NowView } from '@laba/domain/now-view';
import { LIMITS } from '@laba/domain/limits';
import type { Mode } from '@laba/domain/alert';
import type { Officer } from '@laba/domain/officer';
import { HAZARDS } from '@laba/domain/report';
import { OPEN_KIND_NAMES, type OpenKind } from '@laba/domain/shift';
import type { OpenItem, OpenThings } from '@laba/domain/shift-view';
import type { Deps } from '@laba/runtime/service';
import { readNow } from '../read-now.ts';
import { lateTasks } from '../task-overview-store.ts';
import { nodeNames, unverifiedReports } from './shift-store.ts';

const LIVE = { mode: 'live' } as const;

/** Of the officer's whole scope. */
export async function openThings(deps: Deps, officer: Officer): Promise<OpenThings> {
  const now = await readNow(deps, officer, { degraded: [], proofAgeMs: null });
  const limit = LIMITS.shiftOpenNamed;
  const areas = [...now.alerts, ...now.waiting].flatMap((alert) => alert.areas);
  const [names, reports, tasks] = await Promise.all([
    nodeNames(deps.db, areas),
    unverifiedReports(deps.db, officer.scopes, limit),
    lateTasks(deps.db, officer.scopes, now.asOfMs, limit),
  ]);
  const items = [
    ...alertItems(now, names),
    ...peopleItems(now),
    ...reports.map(({ id, hazard, gridCode, gridName, receivedAtMs }): OpenItem => {
      const [place, seen] = [gridName ?? gridCode, HAZARDS[hazard]];
      return { kind: 'report', key: id, zh: `${place}：${seen.zh}`, en: `${place}: ${seen.en}`, sinceMs: receivedAtMs, ...LIVE };
    }),
    ...tasks.map(({ id, mode, gridName, kindWords, ownerName, reminders, dueAtMs }): OpenItem => {
      const [zh, en] = [ownerName ?? '无人负责', ownerName ?? 'nobody’s'];
      const words = { zh: `${gridName}：${kindWords.zh}，${zh}（已催 ${reminders} 次）`, en: `${gridName}: ${kindWords.en}, ${en} (reminded: ${reminders})` };
      return { kind: 'task', key: id, mode: mode as Mode, ...words, sinceMs: dueAtMs };
    }),
    ...brokenItems(now),
  ];
  const counted = Object.fromEntries(OPEN_KIND_NAMES.map((kind) => [kind, items.filter((item) => item.kind === kind).length])) as Record<OpenKind, number>;
  const named = OPEN_KIND_NAMES.flatMap((kind) => items.filter((item) => item.kind === kind).slice(0, limit));
  return {
    asOf: capTime(now.asOfMs, deps.config.utcOffsetMinutes),
    asOfMs: now.asOfMs,
    counts: { ...counted, report: now.reports.unread, task: now.tasks.overdue },
    items: named,
  };
}

function alertItems({ alerts, waiting }: NowView, names: ReadonlyMap<string, string>): OpenItem[] {
  const item = (kind: 'alert' | 'draft') => (alert: NowAlert) => {
    const { id, mode, level, order, title, raisedAtMs, createdAtMs } = alert;
    const degree = order === null ? LEVEL_WORDS[level ?? 'blue'] : ORDER_WORDS[order];
    const areas = alert.areas.map((code) => names.get(code) ?? code);
    const words = { zh: `${degree.zh}：${title}（${areas.join('、')}）`, en: `${degree.en}: ${title} (${areas.join(', ')})` };
    return { kind, key: id, mode, ...words, sinceMs: kind === 'alert' ? raisedAtMs : createdAtMs };
  };
  return [...alerts.map(item('alert')), ...waiting.map(item('draft'))];
}

/** People who are out, villages that do not answer, places that do not call. */
function peopleItems({ asOfMs, alerts, overdue, ladders, statuses }: NowView): OpenItem[] {
  const modes = new Map(alerts.map(({ id, mode }) => [id, mode]));
  const modeOf = (alertId: string | null) => modes.get(alertId ?? '') ?? 'live';
  return [
    ...overdue.map(({ id, alertId, gridName, missing, lateMs }): OpenItem => {
      const words = { zh: `${gridName}：${missing} 人没有报平安或归队`, en: `${gridName}: ${missing} people out who did not report back` };
      return { kind: 'missing', key: id, mode: modeOf(alertId), ...words, sinceMs: asOfMs - lateMs };
    }),
    ...ladders.overdue.map(({ alertId, mode, gridCode, gridName, question, round, overdueAtMs }): OpenItem => {
      const isAnswer = question === 'answer';
      const zh = `${gridName}：${isAnswer ? '没有人应答' : '已应答，没有报告开始转移'}（第 ${round} 轮）`;
      const en = `${gridName}: ${isAnswer ? 'nobody has answered' : 'answered, not said to be moving'} (round ${round})`;
      return { kind: 'ladder', key: `${alertId} ${gridCode}`, mode: mode as Mode, zh, en, sinceMs: overdueAtMs };
    }),
    ...statuses.grave.map(({ id, alertId, gridName, missing, injured, saidAtMs }): OpenItem => {
      const words = { zh: `${gridName}：失联 ${missing} 人，受伤 ${injured} 人`, en: `${gridName}: missing ${missing}, hurt ${injured}` };
      return { kind: 'grave', key: id, mode: modeOf(alertId), ...words, sinceMs: saidAtMs };
    }),
    ...statuses.overdue.map(({ id, alertId, gridName, nextContactAt, nextContactAtMs }): OpenItem => {
      const at = nextContactAt.slice(11, 16);
      return {
        kind: 'contact',
        key: id,
        mode: modeOf(alertId),
        zh: `${gridName}：约好 ${at} 联系`,
        en: `${gridName}: was to call at ${at}`,
        sinceMs: nextContactAtMs,
      };
    }),
  ];
}

function brokenItems({ situation, houses, sites }: NowView): OpenItem[] {
  const named = ({ gridName, name }: { gridName: string; name: string }) => [gridName, name].filter(Boolean).join(' ');
  return [
    ...situation
      .filter((due) => due.overdue)
      .map(({ alertId, day, title, mode, kindWords, number, dueAtMs }): OpenItem => {
        const words = { zh: `${kindWords.zh}（第 ${number} 号）：${title}`, en: `${kindWords.en} (no. ${number}): ${title}` };
        return { kind: 'situation', key: `${alertId ?? day} ${number}`, mode, ...words, sinceMs: dueAtMs };
      }),
    ...houses.silent.map(({ peerId, gridName, sinceMs }): OpenItem => ({ kind: 'house', key: peerId, zh: gridName, en: gridName, sinceMs, ...LIVE })),
    ...sites.silent.map((site): OpenItem => {
      const since = site.lastSeenAtMs;
      return { kind: 'site', key: site.siteId, zh: named(site), en: named(site), sinceMs: since, ...LIVE };
    }),
  ];
}
