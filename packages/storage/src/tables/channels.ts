// Tables of the channels to people: where they are reached beside the telephone, and what came back from them.
import type { Channel } from '@laba/domain/message';
import type { Kit } from '../columns.sqlite.ts';

export function channelTables({ table, text, int, primaryKey, index, uniqueIndex }: Kit) {
  return {
    /** The browser by which a member last allowed to be woken. */
    pushSubscription: table('push_subscription', {
      memberId: text().primaryKey(),
      /** As the browser gave it (endpoint and keys, JSON). */
      cipher: text().notNull(),
      createdAtMs: int().notNull(),
    }),
    /** The robot of a grid node's chat group; one for each kind of chat. */
    robot: table(
      'robot',
      {
        gridCode: text().notNull(),
        channel: text().$type<Channel>().notNull(),
        urlCipher: text().notNull(),
        /** What its messages are signed with (DingTalk). */
        secretCipher: text(),
        setBy: text().notNull(),
        setAtMs: int().notNull(),
      },
      (t) => [primaryKey({ columns: [t.gridCode, t.channel] })],
    ),
    /** What people sent back: words of a short message, a key pressed during a call. */
    inboundMessage: table(
      'inbound_message',
      {
        id: text().primaryKey(),
        channel: text().$type<Channel>().notNull(),
        /** As the provider names it, so that the same one is taken once. */
        providerId: text().notNull(),
        /** The sender's number; null: the provider gave none, as with a key pressed during a call. */
        fromCipher: text(),
        /** Null: nobody on the lists has this number. */
        memberId: text(),
        /** Of the message that it answers, else of the member, else the county. */
        gridCode: text().notNull(),
        /** The message that it answers, as far as that is known. */
        messageId: text(),
        wordsCipher: text().notNull(),
        receivedAtMs: int().notNull(),
      },
      (t) => [uniqueIndex('inbound_once').on(t.channel, t.providerId), index('inbound_grid').on(t.gridCode)],
    ),
    /** Numbers whose owners asked for no more routine messages. */
    unsubscribed: table('unsubscribed', { phoneHash: text().primaryKey(), atMs: int().notNull() }),
  };
}
