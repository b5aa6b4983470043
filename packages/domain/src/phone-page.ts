// Chapter 5, member: what the phone page and the house say to each other. The page is small: nothing here may draw in more than types and words.
import type { AlertState, Level, Mode, Order } from './alert.ts';
import { ANSWERS, type Answer } from './member.ts';

/** What a member can say by one touch: an answer; that he needs support; that he does not any more. */
export const SAYINGS = [...ANSWERS, 'help', 'help-over'] as const;
export type Saying = (typeof SAYINGS)[number];

export interface PhoneText {
  /** BCP 47. */
  language: string;
  title: string;
  text: string;
  /** Recorded or prepared audio of exactly these words. */
  clip: string | null;
}

/** Everything that the page shows, as the county holds it at `asOfMs`. Times are the county's clock. */
export interface PhoneState {
  asOfMs: number;
  utcOffsetMinutes: number;
  callId: string;
  name: string;
  areaNames: string[];
  mode: Mode;
  alertState: AlertState;
  level: Level | null;
  order: Order | null;
  texts: PhoneText[];
  /** Answers are taken. */
  isOpen: boolean;
  answer: { answer: Answer; atMs: number; saidAtMs: number | null; byOfficer: boolean } | null;
  helpAtMs: number | null;
}
