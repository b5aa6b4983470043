// Chapter 5, call-out: round after round, every member is called by his channels in order until he has answered for himself.
import { gravityOf } from '@laba/domain/call-out';
import type { EventData } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import type { Deps, Reaction } from '@laba/runtime/service';
import { recordEach } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import type { Tables } from '@laba/storage/tables';
import {
  answerRanOut,
  askAgain,
  dueCalls,
  endedCalls,
  findStanding,
  giveUp,
  hurryFailed,
  stepOps,
  triedAll,
  type EndedCalls,
  type Round,
} from './call-out-store.ts';
import { holdAlert } from './call-store.ts';

/** Who changes the calls meanwhile (an answer that will run out, a message that failed, who joined) is seen after so long. */
const LOOK_MS = 10_000;

/** The reaction to `calls.planned`: stays open as long as the alert is on and no later plan has taken over. */
export async function callOut(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>, job: Job): Promise<Reaction> {
  const planned = job.event.data as EventData<'calls.planned'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  const standing = await findStanding(deps.db, alertId);
  if (standing === undefined || standing.revision.revision > planned.revision) return {};
  const { alert, revision } = standing;
  const policy = (await findPolicy(deps.db, deps.config.county)).policy.callOut;
  const nowMs = deps.clock.now();
  const gravity = gravityOf(revision);
  const round: Round = {
    ...{ alertId, policy, nowMs, limit: LIMITS.callsPerRound, urgent: alert.mode === 'live' && gravity === 'red' },
    ...{ nextAtMs: nowMs + policy.intervalSeconds[gravity] * 1_000, notAfterMs: alert.endTimeMs },
  };
  const { due, nextAtMs = Number.POSITIVE_INFINITY } = await dueCalls(deps.db, alertId, nowMs, LIMITS.callsPerRound + 1);
  const ops = due === 0 ? [hurryFailed(round)] : [holdAlert(alertId), ...stepsOf(deps, round, await endedCalls(deps.db, round))];
  if (due > LIMITS.callsPerRound) return { ops, againAtMs: nowMs };
  // The job of the alert's own plan looks after everybody; one of a widening only makes the first step of its own.
  if (planned.widening !== undefined) return { ops };
  return { ops, againAtMs: Math.min(nextAtMs, nowMs + LOOK_MS) };
}

function stepsOf(deps: Pick<Deps, 'ids'>, round: Round, { ranOut, tried }: EndedCalls) {
  const { alertId, nowMs: atMs } = round;
  const by = { atMs, who: 'system', via: 'job', alertId, data: {} } as const;
  const source = (t: Tables) => ({ from: t.call, subjectId: t.call.id, gridCode: t.call.gridCode });
  const again = () => [
    // The events first: afterwards nothing tells whom they were about.
    recordEach(deps.ids, { type: 'call.answer-expired', ...by }, (t) => ({ ...source(t), where: answerRanOut(t, ranOut, atMs) })),
    askAgain(ranOut, atMs),
  ];
  const end = () => [
    recordEach(deps.ids, { type: 'call.unanswered', ...by }, (t) => ({ ...source(t), where: triedAll(t, tried, round) })),
    giveUp(tried, round),
  ];
  return [...(ranOut.length === 0 ? [] : again()), ...(tried.length === 0 ? [] : end()), ...stepOps(round)];
}
