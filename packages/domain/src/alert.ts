// The alert: a decision for an area. Words of CAP 1.2; its life is one table.
import { LabaError } from './errors.ts';

export const MODES = ['live', 'drill', 'test'] as const;
export type Mode = (typeof MODES)[number];
export const KINDS = ['warning', 'order'] as const;
export type Kind = (typeof KINDS)[number];
export const LEVELS = ['red', 'orange', 'yellow', 'blue'] as const;
export type Level = (typeof LEVELS)[number];
export const ORDERS = ['prepare', 'move-now'] as const;
export type Order = (typeof ORDERS)[number];

export const MODE_WORDS: Record<Mode, { zh: string; en: string; capStatus: 'Actual' | 'Exercise' | 'Test' }> = {
  live: { zh: '实警', en: 'live', capStatus: 'Actual' },
  drill: { zh: '演练', en: 'drill', capStatus: 'Exercise' },
  test: { zh: '测试', en: 'test', capStatus: 'Test' },
};
export const LEVEL_WORDS: Record<Level, { zh: string; en: string; capSeverity: 'Extreme' | 'Severe' | 'Moderate' | 'Minor' }> = {
  red: { zh: '红色', en: 'red', capSeverity: 'Extreme' },
  orange: { zh: '橙色', en: 'orange', capSeverity: 'Severe' },
  yellow: { zh: '黄色', en: 'yellow', capSeverity: 'Moderate' },
  blue: { zh: '蓝色', en: 'blue', capSeverity: 'Minor' },
};
export const ORDER_WORDS: Record<Order, { zh: string; en: string; responseType: 'Prepare' | 'Evacuate'; urgency: 'Expected' | 'Immediate' }> = {
  prepare: { zh: '准备转移', en: 'prepare to move', responseType: 'Prepare', urgency: 'Expected' },
  'move-now': { zh: '立即转移', en: 'move now', responseType: 'Evacuate', urgency: 'Immediate' },
};

/** Event codes of GB/T 35561, version 2017. An unknown code is accepted and shown as it is. */
export const EVENT_CODES: Record<string, { zh: string; en: string }> = {
  '11A01': { zh: '洪水', en: 'flood' },
  '11A51': { zh: '山洪', en: 'flash flood' },
  '11B01': { zh: '台风', en: 'typhoon' },
  '11B03': { zh: '暴雨', en: 'rainstorm' },
  '11B25': { zh: '森林火险', en: 'forest fire danger' },
  '11D00': { zh: '地质灾害', en: 'geological hazard' },
};

/** What an alert says, apart from its words: a warning has a level and its issuer, an order has an order. */
export interface AlertSubject {
  mode: Mode;
  kind: Kind;
  level: Level | null;
  order: Order | null;
}

/** What the words of a drill begin with, so that it is heard as one (I5). A language without its own has the Chinese one, which the county knows. */
export const DRILL_PREFIX = { zh: '演练，演练。', en: 'This is a drill. ' } as const;

/** The prefix for texts of a BCP 47 language. */
export function drillPrefix(language: string): string {
  return /^en(-|$)/i.test(language) ? DRILL_PREFIX.en : DRILL_PREFIX.zh;
}

/** The words of one language. `clipSha256` names recorded or prepared audio of exactly these words. */
export interface AlertText {
  language: string;
  title: string;
  text: string;
  clipSha256?: string | undefined;
}

export const ALERT_STATES = ['draft', 'raised', 'ended', 'cancelled', 'expired', 'discarded'] as const;
export type AlertState = (typeof ALERT_STATES)[number];
export const ALERT_ACTIONS = ['edit', 'approve', 'raise', 'discard', 'update', 'quieten', 'extend', 'end', 'cancel', 'expire'] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** Every transition there is. What is not here is refused. An updated or quietened alert is still raised. */
export const ALERT_TRANSITIONS: Record<AlertState, Partial<Record<AlertAction, AlertState>>> = {
  draft: { edit: 'draft', approve: 'draft', raise: 'raised', discard: 'discarded' },
  raised: { approve: 'raised', update: 'raised', quieten: 'raised', extend: 'raised', end: 'ended', cancel: 'cancelled', expire: 'expired' },
  ended: {},
  cancelled: {},
  expired: {},
  discarded: {},
};

/** The state after `action`, or a refusal that says what would be possible instead. */
export function nextAlertState(state: AlertState, action: AlertAction): AlertState {
  const next = ALERT_TRANSITIONS[state][action];
  if (next !== undefined) return next;
  const possible = Object.keys(ALERT_TRANSITIONS[state]);
  const hint = possible.length > 0 ? `possible now: ${possible.join(', ')}` : 'it is over; draft a new alert instead';
  throw new LabaError('transition-refused', `An alert that is ${state} cannot be given '${action}'; ${hint}.`, { state, action, possible });
}

/** Why sound stops, as said to the device and in the report. */
export const STOP_REASONS = ['ended', 'cancelled', 'superseded', 'pre-empted', 'quietened', 'expired', 'key-revoked'] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** Rank for pre-emption: a higher number silences a lower one. Live voice has the rank of its alert plus a half. */
export function rankOf(subject: AlertSubject): number {
  if (subject.mode === 'test') return 0;
  const byOrder: Record<Order, number> = { 'move-now': 6, prepare: 4 };
  const byLevel: Record<Level, number> = { red: 5, orange: 4, yellow: 3, blue: 2 };
  const rank = subject.order ? byOrder[subject.order] : byLevel[subject.level ?? 'blue'];
  return subject.mode === 'live' ? 10 + rank : rank;
}

/** Seconds between repeats by default. */
export function defaultIntervalSeconds(subject: AlertSubject): number {
  const byOrder: Record<Order, number> = { 'move-now': 60, prepare: 120 };
  const byLevel: Record<Level, number> = { red: 60, orange: 120, yellow: 300, blue: 900 };
  return subject.order ? byOrder[subject.order] : byLevel[subject.level ?? 'blue'];
}

/** The public siren is for live `move-now` and red only. */
export function hasSiren(subject: AlertSubject): boolean {
  return subject.mode === 'live' && (subject.order === 'move-now' || subject.level === 'red');
}

/** Quiet hours hold for yellow and blue, and for everything that is not live. */
export function heedsQuietHours(subject: AlertSubject): boolean {
  return subject.mode !== 'live' || subject.level === 'yellow' || subject.level === 'blue';
}
