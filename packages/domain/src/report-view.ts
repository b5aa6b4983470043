// Chapter 1, report: a report as an officer reads it; without who told it, which is shown for one report at a time.
import type { Hazard, ReportSource, ReportState } from './report.ts';

export interface ReportView {
  id: string;
  /** Short, to be said on the telephone. */
  number: string;
  gridCode: string;
  hazard: Hazard;
  hazardWords: { zh: string; en: string };
  text: string;
  source: ReportSource;
  state: ReportState;
  mergedInto: string | null;
  mergedCount: number;
  /** Where its photo is read. */
  photo: string | null;
  hasReporter: boolean;
  receivedAt: string;
  verifiedBy: string | null;
  verifiedAt: string | null;
  version: number;
}

export interface ReportsView {
  reports: ReportView[];
  /** What to ask with for older ones. */
  next: string | null;
}
