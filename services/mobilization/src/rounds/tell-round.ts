// Peacetime: somebody was there: he says so by his own link, or an officer writes down what he heard. What is wrong or needed becomes a report.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { isReported, mayAnswer, type RoundMeans, type RoundResult } from '@laba/domain/round';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { findPolicy } from '@laba/storage/policy';
import type { Plan } from './plan-store.ts';
import { insertRound, type Round } from './round-store.ts';

type TellDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

export interface GivenRound {
  /** Named by a form that may be sent twice. */
  id?: string | undefined;
  result: RoundResult;
  words?: string | undefined;
  means: RoundMeans;
  /** Now, when nothing else is said. */
  doneAtMs?: number | undefined;
  /** Of a room: the items that are missing. */
  lacking?: readonly string[] | undefined;
}

/** What a check says of itself is what the missing items say. */
function resultOf(plan: Plan, { result, lacking }: GivenRound): RoundResult {
  if (plan.kind !== 'room') return result;
  return (lacking ?? []).length === 0 ? 'complete' : 'lacking';
}

/**
 * Writes one round down. The same id again changes nothing.
 * @throws `bad-input` (an answer of another kind, no words for what is needed, a time that has not come or lies too far back, an unknown item); `already-done`
 */
export async function tellRound(deps: TellDeps, plan: Plan, given: GivenRound, act: Act): Promise<Round> {
  const nowMs = deps.clock.now();
  const doneAtMs = given.doneAtMs ?? nowMs;
  const result = resultOf(plan, given);
  const words = given.words ?? '';
  refuseWrong(plan, given, { nowMs, doneAtMs, result, words });
  await refuseUnknown(deps, given.lacking ?? []);
  const round: Round = {
    ...{ id: given.id ?? deps.ids(), planId: plan.id, kind: plan.kind, subjectId: plan.subjectId, gridCode: plan.gridCode },
    ...{ doneAtMs, result, means: given.means, toldBy: act.who, toldAtMs: nowMs, checkId: null },
    wordsCipher: words === '' ? null : deps.vault.encrypt(words),
    reportId: isReported(result) ? deps.ids() : null,
    lacking: plan.kind === 'room' ? [...(given.lacking ?? [])] : null,
  };
  await deps.db.atomically([...act.once, insertRound(round), ...tell(deps, round, act)]);
  return round;
}

function refuseWrong(
  plan: Plan,
  given: GivenRound,
  { nowMs, doneAtMs, result, words }: { nowMs: number; doneAtMs: number; result: RoundResult; words: string },
) {
  const refuse = (field: string, why: string) => {
    throw new LabaError('bad-input', `${field}: ${why}`, { field });
  };
  if (!mayAnswer(plan.kind, result)) refuse('result', `a round of this kind is not answered by '${given.result}'.`);
  if (plan.kind === 'room' && given.lacking === undefined) refuse('lacking', 'say which items are missing, or that none is.');
  if (plan.kind !== 'room' && given.lacking !== undefined) refuse('lacking', 'only an activity room lacks items.');
  if (result === 'need' && words === '') refuse('words', 'say what is needed.');
  if (doneAtMs > nowMs) refuse('doneAtMs', 'this time has not come yet.');
  if (doneAtMs < nowMs - LIMITS.roundToldLateMs) refuse('doneAtMs', 'a round is written down within seven days.');
}

/** @throws `bad-input` for items that the county's list does not have */
export async function refuseUnknown(deps: Pick<Deps, 'db' | 'config'>, lacking: readonly string[]): Promise<void> {
  if (lacking.length === 0) return;
  const { items } = (await findPolicy(deps.db, deps.config.county)).policy.rounds.room;
  const unknown = lacking.find((id) => !items.some((item) => item.id === id));
  if (unknown !== undefined) throw new LabaError('bad-input', `lacking: the county's list has no item '${unknown}'.`, { field: 'lacking' });
}

function tell(deps: TellDeps, round: Round, act: Act): Op[] {
  const { id: roundId, kind, gridCode, subjectId, result, means, doneAtMs: atMs, reportId, lacking } = round;
  const about = { atMs: round.toldAtMs, who: act.who, via: act.via, gridCode, subjectId };
  if (lacking !== null) return record(deps.ids, { ...about, type: 'room.checked', data: { roundId, stage: 'village', lacking } });
  return record(deps.ids, {
    ...about,
    type: 'round.done',
    data: { kind, roundId, result, means, atMs, ...(reportId === null ? {} : { reportId }) },
    due: reportId === null ? { 'intake.take-round': null } : {},
  });
}
