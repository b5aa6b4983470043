// Peacetime: what is due, done and missed, as an officer reads it.
import type { Hazard } from './report.ts';
import type { RoundKind, RoundMeans, RoundResult } from './round.ts';
import type { RoomItem } from './round-policy.ts';

/** Of one kind in its period. `due` = `kept` + `missed` + `open`. */
export interface RoundFigures {
  due: number;
  kept: number;
  missed: number;
  open: number;
}

export interface PeaceVillage extends Record<RoundKind, RoundFigures> {
  gridCode: string;
  gridName: string;
}

export interface PeaceView {
  asOf: string;
  asOfMs: number;
  /** Of what the figures of each kind are: today, this month, this quarter. */
  periods: Record<RoundKind, { fromMs: number; toMs: number }>;
  villages: PeaceVillage[];
  total: Record<RoundKind, RoundFigures>;
  /** What is watched, whether anything of it is due or not. */
  watched: Record<RoundKind, number>;
  items: RoomItem[];
}

export interface LastRound {
  id: string;
  atMs: number;
  at: string;
  result: RoundResult;
  means: RoundMeans;
  /** The report that came of it. */
  reportId: string | null;
}

/** What is missing in an activity room, and who said so. */
export interface RoomState {
  /** Ids of items. */
  lacking: string[];
  checkedAtMs: number;
  /** The village's check that the township has not looked at; null: none waits. */
  waitsSinceMs: number | null;
  /** The deadline of what is missing, while its task is open. */
  mendByMs: number | null;
  /** Which check of the village is looked at. */
  checkId: string;
}

export interface RoundRow {
  planId: string;
  kind: RoundKind;
  subjectId: string;
  gridCode: string;
  gridName: string;
  villageCode: string;
  villageName: string;
  name: string;
  hazard: Hazard | null;
  hazardWords: { zh: string; en: string } | null;
  /** Who goes there. */
  walker: string | null;
  last: LastRound | null;
  /** By when the next one is due; null: none is asked for. */
  dueAtMs: number | null;
  /** Deadlines that passed since somebody was there. */
  missed: number;
  missedSinceMs: number | null;
  room: RoomState | null;
}

export interface RoundsView {
  asOf: string;
  asOfMs: number;
  rounds: RoundRow[];
  next: string | null;
}

/** For whoever calls him. */
export interface RoundContact {
  planId: string;
  name: string;
  walker: string | null;
  phone: string | null;
  /** His own page; null where nobody is named. */
  link: string | null;
}

/** Where nobody was since a deadline passed, one line for a village. */
export interface NowMissed {
  gridCode: string;
  gridName: string;
  kind: RoundKind;
  /** Points, households or rooms. */
  missed: number;
  sinceMs: number;
  ageMs: number;
}
