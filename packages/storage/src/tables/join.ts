// Tables of chapter 5: residents who are on no list and join on the spot.
import type { Skill } from '@laba/domain/member';
import type { Kit } from '../columns.sqlite.ts';

export function joinTables({ table, text, int, index, uniqueIndex }: Kit) {
  return {
    /** By which residents who are on no list join at one place, as long as the alert is on. */
    joinCode: table(
      'join_code',
      {
        code: text().primaryKey(),
        alertId: text().notNull(),
        gridCode: text().notNull(),
        madeBy: text().notNull(),
        createdAtMs: int().notNull(),
      },
      (t) => [uniqueIndex('join_code_once').on(t.alertId, t.gridCode)],
    ),
    /** Who joined by a code; `id` stands in the call as its member's. */
    volunteer: table(
      'volunteer',
      {
        id: text().primaryKey(),
        alertId: text().notNull(),
        gridCode: text().notNull(),
        nameCipher: text().notNull(),
        phoneCipher: text(),
        phoneHash: text(),
        skill: text().$type<Skill>(),
        /** Of the form that was filled in: sent twice, it joins once. */
        formId: text().notNull(),
        joinedAtMs: int().notNull(),
      },
      (t) => [uniqueIndex('volunteer_form').on(t.alertId, t.formId), index('volunteer_phone').on(t.alertId, t.phoneHash)],
    ),
  };
}
