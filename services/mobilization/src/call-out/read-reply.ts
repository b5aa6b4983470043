// Chapter 5, replies: whose it is, what he was asked, what he means. Each reply has one named outcome; what is not plain is claimed by nobody.
import { LabaError } from '@laba/domain/errors';
import type { EventData } from '@laba/domain/events';
import type { MessagePurpose } from '@laba/domain/message';
import { readReply, type Reply, type ReplyOutcome } from '@laba/domain/reply';
import { readRollcallReply } from '@laba/domain/rollcall-reply';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { queueMessages, type Message } from '@laba/storage/messages';
import { findCall } from './call-store.ts';
import { answerByPhone } from './record-answer.ts';
import { readSafetyReply } from '../sections/safety-reply.ts';
import { findInbound, questionsOf, type Inbound } from './reply-store.ts';
import { proofOf, readTestReply } from '../numbers/answer-test.ts';

export type ReplyDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config' | 'vault'>;

/** What somebody said to one question. `said`: undefined when it is not understood. */
export interface Said {
  inbound: Inbound;
  question: Message;
  said: Reply | undefined;
  means: 'sms' | 'key';
}

/** Writes down what was said, or says why not; `over`: the question is no longer open, so that an older one may be meant. */
type Reader = (deps: ReplyDeps, given: Said) => Promise<Extract<ReplyOutcome, 'answered' | 'repeated' | 'not-understood' | 'over'>>;

/** Who reads the replies to which messages; a message whose purpose is not here asks for none. */
const READERS: Partial<Record<MessagePurpose, Reader>> = {
  call: readCallReply,
  safety: (deps, { question, said, means }) => readSafetyReply(deps, question, said, means),
  'number-check': (deps, { inbound, question }) => readTestReply(deps, inbound, question),
};

/** How long the sender may be told what became of his reply. */
const TELL_FOR_MS = 3_600_000;

/** The reaction to `message.replied`. */
export async function readReplies(deps: ReplyDeps, job: Job): Promise<Reaction> {
  const { channel } = job.event.data as EventData<'message.replied'>;
  const inbound = await findInbound(deps.db, job.event.subjectId);
  if (inbound === undefined) return {};
  const read = await understand(deps, inbound, channel === 'voice' ? 'key' : 'sms');
  if (read === undefined) return {};
  const { outcome, question } = read;
  const atMs = deps.clock.now();
  const about = question === undefined ? {} : { purpose: question.purpose, about: question.subjectId };
  return {
    ops: [
      ...(question === undefined ? [] : await proofOf(deps, inbound, question, atMs)),
      ...(question === undefined || channel !== 'sms' ? [] : tellSender(deps, outcome, question, atMs)),
      ...record(deps.ids, {
        type: 'reply.read',
        atMs,
        who: job.event.who,
        via: 'job',
        gridCode: inbound.gridCode,
        alertId: question?.alertId ?? null,
        subjectId: inbound.id,
        data: { outcome, ...about },
      }),
    ],
  };
}

// Undefined: he speaks of doors, or what he was asked last is a ladder's question: the roll-call and the ladders read these themselves.
async function understand(deps: ReplyDeps, inbound: Inbound, means: Said['means']): Promise<{ outcome: ReplyOutcome; question?: Message } | undefined> {
  if (inbound.memberId === null && inbound.messageId === null) return { outcome: 'unknown-sender' };
  const words = deps.vault.decrypt(inbound.wordsCipher);
  const said = readReply(words);
  if (said === undefined && (readRollcallReply(words)?.doors.length ?? 0) > 0) return undefined;
  const questions = await questionsOf(deps.db, inbound, deps.clock.now());
  if (questions[0]?.purpose === 'ladder') return undefined;
  const asked = questions.filter(({ purpose }) => READERS[purpose] !== undefined);
  for (const question of asked) {
    const outcome = await READERS[question.purpose]!(deps, { inbound, question, said, means });
    if (outcome !== 'over') return { outcome, question };
  }
  return asked[0] === undefined ? { outcome: 'no-question' } : { outcome: 'over', question: asked[0] };
}

async function readCallReply(deps: ReplyDeps, { question, said, means }: Said): ReturnType<Reader> {
  const found = await findCall(deps.db, question.subjectId);
  if (found === undefined || found.alert.state !== 'raised' || found.call.state === 'closed') return 'over';
  if (said?.answer === undefined) return 'not-understood';
  if (found.call.answer === said.answer && found.call.answeredBy === means) return 'repeated';
  try {
    await answerByPhone(deps, found, said.answer, means);
    return 'answered';
  } catch (error) {
    // The alert ended in the same moment.
    if (error instanceof LabaError && error.code === 'transition-refused') return 'over';
    throw error;
  }
}

// Once for each question and reason, whatever he goes on to write.
function tellSender(deps: ReplyDeps, outcome: ReplyOutcome, question: Message, atMs: number): Op[] {
  if (outcome !== 'not-understood' && outcome !== 'over') return [];
  const { alertId, memberId, gridCode, subjectId } = question;
  const told = { alertId, memberId, gridCode, purpose: 'told', channel: 'sms', urgent: false, facts: { about: outcome } } as const;
  const time = { dueAtMs: atMs, notAfterMs: atMs + TELL_FOR_MS, changedAtMs: atMs };
  return queueMessages([{ id: deps.ids(), ...told, subjectId: `reply ${outcome} ${subjectId}`, step: 1, ...time }]);
}
