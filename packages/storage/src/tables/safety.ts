// Tables of chapter 5: who leads at the scene, and who is out and must be heard of.
import type { SafetyKind, SafetyState } from '@laba/domain/safety';
import type { Kit } from '../columns.sqlite.ts';

export function safetyTables({ table, text, int, primaryKey, index }: Kit) {
  return {
    sceneCommander: table(
      'scene_commander',
      {
        alertId: text().notNull(),
        gridCode: text().notNull(),
        /** Counted from 1. The highest acknowledged one leads; who was named after him has not taken over yet. */
        number: int().notNull(),
        memberId: text().notNull(),
        namedBy: text().notNull(),
        namedAtMs: int().notNull(),
        wordsCipher: text(),
        /** `member:ID`, or `officer:ID` who heard him say so. */
        acknowledgedBy: text(),
        acknowledgedAtMs: int(),
      },
      (t) => [primaryKey({ columns: [t.alertId, t.gridCode, t.number] })],
    ),
    safetyWatch: table(
      'safety_watch',
      {
        id: text().primaryKey(),
        alertId: text().notNull(),
        gridCode: text().notNull(),
        /** A pair that was sent out, or everybody who was called back. */
        kind: text().$type<SafetyKind>().notNull(),
        wordsCipher: text(),
        orderedBy: text().notNull(),
        orderedAtMs: int().notNull(),
        /** Heard of, or back, by then; later it alarms. */
        dueAtMs: int().notNull(),
        alarms: int().notNull().default(0),
        heardAtMs: int(),
        heardBy: text(),
        state: text().$type<SafetyState>().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [index('safety_watch_alert').on(t.alertId, t.state)],
    ),
    safetyWatchMember: table(
      'safety_watch_member',
      {
        watchId: text().notNull(),
        memberId: text().notNull(),
        backAtMs: int(),
        /** `member:ID`, or `officer:ID` who wrote it down. */
        backBy: text(),
      },
      (t) => [primaryKey({ columns: [t.watchId, t.memberId] }), index('safety_watch_member_out').on(t.memberId, t.backAtMs)],
    ),
  };
}
