// Chapter 6, watch: what the board of one alert is told, for the house that tells it and the screens that show it. Times `…Ms` in ms since 1970, others as text (CAP 1.2).
import type { AlertState, Mode } from './alert.ts';
import type { DeliveryState, Purpose } from './delivery.ts';
import type { Tier } from './grid.ts';
import type { AnswerEffect, Duty, LadderMeans, LadderState, Question, SkipReason } from './ladder.ts';
import type { LadderCounts } from './ladder-counts.ts';
import type { Answer, CallReason, CallState, Need } from './member.ts';
import type { NowSite } from './now-view.ts';
import type { MarkMeans, PersonStatus } from './rollcall.ts';
import type { Totals } from './rollcall-totals.ts';
import type { SafetyKind, SafetyState } from './safety.ts';
import type { Reach, Section } from './section.ts';

interface Words {
  zh: string;
  en: string;
}

/** States that a speaker is said to have ever reached. */
export const EVER_STATES = ['received', 'playing', 'played', 'sounded'] as const;
export type EverState = (typeof EVER_STATES)[number];

export interface SpeakerFigures {
  total: number;
  states: Partial<Record<DeliveryState, number>>;
  /** How many ever reached each state, whatever they do now. */
  ever: Partial<Record<EverState, number>>;
  changedAtMs: number | null;
}

export interface MemberFigures {
  total: number;
  waiting: number;
  read: number;
  coming: number;
  onTheWay: number;
  arrived: number;
  cannot: number;
  closed: number;
  /** On the spot, by a code; in none of the other figures, which are of the lists. */
  joined: number;
  changedAtMs: number | null;
}

export interface NodeFigures {
  speakers: SpeakerFigures;
  members: MemberFigures;
  households: { total: number };
  sites: { total: number; silent: number };
}

export interface CountedNode extends NodeFigures {
  code: string;
  tier: Tier;
  name: string;
  parentCode: string | null;
}

export interface SpeakerView {
  speakerId: string;
  name: string;
  siteName: string;
  gridCode: string;
  gridName: string;
  state: DeliveryState;
  repeat: number;
  /** As the device or the county said it, a code; and in words. */
  reason: string | null;
  reasonWords: Words | null;
  soundedLevelDb: number | null;
  changedAt: string;
  changedAtMs: number;
  ageMs: number;
}

export interface SpeakersView {
  asOfMs: number;
  speakers: SpeakerView[];
  next: string | null;
}

export interface CoverageView {
  alertId: string;
  state: AlertState;
  mode: Mode;
  quiet: boolean;
  revision: number;
  asOf: string;
  asOfMs: number;
  ageMs: number;
  raisedAtMs: number | null;
  overAtMs: number | null;
  endTimeMs: number;
  totals: NodeFigures;
  nodes: CountedNode[];
  failed: SpeakerView[];
  silent: NowSite[];
  announcements: { purpose: Purpose; state: DeliveryState; count: number }[];
}

export interface CallView {
  id: string;
  memberId: string;
  name: string;
  gridCode: string;
  gridName: string;
  state: CallState;
  answer: Answer | null;
  answeredAt: string | null;
  answeredBy: string | null;
  reason: CallReason | null;
  steps: number;
  nextAt: string | null;
  joined: boolean;
  changedAt: string;
  help: { at: string; words: string | null } | null;
  /** His phone page: in the demo only, whose members are fictional. */
  link?: string | undefined;
}

export interface CallsView {
  calls: CallView[];
  next: string | null;
}

export interface ListedPersonView {
  personId: string;
  name: string | null;
  needs: Need[];
  status: PersonStatus;
  words: string | null;
  means: MarkMeans | null;
  markedBy: string | null;
  markedByName: string | null;
  markedAt: string | null;
  round: number;
  musterPointId: string | null;
  version: number;
}

export interface HouseholdView {
  householdId: string | null;
  gridCode: string;
  doorplate: string | null;
  headName: string | null;
  needs: Need[];
  /** Rises with every mark in it. */
  version: number;
  persons: ListedPersonView[];
}

export interface OneHouseholdView {
  asOfMs: number;
  round: number;
  household: HouseholdView;
}

export interface RollCallView extends Totals {
  asOf: string;
  asOfMs: number;
  round: number;
  /** Since when this round goes on; null in the first. */
  roundAt: string | null;
  /** `markedAtMs`: when somebody was marked there last. */
  groups: (Totals & { code: string; name: string; markedAtMs: number | null })[];
  list: HouseholdView[];
  next: string | null;
}

