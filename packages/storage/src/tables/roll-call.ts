// Tables of chapter 5: everybody is accounted for.
import type { MarkMeans, PersonStatus } from '@laba/domain/rollcall';
import type { Kit } from '../columns.sqlite.ts';

export function rollCallTables({ table, text, int, flag, primaryKey, index }: Kit) {
  return {
    // Whoever marks changes this row first: its lock makes every other mark of the alert wait, so that completion is never overlooked.
    rollcall: table('rollcall', {
      alertId: text().primaryKey(),
      gridCode: text().notNull(),
      complete: flag().notNull().default(false),
      /** While an order stands everybody who is safe or moved is counted again, round after round. */
      round: int().notNull().default(1),
      /** Null: the first round, which began with the freeze. */
      roundAtMs: int(),
      frozenAtMs: int().notNull(),
      changedAtMs: int().notNull(),
      version: int().notNull().default(1),
    }),
    rollcallPerson: table(
      'rollcall_person',
      {
        alertId: text().notNull(),
        /** A person's id; `head:` and the household's where the register names nobody but the head; an id of its own for who was found. */
        personId: text().notNull(),
        /** Null: found on the spot, on no list. */
        householdId: text(),
        gridCode: text().notNull(),
        /** Only of who was found: the names of all others stay in the register. */
        nameCipher: text(),
        status: text().$type<PersonStatus>().notNull(),
        /** The round in which the status was said last. */
        round: int().notNull().default(1),
        /** Where he was taken to, when it was said. */
        musterPointId: text(),
        wordsCipher: text(),
        means: text().$type<MarkMeans>(),
        markedBy: text(),
        markedAtMs: int(),
        version: int().notNull().default(1),
      },
      (t) => [
        primaryKey({ columns: [t.alertId, t.personId] }),
        index('rollcall_person_status').on(t.alertId, t.status, t.round),
        // With all that the totals are counted by: they are read from here alone.
        index('rollcall_person_household').on(t.alertId, t.gridCode, t.householdId, t.status, t.round),
      ],
    ),
    rollcallPlace: table(
      'rollcall_place',
      {
        alertId: text().notNull(),
        placeId: text().notNull(),
        gridCode: text().notNull(),
        expected: int().notNull(),
        /** When `expected` was said; null: nobody knows. */
        expectedAtMs: int(),
        /** Null: nobody counted yet. */
        counted: int(),
        /** The round in which it was counted last. */
        round: int().notNull().default(1),
        means: text().$type<MarkMeans>(),
        markedBy: text(),
        markedAtMs: int(),
        version: int().notNull().default(1),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.placeId] })],
    ),
  };
}
