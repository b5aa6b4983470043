// Chapter 6, look back: what a drill is worth in points, and a half-year in stars: of a village or a group, never of a person.
import type { Point } from './measures.ts';

export const SCORE_PARTS = ['sound', 'answers', 'ladder', 'moving', 'rollCall'] as const;
export type ScorePart = (typeof SCORE_PARTS)[number];

/** The whole rule, as it is shown. `minutes`: what came later is worth nothing; null: the ladder's own clock counts. */
export const SCORE_RULE: Record<ScorePart, { points: number; minutes: number | null; zh: string; en: string }> = {
  sound: { points: 30, minutes: 3, zh: '3 分钟内响起的喇叭', en: 'loudspeakers that sounded within 3 minutes' },
  answers: { points: 30, minutes: 10, zh: '10 分钟内应答的成员', en: 'members who answered within 10 minutes' },
  ladder: { points: 10, minutes: null, zh: '责任人按时应答的村', en: 'villages whose responsible person answered in time' },
  moving: { points: 10, minutes: null, zh: '按时组织转移的村', en: 'villages that set out in time' },
  rollCall: { points: 20, minutes: 60, zh: '60 分钟内核实的人', en: 'people accounted for within 60 minutes' },
};

/** From so many points on, the best first. */
export const STARS = [
  { from: 90, stars: 5 },
  { from: 75, stars: 4 },
  { from: 60, stars: 3 },
  { from: 40, stars: 2 },
  { from: 0, stars: 1 },
] as const;

export interface ScoreShare {
  part: ScorePart;
  count: number;
  of: number;
}

export interface Score {
  /** 0 to 100; null where there was nothing to be measured. */
  points: number | null;
  shares: ScoreShare[];
}

export interface LadderTimes {
  answeredMs: number | null;
  answeredLate: boolean;
  movingMs: number | null;
  movingLate: boolean;
}

interface Measured {
  firstSound: { speakers: number; curve: readonly Point[] };
  answers: { members: number; curve: readonly Point[] };
  rollCall: { persons: { total: number }; curve: readonly Point[] };
}

const countBefore = (curve: readonly Point[], minutes: number) => curve.findLast(({ minute }) => minute < minutes)?.count ?? 0;

function inTime(times: readonly { ms: number | null; late: boolean }[]): Pick<ScoreShare, 'count' | 'of'> {
  // What was not yet due when it ended says nothing about anybody.
  const judged = times.filter(({ ms, late }) => late || ms !== null);
  return { count: judged.filter(({ late }) => !late).length, of: judged.length };
}

/** `ladders`: of the villages inside; a group has none of its own. */
export function scoreOf({ firstSound, answers, rollCall }: Measured, ladders: readonly LadderTimes[]): Score {
  const within = (part: ScorePart, curve: readonly Point[], of: number) => ({
    part,
    count: Math.min(of, Math.max(0, countBefore(curve, SCORE_RULE[part].minutes ?? 0))),
    of,
  });
  const shares: ScoreShare[] = [
    within('sound', firstSound.curve, firstSound.speakers),
    within('answers', answers.curve, answers.members),
    { part: 'ladder', ...inTime(ladders.map(({ answeredMs, answeredLate }) => ({ ms: answeredMs, late: answeredLate }))) },
    { part: 'moving', ...inTime(ladders.map(({ movingMs, movingLate }) => ({ ms: movingMs, late: movingLate }))) },
    within('rollCall', rollCall.curve, rollCall.persons.total),
  ];
  // What was not there is left out, and the rest counts for the whole.
  const judged = shares.filter(({ of }) => of > 0);
  const whole = judged.reduce((sum, { part }) => sum + SCORE_RULE[part].points, 0);
  const won = judged.reduce((sum, { part, count, of }) => sum + (SCORE_RULE[part].points * count) / of, 0);
  return { points: whole === 0 ? null : Math.round((100 * won) / whole), shares };
}

export interface Rating {
  drills: number;
  /** The mean of its drills; null and no stars where it had none. */
  points: number | null;
  stars: number | null;
}

export function ratingOf(points: readonly number[]): Rating {
  if (points.length === 0) return { drills: 0, points: null, stars: null };
  const mean = Math.round(points.reduce((sum, one) => sum + one, 0) / points.length);
  return { drills: points.length, points: mean, stars: STARS.find(({ from }) => mean >= from)!.stars };
}

const MINUTE_MS = 60_000;

/** `2026-H1` is January to June by the county's clock. */
export const HALF_YEAR = /^(20\d\d)-H([12])$/;

export function halfYearAt(ms: number, utcOffsetMinutes: number): string {
  const local = new Date(ms + utcOffsetMinutes * MINUTE_MS);
  return `${local.getUTCFullYear()}-H${local.getUTCMonth() < 6 ? 1 : 2}`;
}

/** The half-year of that moment and those before it, the newest first. */
export function halvesUntil(ms: number, utcOffsetMinutes: number, most: number): string[] {
  const [year = '', number = ''] = halfYearAt(ms, utcOffsetMinutes).split('-H');
  const newest = Number(year) * 2 + Number(number) - 1;
  return Array.from({ length: most }, (_, back) => `${Math.floor((newest - back) / 2)}-H${((newest - back) % 2) + 1}`);
}

/** From the first moment to the first that is no longer in it. */
export function boundsOf(half: string, utcOffsetMinutes: number): { fromMs: number; toMs: number } {
  const [, year = '', number = ''] = HALF_YEAR.exec(half) ?? [];
  const month = number === '1' ? 0 : 6;
  const at = (months: number) => Date.UTC(Number(year), months) - utcOffsetMinutes * MINUTE_MS;
  return { fromMs: at(month), toMs: at(month + 6) };
}
