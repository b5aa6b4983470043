// Chapter 5, tasks: the SQL of the templates.
import { and, asc, eq } from 'drizzle-orm';
import type { TaskTemplate } from '@laba/domain/task';
import { exactly, one, type Database, type Op } from '@laba/storage/database';
import type { Tables } from '@laba/storage/tables';

export type TaskTemplateRow = Tables['taskTemplate']['$inferSelect'];

const rowOf = ({ eventCodes, degrees, actions, ...template }: TaskTemplate) => ({
  ...template,
  eventCodes: [...eventCodes],
  degrees: [...degrees],
  actions: [...actions],
});

export function listTaskTemplates(db: Database): Promise<TaskTemplateRow[]> {
  return db.read((q, t) => q.select().from(t.taskTemplate).orderBy(asc(t.taskTemplate.id)));
}

/** Breaks with `changed-meanwhile` when one of them is there already. */
export function insertTaskTemplates(templates: readonly TaskTemplate[]): Op {
  return exactly(templates.length, (q, t) => q.insert(t.taskTemplate).values(templates.map(rowOf)).onConflictDoNothing().returning({ id: t.taskTemplate.id }));
}

/** Guarded by the version it was decided on. */
export function writeTaskTemplate(template: TaskTemplate, version: number): Op {
  return one((q, t) =>
    q
      .update(t.taskTemplate)
      .set({ ...rowOf(template), version: version + 1 })
      .where(and(eq(t.taskTemplate.id, template.id), eq(t.taskTemplate.version, version)))
      .returning({ id: t.taskTemplate.id }),
  );
}
