// Chapter 5, tasks: an alert is raised or updated, so each village and group of its area gets the work of its hazard and stage, once.
import { gravityOf } from '@laba/domain/call-out';
import type { EventData } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import { taskNodes, templatesFor } from '@laba/domain/task';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { findRevision } from '../alert-store.ts';
import type { AlertRevision } from '../call-out/call-store.ts';
import { putDown, taskRows, type TaskDraft } from './new-tasks.ts';
import { codesAround } from './task-owner-store.ts';
import { madeBefore, stillRaised } from './task-store.ts';
import { listTaskTemplates } from './task-template-store.ts';

const MINUTE_MS = 60_000;

/** The reaction to `alert.raised` and `alert.updated`. What an earlier revision or run made is not made again; what is no longer in the area stays. */
export async function makeTasks(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>, job: Job): Promise<Reaction> {
  const { revision, mode } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  const found = await findRevision(deps.db, alertId, revision);
  // A test proves the path and moves nobody.
  if (mode === 'test' || found?.alert.state !== 'raised') return {};
  const missing = await missingTasks(deps, found.revision, job);
  if (missing.length === 0) return {};
  const tasks = await taskRows(deps, missing.slice(0, LIMITS.tasksPerStep));
  const urgent = mode === 'live' && gravityOf(found.revision) === 'red';
  const ops = [stillRaised(alertId), ...(await putDown(deps, tasks, { who: 'system', via: 'job', urgent }))];
  return missing.length > tasks.length ? { ops, againAtMs: deps.clock.now() } : { ops };
}

async function missingTasks(deps: Pick<Deps, 'db'>, revision: AlertRevision, job: Job): Promise<TaskDraft[]> {
  const { mode, areaCodes } = job.event.data as EventData<'alert.raised'>;
  const { alertId, eventCode, order, level } = revision;
  const degree = order ?? level;
  if (degree === null) return [];
  const [templates, nodes, before] = await Promise.all([listTaskTemplates(deps.db), codesAround(deps.db, areaCodes), madeBefore(deps.db, alertId)]);
  return templatesFor(templates, eventCode, degree).flatMap((template) =>
    template.actions.flatMap(({ kind, tier, zh, en, minutes }) =>
      taskNodes(areaCodes, tier, nodes).flatMap((gridCode) => {
        const once = `${alertId}/${template.id}/${kind}/${gridCode}`;
        const draft = { alertId, mode, kind, gridCode, zh, en, source: 'template' as const, sourceId: template.id, once };
        return before.has(once) ? [] : [{ ...draft, dueAtMs: job.event.atMs + minutes * MINUTE_MS }];
      }),
    ),
  );
}
