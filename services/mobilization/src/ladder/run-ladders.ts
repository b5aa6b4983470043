// Chapter 5, ladder: an alert is raised, so in every village somebody must answer; the same job climbs until everybody has.
import type { EventData } from '@laba/domain/events';
import { degreeOf, paceOf, standingPace, type LadderPace, type LadderPolicy } from '@laba/domain/ladder-policy';
import type { Degree } from '@laba/domain/ladder';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { fact, recordFacts, type NewFact } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { queueMessages, type NewMessage } from '@laba/storage/messages';
import { findPolicy } from '@laba/storage/policy';
import { rungsFor, villagesTouched } from '@laba/storage/rungs';
import { look, nextLookAtMs, openLadder, quicken, questionOf, type Ladder, type Looked, type Rung, type Step } from './climb.ts';
import { findLadders, findRevisionInForce, holdRevision, insertLadders, insertSteps, placeNames, writeLadders } from './ladder-store.ts';
import type { AlertRevision } from '../call-out/call-store.ts';

type LadderDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>;

type Via = 'job' | 'watchdog';

/** What one round is about. */
interface Round {
  revision: AlertRevision;
  policy: LadderPolicy;
  nowMs: number;
  via: Via;
}

/** The reaction to `alert.raised`, `alert.updated` and `alert.recovered`. The job of the revision that is in force climbs; older ones have nothing left to do. */
export async function runLadders(deps: LadderDeps, job: Job): Promise<Reaction> {
  const { revision, mode } = job.event.data as EventData<'alert.recovered'>;
  // A test proves the path and asks nobody.
  return mode === 'test' ? {} : climbOnce(deps, job.event.alertId ?? job.event.subjectId, { via: 'job', revision });
}

/**
 * One round over all ladders of an alert: opens those that are missing, looks at those that are due. Nothing when the alert is over, or when
 * `revision` is given and is not the one in force.
 */
export async function climbOnce(deps: LadderDeps, alertId: string, { via, revision }: { via: Via; revision?: number }): Promise<Reaction> {
  const inForce = await findRevisionInForce(deps.db, alertId);
  if (inForce === undefined || inForce.mode === 'test' || (revision !== undefined && revision !== inForce.revision)) return {};
  const [{ policy }, known] = await Promise.all([findPolicy(deps.db, deps.config.county), findLadders(deps.db, alertId)]);
  const round: Round = { revision: inForce, policy: policy.ladders, nowMs: deps.clock.now(), via };
  const pace = paceOf(policy.ladders, degreeOf(inForce));
  const fresh = pace === undefined ? [] : await missing(deps, round, known, pace);
  const quickened = pace === undefined ? [] : quicker(round, known, pace);
  const standing = latest(known, quickened);
  const looks = await lookAtDue(deps, round, [...fresh, ...standing]);
  const names = await placeNames(
    deps.db,
    looks.flatMap(({ asked, ladder }) => (asked === undefined ? [] : [ladder.gridCode])),
  );
  const looked = looks.map(({ ladder }) => ladder);
  const againAtMs = Math.min(...latest([...fresh, ...standing], looked).map(nextLookAtMs));
  const again = Number.isFinite(againAtMs) ? { againAtMs } : {};
  const changed = latest(known, [...quickened, ...looked]).filter((ladder) => !known.includes(ladder));
  if (fresh.length + changed.length === 0) return again;
  return {
    ...again,
    ops: [
      holdRevision(alertId, inForce.revision),
      ...insertLadders(latest(fresh, looked)),
      ...writeLadders(changed),
      ...askAndTell(deps, round, looks, { fresh, quickened, names }),
    ],
  };
}

/** The same ladders, each as it is in `changes`, where it is; the last one counts. */
function latest(ladders: readonly Ladder[], changes: readonly Ladder[]): Ladder[] {
  const byId = new Map(changes.map((ladder) => [ladder.id, ladder]));
  return ladders.map((ladder) => byId.get(ladder.id) ?? ladder);
}

async function missing(deps: LadderDeps, { revision, nowMs }: Round, known: readonly Ladder[], pace: LadderPace): Promise<Ladder[]> {
  const have = new Set(known.map(({ gridCode }) => gridCode));
  const villages = (await villagesTouched(deps.db, revision.areaCodes)).filter((code) => !have.has(code));
  return villages.map((gridCode) => openLadder({ id: deps.ids(), alertId: revision.alertId, gridCode, degree: degreeOf(revision) }, pace, nowMs));
}

/** Ladders of a less grave degree; a milder update makes no clock longer. */
function quicker({ revision, policy, nowMs }: Round, known: readonly Ladder[], pace: LadderPace): Ladder[] {
  const degree = degreeOf(revision);
  const isSlower = (of: Degree) => of !== degree && (paceOf(policy, of)?.answerMinutes ?? Infinity) > pace.answerMinutes;
  return known.filter((ladder) => ladder.askAtMs !== null && isSlower(ladder.degree)).map((ladder) => quicken(ladder, degree, pace, nowMs));
}

