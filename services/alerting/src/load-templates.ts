// Chapter 2, alert: the prepared words that a county starts with; what is there already stays as the county made it.
import { record } from '@laba/storage/events';
import type { Tables } from '@laba/storage/tables';
import type { AlertingDeps } from './draft-alert.ts';
import { listTemplates } from './grid-store.ts';
import { writeTemplates } from './policy-store.ts';

/** Returns how many were missing. */
export async function loadTemplates(deps: AlertingDeps, templates: readonly Tables['template']['$inferInsert'][]): Promise<number> {
  const known = new Set((await listTemplates(deps.db)).map((row) => row.id));
  const missing = templates.filter((row) => !known.has(row.id));
  if (missing.length === 0) return 0;
  const { county } = deps.config;
  await deps.db.atomically([
    writeTemplates(missing),
    ...record(deps.ids, {
      type: 'template.loaded',
      atMs: deps.clock.now(),
      who: 'system',
      via: 'cli',
      gridCode: county,
      subjectId: county,
      data: { rows: missing.length },
    }),
  ]);
  return missing.length;
}
