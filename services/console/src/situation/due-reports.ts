// Chapter 6, reporting upward: which reports are waited for, the overdue ones first. Nothing runs for this: it follows from what was raised and sent.
import { capTime } from '@laba/domain/cap';
import type { DueReport } from '@laba/domain/now-view';
import { hasScope, roleMay, type Officer } from '@laba/domain/officer';
import { askedSinceMs, nextReport, reportedDay, SITUATION_KINDS } from '@laba/domain/situation';
import { findPolicy } from '@laba/storage/policy';
import { findAreasOf } from '../event-store.ts';
import { daySeries, standing, type SituationDeps } from './fill-report.ts';
import { alertsSince, headsOf, stoodBetween } from './situation-store.ts';

/** Those that this officer may read about; live before drill, the longest overdue first. */
export async function dueReports(deps: SituationDeps, officer: Officer, asOfMs: number): Promise<DueReport[]> {
  const { db, config } = deps;
  if (!roleMay(officer.role, 'situation.read') || (config.node !== undefined && config.node !== config.county)) return [];
  const { policy } = await findPolicy(db, config.county);
  const alerts = await alertsSince(db, askedSinceMs(asOfMs));
  const ids = alerts.map(({ alert }) => alert.id);
  const [series, areas, zero] = await Promise.all([headsOf(db, ids), findAreasOf(db, ids), zeroDue(deps, officer, asOfMs)]);
  const due = alerts.flatMap(({ alert, texts }) => {
    if (!(areas.get(alert.id) ?? []).every((code) => hasScope(officer, code))) return [];
    const { last, draft } = standing(series.get(alert.id) ?? []);
    const next = nextReport(alert, last, policy.situation);
    if (next === undefined || next.dueAtMs === null) return [];
    const about = { alertId: alert.id, day: null, title: texts[0]?.title ?? '', mode: alert.mode };
    return [viewOf(deps, { ...about, ...next, dueAtMs: next.dueAtMs, draftId: draft?.id ?? null }, asOfMs)];
  });
  return [...due, ...zero].sort((a, b) => Number(a.mode !== 'live') - Number(b.mode !== 'live') || a.dueAtMs - b.dueAtMs);
}

async function zeroDue(deps: SituationDeps, officer: Officer, asOfMs: number): Promise<DueReport[]> {
  const { county, utcOffsetMinutes } = deps.config;
  const { policy } = await findPolicy(deps.db, county);
  const day = reportedDay(policy.situation, asOfMs, utcOffsetMinutes);
  if (day === undefined || !hasScope(officer, county) || (await stoodBetween(deps.db, day.fromMs, day.toMs))) return [];
  const { last, draft } = standing((await headsOf(deps.db, [daySeries(day.day)])).get(daySeries(day.day)) ?? []);
  if (last !== undefined) return [];
  const about = { alertId: null, day: day.day, title: day.day, mode: 'live', kind: 'zero', number: 1 } as const;
  return [viewOf(deps, { ...about, dueAtMs: day.dueAtMs, draftId: draft?.id ?? null }, asOfMs)];
}

function viewOf(
  { config }: SituationDeps,
  due: Pick<DueReport, 'alertId' | 'day' | 'title' | 'mode' | 'kind' | 'number' | 'dueAtMs' | 'draftId'>,
  asOfMs: number,
): DueReport {
  const ageMs = asOfMs - due.dueAtMs;
  return { ...due, kindWords: SITUATION_KINDS[due.kind], dueAt: capTime(due.dueAtMs, config.utcOffsetMinutes), overdue: ageMs > 0, ageMs };
}
