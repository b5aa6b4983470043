// Chapter 6, reporting upward: reports as a screen gets them: one line of a list, and one whole as it would be printed.
import type { Mode } from './alert.ts';
import type { DueReport } from './now-view.ts';
import type { SituationKind, SituationWords } from './situation.ts';

export interface SituationLine {
  id: string;
  alertId: string | null;
  /** Of a zero report: the day on which its 24 hours end. */
  day: string | null;
  number: number;
  kind: SituationKind;
  kindWords: { zh: string; en: string };
  mode: Mode;
  title: string;
  state: 'draft' | 'sent';
  /** Somebody changed it past the house: it is not what was sent. */
  altered: boolean;
  asOf: string;
  asOfMs: number;
  dueAt: string | null;
  /** Sent after it was due; of a draft: it is past due now. */
  late: boolean;
  sentBy: string | null;
  sentAt: string | null;
  /** Stands on every copy: a copy that bears another one is not this report. */
  seal: string | null;
  version: number;
}

export interface SituationsView {
  asOf: string;
  asOfMs: number;
  /** The hour from which a quiet day's zero report is asked for; null: the policy asks for none. */
  zeroAt: string | null;
  due: DueReport[];
  reports: SituationLine[];
  /** What to ask with for older ones. */
  next: string | null;
}

export interface SituationTable {
  heading: string;
  /** Empty: every row is one name and its figure. */
  columns: string[];
  rows: (string | number)[][];
}

/** In one language; every printed form is made from this. */
export interface SituationDocument {
  language: 'zh-CN' | 'en';
  title: string;
  /** Of what is not to be taken for a live, sent report; stands on every page. */
  marks: string[];
  head: [string, string][];
  tables: SituationTable[];
  words: { heading: string; paragraphs: string[] }[];
  signature: [string, string][];
}

/** All of one version: what is read on the screen is what is signed. */
export interface SituationSheet extends SituationLine {
  words: SituationWords;
  document: SituationDocument;
}
