// Chapter 5, ladder: how each village stands, for an officer: both clocks, who was asked, who answered. Names only inside his scope.
import { z } from 'zod';
import type { LaddersView } from '@laba/domain/board-view';
import { capTime } from '@laba/domain/cap';
import { ANSWER_EFFECTS, DUTIES, LADDER_MEANS_NAMES, LADDER_STATES, QUESTIONS, SKIP_REASON_NAMES, type Duty } from '@laba/domain/ladder';
import { countLadders, isLadderOverdue } from '@laba/domain/ladder-counts';
import { hasScope, type Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import { versionOf } from './answer-ladder.ts';
import type { Ladder } from './climb.ts';
import { answersOf, laddersIn, stepsOf } from './ladder-answer-store.ts';
import { markerNames } from '../roll-call/rollcall-store.ts';

const time = z.string().nullable();
const clock = z.object({ dueAt: time, dueAtMs: z.number().nullable(), overdueSince: time, at: time });
const asked = z.object({
  at: z.string(),
  question: z.enum(QUESTIONS),
  round: z.number(),
  /** Null with `memberId`: the duty officer's own screen. */
  rungCode: z.string().nullable(),
  position: z.number().nullable(),
  duty: z.enum(Object.keys(DUTIES) as [Duty, ...Duty[]]).nullable(),
  memberId: z.string().nullable(),
  /** Null also for a rung outside the officer's own scope. */
  name: z.string().nullable(),
  skipped: z.enum(SKIP_REASON_NAMES).nullable(),
});
const said = z.object({
  at: z.string(),
  kind: z.enum(['got-it', 'moving']),
  persons: z.number().nullable(),
  means: z.enum(LADDER_MEANS_NAMES),
  name: z.string().nullable(),
  words: z.string().nullable(),
  recordedBy: z.string(),
  /** Who wrote it down; who said it by himself, himself. */
  recordedByName: z.string().nullable(),
  effect: z.enum(ANSWER_EFFECTS),
});
export const ladderView = z.object({
  gridCode: z.string(),
  gridName: z.string(),
  degree: z.string(),
  state: z.enum(LADDER_STATES),
  overdue: z.boolean(),
  round: z.number(),
  answer: clock,
  moving: clock.extend({ persons: z.number().nullable() }),
  nextAskAt: time,
  asked: z.array(asked),
  answers: z.array(said),
  closeReason: z.string().nullable(),
  version: z.number(),
});
const counts = z.object({ total: z.number(), waiting: z.number(), answered: z.number(), moving: z.number(), overdue: z.number(), persons: z.number() });
export const laddersView = z.object({ asOf: z.string(), asOfMs: z.number(), counts, ladders: z.array(ladderView) });

/** The alert's ladders inside `codes`, the overdue ones first, then those that wait longest. */
export async function readLadders(deps: Deps, officer: Officer, alertId: string, codes: readonly string[]): Promise<LaddersView> {
  const { db, config } = deps;
  const asOfMs = deps.clock.now();
  const ladders = await laddersIn(db, alertId, codes);
  const ids = ladders.map(({ id }) => id);
  const [steps, answers] = ids.length === 0 ? [[], []] : await Promise.all([stepsOf(db, ids), answersOf(db, ids)]);
  const at = (ms: number) => capTime(ms, config.utcOffsetMinutes);
  const stepsOfLadder = Map.groupBy(steps, ({ ladderId }) => ladderId);
  const answersOfLadder = Map.groupBy(answers, ({ ladderId }) => ladderId);
  const recorders = await markerNames(
    db,
    answers.map(({ recordedBy }) => recordedBy),
  );
  const open = (cipher: string | null) => (cipher === null ? null : deps.vault.decrypt(cipher));
  const views = ladders.toSorted(worstFirst).map((ladder) => ({
    ...viewOf(ladder, at),
    asked: (stepsOfLadder.get(ladder.id) ?? []).map((step) => ({
      at: at(step.atMs),
      question: step.question,
      round: step.round,
      rungCode: step.rungCode,
      position: step.position,
      duty: step.duty,
      memberId: step.memberId,
      name: step.rungCode !== null && hasScope(officer, step.rungCode) ? step.name : null,
      skipped: step.skipped,
    })),
    answers: (answersOfLadder.get(ladder.id) ?? []).map(({ atMs, kind, persons, means, name, nameCipher, wordsCipher, recordedBy, effect }) => ({
      at: at(atMs),
      kind,
      persons,
      means,
      name: open(nameCipher) ?? name,
      words: open(wordsCipher),
      recordedBy,
      recordedByName: recorders.get(recordedBy) ?? null,
      effect,
    })),
  }));
  return { asOf: at(asOfMs), asOfMs, counts: countLadders(ladders), ladders: views };
}

function viewOf(ladder: Ladder & { gridName: string }, at: (ms: number) => string) {
  const { gridCode, gridName, degree, state, round, persons, closeReason } = ladder;
  const time = (ms: number | null) => (ms === null ? null : at(ms));
  const clockView = (dueAtMs: number | null, overdueAtMs: number | null, atMs: number | null) => ({
    dueAt: time(dueAtMs),
    dueAtMs,
    overdueSince: time(overdueAtMs),
    at: time(atMs),
  });
  return {
    gridCode,
    gridName,
    degree,
    state,
    overdue: isLadderOverdue(ladder),
    round,
    answer: clockView(ladder.answerDueAtMs, ladder.answerOverdueAtMs, ladder.answeredAtMs),
    moving: { ...clockView(ladder.movingDueAtMs, ladder.movingOverdueAtMs, ladder.movingAtMs), persons },
    nextAskAt: time(ladder.askAtMs),
    closeReason,
    version: versionOf(ladder),
  };
}

const RANK: Record<Ladder['state'], number> = { asked: 0, answered: 1, moving: 2, closed: 3 };

function worstFirst(a: Ladder, b: Ladder): number {
  return Number(isLadderOverdue(b)) - Number(isLadderOverdue(a)) || RANK[a.state] - RANK[b.state] || a.gridCode.localeCompare(b.gridCode);
}
