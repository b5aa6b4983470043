// Table of chapter 5: who knocks at which door.
import type { DoorReason } from '@laba/domain/assign-doors';
import type { Kit } from '../columns.sqlite.ts';

export function doorTables({ table, text, int, primaryKey, index }: Kit) {
  return {
    // One row for each household on the roll-call.
    doorAssignment: table(
      'door_assignment',
      {
        alertId: text().notNull(),
        householdId: text().notNull(),
        gridCode: text().notNull(),
        /** Null: there is nobody to send. */
        memberId: text(),
        reason: text().$type<DoorReason>().notNull(),
        /** Until he stands at the door, as estimated when it was assigned. */
        minutes: int().notNull(),
        assignedAtMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [
        primaryKey({ columns: [t.alertId, t.householdId] }),
        index('door_assignment_grid').on(t.alertId, t.gridCode, t.householdId),
        index('door_assignment_member').on(t.alertId, t.memberId),
      ],
    ),
  };
}