async function lookAtDue(deps: LadderDeps, { policy, nowMs }: Round, ladders: readonly Ladder[]): Promise<Looked[]> {
  const due = ladders.filter((ladder) => nextLookAtMs(ladder) <= nowMs);
  if (due.length === 0) return [];
  const rungs = await rungsFor(
    deps.db,
    due.map((ladder) => ladder.gridCode),
  );
  return due.map((ladder) => {
    const pace = standingPace(policy, ladder.degree);
    return look(ladder, pace, withChannels(rungs, pace), nowMs);
  });
}

/** Each person by the channels of the policy that he has, in its order; who has none of them cannot be asked. */
function withChannels(rungs: readonly Rung[], pace: LadderPace): Rung[] {
  return rungs.map((rung) => {
    const channels = pace.channels.filter((channel) => rung.channels.includes(channel));
    return { ...rung, channels, obstacle: rung.obstacle ?? (channels.length === 0 ? 'no-channel' : null) };
  });
}

function askAndTell(
  deps: LadderDeps,
  round: Round,
  looks: readonly Looked[],
  others: { fresh: Ladder[]; quickened: Ladder[]; names: ReadonlyMap<string, string> },
): Op[] {
  const { revision, nowMs, via } = round;
  const degree = degreeOf(revision);
  const about = (ladder: Ladder) => ({ atMs: nowMs, who: 'system', via, gridCode: ladder.gridCode, alertId: ladder.alertId, subjectId: ladder.id }) as const;
  const steps = looks.flatMap((looked) => looked.steps.map((step): Step & { looked: Looked } => ({ ...step, id: deps.ids(), looked })));
  const facts: NewFact[] = [
    ...others.fresh.map((ladder) => fact({ ...about(ladder), type: 'ladder.opened', data: { revision: revision.revision, degree } })),
    ...others.quickened.map((ladder) => fact({ ...about(ladder), type: 'ladder.quickened', data: { revision: revision.revision, degree } })),
    ...steps.flatMap(({ looked, ...step }) => stepFact(about(looked.ladder), step)),
    ...looks.flatMap(({ ladder, overdue }) =>
      overdue === undefined
        ? []
        : [fact({ ...about(ladder), type: 'ladder.overdue', data: { question: questionOf(ladder), round: askedInRound(ladder, overdue), reason: overdue } })],
    ),
  ];
  const messages = steps.flatMap(({ looked, ...step }) =>
    step.memberId === null || step.skipped !== null
      ? []
      : messagesOf(deps, round, looked, { ...step, place: others.names.get(looked.ladder.gridCode) ?? looked.ladder.gridCode }),
  );
  return [...insertSteps(steps.map(({ looked: _looked, ...step }) => step)), ...queueMessages(messages), ...recordFacts(deps.ids, facts)];
}

// Who came to the top has the next round already.
const askedInRound = (ladder: Ladder, overdue: 'clock' | 'climbed') => (overdue === 'climbed' ? ladder.round - 1 : ladder.round);

function stepFact(about: Omit<Extract<NewFact, { type: 'ladder.asked' }>, 'type' | 'data'>, step: Step): NewFact[] {
  const { question, round, rungCode, position, memberId, skipped } = step;
  // The duty officer's screen is told by `ladder.overdue`.
  if (rungCode === null) return [];
  const rung = { question, round, rungCode, ...(position === null ? {} : { position }) };
  if (skipped !== null) return [fact({ ...about, type: 'ladder.passed-over', data: { ...rung, reason: skipped } })];
  return memberId === null ? [] : [fact({ ...about, type: 'ladder.asked', data: { ...rung, memberId } })];
}

/** One message for each channel of the person; nobody gets it any more when the village's answer was due. */
function messagesOf(deps: LadderDeps, { revision, policy, nowMs }: Round, { ladder, asked }: Looked, step: Step & { place: string }): NewMessage[] {
  const pace = standingPace(policy, ladder.degree);
  return (asked?.channels ?? []).map((channel, i) => ({
    id: deps.ids(),
    alertId: ladder.alertId,
    purpose: 'ladder',
    subjectId: step.id,
    memberId: step.memberId,
    gridCode: ladder.gridCode,
    channel,
    step: 1,
    urgent: revision.mode === 'live' && (ladder.degree === 'red' || ladder.degree === 'move-now'),
    facts: { question: step.question, village: ladder.gridCode, place: step.place, round: step.round },
    dueAtMs: nowMs + i * pace.channelSeconds * 1_000,
    notAfterMs: nowMs + Math.max(pace.answerMinutes * 60, pace.rungSeconds + i * pace.channelSeconds) * 1_000,
    changedAtMs: nowMs,
  }));
}
