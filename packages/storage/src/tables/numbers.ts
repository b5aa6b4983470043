// Tables of chapter 5, numbers: by which channels people were proven to be reached, and who is asked.
import type { CheckedChannel, ProofState } from '@laba/domain/number-check';
import type { Kit } from '../columns.sqlite.ts';

export function numberTables({ table, text, int, primaryKey, index }: Kit) {
  return {
    /** What is known of each way to each member: proven by an answer, asked, or failed. No row: never asked. */
    channelProof: table(
      'channel_proof',
      {
        memberId: text().notNull(),
        channel: text().$type<CheckedChannel>().notNull(),
        state: text().$type<ProofState>().notNull(),
        /** Keyed hash of the number that was asked or that answered: of another number nothing is known. */
        addressHash: text(),
        /** Counts the test messages. */
        step: int().notNull(),
        /** Those of them since he was last left in peace. */
        tries: int().notNull().default(0),
        askedAtMs: int(),
        provenAtMs: int(),
        /** When another try, or the end of the test, is due; null: it is over. */
        nextAtMs: int(),
        reason: text(),
        changedAtMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [
        primaryKey({ columns: [t.memberId, t.channel] }),
        index('channel_proof_state').on(t.state, t.askedAtMs),
        index('channel_proof_asked').on(t.askedAtMs),
      ],
    ),
    /** Who is asked whether his number works: the standing check of the whole county, and what an officer starts now. */
    numberRound: table(
      'number_round',
      {
        id: text().primaryKey(),
        gridCode: text().notNull(),
        /** Asks those who were not proven since then. Null: the standing check, which goes by the policy and never ends. */
        provenSinceMs: int(),
        startedBy: text().notNull(),
        startedAtMs: int().notNull(),
        endedAtMs: int(),
      },
      (t) => [index('number_round_open').on(t.endedAtMs)],
    ),
  };
}
