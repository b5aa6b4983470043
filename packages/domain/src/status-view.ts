// The village alone, at the centre: what was said of a place by telephone, for the house that gives it and the screens that show it. Times as text with their offset (CAP 1.2).
import type { Mode } from './alert.ts';
import type { ContactState, Counted, Counts, Expected, LineProblem, OrderSaid, Said, StatusMeans } from './spoken-status.ts';

interface Words {
  zh: string;
  en: string;
}

export interface StatusView {
  id: string;
  gridCode: string;
  gridName: string;
  alertId: string | null;
  /** Of that alert. */
  mode: Mode | null;
  means: StatusMeans;
  meansWords: Words;
  /** As they were typed. */
  lines: string[];
  order: OrderSaid | null;
  orderWords: Words | null;
  orderAt: string | null;
  sounded: boolean | null;
  counts: Counts;
  /** As the list stood then. */
  expected: Expected;
  saidAt: string;
  saidAtMs: number;
  writtenBy: string;
  writtenAt: string;
  /** Somebody is missing or hurt. */
  isGrave: boolean;
  /** Nothing later is known of the place. */
  isNewest: boolean;
  needReportId: string | null;
  nextContactAt: string | null;
  contact: ContactState | null;
  /** Of the newest word only, until it is reconciled: what was said, and what is marked now. */
  differences: { what: Counted; words: Words; said: number; marked: number }[];
  reconciled: { by: string; at: string } | null;
  version: number;
}

/** A page, the newest first. */
export interface StatusesView {
  asOf: string;
  asOfMs: number;
  statuses: StatusView[];
  next: string | null;
}

/** What six lines would be read as; nothing is written yet. */
export interface StatusRead {
  said: Omit<Said, 'orderAtMs' | 'saidAtMs' | 'nextContactAtMs'> & { orderAt: string | null; saidAt: string; nextContactAt: string | null };
  problems: LineProblem[];
  doubts: LineProblem[];
  expected: Expected;
  /** Under which the place stands. */
  alert: { id: string; title: string; mode: Mode } | null;
}
