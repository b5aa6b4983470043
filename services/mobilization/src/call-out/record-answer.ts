// Chapter 5, member: each answers for himself; the latest answer counts, and every answer that tells something new is one line of the timeline.
import { LabaError } from '@laba/domain/errors';
import type { Answer } from '@laba/domain/member';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { dropMessages } from '@laba/storage/messages';
import { findPolicy } from '@laba/storage/policy';
import { findCall, writeAnswer, writeRead, type Alert, type Call } from './call-store.ts';
import type { OwnCall } from './member-link.ts';

type AnswerDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>;

/** By what the answer came: the member's page, a program, or an officer's telephone or eyes. */
export const OWN_MEANS = ['page', 'api', 'sms'] as const;
/** What comes through the providers. */
export const PHONE_MEANS = ['sms', 'key'] as const;
export const OFFICER_MEANS = ['telephone', 'face-to-face', 'radio'] as const;

export interface Given {
  answer: Answer;
  means: string;
  answeredBy: string;
  /** When he said it, if not now: kept on his phone until it had a line. */
  saidAtMs?: number | undefined;
}

const TRIES = 5;
/** Said and sent in one: what is younger was not kept anywhere. */
const AT_ONCE_MS = 15_000;

/** The member's own answer, proven by his link. @throws `transition-refused` when the alert is over */
export function answerForSelf(
  deps: AnswerDeps,
  own: OwnCall,
  answer: Answer,
  means: (typeof OWN_MEANS)[number],
  { once = [], saidAtMs }: { once?: Act['once']; saidAtMs?: number | undefined } = {},
): Promise<Call> {
  const act: Act = { who: `member:${own.call.memberId}`, via: 'http', once };
  return recordAnswer(deps, own, { answer, means, answeredBy: means, saidAtMs: keptSince(deps, own.alert, saidAtMs) }, act);
}

/** The member's own answer by SMS or by a key, proven by his number. @throws `transition-refused` when the alert is over */
export function answerByPhone(deps: AnswerDeps, found: { call: Call; alert: Alert }, answer: Answer, means: (typeof PHONE_MEANS)[number]): Promise<Call> {
  return recordAnswer(deps, found, { answer, means, answeredBy: means }, { who: `member:${found.call.memberId}`, via: 'job', once: [] });
}

/** An answer that an officer heard or saw: written down under his name. @throws `transition-refused` when the alert is over */
export function answerFor(
  deps: AnswerDeps,
  permit: Permit<'member.answer-for'>,
  found: { call: Call; alert: Alert },
  answer: Answer,
  means: (typeof OFFICER_MEANS)[number],
  act: Act,
): Promise<Call> {
  return recordAnswer(deps, found, { answer, means, answeredBy: `officer:${permit.officer.id}` }, act);
}

/** The page was opened: state `read`, told once. Does nothing when it was opened, answered or closed before. */
export async function noteRead(deps: AnswerDeps, own: OwnCall): Promise<void> {
  const { call, alert } = own;
  if (alert.state !== 'raised' || !['queued', 'sent', 'delivered'].includes(call.state)) return;
  const atMs = deps.clock.now();
  const told = record(deps.ids, {
    type: 'call.read',
    atMs,
    who: `member:${call.memberId}`,
    via: 'http',
    gridCode: call.gridCode,
    alertId: call.alertId,
    subjectId: call.id,
    data: {},
  });
  await deps.db.atomically([writeRead(call.id, atMs), ...told]).catch((error: unknown) => {
    if (!(error instanceof LabaError) || error.code !== 'already-done') throw error;
  });
}

/**
 * When it was said, as far as that can be: a phone's clock may be wrong, but nobody answers before he is called nor after now.
 * Undefined: said and sent in one.
 */
export function keptSince(deps: Pick<Deps, 'clock'>, alert: Alert, saidAtMs: number | undefined): number | undefined {
  const nowMs = deps.clock.now();
  return saidAtMs === undefined || nowMs - saidAtMs < AT_ONCE_MS ? undefined : Math.max(saidAtMs, alert.raisedAtMs ?? saidAtMs);
}

/** Whether a later answer than this one is held already: the one said last counts, in whatever order they come. */
export function isOvertaken(call: Call, saidAtMs: number | undefined): boolean {
  return saidAtMs !== undefined && (call.saidAtMs ?? call.answeredAtMs ?? 0) > saidAtMs;
}

async function recordAnswer(deps: AnswerDeps, found: { call: Call; alert: Alert }, given: Given, act: Act): Promise<Call> {
  let { call, alert } = found;
  for (let tried = 1; ; tried++) {
    refuseWhenOver(call, alert);
    if (call.answer === given.answer && call.answeredBy === given.answeredBy) return call;
    try {
      return await writeDown(deps, call, given, act);
    } catch (error) {
      if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile' || tried === TRIES) throw error;
      // Somebody answered in the same moment, or the alert ended: look again, then decide again.
      const again = await findCall(deps.db, call.id);
      if (again === undefined) throw new LabaError('not-found');
      ({ call, alert } = again);
    }
  }
}

async function writeDown(deps: AnswerDeps, call: Call, given: Given, act: Act): Promise<Call> {
  const { answer, means, answeredBy, saidAtMs } = given;
  const atMs = deps.clock.now();
  const overtaken = isOvertaken(call, saidAtMs);
  const told = record(deps.ids, {
    type: 'call.answered',
    atMs,
    who: act.who,
    via: act.via,
    gridCode: call.gridCode,
    alertId: call.alertId,
    subjectId: call.id,
    data: { answer, means, ...(saidAtMs === undefined ? {} : { saidAtMs }), ...(overtaken ? { overtaken } : {}) },
    // Who comes keeps his doors.
    due: { 'mobilization.assign-doors': answer === 'cannot' && !overtaken ? atMs : null },
  });
  if (overtaken) {
    await deps.db.atomically([...act.once, ...told]);
    return call;
  }
  const nextAtMs = await runsOutAtMs(deps, answer, saidAtMs ?? atMs);
  const said = { answer, answeredBy, answeredAtMs: atMs, saidAtMs: saidAtMs ?? null, nextAtMs, changedAtMs: atMs };
  const unsent = dropMessages({ subjectIds: [call.id], purpose: 'call', nowMs: atMs });
  await deps.db.atomically([writeAnswer(call, said), unsent, ...act.once, ...told]);
  return { ...call, ...said, state: 'answered', reason: null, version: call.version + 1 };
}

/** Who arrived, or cannot come, has said all (null); who is coming is asked again when he has not arrived in time. */
export async function runsOutAtMs(deps: Pick<AnswerDeps, 'db' | 'config'>, answer: Answer, saidAtMs: number): Promise<number | null> {
  if (answer === 'arrived' || answer === 'cannot') return null;
  const { policy } = await findPolicy(deps.db, deps.config.county);
  return saidAtMs + policy.callOut.arriveWithinMinutes * 60_000;
}

/** @throws `transition-refused` when the alert is over, or the call was closed */
export function refuseWhenOver(call: Call, alert: Alert): void {
  if (alert.state === 'raised' && call.state !== 'closed') return;
  const why = `The alert is over (${alert.state}): answers are no longer taken. Tell the duty officer by telephone if you still need something.`;
  throw new LabaError('transition-refused', why, { state: alert.state });
}
