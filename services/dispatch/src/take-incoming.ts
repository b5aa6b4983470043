// Chapter 5, the messages: what providers hand over. Each reply is kept once, with whose it is as far as anybody knows; receipts move their message on.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { subscriptionWish, type Channel } from '@laba/domain/message';
import { normalisePhone } from '@laba/domain/phone';
import { cleanText } from '@laba/domain/text';
import type { Inbox, Incoming } from '@laba/runtime/channel';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Message } from '@laba/storage/messages';
import { findByProvider, findMessage, insertInbound, lastSentTo, memberWithPhone, subscribe, writeReceipt } from './incoming-store.ts';

type InboxDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;
type Reply = Extract<Incoming, { kind: 'reply' }>;
type Receipt = Extract<Incoming, { kind: 'receipt' }>;

/**
 * Each by itself, so that one that is not understood keeps none of the others.
 * @throws `not-found` when receipts were about messages that are not known, or not yet; all others were taken
 */
export async function takeIncoming(deps: InboxDeps, channel: Channel, incoming: Parameters<Inbox>[0]): ReturnType<Inbox> {
  const strangers: string[] = [];
  let taken = 0;
  let doubled = 0;
  for (const one of incoming) {
    try {
      await (one.kind === 'reply' ? takeReply(deps, channel, one) : takeReceipt(deps, channel, one));
      taken += 1;
    } catch (error) {
      if (!(error instanceof LabaError)) throw error;
      if (error.code === 'already-done') doubled += 1;
      else if (error.code === 'not-found' && one.kind === 'receipt') strangers.push(one.providerId);
      else throw error;
    }
  }
  if (strangers.length > 0)
    throw new LabaError('not-found', `No message of this channel has the provider's id ${strangers[0]}; say it again later.`, { ids: strangers });
  return { taken, doubled };
}

async function takeReply(deps: InboxDeps, channel: Channel, reply: Reply): Promise<void> {
  const { db, clock, ids, vault } = deps;
  const nowMs = clock.now();
  const id = ids();
  const phone = reply.from === undefined ? undefined : normalisePhone(reply.from);
  const phoneHash = phone === undefined ? undefined : vault.hash('phone', phone);
  const { message, memberId, gridCode } = await whose(deps, channel, reply.answers, phoneHash);
  const words = cleanText(reply.words).slice(0, LIMITS.replyChars);
  const wish = phoneHash === undefined ? undefined : subscriptionWish(words);
  const row = {
    id,
    channel,
    providerId: reply.providerId ?? id,
    // As it was written when it is no number: somebody may still make sense of it.
    fromCipher: reply.from === undefined ? null : vault.encrypt(phone ?? reply.from.slice(0, LIMITS.nameChars)),
    memberId,
    messageId: message?.id ?? null,
    gridCode,
    wordsCipher: vault.encrypt(words),
    receivedAtMs: nowMs,
  };
  const event = { atMs: nowMs, who: memberId === null ? 'public' : `member:${memberId}`, via: 'http' as const, gridCode, alertId: message?.alertId ?? null };
  await db.atomically([
    insertInbound(row),
    ...(wish === undefined || phoneHash === undefined ? [] : [subscribe(phoneHash, wish, nowMs)]),
    ...record(ids, { ...event, type: 'message.replied', subjectId: id, data: { channel, messageId: row.messageId, memberId } }),
  ]);
}

async function whose(
  { db, clock, config }: InboxDeps,
  channel: Channel,
  answers: string | undefined,
  phoneHash: string | undefined,
): Promise<{ message: Message | undefined; memberId: string | null; gridCode: string }> {
  const named = answers === undefined ? undefined : ((await findMessage(db, answers)) ?? (await findByProvider(db, channel, answers)));
  const sent = named ?? (phoneHash === undefined ? undefined : await lastSentTo(db, phoneHash, clock.now() - LIMITS.replyWindowMs));
  if (sent !== undefined) return { message: sent, memberId: sent.memberId, gridCode: sent.gridCode };
  const member = phoneHash === undefined ? undefined : await memberWithPhone(db, phoneHash);
  return { message: undefined, memberId: member?.memberId ?? null, gridCode: member?.gridCode ?? config.county };
}

async function takeReceipt({ db, clock, ids }: InboxDeps, channel: Channel, receipt: Receipt): Promise<void> {
  const message = await findByProvider(db, channel, receipt.providerId);
  if (message === undefined) throw new LabaError('not-found');
  const nowMs = clock.now();
  const { id, gridCode, alertId, subjectId, purpose, step } = message;
  const about = { about: subjectId, purpose, channel, step };
  const event = { atMs: nowMs, who: 'system', via: 'http' as const, gridCode, alertId, subjectId: id };
  const ops: Op[] =
    receipt.state === 'delivered'
      ? [writeReceipt(id, { state: 'delivered' }, nowMs), ...record(ids, { ...event, type: 'message.delivered', data: about })]
      : [
          writeReceipt(id, { state: 'failed', reason: 'not-delivered' }, nowMs),
          ...record(ids, { ...event, type: 'message.failed', data: { ...about, reason: 'not-delivered' } }),
        ];
  await db.atomically(ops);
}
