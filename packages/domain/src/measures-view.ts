// Chapter 6, look back: the numbers of one alert, and of a half-year of drills, for the house that gives them and the screen that shows them. Times in ms after the raise.
import type { AlertState, Mode } from './alert.ts';
import type { LadderTimes, Rating, Score } from './drill-score.ts';
import type { LadderCounts } from './ladder-counts.ts';
import type { Point, Spread } from './measures.ts';
import type { Answer } from './member.ts';

/** The same of the whole and of every place. */
export interface Measured {
  firstSound: Spread & { speakers: number; curve: Point[] };
  /** The first that each member said; how they stand now is the board's. */
  answers: Spread & { members: number; byFirst: Record<Answer, number>; curve: Point[] };
  rollCall: {
    complete: boolean;
    households: { total: number; accounted: number };
    persons: { total: number; accounted: number };
    curve: Point[];
  };
  /** Of a drill; a real night is not graded. */
  score: Score | null;
}

export interface MeasuredPlace extends Measured {
  code: string;
  name: string;
}

export interface MeasuredVillage extends MeasuredPlace {
  ladder: (LadderTimes & { persons: number | null }) | null;
}

/** Every figure of the whole is the sum of the villages'. */
export interface MeasuresView extends Measured {
  alertId: string;
  mode: Mode;
  state: AlertState;
  title: string;
  asOf: string;
  asOfMs: number;
  raisedAt: string | null;
  overAt: string | null;
  lastedMs: number;
  ladders: LadderCounts & { answerTimes: Spread; movingTimes: Spread };
  villages: MeasuredVillage[];
  groups: MeasuredPlace[];
}

export interface RatedPlace extends Rating {
  code: string;
  name: string;
  tier: 'village' | 'group';
}

export interface StarsView {
  asOfMs: number;
  /** `2026-H2`. */
  half: string;
  /** The running one and those before it that may be asked for. */
  halves: string[];
  /** How many drills were over in it and touched the reader's ground. */
  drills: number;
  /** There were more than are counted: the newest are. */
  isCut: boolean;
  places: RatedPlace[];
}

/** One row of an alert's timeline. */
export interface EventView {
  seq: number;
  id: string;
  type: string;
  at: string;
  atMs: number;
  who: string;
  whoName: string;
  via: string;
  gridCode: string;
  gridName: string;
  alertId: string | null;
  subjectId: string;
  subjectName: string;
  data: Record<string, unknown>;
  zh: string;
  en: string;
}

export interface TimelineView {
  events: EventView[];
  /** What to go on from. */
  next: number | null;
}
