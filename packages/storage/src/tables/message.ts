// Table of the messages to people that wait to go out, and of what became of them.
import { sql } from 'drizzle-orm';
import type { Channel, MessageFacts, MessagePurpose, MessageState } from '@laba/domain/message';
import type { Kit } from '../columns.sqlite.ts';

export function messageTables({ table, text, int, flag, json, index, uniqueIndex }: Kit) {
  return {
    message: table(
      'message',
      {
        id: text().primaryKey(),
        alertId: text(),
        purpose: text().$type<MessagePurpose>().notNull(),
        /** What it is about: a call, a rung that was asked, a task, a number to be proven. */
        subjectId: text().notNull(),
        /** Null: to a group's robot, or to a number that belongs to nobody on the lists. */
        memberId: text(),
        gridCode: text().notNull(),
        channel: text().$type<Channel>().notNull(),
        /** Which try of its subject this is, counted by who plans them: one message for each (subject, channel, step). */
        step: int().notNull(),
        /** Live red and move-now: goes before all others and past the provider's rate. */
        urgent: flag().notNull(),
        facts: json<MessageFacts>().notNull(),
        state: text().$type<MessageState>().notNull(),
        /** Nobody sends it before. */
        dueAtMs: int().notNull(),
        /** Nobody sends it afterwards. */
        notAfterMs: int().notNull(),
        /** When a sender took it last: written before the provider is asked, so that a crash does not send it twice at once. */
        takenAtMs: int(),
        attempts: int().notNull().default(0),
        /** As the provider names it in its receipts. */
        providerId: text(),
        reason: text(),
        changedAtMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [
        uniqueIndex('message_once').on(t.subjectId, t.channel, t.step),
        index('message_due').on(t.state, t.dueAtMs),
        index('message_lane').on(t.channel, t.state, t.urgent, t.dueAtMs),
        index('message_member').on(t.memberId, t.changedAtMs),
        index('message_provider').on(t.channel, t.providerId),
        index('message_taken')
          .on(t.channel, t.takenAtMs)
          .where(sql`${t.takenAtMs} is not null`),
        index('message_alert').on(t.alertId, t.state),
      ],
    ),
  };
}
