// Chapter 5, tasks: the templates a county starts with, and how it makes them its own.
import { LabaError } from '@laba/domain/errors';
import type { TaskTemplate } from '@laba/domain/task';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { insertTaskTemplates, listTaskTemplates, writeTaskTemplate } from './task-template-store.ts';

type TemplateDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>;

/** Puts down those that are missing; what is there stays as the county made it. */
export async function loadTaskTemplates(deps: TemplateDeps, templates: readonly TaskTemplate[]): Promise<void> {
  const known = new Set((await listTaskTemplates(deps.db)).map(({ id }) => id));
  const missing = templates.filter(({ id }) => !known.has(id));
  if (missing.length === 0) return;
  const { county } = deps.config;
  const told = { type: 'task.templates-loaded', atMs: deps.clock.now(), who: 'system', via: 'cli', gridCode: county, subjectId: county } as const;
  await deps.db.atomically([insertTaskTemplates(missing), ...record(deps.ids, { ...told, data: { rows: missing.length } })]).catch((error: unknown) => {
    // Another process that starts in this moment has put down the same ones.
    if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile') throw error;
  });
}

/** `seenVersion` 0: a template of a new id. Answers with the new version. @throws `changed-meanwhile` */
export async function changeTaskTemplate(
  deps: TemplateDeps,
  template: TaskTemplate,
  seenVersion: number,
  _permit: Permit<'officer.manage'>,
  act: Act,
): Promise<number> {
  const version = seenVersion + 1;
  const told = { type: 'task.template-changed', atMs: deps.clock.now(), who: act.who, via: act.via, gridCode: deps.config.county } as const;
  await deps.db.atomically([
    ...act.once,
    seenVersion === 0 ? insertTaskTemplates([template]) : writeTaskTemplate(template, seenVersion),
    ...record(deps.ids, { ...told, subjectId: template.id, data: { version } }),
  ]);
  return version;
}
