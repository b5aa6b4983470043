// Tables of chapter 5: the list that closes, and what it is made from.
import type { Level, Mode, Order } from '@laba/domain/alert';
import type { TaskAction, TaskKind, TaskSource, TaskState } from '@laba/domain/task';
import type { Kit } from '../columns.sqlite.ts';

export function taskTables({ table, text, int, json, index }: Kit) {
  return {
    taskTemplate: table('task_template', {
      id: text().primaryKey(),
      eventCodes: json<string[]>().notNull(),
      degrees: json<(Level | Order)[]>().notNull(),
      stage: text().notNull(),
      zh: text().notNull(),
      en: text().notNull(),
      actions: json<TaskAction[]>().notNull(),
      version: int().notNull().default(1),
    }),
    task: table(
      'task',
      {
        id: text().primaryKey(),
        alertId: text(),
        mode: text().$type<Mode>().notNull(),
        kind: text().$type<TaskKind>().notNull(),
        gridCode: text().notNull(),
        zh: text().notNull(),
        en: text().notNull(),
        /** What is to be done, in somebody's own words. */
        wordsCipher: text(),
        source: text().$type<TaskSource>().notNull(),
        sourceId: text().notNull(),
        /** Two that would be the same task have the same value here. */
        once: text().notNull().unique(),
        ownerMemberId: text(),
        ownerOfficerId: text(),
        /** Counts the owners: a link speaks of one of them. */
        assignment: int().notNull().default(1),
        state: text().$type<TaskState>().notNull(),
        dueAtMs: int().notNull(),
        reminders: int().notNull().default(0),
        createdAtMs: int().notNull(),
        doneBy: text(),
        doneAtMs: int(),
        doneWordsCipher: text(),
        lateReasonCipher: text(),
        signedOffBy: text(),
        closedAtMs: int(),
        dropReasonCipher: text(),
        changedAtMs: int().notNull(),
        version: int().notNull().default(1),
      },
      (t) => [
        index('task_alert').on(t.alertId, t.state),
        index('task_source').on(t.source, t.sourceId),
        index('task_due').on(t.state, t.dueAtMs),
        index('task_grid').on(t.gridCode),
      ],
    ),
  };
}
