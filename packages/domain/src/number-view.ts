// Chapter 5, numbers: which numbers work, for the house that says so and the screens that show it. Times as text with their offset (CAP 1.2).
import type { CheckedChannel, NumberResult } from './number-check.ts';

export interface NumberView {
  memberId: string;
  name: string;
  gridCode: string;
  gridName: string;
  /** Null: he has no number. */
  channel: CheckedChannel | null;
  result: NumberResult;
  resultWords: { zh: string; en: string };
  /** The provider reported that the last test arrived. */
  isDelivered: boolean;
  reason: string | null;
  tries: number;
  askedAt: string | null;
  provenAt: string | null;
  /** Whole days since he last answered by it. */
  provenDaysAgo: number | null;
}

export interface NumberRoundView {
  id: string;
  gridCode: string;
  startedAt: string;
  startedBy: string;
}

export interface StartedNumberRound extends NumberRoundView {
  people: number;
  numbers: number;
}

type Counts = Record<NumberResult, number>;

export interface NumbersView {
  asOf: string;
  asOfMs: number;
  provenForDays: number;
  /** Over all pages. */
  counts: Counts;
  villages: { code: string; name: string; counts: Counts }[];
  numbers: NumberView[];
  /** Those that officers started and that go on. */
  rounds: NumberRoundView[];
  next: string | null;
}
