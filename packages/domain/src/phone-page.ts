// Chapter 5, member: what the phone page and the house say to each other. The page is small: nothing here may draw in more than types and words.
import type { AlertState, Level, Mode, Order } from './alert.ts';
import type { DoorReason } from './assign-doors.ts';
import { ANSWERS, type Answer, type Need } from './member.ts';
import type { PersonStatus } from './rollcall.ts';
import type { SafetyKind } from './safety.ts';
import type { SeatReason, Section } from './section.ts';

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

/** One door that he was given, as his phone shows it. */
export interface PhoneDoor {
  householdId: string;
  gridCode: string;
  doorplate: string;
  headName: string;
  needs: Need[];
  reason: DoorReason;
  /** Until he stands there, as estimated when he was given it. */
  minutes: number;
  /** Somebody behind it is to be found, or to be counted again. */
  isOpen: boolean;
  /** The sum of the persons': what a mark of the whole household names. */
  version: number;
  persons: { personId: string; name: string; needs: Need[]; status: PersonStatus; round: number; version: number }[];
}

/** What keeps him safe at the scene. */
export interface PhoneSafety {
  /** Who leads where he works, or he himself, over this grid node. */
  commander: { name: string; isMe: boolean; gridCode: string } | null;
  /** He was named commander of these grid nodes and has not said yes. */
  asked: { gridCode: string; gridName: string }[];
  /** He is out: with whom, and by when he is to be heard of. */
  out: { kind: SafetyKind; with: string[]; dueAtMs: number }[];
}

/** Everything that the page shows, as the county holds it at `asOfMs`. Times are the county's clock. */
export interface PhoneState extends PhoneSafety {
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
  /** The work that he was chosen for, where, and why. */
  seat: { section: Section; place: string; reasons: SeatReason[] } | null;
  /** Where people gather, in his own village. */
  gatherAt: string[];
  /** The doors that he was given, in the order of his way. */
  doors: PhoneDoor[];
  /** Of the roll-call: who was counted in an earlier one is asked for again. */
  round: number;
}
