// Tables of chapter 5: residents who are on no list join on the spot by a code.
import type { Skill } from '@laba/domain/member';
import type { Kit } from '../columns.sqlite.ts';

export function joiningTables({ table, text, int, json, index, uniqueIndex }: Kit) {
  return {
    joinCode: table(
      'join_code',
      {
        id: text().primaryKey(),
        /** The first half of the code: which one is meant, also when the rest is wrong. */
        handle: text().notNull(),
        /** Keyed hash of the whole code. */
        codeHash: text().notNull(),
        /** So that it can be shown and printed again. */
        codeCipher: text().notNull(),
        alertId: text().notNull(),
        gridCode: text().notNull(),
        openedBy: text().notNull(),
        openedAtMs: int().notNull(),
        expiresAtMs: int().notNull(),
        mostJoins: int().notNull(),
        joins: int().notNull().default(0),
        /** Codes with this handle that were not this one. */
        wrongTries: int().notNull().default(0),
        closedAtMs: int(),
        version: int().notNull().default(1),
      },
      (t) => [uniqueIndex('join_code_handle').on(t.handle), index('join_code_alert').on(t.alertId, t.gridCode)],
    ),
    // What he gave, until the registry has taken it in as a member; and by what the same person is known again.
    joiner: table(
      'joiner',
      {
        memberId: text().primaryKey(),
        alertId: text().notNull(),
        callId: text().notNull(),
        gridCode: text().notNull(),
        nameCipher: text().notNull(),
        phoneCipher: text(),
        phoneHash: text(),
        /** Of the form that was sent: sent twice, it is one member. */
        formHash: text().notNull(),
        /** Household or doorplate, in his own words. */
        householdCipher: text(),
        skills: json<Skill[]>().notNull(),
        joinedAtMs: int().notNull(),
      },
      (t) => [
        uniqueIndex('joiner_phone').on(t.alertId, t.phoneHash),
        uniqueIndex('joiner_form').on(t.alertId, t.formHash),
        uniqueIndex('joiner_call').on(t.callId),
      ],
    ),
  };
}
