// Chapter 5, joining on the spot: how a code stands, and what each refusal is called. No I/O.
import type { ErrorCode } from './errors.ts';

/** What keeps a code from taking anybody, the most telling first; `open`: nothing does. */
export const JOIN_CODE_STATES = {
  open: { zh: '可加入', en: 'open' },
  over: { zh: '预警已结束', en: 'the alert is over' },
  closed: { zh: '已停用', en: 'closed by an officer' },
  guessed: { zh: '因多次输错已锁定', en: 'locked: wrong codes were tried too often' },
  expired: { zh: '已过期', en: 'expired' },
  moved: { zh: '该网格已不在预警范围内', en: 'the alert no longer covers this place' },
  full: { zh: '名额已满', en: 'full' },
} as const;
export type JoinCodeState = keyof typeof JOIN_CODE_STATES;
export const JOIN_CODE_STATE_NAMES = Object.keys(JOIN_CODE_STATES) as [JoinCodeState, ...JoinCodeState[]];

export const JOIN_REFUSALS: Readonly<Record<Exclude<JoinCodeState, 'open'>, ErrorCode>> = {
  over: 'join-over',
  closed: 'join-code-closed',
  guessed: 'join-code-locked',
  expired: 'join-code-expired',
  moved: 'join-code-moved',
  full: 'join-code-full',
};

export interface JoinCodeFacts {
  isRaised: boolean;
  /** Whether the alert's newest area covers the code's grid node. */
  isCovered: boolean;
  isShut: boolean;
  expiresAtMs: number;
  joins: number;
  mostJoins: number;
  wrongTries: number;
}

/** How the code stands at `nowMs`; `mostWrongTries` is the house's limit. */
export function joinCodeState(code: JoinCodeFacts, nowMs: number, mostWrongTries: number): JoinCodeState {
  if (!code.isRaised) return 'over';
  if (code.isShut) return 'closed';
  if (code.wrongTries >= mostWrongTries) return 'guessed';
  if (nowMs >= code.expiresAtMs) return 'expired';
  if (!code.isCovered) return 'moved';
  return code.joins >= code.mostJoins ? 'full' : 'open';
}