export interface PlaceView {
  placeId: string;
  gridCode: string;
  name: string | null;
  kind: string | null;
  contactName: string | null;
  expected: number;
  isExpectedOld: boolean;
  counted: number | null;
  markedAt: string | null;
  round: number;
  version: number;
}

export interface PlacesView {
  places: PlaceView[];
  next: string | null;
}

export interface MusterPointView {
  id: string;
  gridCode: string;
  name: string;
  capacity: number;
  /** A shelter of this alert. */
  isShelter: boolean;
  /** Of the whole list, also from elsewhere. */
  persons: number;
  isOverfull: boolean;
}

/** Whose a scanned tag is; `personId` null: of the household as a whole. */
export interface TagView {
  gridCode: string;
  householdId: string;
  personId: string | null;
  doorplate: string;
  name: string;
}

type Told = number | null;

/** What was told by mouth of places, the newest first. */
export interface SpokenView {
  statuses: {
    id: string;
    gridCode: string;
    gridName: string;
    meansWords: Words;
    counts: { households: Told; persons: Told; moved: Told; missing: Told; injured: Told };
    expected: { households: number; persons: number };
    saidAtMs: number;
    /** Somebody is missing or hurt. */
    isGrave: boolean;
  }[];
  next: string | null;
}

export interface DoorsView {
  doors: { householdId: string; memberId: string | null; helperName: string | null; isOpen: boolean; why: Words; minutes: number }[];
  next: string | null;
}

interface LadderClock {
  dueAt: string | null;
  dueAtMs: number | null;
  overdueSince: string | null;
  at: string | null;
}

export interface LadderView {
  gridCode: string;
  gridName: string;
  degree: string;
  state: LadderState;
  overdue: boolean;
  round: number;
  answer: LadderClock;
  moving: LadderClock & { persons: number | null };
  nextAskAt: string | null;
  asked: {
    at: string;
    question: Question;
    round: number;
    rungCode: string | null;
    position: number | null;
    duty: Duty | null;
    memberId: string | null;
    name: string | null;
    skipped: SkipReason | null;
  }[];
  answers: {
    at: string;
    kind: 'got-it' | 'moving';
    persons: number | null;
    means: LadderMeans;
    name: string | null;
    words: string | null;
    recordedBy: string;
    recordedByName: string | null;
    effect: AnswerEffect;
  }[];
  closeReason: string | null;
  version: number;
}

export interface LaddersView {
  asOf: string;
  asOfMs: number;
  counts: LadderCounts;
  ladders: LadderView[];
}

export interface SeatView {
  memberId: string;
  name: string | null;
  section: Section | null;
  state: 'held' | 'freed' | 'stood-down';
  answer: string | null;
  reasons: (Words & { code: string })[];
  /** `rule`, or who decided. */
  decidedBy: string;
  decidedByName: string | null;
  words: string | null;
  changedAt: string;
  version: number;
}

export interface SectionGroupView {
  code: string;
  name: string;
  households: number;
  persons: number;
  reach: Reach;
  reachWords: Words;
  shortSince: string | null;
  needed: number;
  have: number;
  sections: { section: Section; words: Words; needed: number; have: number; unfillable: boolean }[];
  seats: SeatView[];
}

export interface CommanderView {
  gridCode: string;
  /** Of those who were ever named there: the highest is the last. */
  number: number;
  memberId: string;
  name: string | null;
  namedByName: string | null;
  namedAt: string;
  acknowledgedAt: string | null;
  /** The last one who said yes. */
  leads: boolean;
}

/** A pair that is out, or everybody who was called back. */
export interface WatchView {
  id: string;
  kind: SafetyKind;
  gridCode: string;
  state: SafetyState;
  orderedByName: string | null;
  orderedAt: string;
  words: string | null;
  dueAt: string;
  overdue: boolean;
  alarms: number;
  heardAt: string | null;
  heardByName: string | null;
  members: { memberId: string; name: string | null; backAt: string | null }[];
}

export interface SectionsView {
  asOf: string;
  asOfMs: number;
  needed: number;
  have: number;
  groups: SectionGroupView[];
  commanders: CommanderView[];
  watches: WatchView[];
  /** By how many minutes a pair is to be heard of, and everybody is to be back. */
  minutes: { checkIn: number; back: number };
  next: string | null;
}
