// Tables of the village alone, at the centre: what was said of a place from which nothing comes by the line, and which houses are silent now.
import type { ContactState, OrderSaid, StatusMeans } from '@laba/domain/spoken-status';
import type { Kit } from '../columns.sqlite.ts';

export function spokenStatusTables({ table, text, int, flag, primaryKey, index }: Kit) {
  return {
    // What was said stays as it was said; only the tick and what became of the next contact come later.
    spokenStatus: table(
      'spoken_status',
      {
        id: text().primaryKey(),
        /** Of which village or group. */
        gridCode: text().notNull(),
        /** Raised there when it was written down; null: none that this house knew of. */
        alertId: text(),
        means: text().$type<StatusMeans>().notNull(),
        /** The six lines as they were typed, a JSON list. */
        linesCipher: text().notNull(),
        order: text().$type<OrderSaid>(),
        orderAtMs: int(),
        sounded: flag(),
        /** Accounted for; null: nothing was said of it. */
        households: int(),
        persons: int(),
        moved: int(),
        missing: int(),
        injured: int(),
        /** Of how many, as the list stood then. */
        expectedHouseholds: int().notNull(),
        expectedPersons: int().notNull(),
        /** Somebody heard it and wrote it down. */
        saidAtMs: int().notNull(),
        writtenBy: text().notNull(),
        writtenAtMs: int().notNull(),
        /** Under this id what they need becomes a report. */
        needReportId: text(),
        nextContactAtMs: int(),
        contact: text().$type<ContactState>(),
        reconciledBy: text(),
        reconciledAtMs: int(),
        version: int().notNull().default(1),
      },
      (t) => [index('spoken_status_grid').on(t.gridCode, t.saidAtMs), index('spoken_status_alert').on(t.alertId), index('spoken_status_contact').on(t.contact)],
    ),
    // A house below that is not heard: its row goes when it is heard again.
    silentHouse: table(
      'silent_house',
      {
        peerId: text().notNull(),
        gridCode: text().notNull(),
        /** It was heard last at this time. */
        sinceMs: int().notNull(),
      },
      (t) => [primaryKey({ columns: [t.peerId] })],
    ),
  };
}
