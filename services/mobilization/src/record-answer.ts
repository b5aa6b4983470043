// Chapter 5, member: each answers for himself; the latest answer counts, and every change of it is one line of the timeline.
import { LabaError } from '@laba/domain/errors';
import type { Answer } from '@laba/domain/member';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findCall, writeAnswer, writeRead, type Alert, type Call } from './call-store.ts';
import type { OwnCall } from './member-link.ts';

type AnswerDeps = Pick<Deps, 'db' | 'clock' | 'ids'>;

/** By what the answer came: the member's page, a program, or an officer's telephone or eyes. */
export const OWN_MEANS = ['page', 'api', 'sms'] as const;
export const OFFICER_MEANS = ['telephone', 'face-to-face', 'radio'] as const;

const TRIES = 5;

/** The member's own answer, proven by his link. @throws `transition-refused` when the alert is over */
export function answerForSelf(deps: AnswerDeps, own: OwnCall, answer: Answer, means: (typeof OWN_MEANS)[number], once: Act['once'] = []): Promise<Call> {
  const act: Act = { who: `member:${own.call.memberId}`, via: 'http', once };
  return recordAnswer(deps, own, { answer, means, answeredBy: means }, act);
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

async function recordAnswer(
  deps: AnswerDeps,
  found: { call: Call; alert: Alert },
  given: { answer: Answer; means: string; answeredBy: string },
  act: Act,
): Promise<Call> {
  let { call, alert } = found;
  for (let tried = 1; ; tried++) {
    if (alert.state !== 'raised' || call.state === 'closed') throw tooLate(alert);
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

async function writeDown(deps: AnswerDeps, call: Call, given: { answer: Answer; means: string; answeredBy: string }, act: Act): Promise<Call> {
  const atMs = deps.clock.now();
  const told = record(deps.ids, {
    type: 'call.answered',
    atMs,
    who: act.who,
    via: act.via,
    gridCode: call.gridCode,
    alertId: call.alertId,
    subjectId: call.id,
    data: { answer: given.answer, means: given.means },
  });
  await deps.db.atomically([writeAnswer(call, given.answer, given.answeredBy, atMs), ...act.once, ...told]);
  return { ...call, state: 'answered', answer: given.answer, answeredAtMs: atMs, answeredBy: given.answeredBy, changedAtMs: atMs, version: call.version + 1 };
}

function tooLate(alert: Alert): LabaError {
  const why = `The alert is over (${alert.state}): answers are no longer taken. Tell the duty officer by telephone if you still need something.`;
  return new LabaError('transition-refused', why, { state: alert.state });
}
