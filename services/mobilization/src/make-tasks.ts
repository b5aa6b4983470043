// Chapter 5, tasks: an alert is raised or updated, so each village and group of its area gets the work of its hazard and stage, once.
import type { EventData } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import { taskNodes, templatesFor } from '@laba/domain/task';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { findRevision } from './alert-store.ts';
import { putDown, taskRows, type TaskDraft } from './new-tasks.ts';
import { codesAround } from './task-owner-store.ts';
import { madeBefore, stillRaised } from './task-store.ts';
import { listTaskTemplates } from './task-template-store.ts';

const MINUTE_MS = 60_000;

/** The reaction to `alert.raised` and `alert.updated`. What an earlier revision or run made is not made again; what is no longer in the area stays. */
export async function makeTasks(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>, job: Job): Promise<Reaction> {
  const { mode } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  // A test proves the path and moves nobody.
  if (mode === 'test') return {};
  const missing = await missingTasks(deps, alertId, job);
  if (missing.length === 0) return {};
  const tasks = await taskRows(deps, missing.slice(0, LIMITS.tasksPerStep));
  const ops = [stillRaised(alertId), ...putDown(deps, tasks, { who: 'system', via: 'job' })];
  return missing.length > tasks.length ? { ops, againAtMs: deps.clock.now() } : { ops };
}

async function missingTasks(deps: Pick<Deps, 'db'>, alertId: string, job: Job): Promise<TaskDraft[]> {
  const { revision, mode, areaCodes } = job.event.data as EventData<'alert.raised'>;
  const found = await findRevision(deps.db, alertId, revision);
  const degree = found?.revision.order ?? found?.revision.level;
  if (found === undefined || found.alert.state !== 'raised' || degree == null) return [];
  const [templates, nodes, before] = await Promise.all([listTaskTemplates(deps.db), codesAround(deps.db, areaCodes), madeBefore(deps.db, alertId)]);
  return templatesFor(templates, found.revision.eventCode, degree).flatMap((template) =>
    template.actions.flatMap(({ kind, tier, zh, en, minutes }) =>
      taskNodes(areaCodes, tier, nodes).flatMap((gridCode) => {
        const once = `${alertId}/${template.id}/${kind}/${gridCode}`;
        const draft = { alertId, mode, kind, gridCode, zh, en, source: 'template' as const, sourceId: template.id, once };
        return before.has(once) ? [] : [{ ...draft, dueAtMs: job.event.atMs + minutes * MINUTE_MS }];
      }),
    ),
  );
}
