// Tables of chapter 6: who was on duty at which post, and what he wrote down.
import type { ShiftState } from '@laba/domain/shift';
import type { Kit } from '../columns.sqlite.ts';

export function shiftTables({ table, text, int, json, index, uniqueIndex }: Kit) {
  return {
    shift: table(
      'shift',
      {
        id: text().primaryKey(),
        /** The scopes of those who are on duty there, as one word. */
        post: text().notNull(),
        /** From 1 at its post: two that begin at the same moment have the same number, and one of them is refused. */
        number: int().notNull(),
        areaCodes: json<string[]>().notNull(),
        state: text().$type<ShiftState>().notNull(),
        officerId: text().notNull(),
        startedAtMs: int().notNull(),
        /** What happened after this belongs to it. */
        fromSeq: int().notNull(),
        /** Null while it goes on. */
        toSeq: int(),
        offeredBy: text(),
        offeredAtMs: int(),
        takenOverBy: text(),
        overAtMs: int(),
        /** What was open when it was handed over and taken over, with the words of both, closed with the house's own key. */
        recordCipher: text(),
        /** Of the record and its remarks; null until it is over. */
        seal: text(),
        version: int().notNull().default(1),
      },
      (t) => [uniqueIndex('shift_number').on(t.post, t.number), index('shift_state').on(t.state, t.startedAtMs)],
    ),
    // Only ever added to.
    shiftRemark: table(
      'shift_remark',
      {
        id: text().primaryKey(),
        shiftId: text().notNull(),
        officerId: text().notNull(),
        atMs: int().notNull(),
        /** By the clock of who wrote it, where the line was cut. */
        writtenAtMs: int(),
        wordsCipher: text().notNull(),
      },
      (t) => [index('shift_remark_shift').on(t.shiftId, t.id)],
    ),
  };
}
