// Chapter 5, the messages: what came back, in the database.
import { and, asc, desc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { Channel } from '@laba/domain/message';
import { inArea } from '@laba/storage/audience';
import { any, one, prepared, type Database, type Op } from '@laba/storage/database';
import { mayHaveArrived, type Message } from '@laba/storage/messages';
import { testsLast } from '@laba/storage/numbers';
import type { Tables } from '@laba/storage/tables';

export type InboundMessage = Tables['inboundMessage']['$inferSelect'];

const selectByProvider = prepared('message-of-provider', (q, { message }) =>
  q
    .select()
    .from(message)
    .where(and(eq(message.channel, sql.placeholder('channel')), eq(message.providerId, sql.placeholder('providerId')))),
);

/** The message that a provider speaks of, by its own name for it. */
export async function findByProvider(db: Database, channel: Channel, providerId: string): Promise<Message | undefined> {
  return (await db.read(selectByProvider, { channel, providerId }))[0];
}

export async function findMessage(db: Database, id: string): Promise<Message | undefined> {
  return (await db.read((q, { message }) => q.select().from(message).where(eq(message.id, id))))[0];
}

/** What was last sent to anybody with this number since `sinceMs`, by whatever reached the telephone. */
export async function lastSentTo(db: Database, phoneHash: string, sinceMs: number): Promise<Message | undefined> {
  const [row] = await db.read((q, t) => {
    const { message, member } = t;
    return q
      .select({ message })
      .from(message)
      .innerJoin(member, eq(member.id, message.memberId))
      .where(and(eq(member.phoneHash, phoneHash), inArray(message.channel, ['sms', 'voice']), mayHaveArrived(t), gt(message.changedAtMs, sinceMs)))
      .orderBy(testsLast(t), desc(message.changedAtMs), desc(message.id))
      .limit(1);
  });
  return row?.message;
}

/** A member with this number, and one of his groups: of the lists before who joined on the spot. */
export async function memberWithPhone(db: Database, phoneHash: string): Promise<{ memberId: string; gridCode: string | null } | undefined> {
  const [row] = await db.read((q, { member, membership }) =>
    q
      .select({ memberId: member.id, gridCode: membership.gridCode })
      .from(member)
      .leftJoin(membership, eq(membership.memberId, member.id))
      .where(eq(member.phoneHash, phoneHash))
      .orderBy(sql`case when ${member.alertId} is null then 0 else 1 end`, asc(member.id), asc(membership.gridCode))
      .limit(1),
  );
  return row;
}

/** Breaks with `already-done` when the provider handed it over before. */
export function insertInbound(row: InboundMessage): Op {
  return one((q, t) => q.insert(t.inboundMessage).values(row).onConflictDoNothing().returning({ id: t.inboundMessage.id }), {
    otherwise: () => new LabaError('already-done'),
  });
}

/** Of his replies it stays known that they came. `wordsCipher`: of no words. */
export function blankReplies(memberId: string, wordsCipher: string): Op {
  return any((q, { inboundMessage: reply }) =>
    q.update(reply).set({ fromCipher: null, wordsCipher }).where(eq(reply.memberId, memberId)).returning({ id: reply.id }),
  );
}

/** What the provider said later of a message that it took. Breaks with `already-done` when it is no longer just sent. */
export function writeReceipt(id: string, to: { state: 'delivered' } | { state: 'failed'; reason: string }, nowMs: number): Op {
  return one(
    (q, { message }) =>
      q
        .update(message)
        .set({ ...to, changedAtMs: nowMs, version: sql`${message.version} + 1` })
        .where(and(eq(message.id, id), eq(message.state, 'sent')))
        .returning({ id: message.id }),
    { otherwise: () => new LabaError('already-done') },
  );
}

export function subscribe(phoneHash: string, wish: 'stop' | 'start', nowMs: number): Op {
  return wish === 'stop'
    ? any((q, { unsubscribed }) => q.insert(unsubscribed).values({ phoneHash, atMs: nowMs }).onConflictDoNothing().returning())
    : any((q, { unsubscribed }) => q.delete(unsubscribed).where(eq(unsubscribed.phoneHash, phoneHash)).returning());
}

export interface ReplyRow extends InboundMessage {
  name: string | null;
  gridName: string | null;
}

/** A page of the replies within `codes`, the newest first. `unknown`: only those of nobody on the lists. `before`: the last id of the page before. */
export function listReplies(db: Database, codes: readonly string[], filter: { unknown: boolean; before?: string | undefined }): Promise<ReplyRow[]> {
  return db
    .read((q, { inboundMessage: reply, member, gridNode }) =>
      q
        .select({ reply, name: member.name, gridName: gridNode.name })
        .from(reply)
        .leftJoin(member, eq(member.id, reply.memberId))
        .leftJoin(gridNode, eq(gridNode.code, reply.gridCode))
        .where(
          and(
            inArea(reply.gridCode, codes),
            filter.unknown ? isNull(reply.memberId) : undefined,
            filter.before === undefined ? undefined : lt(reply.id, filter.before),
          ),
        )
        .orderBy(desc(reply.id))
        .limit(LIMITS.rowsPerPage),
    )
    .then((rows) => rows.map(({ reply, ...names }) => ({ ...reply, ...names })));
}
