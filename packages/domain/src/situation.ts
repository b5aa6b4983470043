// Reporting upward (首报, 续报, 终报, 零报告): which report is next, until when, and of what it consists.
import type { AlertState, Level, Mode, Order } from './alert.ts';
import { degreeOf } from './ladder-policy.ts';
import { LIMITS } from './limits.ts';
import type { SituationPolicy } from './situation-policy.ts';
import { cleanText } from './text.ts';

export const SITUATION_KINDS = {
  first: { zh: '首报', en: 'first report' },
  'follow-up': { zh: '续报', en: 'follow-up report' },
  final: { zh: '终报', en: 'final report' },
  zero: { zh: '零报告', en: 'zero report' },
} as const;
export type SituationKind = keyof typeof SITUATION_KINDS;
export const SITUATION_KIND_NAMES = Object.keys(SITUATION_KINDS) as [SituationKind, ...SituationKind[]];

/** What no machine knows: an officer's own words, in the order in which they are read. */
export const SITUATION_FIELDS = {
  course: { zh: '事件经过', en: 'What happened' },
  weather: { zh: '雨情水情', en: 'Weather and rivers' },
  losses: { zh: '灾情损失', en: 'Losses' },
  measures: { zh: '已采取的措施', en: 'Measures taken' },
  trend: { zh: '发展趋势和下一步打算', en: 'What is expected, and what comes next' },
  requests: { zh: '需要上级支持的事项', en: 'What is asked of those above' },
} as const;
export type SituationField = keyof typeof SITUATION_FIELDS;
export const SITUATION_FIELD_NAMES = Object.keys(SITUATION_FIELDS) as [SituationField, ...SituationField[]];

/** Empty: nothing was said. The English page shows the Chinese words where there are no English ones. */
export type SituationWords = Record<SituationField, { zh: string; en: string }>;

export const NO_WORDS = Object.fromEntries(SITUATION_FIELD_NAMES.map((field) => [field, { zh: '', en: '' }])) as SituationWords;

/** The words as they are kept and shown: each line clean, no empty lines. */
export function cleanWords(given: Partial<SituationWords>): Partial<SituationWords> {
  const clean = (text: string) =>
    text
      .split(/\r\n|[\r\n\u2028\u2029]/)
      .map(cleanText)
      .filter((line) => line !== '')
      .join('\n');
  return Object.fromEntries(Object.entries(given).map(([field, { zh, en }]) => [field, { zh: clean(zh), en: clean(en) }]));
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What decides which report of an alert is next. */
export interface ReportedAlert {
  mode: Mode;
  state: AlertState;
  level: Level | null;
  order: Order | null;
  raisedAtMs: number | null;
  overAtMs: number | null;
}

export interface LastReport {
  kind: SituationKind;
  number: number;
  sentAtMs: number;
}

export interface NextReport {
  kind: Exclude<SituationKind, 'zero'>;
  /** From 1, in the order in which they are sent. */
  number: number;
  /** Null: the policy names no time; somebody may report all the same. */
  dueAtMs: number | null;
}

/** The report that follows `last`; undefined where none does: before the raise, of a test, after the final one, of an error that was never reported. */
export function nextReport(alert: ReportedAlert, last: LastReport | undefined, policy: SituationPolicy): NextReport | undefined {
  if (alert.raisedAtMs === null || alert.mode === 'test' || last?.kind === 'final') return undefined;
  // A drill that nobody reported on while it lasted is over; so is what was raised in error.
  if (last === undefined && (alert.state === 'cancelled' || (alert.mode === 'drill' && alert.overAtMs !== null))) return undefined;
  const degree = degreeOf(alert);
  const clock = policy.clocks.find((one) => one.degree.includes(degree));
  const due = (fromMs: number, minutes: number | undefined) => (minutes === undefined ? null : fromMs + minutes * MINUTE_MS);
  if (last === undefined) return { kind: 'first', number: 1, dueAtMs: due(alert.raisedAtMs, clock?.firstMinutes) };
  const number = last.number + 1;
  return alert.overAtMs === null
    ? { kind: 'follow-up', number, dueAtMs: due(last.sentAtMs, clock?.followUpMinutes) }
    : { kind: 'final', number, dueAtMs: due(alert.overAtMs, clock?.finalMinutes) };
}

export interface ReportedDay {
  /** `YYYY-MM-DD`, on which the 24 hours end. */
  day: string;
  fromMs: number;
  toMs: number;
  dueAtMs: number;
}

/** The last 24 hours that ended at the policy's hour of the county; undefined when zero reports are not asked for. */
export function reportedDay(policy: SituationPolicy, nowMs: number, utcOffsetMinutes: number): ReportedDay | undefined {
  if (policy.zeroAt === null) return undefined;
  const offsetMs = utcOffsetMinutes * MINUTE_MS;
  const [hours = 0, minutes = 0] = policy.zeroAt.split(':').map(Number);
  const atMs = (hours * 60 + minutes) * MINUTE_MS;
  const midnightMs = Math.floor((nowMs + offsetMs - atMs) / DAY_MS) * DAY_MS;
  const toMs = midnightMs + atMs - offsetMs;
  const day = new Date(midnightMs).toISOString().slice(0, 10);
  return { day, fromMs: toMs - DAY_MS, toMs, dueAtMs: toMs + policy.zeroGraceMinutes * MINUTE_MS };
}

/** Alerts that were over before this are not asked about any more. */
export function askedSinceMs(nowMs: number): number {
  return nowMs - LIMITS.situationAskedMs;
}
