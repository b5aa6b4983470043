// Chapter 5, joining on the spot: what the codes of an alert and who joined by them look like, for the house that tells them and the screens that show them.
import type { JoinCodeState } from './join.ts';
import type { Answer, Skill } from './member.ts';

export interface JoinCodeView {
  id: string;
  code: string;
  path: string;
  /** As the QR says it: where the house is reached from outside. */
  address: string;
  gridCode: string;
  gridName: string;
  state: JoinCodeState;
  stateWords: { zh: string; en: string };
  joins: number;
  mostJoins: number;
  wrongTries: number;
  expiresAt: string;
  openedByName: string | null;
  openedAt: string;
}

/** A resident who is on no list. */
export interface JoinedView {
  memberId: string;
  callId: string;
  joinCodeId: string;
  name: string;
  hasPhone: boolean;
  household: string | null;
  skills: Skill[];
  gridCode: string;
  gridName: string;
  answer: Answer | null;
  joinedAt: string;
  /** Stays a member after the alert. */
  kept: boolean;
}

export interface JoinCodesView {
  codes: JoinCodeView[];
  joined: JoinedView[];
  next: string | null;
}
