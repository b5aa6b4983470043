// Tables of chapter 6: what was reported upward, and when.
import type { Mode } from '@laba/domain/alert';
import type { SituationKind } from '@laba/domain/situation';
import type { Kit } from '../columns.sqlite.ts';

export function situationTables({ table, text, int, json, index, uniqueIndex }: Kit) {
  return {
    situationReport: table(
      'situation_report',
      {
        id: text().primaryKey(),
        /** The alert's id; of a quiet day `zero/` and its date. */
        series: text().notNull(),
        /** From 1 in its series. */
        number: int().notNull(),
        alertId: text(),
        mode: text().$type<Mode>().notNull(),
        kind: text().$type<SituationKind>().notNull(),
        /** Whose ground it tells of: who may read it must have all of it. */
        areaCodes: json<string[]>().notNull(),
        state: text().$type<'draft' | 'sent'>().notNull(),
        /** The figures are those of this moment. */
        asOfMs: int().notNull(),
        dueAtMs: int(),
        /** The whole report, closed with the house's own key: what was sent cannot be altered unseen. */
        contentCipher: text().notNull(),
        /** Of the content; null until it is sent. */
        seal: text(),
        filledBy: text().notNull(),
        sentBy: text(),
        sentAtMs: int(),
        version: int().notNull().default(1),
      },
      (t) => [uniqueIndex('situation_report_number').on(t.series, t.number), index('situation_report_sent').on(t.state, t.asOfMs)],
    ),
  };
}
