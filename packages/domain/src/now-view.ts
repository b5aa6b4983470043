// Chapter 6, watch: what one answer to "what is on now" looks like, for the house that gives it and the screens that show it. Times in ms since 1970, ages in ms.
import type { Kind, Level, Mode, Order } from './alert.ts';
import type { Question } from './ladder.ts';
import type { NowMissed } from './round-view.ts';
import type { SafetyKind } from './safety.ts';
import type { ShiftState } from './shift.ts';
import type { SituationKind } from './situation.ts';
import type { TaskKind } from './task.ts';

export interface NowAlert {
  id: string;
  mode: Mode;
  kind: Kind;
  level: Level | null;
  order: Order | null;
  state: string;
  quiet: boolean;
  title: string;
  /** Grid codes, inside the reader's scope. */
  areas: string[];
  allInScope: boolean;
  createdAtMs: number;
  raisedAtMs: number | null;
  endTimeMs: number;
  ageMs: number;
  leftMs: number;
}

/** A revision that waits for somebody. */
export interface NowWaiting extends NowAlert {
  /** Whoever may be its second officer was asked; null: nobody need be, or one has agreed. `sinceMs`: when first. */
  approval: { round: number; sinceMs: number; askedAtMs: number; officers: number; isMine: boolean } | null;
}

/** An approval by telephone for which the officer has not signed yet. */
export interface NowUnsigned {
  alertId: string;
  title: string;
  mode: Mode;
  officerName: string;
  atMs: number;
}

/** A pair that missed its check-in, or a withdrawal from which somebody is not back. */
export interface NowMissing {
  id: string;
  alertId: string;
  kind: SafetyKind;
  gridCode: string;
  gridName: string;
  alarms: number;
  missing: number;
  lateMs: number;
}

export interface NowLadder {
  alertId: string;
  mode: string;
  gridCode: string;
  gridName: string;
  question: Question;
  overdueAtMs: number;
  overdueSince: string;
  round: number;
  ageMs: number;
}

export interface NowTask {
  id: string;
  alertId: string | null;
  mode: string;
  kind: TaskKind;
  kindWords: { zh: string; en: string };
  gridCode: string;
  gridName: string;
  ownerName: string | null;
  dueAtMs: number;
  dueAt: string;
  reminders: number;
  ageMs: number;
}

export interface NowSite {
  siteId: string;
  name: string;
  gridCode: string;
  gridName: string;
  hasGateway: boolean;
  lastSeenAt: string | null;
  lastSeenAtMs: number | null;
  ageMs: number | null;
}

export interface NowBattery {
  siteId: string;
  name: string;
  gridCode: string;
  gridName: string;
  low: boolean;
  batteryPercent: number | null;
  hoursLeft: number | null;
}

interface NowSaid {
  id: string;
  gridCode: string;
  gridName: string;
  alertId: string | null;
  saidAtMs: number;
  ageMs: number;
}

/** A report upward that is waited for. */
export interface DueReport {
  /** Null: a zero report, of the day that `day` names. */
  alertId: string | null;
  day: string | null;
  title: string;
  mode: Mode;
  kind: SituationKind;
  kindWords: { zh: string; en: string };
  number: number;
  dueAt: string;
  dueAtMs: number;
  overdue: boolean;
  /** Below 0: so long is left. */
  ageMs: number;
  /** Filled already, and not yet sent. */
  draftId: string | null;
}

/** A shift that somebody handed over and nobody took over, or that runs for longer than anybody can. */
export interface NowShift {
  id: string;
  state: ShiftState;
  areas: string[];
  officerName: string;
  /** Since when it waits. */
  sinceMs: number;
  ageMs: number;
}

export interface NowView {
  asOf: string;
  asOfMs: number;
  /** Raised, the gravest first. */
  alerts: NowAlert[];
  waiting: NowWaiting[];
  unsigned: NowUnsigned[];
  overdue: NowMissing[];
  ladders: { waiting: number; answered: number; proofAgeMs: number | null; overdue: NowLadder[] };
  tasks: { open: number; overdue: number; waiting: number; unowned: number; late: NowTask[] };
  reports: { unread: number; oldestAt: string | null; ageMs: number | null };
  sites: { total: number; silent: NowSite[]; onBattery: NowBattery[] };
  statuses: {
    overdue: (NowSaid & { nextContactAtMs: number; nextContactAt: string })[];
    grave: (NowSaid & { missing: number; injured: number; saidAt: string })[];
  };
  houses: { silent: { peerId: string; gridCode: string; gridName: string; sinceMs: number; since: string; ageMs: number }[] };
  /** Live before drill, the longest overdue first. */
  situation: DueReport[];
  shifts: NowShift[];
  /** Patrols, visits and checks that were missed and not made good, village by village. */
  rounds: NowMissed[];
  degraded: { asOfMs: number; words: string[] };
}
