// Chapter 5, ladder (叫应): who of a grid node must answer, in which order, and what an answer changes.
import type { Level, Order } from './alert.ts';
import { isWithin, lineage } from './grid.ts';

/** What makes somebody a rung. */
export const DUTIES = {
  responsible: { zh: '责任人', en: 'responsible person' },
  'village-lead': { zh: '包村领导', en: 'leader assigned to the village' },
  'township-lead': { zh: '包乡领导', en: 'leader assigned to the township' },
  'work-team': { zh: '工作队', en: 'work team' },
} as const;
export type Duty = keyof typeof DUTIES;

/** asked: nobody answered yet. answered: somebody said 收到. moving: they said that people are on their way, and how many. closed: the alert is over. */
export const LADDER_STATES = ['asked', 'answered', 'moving', 'closed'] as const;
export type LadderState = (typeof LADDER_STATES)[number];
/** Somebody is waited for. */
export const OPEN_LADDER_STATES = ['asked', 'answered'] as const satisfies readonly LadderState[];

/** What is asked: "have you got it?", then "have they set out, and how many?". */
export const QUESTIONS = ['answer', 'moving'] as const;
export type Question = (typeof QUESTIONS)[number];

/** Why a rung was passed over: told, and the next one is asked at once. */
export const SKIP_REASONS = {
  'no-rungs': { zh: '没有登记责任人', en: 'nobody is named here' },
  'no-channel': { zh: '没有联系方式', en: 'no channel to reach him' },
  away: { zh: '外出', en: 'away' },
  gone: { zh: '已不在名册', en: 'no longer on the lists' },
} as const;
export type SkipReason = keyof typeof SKIP_REASONS;
export const SKIP_REASON_NAMES = Object.keys(SKIP_REASONS) as [SkipReason, ...SkipReason[]];

/** How the answer came. */
export const LADDER_MEANS = {
  page: { zh: '手机页面', en: 'by the phone page' },
  sms: { zh: '短信', en: 'by SMS' },
  voice: { zh: '电话按键', en: 'by a key during the call' },
  telephone: { zh: '电话', en: 'by telephone' },
  'face-to-face': { zh: '当面', en: 'face to face' },
  radio: { zh: '对讲机', en: 'by radio' },
} as const;
export type LadderMeans = keyof typeof LADDER_MEANS;
export const LADDER_MEANS_NAMES = Object.keys(LADDER_MEANS) as [LadderMeans, ...LadderMeans[]];

/** counted: it changed how the village stands. second: that was known already. after-end: the alert was over. */
export const ANSWER_EFFECTS = ['counted', 'second', 'after-end'] as const;
export type AnswerEffect = (typeof ANSWER_EFFECTS)[number];

/** A rung where it stands: on a grid node, in that node's order. */
export interface RungPlace {
  gridCode: string;
  position: number;
}

/** The grid nodes that a village's climb goes through: itself, its township, its county. */
export function climbCodes(gridCode: string): string[] {
  return lineage(gridCode).reverse();
}

/** Nearest node first, there by position. */
export function inClimbOrder<R extends RungPlace>(gridCode: string, rungs: readonly R[]): R[] {
  return rungs.filter((rung) => isWithin(rung.gridCode, gridCode)).sort((a, b) => b.gridCode.length - a.gridCode.length || a.position - b.position);
}

/** The rungs that come after `last` in this round; all of them when nobody was asked yet. Also when `last` itself is no longer there. */
export function rungsAfter<R extends RungPlace>(climb: readonly R[], last: RungPlace | null): R[] {
  if (last === null) return [...climb];
  return climb.filter(({ gridCode, position }) =>
    gridCode.length === last.gridCode.length ? position > last.position : gridCode.length < last.gridCode.length,
  );
}

/** What somebody said; persons: how many have set out. */
export type Said = { kind: 'got-it' } | { kind: 'moving'; persons: number };

/** The state after what was said, and whether it changed anything. A number that is said again and is another corrects the first. */
export function heard(ladder: { state: LadderState; persons: number | null }, said: Said): { state: LadderState; effect: AnswerEffect } {
  const { state, persons } = ladder;
  if (state === 'closed') return { state, effect: 'after-end' };
  if (said.kind === 'moving') return { state: 'moving', effect: state === 'moving' && persons === said.persons ? 'second' : 'counted' };
  return state === 'asked' ? { state: 'answered', effect: 'counted' } : { state, effect: 'second' };
}

/** How grave an alert is: its order, or its colour. */
export type Degree = Level | Order;
