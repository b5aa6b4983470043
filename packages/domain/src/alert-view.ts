// Chapter 2, alert: what one alert and one template look like, for the house that gives them and the screens that show them.
import type { AlertState, AlertSubject, AlertText } from './alert.ts';
import type { CapAlert } from './cap.ts';
import type { Decision } from './forecast-view.ts';
import type { Role } from './officer.ts';
import type { Hazard } from './report.ts';

/** Prepared words. `stage` drill or test: for that mode alone. */
export interface TemplateView extends Omit<AlertSubject, 'mode'> {
  id: string;
  title: string;
  titleEn: string;
  hazard: Hazard;
  stage: string;
  eventCode: string;
  texts: AlertText[];
  endTexts: AlertText[];
  cancelTexts: AlertText[];
  durationMinutes: number;
}

/** One row of the list of alerts. */
export interface ListedAlertView extends AlertSubject {
  id: string;
  eventCode: string;
  state: AlertState;
  revision: number;
  quiet: boolean;
  reportId: string | null;
  templateId: string | null;
  draftedBy: string;
  raisedBy: string | null;
  overBy: string | null;
  overReason: string | null;
  slopeCheckedBy: string | null;
  version: number;
  title: string;
  areaCodes: string[];
  issuer: string;
  updateWaits: boolean;
  createdAt: string;
  raisedAt: string | null;
  overAt: string | null;
  endTime: string;
}

export interface RevisionView extends AlertSubject {
  revision: number;
  eventCode: string;
  issuer: string;
  texts: AlertText[];
  endTexts: AlertText[];
  cancelTexts: AlertText[];
  areaCodes: string[];
  siren: boolean;
  playTimes: number;
  intervalSeconds: number;
  volume: number;
  cap: CapAlert | null;
  draftedBy: string;
  raisedAtCode: string | null;
  startTime: string;
  endTime: string;
  raisedAt: string | null;
}

export interface ApprovalView {
  revision: number;
  officerId: string;
  officerName: string;
  /** `screen` or `telephone-call-back`. */
  means: string;
  recordedBy: string;
  words: string;
  at: string;
  countersignedAt: string | null;
}

export interface AlertView extends ListedAlertView {
  /** Oldest first. */
  revisions: RevisionView[];
  approvals: ApprovalView[];
  /** The revision that waits to be raised, with what is missing for it; null when nothing waits. */
  waiting: WaitingView | null;
}

/** Who may be the second officer. */
export interface SecondOfficerView {
  username: string;
  name: string;
  role: Role;
}

export interface WaitingView {
  revision: number;
  decision: Decision;
  /** Null: it needs none, or has one. */
  secondOfficers: SecondOfficerView[] | null;
}
