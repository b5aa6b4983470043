// Chapter 5, replies: what came in, and what its sender had been asked.
import { and, desc, eq, gt, inArray } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import { MESSAGE_PURPOSES } from '@laba/domain/message';
import type { Database } from '@laba/storage/database';
import { mayHaveArrived, type Message } from '@laba/storage/messages';
import { testsLast } from '@laba/storage/numbers';
import type { Tables } from '@laba/storage/tables';

export type Inbound = Tables['inboundMessage']['$inferSelect'];

export async function findInbound(db: Database, id: string): Promise<Inbound | undefined> {
  const [row] = await db.read((q, { inboundMessage }) => q.select().from(inboundMessage).where(eq(inboundMessage.id, id)));
  return row;
}

/** The message that it answers, then what else he was sent lately by telephone, the newest first; each question once. */
export async function questionsOf(db: Database, { memberId, messageId }: Pick<Inbound, 'memberId' | 'messageId'>, nowMs: number): Promise<Message[]> {
  const named = messageId === null ? [] : await db.read((q, { message }) => q.select().from(message).where(eq(message.id, messageId)));
  const others = memberId === null ? [] : await sentLately(db, memberId, nowMs);
  const seen = new Set<string>();
  return [...named, ...others].filter(({ purpose, subjectId }) => seen.size < seen.add(`${purpose} ${subjectId}`).size);
}

function sentLately(db: Database, memberId: string, nowMs: number): Promise<Message[]> {
  return db.read((q, t) => {
    const { message } = t;
    return q
      .select()
      .from(message)
      .where(
        and(
          eq(message.memberId, memberId),
          inArray(message.channel, ['sms', 'voice']),
          mayHaveArrived(t),
          gt(message.changedAtMs, nowMs - LIMITS.replyWindowMs),
        ),
      )
      .orderBy(testsLast(t), desc(message.changedAtMs), desc(message.id))
      .limit(MESSAGE_PURPOSES.length * LIMITS.alertAreas);
  });
}
