// Tables of chapter 5: each member answers for himself.
import type { Mode } from '@laba/domain/alert';
import type { Answer, CallReason, CallState } from '@laba/domain/member';
import type { Kit } from '../columns.sqlite.ts';

export function callOutTables({ table, text, int, index, uniqueIndex }: Kit) {
  return {
    call: table(
      'call',
      {
        id: text().primaryKey(),
        alertId: text().notNull(),
        revision: int().notNull(),
        memberId: text().notNull(),
        /** The membership that put the member on the list: counted there. */
        gridCode: text().notNull(),
        mode: text().$type<Mode>().notNull(),
        /** Called for this group, which had too few: `CODE reach`. Null: of the alert's own area. */
        widening: text(),
        /** Joined on the spot by this code. Null: was on the lists. */
        joinCodeId: text(),
        state: text().$type<CallState>().notNull(),
        answer: text().$type<Answer>(),
        answeredAtMs: int(),
        /** When he said it, where that was kept on his phone and came later; null: said and recorded in one. */
        saidAtMs: int(),
        /** `page`, `api`, or `officer:ID` who wrote the answer down. */
        answeredBy: text(),
        /** He asked for help; null again when an officer has seen to it. */
        helpAtMs: int(),
        helpWordsCipher: text(),
        /** The last step that was made, 0 before the first: see `nextStep`. */
        step: int().notNull().default(0),
        /** When the next step is due, or the answer runs out. Null: nothing is due. */
        nextAtMs: int(),
        /** What the officer must know of it. */
        reason: text().$type<CallReason>(),
        changedAtMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [uniqueIndex('call_once').on(t.alertId, t.memberId), index('call_grid').on(t.alertId, t.gridCode), index('call_due').on(t.alertId, t.nextAtMs)],
    ),
  };
}
