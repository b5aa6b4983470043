// Chapter 5, ladder: one look at one village's ladder: who is asked now, who is passed over, whether the duty officer must know. No I/O.
import type { LadderPace } from '@laba/domain/ladder-policy';
import { climbCodes, inClimbOrder, rungsAfter, type Degree, type Duty, type Question, type RungPlace, type SkipReason } from '@laba/domain/ladder';
import type { Channel } from '@laba/domain/message';
import type { Tables } from '@laba/storage/tables';

export type Ladder = Tables['ladder']['$inferSelect'];
export type Step = Tables['ladderStep']['$inferSelect'];

/** A person on a rung as he can be reached now; `obstacle`: why he cannot be asked. */
export interface Rung extends RungPlace {
  memberId: string;
  duty: Duty;
  channels: readonly Channel[];
  obstacle: SkipReason | null;
}

/** What one look brought. */
export interface Looked {
  ladder: Ladder;
  steps: Omit<Step, 'id'>[];
  /** Who is asked by this look, by which channels. */
  asked: Rung | undefined;
  /** The duty officer is told: the clock ran out, or nobody above is left in this round. */
  overdue: 'clock' | 'climbed' | undefined;
}

export function openLadder(of: { id: string; alertId: string; gridCode: string; degree: Degree }, pace: LadderPace, nowMs: number): Ladder {
  const nothing = { answeredAtMs: null, movingDueAtMs: null, movingOverdueAtMs: null, movingAtMs: null, persons: null, closeReason: null };
  return {
    ...of,
    ...nothing,
    state: 'asked',
    openedAtMs: nowMs,
    answerDueAtMs: nowMs + pace.answerMinutes * 60_000,
    answerOverdueAtMs: null,
    askAtMs: nowMs,
    round: 1,
    askedCode: null,
    askedPosition: null,
    steps: 0,
    answers: 0,
    changedAtMs: nowMs,
    version: 1,
  };
}

/** The same ladder under a graver degree: no clock gets longer. */
export function quicken(ladder: Ladder, degree: Degree, pace: LadderPace, nowMs: number): Ladder {
  const sooner = (a: number | null, b: number) => (a === null ? null : Math.min(a, b));
  const movingDueAtMs = ladder.answeredAtMs === null ? null : sooner(ladder.movingDueAtMs, ladder.answeredAtMs + pace.movingMinutes * 60_000);
  const next = { ...ladder, degree, movingDueAtMs, answerDueAtMs: Math.min(ladder.answerDueAtMs, ladder.openedAtMs + pace.answerMinutes * 60_000) };
  const askAtMs = ladder.state === 'asked' ? nowMs + pace.rungSeconds * 1_000 : Math.max(nowMs, movingDueAtMs ?? nowMs);
  return { ...next, askAtMs: sooner(ladder.askAtMs, askAtMs) };
}

export const questionOf = (ladder: Pick<Ladder, 'state'>): Question => (ladder.state === 'asked' ? 'answer' : 'moving');

const clockOf = (ladder: Ladder) =>
  questionOf(ladder) === 'answer'
    ? { dueAtMs: ladder.answerDueAtMs, overdueAtMs: ladder.answerOverdueAtMs }
    : { dueAtMs: ladder.movingDueAtMs ?? Infinity, overdueAtMs: ladder.movingOverdueAtMs };

/** When this ladder must be looked at again; Infinity when nobody is waited for. */
export function nextLookAtMs(ladder: Ladder): number {
  if (ladder.askAtMs === null) return Infinity;
  const { dueAtMs, overdueAtMs } = clockOf(ladder);
  return overdueAtMs === null ? Math.min(ladder.askAtMs, dueAtMs) : ladder.askAtMs;
}

/** One look at an open ladder. `rungs`: of its own node and those above, in any order. */
export function look(before: Ladder, pace: Pick<LadderPace, 'rungSeconds'>, rungs: readonly Rung[], nowMs: number): Looked {
  const question = questionOf(before);
  const asks = before.askAtMs !== null && before.askAtMs <= nowMs;
  const climbed = asks ? goUp(before, rungs) : { passed: [], asked: undefined, atTop: false };
  const clock = clockOf(before);
  const ranOut = clock.overdueAtMs === null && clock.dueAtMs <= nowMs;
  const { asked, atTop } = climbed;
  const ladder: Ladder = {
    ...before,
    ...((ranOut || atTop) && clock.overdueAtMs === null ? { [question === 'answer' ? 'answerOverdueAtMs' : 'movingOverdueAtMs']: nowMs } : {}),
    ...(asks ? { askAtMs: nowMs + pace.rungSeconds * 1_000 } : {}),
    ...(asked === undefined ? {} : { askedCode: asked.gridCode, askedPosition: asked.position }),
    ...(atTop ? { round: before.round + 1, askedCode: null, askedPosition: null } : {}),
    changedAtMs: nowMs,
  };
  const made = [...climbed.passed, ...(asked === undefined ? [] : [rowOf(asked)]), ...(atTop ? [SCREEN] : [])];
  const common = { ladderId: before.id, alertId: before.alertId, question, round: before.round, atMs: nowMs };
  const steps = made.map((step, i) => ({ ...common, ...step, number: before.steps + i + 1 }));
  return { ladder: { ...ladder, steps: before.steps + steps.length }, steps, asked, overdue: atTop ? 'climbed' : ranOut ? 'clock' : undefined };
}

type Made = Pick<Step, 'rungCode' | 'position' | 'duty' | 'memberId' | 'skipped'>;

/** The duty officer's own screen is the last rung. */
const SCREEN: Made = { rungCode: null, position: null, duty: null, memberId: null, skipped: null };

function rowOf(rung: Rung): Made {
  return { rungCode: rung.gridCode, position: rung.position, duty: rung.duty, memberId: rung.memberId, skipped: rung.obstacle };
}

// Who cannot be asked costs no time: the next one is asked in the same look. Named in the first round; later rounds would only say it again.
function goUp(ladder: Ladder, rungs: readonly Rung[]): { passed: Made[]; asked: Rung | undefined; atTop: boolean } {
  const climb = inClimbOrder(ladder.gridCode, rungs);
  const last = ladder.askedCode === null || ladder.askedPosition === null ? null : { gridCode: ladder.askedCode, position: ladder.askedPosition };
  const rest = rungsAfter(climb, last);
  const at = rest.findIndex((rung) => rung.obstacle === null);
  const asked = rest[at];
  const passed = rest.slice(0, asked === undefined ? rest.length : at).map(rowOf);
  const own = climbCodes(ladder.gridCode)[0]!;
  const nobody: Made[] = last === null && !climb.some((rung) => rung.gridCode === own) ? [{ ...SCREEN, rungCode: own, skipped: 'no-rungs' }] : [];
  return { passed: ladder.round === 1 ? [...nobody, ...passed] : [], asked, atTop: asked === undefined };
}
