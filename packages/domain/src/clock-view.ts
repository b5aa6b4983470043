// The village alone: what time it is at a house, and who said so.

export interface ClockView {
  /** `unknown`: what was in force waits. `by-hand`: an officer has told it. */
  state: 'known' | 'by-hand' | 'unknown';
  now: string;
  nowMs: number;
  /** When it last knew; null while it knows. */
  since: string | null;
  /** Alerts in force that do not sound until the time is known. */
  waiting: number;
  utcOffsetMinutes: number;
}
