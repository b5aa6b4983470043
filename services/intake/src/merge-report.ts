// Chapter 1, report: which earlier report a new one belongs to.
import { lineage } from '@laba/domain/grid';
import { isSameHazard, MERGE_WINDOW_MS, type Hazard, type ReportPlace } from '@laba/domain/report';
import type { Database } from '@laba/storage/database';
import type { Op } from '@laba/storage/database';
import { byTurns } from '@laba/storage/locks';
import { reportsNearby, stillFirst, type ReportRow } from './report-store.ts';

const place = (row: Pick<ReportRow, 'gridCode' | 'hazard' | 'receivedAtMs'>): ReportPlace => ({
  gridCode: row.gridCode,
  hazard: row.hazard,
  receivedAt: row.receivedAtMs,
});

/** The first open report of the same hazard, or undefined when the new one is the first. */
export async function firstOfSameHazard(db: Database, report: Pick<ReportRow, 'gridCode' | 'hazard' | 'receivedAtMs'>): Promise<ReportRow | undefined> {
  if (!merges(report.hazard)) return undefined;
  const nearby = await reportsNearby(db, report.hazard, report.gridCode, report.receivedAtMs - MERGE_WINDOW_MS);
  return nearby.find((earlier) => isSameHazard(place(earlier), place(report)));
}

/** Goes before the write of a report that was found to be the first: breaks the commit when it is not any more. */
export function stillFirstOfItsHazard(report: Pick<ReportRow, 'gridCode' | 'hazard' | 'receivedAtMs'>): Op[] {
  if (!merges(report.hazard)) return [];
  // Two processes that look at the same moment would both find nobody: in one county they look one after the other.
  const oneAtATime = byTurns(`first-report:${report.hazard}:${lineage(report.gridCode)[0]}`);
  return [oneAtATime, stillFirst(report.hazard, report.gridCode, report.receivedAtMs - MERGE_WINDOW_MS)];
}

// Two needs are two needs, and nobody knows whether two "other" are the same.
function merges(hazard: Hazard): boolean {
  return hazard !== 'need' && hazard !== 'other';
}
