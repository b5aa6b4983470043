// Chapter 6, watch: one answer to "what is on now", worst first, and how old each figure is.
import { capTime } from '@laba/domain/cap';
import { isWithin, sharedCodes } from '@laba/domain/grid';
import type { NowAlert, NowView, NowWaiting } from '@laba/domain/now-view';
import type { Officer } from '@laba/domain/officer';
import { authorize } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { rankOf } from '@laba/domain/alert';
import { openApprovals, type AskedApproval } from './approval-store.ts';
import { ladderSums, overdueLadders } from './ladder-store.ts';
import { currentAlerts, gridNodes, listSites, overdueWatches, unreadReports, type ActiveAlert } from './overview-store.ts';
import { judgeSites, powerView, siteView } from './read-coverage.ts';
import { waitingShifts } from './shift/waiting-shifts.ts';
import { missedRounds } from './round-overview-store.ts';
import { dueReports } from './situation/due-reports.ts';
import { graveStatuses, overdueContacts, silentHouses } from './status-overview-store.ts';
import { lateTasks, taskSums } from './task-overview-store.ts';

/** What this process knows of its own house: what is wrong, in words, and how old the proof is that ladders run. */
interface OwnHouse {
  degraded: readonly string[];
  proofAgeMs: number | null;
}

/** Everything inside the officer's scopes. */
export async function readNow(deps: Deps, officer: Officer, { degraded, proofAgeMs }: OwnHouse): Promise<NowView> {
  const { codes } = authorize(officer, 'alert.read', officer.scopes);
  const { db, clock, config } = deps;
  const [{ raised, waiting }, reports, siteRows, silentVillages, sums] = await Promise.all([
    currentAlerts(db),
    unreadReports(db, codes),
    listSites(db, codes),
    overdueLadders(db, codes),
    ladderSums(db, codes),
  ]);
  const asOfMs = clock.now();
  const [overdue, tasks, late, contacts, grave, houses, situation, shifts, rounds, { asked, unsigned }] = await Promise.all([
    overdueWatches(db, codes, asOfMs),
    taskSums(db, codes, asOfMs),
    lateTasks(db, codes, asOfMs),
    overdueContacts(db, codes),
    graveStatuses(db, codes, asOfMs),
    silentHouses(db, codes),
    dueReports(deps, officer, asOfMs),
    waitingShifts(deps, officer, asOfMs),
    missedRounds(db, codes, asOfMs),
    openApprovals(db, waiting, codes),
  ]);
  const time = (ms: number) => capTime(ms, config.utcOffsetMinutes);
  const sites = judgeSites(siteRows, asOfMs);
  const silent = sites.filter((site) => site.silent);
  const onBattery = sites.filter((site) => !site.silent && site.powerSource === 'battery');
  const names = new Map((silent.length + overdue.length + onBattery.length > 0 ? await gridNodes(db, codes) : []).map((node) => [node.code, node.name]));
  const inView = (alert: ActiveAlert) => sharedCodes(alert.areaCodes, codes).length > 0;
  return {
    asOf: time(asOfMs),
    asOfMs,
    alerts: raised
      .filter(inView)
      .sort((a, b) => rankOf(b) - rankOf(a))
      .map((alert) => alertView(alert, codes, asOfMs)),
    // Somebody who is out and not heard of comes before all else.
    overdue: overdue.map(({ dueAtMs, ...watch }) => ({ ...watch, gridName: names.get(watch.gridCode) ?? watch.gridCode, lateMs: asOfMs - dueAtMs })),
    ladders: {
      ...sums,
      proofAgeMs,
      overdue: silentVillages.map((ladder) => ({ ...ladder, overdueSince: time(ladder.overdueAtMs), ageMs: asOfMs - ladder.overdueAtMs })),
    },
    tasks: { ...tasks, late: late.map((task) => ({ ...task, dueAt: time(task.dueAtMs), ageMs: asOfMs - task.dueAtMs })) },
    waiting: waiting.filter(inView).map((alert) => ({ ...alertView(alert, codes, asOfMs), approval: approvalView(asked.get(alert.id), officer) })),
    unsigned,
    reports: {
      unread: reports.count,
      oldestAt: reports.oldestAtMs === null ? null : time(reports.oldestAtMs),
      ageMs: reports.oldestAtMs === null ? null : asOfMs - reports.oldestAtMs,
    },
    sites: {
      total: sites.length,
      silent: silent.map((site) => siteView(site, names, asOfMs, time)),
      // Whose battery ends first stands first; of whom nobody knows how long, last.
      onBattery: onBattery.flatMap((site) => powerView(site, names)).sort((a, b) => (a.hoursLeft ?? Infinity) - (b.hoursLeft ?? Infinity)),
    },
    // Heard of by telephone only.
    statuses: {
      overdue: contacts.map((one) => ({ ...one, nextContactAt: time(one.nextContactAtMs), ageMs: asOfMs - one.nextContactAtMs })),
      grave: grave.map((one) => ({ ...one, saidAt: time(one.saidAtMs), ageMs: asOfMs - one.saidAtMs })),
    },
    houses: { silent: houses.map((one) => ({ ...one, since: time(one.sinceMs), ageMs: asOfMs - one.sinceMs })) },
    // Reports upward that are waited for; the overdue ones say so.
    situation,
    shifts,
    rounds: rounds.map((one) => ({ ...one, ageMs: asOfMs - one.sinceMs })),
    degraded: { asOfMs, words: [...degraded] },
  };
}

function alertView(alert: ActiveAlert, codes: readonly string[], nowMs: number): NowAlert {
  const { areaCodes, revision: _revision, ...rest } = alert;
  return {
    ...rest,
    areas: sharedCodes(areaCodes, codes),
    allInScope: areaCodes.every((area) => codes.some((code) => isWithin(code, area))),
    ageMs: nowMs - (alert.raisedAtMs ?? alert.createdAtMs),
    leftMs: alert.endTimeMs - nowMs,
  };
}

function approvalView(asked: AskedApproval | undefined, officer: Officer): NowWaiting['approval'] {
  if (asked === undefined) return null;
  const { round, sinceMs, askedAtMs, officers } = asked;
  return { round, sinceMs, askedAtMs, officers: officers.length, isMine: officers.includes(officer.id) };
}
