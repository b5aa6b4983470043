// Chapter 6, shift log: shifts as a screen gets them: one line of the list, one whole, and what happened in it.
import type { Mode } from './alert.ts';
import type { EventView } from './measures-view.ts';
import type { OpenKind, ShiftState } from './shift.ts';

/** Something that was open, in both languages, so that the screen and the paper say the same. */
export interface OpenItem {
  kind: OpenKind;
  /** The same thing has the same key at the hand-over and when it is taken over. */
  key: string;
  mode: Mode;
  zh: string;
  en: string;
  /** Null: nobody knows since when. */
  sinceMs: number | null;
}

/** What was open at one moment; `items` may name fewer than `counts` has. */
export interface OpenThings {
  asOf: string;
  asOfMs: number;
  counts: Record<OpenKind, number>;
  items: OpenItem[];
}

/** What an officer signed. */
export interface SignedThings extends OpenThings {
  by: string;
  words: string;
}

export interface ShiftLine {
  id: string;
  /** Each post counts its own. */
  number: number;
  state: ShiftState;
  areas: { code: string; name: string }[];
  startedAt: string;
  startedAtMs: number;
  officerId: string;
  officerName: string;
  /** Null: nobody handed it over. */
  offeredAt: string | null;
  offeredAtMs: number | null;
  offeredBy: string | null;
  overAt: string | null;
  takenOverBy: string | null;
  /** Somebody changed it past the house: it is not what was signed. */
  altered: boolean;
  /** Of the whole record; stands on every copy. */
  seal: string | null;
  version: number;
}

export interface ShiftRemark {
  id: string;
  by: string;
  /** When the house had it. */
  at: string;
  /** When it was written, where that was earlier: the line was cut. */
  writtenAt: string | null;
  words: string;
}

export interface ShiftView extends ShiftLine {
  /** Null: not handed over yet, or taken over without that. */
  offered: SignedThings | null;
  /** What stood when the next officer signed. */
  taken: SignedThings | null;
  remarks: ShiftRemark[];
}

export interface ShiftsView {
  asOf: string;
  asOfMs: number;
  /** Of the reader's own post; `current` null: no shift was begun there. */
  own: { areas: { code: string; name: string }[]; current: ShiftLine | null };
  /** Those that are over, the newest first. */
  shifts: ShiftLine[];
  next: string | null;
}

/** One line of the log; of a remark with its words. */
export interface ShiftLogLine extends EventView {
  remark: ShiftRemark | null;
  /** Of what alert or drill it is. */
  alert: { title: string; mode: Mode } | null;
}

export interface ShiftLogView {
  /** The newest first. */
  events: ShiftLogLine[];
  /** What to ask with for earlier ones. */
  next: number | null;
}
