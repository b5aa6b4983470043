// Chapter 5, numbers: what comes back from a number proves that it works, if it is still his; it is never an answer to an alert.
import { isCheckedChannel, type CheckedChannel } from '@laba/domain/number-check';
import type { ReplyOutcome } from '@laba/domain/reply';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import type { Message } from '@laba/storage/messages';
import type { Inbound } from '../call-out/reply-store.ts';
import { findProof, numberHashOf, proveChannel } from './proof-store.ts';

type AnswerDeps = Pick<Deps, 'db' | 'vault'>;

/** Whatever comes back is an answer: what was asked is whether somebody is there. */
export async function readTestReply(deps: AnswerDeps, inbound: Inbound, question: Message): Promise<Extract<ReplyOutcome, 'answered' | 'repeated' | 'over'>> {
  if (question.channel !== inbound.channel || (await provenHash(deps, inbound, question)) === undefined) return 'over';
  const proof = await findProof(deps.db, question.memberId!, question.channel as CheckedChannel);
  return proof?.state === 'proven' && (proof.provenAtMs ?? 0) >= question.dueAtMs ? 'repeated' : 'answered';
}

/** Who answers a message has got it: an alert’s proves the number as well as a test’s. */
export async function proofOf(deps: AnswerDeps, inbound: Inbound, question: Message, atMs: number): Promise<Op[]> {
  const hash = await provenHash(deps, inbound, question);
  return hash === undefined ? [] : [proveChannel(question.memberId!, question.channel as CheckedChannel, hash, atMs)];
}

/**
 * The hash of the number that is proven by this reply: by the channel that was asked, from the person who was asked (the number of somebody
 * else who has the same telephone proves nothing about him), and his own as of now.
 */
async function provenHash({ db, vault }: AnswerDeps, inbound: Inbound, question: Message): Promise<string | undefined> {
  const { memberId, channel, fromCipher } = inbound;
  if (memberId === null || memberId !== question.memberId || channel !== question.channel || !isCheckedChannel(channel)) return undefined;
  const now = await numberHashOf(db, memberId);
  if (now === null) return undefined;
  const said = fromCipher === null ? await hashAsked(db, question, memberId, channel) : vault.hash('phone', vault.decrypt(fromCipher));
  return said === undefined || said === now ? now : undefined;
}

// A key pressed during a call names no number: it is the one that was called. Undefined: nobody wrote it down.
async function hashAsked(db: Deps['db'], question: Message, memberId: string, channel: CheckedChannel): Promise<string | undefined> {
  const proof = question.purpose === 'number-check' ? await findProof(db, memberId, channel) : undefined;
  return proof?.addressHash ?? undefined;
}
