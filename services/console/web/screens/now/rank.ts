// Chapter 6, watch: everything that waits for an officer as one list, worst first. Rules only.
import type { NowView } from '@laba/domain/now-view';

/** In the order of how bad they are: people first, then who has not answered, then what is only broken. */
export const KINDS = [
  'missing',
  'grave',
  'approval',
  'ladder',
  'report',
  'contact',
  'house',
  'situation',
  'unsigned',
  'task',
  'round',
  'site',
  'battery',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Row {
  key: string;
  kind: Kind;
  mode: string;
  gridCode: string | null;
  gridName: string | null;
  /** Since when it waits, ms since 1970; null: nobody knows. */
  sinceMs: number | null;
  /** Which words say it; `what` is given in both languages where the domain has them. */
  says: string;
  values: Record<string, string | number | { zh: string; en: string } | null>;
  alertId: string | null;
}

const LIVE = { mode: 'live', alertId: null } as const;

export function rowsOf(now: NowView): Row[] {
  return [...peopleRows(now), ...approvalRows(now), ...silentRows(now), ...situationRows(now), ...taskRows(now), ...roundRows(now), ...siteRows(now)].sort(
    (a, b) => rankOf(a) - rankOf(b) || (a.sinceMs ?? 0) - (b.sinceMs ?? 0) || (a.key < b.key ? -1 : 1),
  );
}

// A drill never stands before what is real, whatever it says.
function rankOf({ kind, mode }: Row): number {
  return KINDS.indexOf(kind) + (mode === 'live' ? 0 : KINDS.length);
}

function peopleRows({ asOfMs, overdue, statuses, alerts }: NowView): Row[] {
  const modes = new Map(alerts.map(({ id, mode }) => [id, mode]));
  return [
    ...overdue.map(({ id, kind, gridCode, gridName, alertId, alarms, missing, lateMs }) => ({
      ...{ key: `missing ${id}`, kind: 'missing' as const, mode: modes.get(alertId) ?? 'live', gridCode, gridName, alertId },
      ...{ sinceMs: asOfMs - lateMs, says: `what.${kind}`, values: { n: missing, alarms } },
    })),
    ...statuses.grave.map(({ id, gridCode, gridName, alertId, missing, injured, saidAtMs }) => ({
      ...{ key: `grave ${id}`, kind: 'grave' as const, mode: modes.get(alertId ?? '') ?? 'live', gridCode, gridName, alertId },
      ...{ sinceMs: saidAtMs, says: 'what.grave', values: { missing, injured } },
    })),
  ];
}

/** Who is asked for the first time has a note over his screen; from the second time on nobody has decided in time. */
function approvalRows({ waiting, unsigned }: NowView): Row[] {
  const unanswered = waiting.flatMap(({ id, mode, title, approval }) =>
    approval === null || approval.round < 2
      ? []
      : {
          ...{ key: `approval ${id}`, kind: 'approval' as const, mode, gridCode: null, gridName: title, alertId: id, sinceMs: approval.sinceMs },
          ...{ says: approval.officers === 0 ? 'what.noSecond' : 'what.approval', values: { round: approval.round, n: approval.officers } },
        },
  );
  const unsignedRows = unsigned.map(({ alertId, title, mode, officerName, atMs }) => ({
    ...{ key: `unsigned ${alertId} ${atMs}`, kind: 'unsigned' as const, mode, gridCode: null, gridName: title, alertId },
    ...{ sinceMs: atMs, says: 'what.unsigned', values: { name: officerName } },
  }));
  return [...unanswered, ...unsignedRows];
}

function silentRows({ asOfMs, ladders, statuses, houses, reports, alerts }: NowView): Row[] {
  const modes = new Map(alerts.map(({ id, mode }) => [id, mode]));
  const unread: Row = {
    ...{ key: 'reports', kind: 'report', gridCode: null, gridName: null, ...LIVE },
    ...{ sinceMs: reports.ageMs === null ? null : asOfMs - reports.ageMs, says: 'what.report', values: { n: reports.unread } },
  };
  return [
    ...ladders.overdue.map(({ alertId, mode, gridCode, gridName, question, overdueAtMs, round }) => ({
      ...{ key: `ladder ${alertId} ${gridCode}`, kind: 'ladder' as const, mode, gridCode, gridName, alertId },
      ...{ sinceMs: overdueAtMs, says: `what.${question}`, values: { round } },
    })),
    ...(reports.unread > 0 ? [unread] : []),
    ...statuses.overdue.map(({ id, gridCode, gridName, alertId, nextContactAtMs, nextContactAt }) => ({
      ...{ key: `contact ${id}`, kind: 'contact' as const, mode: modes.get(alertId ?? '') ?? 'live', gridCode, gridName, alertId },
      ...{ sinceMs: nextContactAtMs, says: 'what.contact', values: { at: nextContactAt.slice(11, 16) } },
    })),
    ...houses.silent.map(({ peerId, gridCode, gridName, sinceMs }) => ({
      ...{ key: `house ${peerId}`, kind: 'house' as const, gridCode, gridName, sinceMs, says: 'what.house', values: {}, ...LIVE },
    })),
  ];
}

function taskRows({ tasks }: NowView): Row[] {
  return tasks.late.map(({ id, alertId, mode, kindWords, gridCode, gridName, ownerName, dueAtMs, reminders }) => ({
    ...{ key: `task ${id}`, kind: 'task' as const, mode, gridCode, gridName, alertId },
    ...{ sinceMs: dueAtMs, says: 'what.task', values: { what: kindWords, owner: ownerName, reminders } },
  }));
}

function roundRows({ rounds }: NowView): Row[] {
  return rounds.map(({ gridCode, gridName, kind, missed, sinceMs }) => ({
    ...{ key: `round ${kind} ${gridCode}`, kind: 'round' as const, gridCode, gridName, sinceMs, says: `what.${kind}`, values: { n: missed }, ...LIVE },
  }));
}

function situationRows({ situation }: NowView): Row[] {
  return situation
    .filter(({ overdue }) => overdue)
    .map(({ alertId, day, title, mode, kindWords, number, dueAtMs }) => ({
      ...{ key: `situation ${alertId ?? day}`, kind: 'situation' as const, mode, gridCode: null, gridName: title, alertId },
      ...{ sinceMs: dueAtMs, says: 'what.situation', values: { what: kindWords, number } },
    }));
}

function siteRows({ sites }: NowView): Row[] {
  return [
    ...sites.silent.map(({ siteId, name, gridCode, gridName, hasGateway, lastSeenAtMs }) => ({
      ...{ key: `site ${siteId}`, kind: 'site' as const, gridCode, gridName: `${gridName} ${name}`, sinceMs: lastSeenAtMs },
      ...{ says: hasGateway ? 'what.site' : 'what.noGateway', values: {}, ...LIVE },
    })),
    ...sites.onBattery.map(({ siteId, name, gridCode, gridName, hoursLeft }) => ({
      ...{ key: `battery ${siteId}`, kind: 'battery' as const, gridCode, gridName: `${gridName} ${name}`, sinceMs: null },
      ...{ says: hoursLeft === null ? 'what.batteryUnknown' : 'what.battery', values: { hours: hoursLeft ?? 0 }, ...LIVE },
    })),
  ];
}

/** How many of each kind are real. A kind of which only some are named is counted as the house counts it. */
export function countsOf(now: NowView): Record<Kind, number> {
  const live = rowsOf(now).filter(({ mode }) => mode === 'live');
  const named = (kind: Kind) => live.filter((row) => row.kind === kind);
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, named(kind).length])) as Record<Kind, number>;
  const missing = named('missing').reduce((sum, { values }) => sum + Number(values['n']), 0);
  const round = now.rounds.reduce((sum, { missed }) => sum + missed, 0);
  return { ...counts, missing, round, report: now.reports.unread, task: Math.max(0, now.tasks.overdue - drillsOf(now, 'task')) };
}

/** Those of a kind that belong to an exercise: told apart, never added. */
export function drillsOf(now: NowView, kind: Kind): number {
  return rowsOf(now).filter((row) => row.kind === kind && row.mode !== 'live').length;
}
