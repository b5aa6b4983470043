// Chapter 5, ladder: how the villages of an alert stand, in figures.
import type { LadderState } from './ladder.ts';

/** What of a ladder is counted. */
export interface StandingLadder {
  state: LadderState;
  answerOverdueAtMs: number | null;
  answeredAtMs: number | null;
  movingOverdueAtMs: number | null;
  movingAtMs: number | null;
  persons: number | null;
}

export interface LadderCounts {
  total: number;
  waiting: number;
  answered: number;
  moving: number;
  overdue: number;
  persons: number;
}

/** Somebody is waited for longer than the policy allows; a closed ladder is waited for by nobody. */
export function isLadderOverdue({ state, answerOverdueAtMs, movingOverdueAtMs }: StandingLadder): boolean {
  return (state === 'asked' && answerOverdueAtMs !== null) || (state === 'answered' && movingOverdueAtMs !== null);
}

/** `persons`: who set out, as the villages said. */
export function countLadders(ladders: readonly StandingLadder[]): LadderCounts {
  const of = (is: (ladder: StandingLadder) => boolean) => ladders.filter(is).length;
  return {
    total: ladders.length,
    waiting: of(({ state }) => state === 'asked'),
    answered: of(({ answeredAtMs }) => answeredAtMs !== null),
    moving: of(({ movingAtMs }) => movingAtMs !== null),
    overdue: of(isLadderOverdue),
    persons: ladders.reduce((sum, { persons }) => sum + (persons ?? 0), 0),
  };
}
