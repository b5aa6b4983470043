// Chapter 5, tasks: an alert is raised or updated, so each village and group of its area gets the work of its hazard and stage, once.
import { gravityOf } from '@laba/domain/call-out';
import type { EventData } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import { isAsGrave, taskNodes, templatesFor } from '@laba/domain/task';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { hastenJobs, type Job } from '@laba/storage/jobs';
import { queueMessages } from '@laba/storage/messages';
import { findRevision } from '../alert-store.ts';
import type { AlertRevision } from '../call-out/call-store.ts';
import { putDown, taskRows, type TaskDraft } from './new-tasks.ts';
import { tellOwners } from './task-messages.ts';
import { codesAround } from './task-owner-store.ts';
import { stillRaised, templateTasks, writeTask, type Task } from './task-store.ts';
import { listTaskTemplates } from './task-template-store.ts';

const MINUTE_MS = 60_000;

type MakeDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

/** Work of the template, and the open task that is the same work with more time. */
interface Wanted {
  draft: TaskDraft;
  slower?: Task;
}

/**
 * The reaction to `alert.raised` and `alert.updated`. What an earlier revision or run made is not made again, but when the alert becomes
 * graver what is still open gets the shorter deadline; what is no longer in the area stays.
 */
export async function makeTasks(deps: MakeDeps, job: Job): Promise<Reaction> {
  const { revision, mode } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  const found = await findRevision(deps.db, alertId, revision);
  // A test proves the path and moves nobody.
  if (mode === 'test' || found?.alert.state !== 'raised') return {};
  const wanted = await missingWork(deps, found.revision, job);
  if (wanted.length === 0) return {};
  const now = wanted.slice(0, LIMITS.tasksPerStep);
  const urgent = mode === 'live' && gravityOf(found.revision) === 'red';
  const tasks = await taskRows(
    deps,
    now.flatMap(({ draft, slower }) => (slower === undefined ? [draft] : [])),
  );
  const made = await putDown(deps, tasks, { who: 'system', via: 'job', urgent });
  const hastened = await Promise.all(now.flatMap(({ draft, slower }) => (slower === undefined ? [] : [hasten(deps, slower, draft, { revision, urgent })])));
  const ops = [stillRaised(alertId), ...made, ...hastened.flat()];
  return wanted.length > now.length ? { ops, againAtMs: deps.clock.now() } : { ops };
}

async function missingWork(deps: Pick<Deps, 'db'>, revision: AlertRevision, job: Job): Promise<Wanted[]> {
  const { mode, areaCodes } = job.event.data as EventData<'alert.raised'>;
  const { alertId, eventCode, order, level } = revision;
  const degree = order ?? level;
  if (degree === null) return [];
  const [templates, nodes, before] = await Promise.all([listTaskTemplates(deps.db), codesAround(deps.db, areaCodes), templateTasks(deps.db, alertId)]);
  const sameWork = Map.groupBy(before, ({ kind, gridCode }) => `${kind} ${gridCode}`);
  const coversThis = new Set(templates.flatMap((template) => (isAsGrave(template, degree) ? [template.id] : [])));
  return templatesFor(templates, eventCode, degree).flatMap((template) =>
    template.actions.flatMap(({ kind, tier, zh, en, minutes }) =>
      taskNodes(areaCodes, tier, nodes).flatMap((gridCode): Wanted[] => {
        const same = sameWork.get(`${kind} ${gridCode}`) ?? [];
        const open = same.find(({ state }) => state === 'open' || state === 'taken');
        const once = `${alertId}/${template.id}/${kind}/${gridCode}`;
        const dueAtMs = job.event.atMs + minutes * MINUTE_MS;
        const draft = { alertId, mode, kind, gridCode, zh, en, source: 'template' as const, sourceId: template.id, once, dueAtMs };
        if (open !== undefined) return dueAtMs < open.dueAtMs ? [{ draft, slower: open }] : [];
        return same.some((task) => task.once === once || coversThis.has(task.sourceId)) ? [] : [{ draft }];
      }),
    ),
  );
}

/** The task goes on as the graver template's; its owner hears of it, and it is asked for in time. */
async function hasten(deps: MakeDeps, task: Task, { sourceId, zh, en, dueAtMs }: TaskDraft, of: { revision: number; urgent: boolean }): Promise<Op[]> {
  const atMs = deps.clock.now();
  const { id, kind, alertId, gridCode } = task;
  return [
    writeTask(task, { sourceId, zh, en, dueAtMs }, atMs),
    hastenJobs('mobilization.remind-task', [id], dueAtMs + 1),
    ...record(deps.ids, {
      type: 'task.hastened',
      ...{ atMs, who: 'system', via: 'job', gridCode, alertId, subjectId: id, urgent: of.urgent },
      data: { kind, dueAtMs, revision: of.revision },
    }),
    ...queueMessages(await tellOwners(deps, [task], task.version + 1, of.urgent)),
  ];
}
