// Tables of chapter 5: how many each group needs in each section, and who has which seat.
import type { Reach, SeatReason, Section } from '@laba/domain/section';
import type { Kit } from '../columns.sqlite.ts';

export function sectionTables({ table, text, int, flag, json, primaryKey, index }: Kit) {
  return {
    // Whoever fills or frees a seat here changes this row by the version he decided on: two at once never overfill.
    sectionGroup: table(
      'section_group',
      {
        alertId: text().notNull(),
        gridCode: text().notNull(),
        /** The revision that brought the group in: one job looks after all groups of a revision. */
        revision: int().notNull(),
        households: int().notNull(),
        persons: int().notNull(),
        /** From how far members are taken by now. */
        reach: text().$type<Reach>().notNull(),
        /** Since when it has had too few at this reach; null: all seats are filled. */
        shortSinceMs: int(),
        /** When the whole county had been asked in vain; nothing is widened any more. */
        exhaustedAtMs: int(),
        version: int().notNull().default(1),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.gridCode] })],
    ),
    sectionNeed: table(
      'section_need',
      {
        alertId: text().notNull(),
        gridCode: text().notNull(),
        section: text().$type<Section>().notNull(),
        /** 0 is the most important section. */
        rank: int().notNull(),
        needed: int().notNull(),
        fitOnly: flag().notNull(),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.gridCode, t.section] })],
    ),
    // One row for each person of an alert: so nobody ever has two seats.
    sectionSeat: table(
      'section_seat',
      {
        alertId: text().notNull(),
        memberId: text().notNull(),
        /** The group where he is needed, or was. */
        gridCode: text().notNull(),
        /** Null: stood down without ever having had a seat. */
        section: text().$type<Section>(),
        state: text().$type<'held' | 'freed' | 'stood-down'>().notNull(),
        reasons: json<SeatReason[]>().notNull(),
        /** `rule`, or `officer:ID`: whom an officer freed is not chosen by the rule again. */
        decidedBy: text().notNull(),
        /** Why, in the officer's words. */
        wordsCipher: text(),
        changedAtMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.memberId] }), index('section_seat_grid').on(t.alertId, t.gridCode, t.state)],
    ),
  };
}
