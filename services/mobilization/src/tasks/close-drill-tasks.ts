// Chapter 5, tasks: a drill is over, so its work is nobody's any more: what was still open ends with it, and is named so.
import type { EventData } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { fact, recordFacts } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { forgetMessages } from './task-messages.ts';
import { openTasks, writeTask, type Task } from './task-store.ts';

type CloseDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'>;

const WHY = '演练已结束 The drill is over';

/** The reaction to an alert's end, of whatever kind. The tasks of a live one outlive it. */
export async function closeDrillTasks(deps: CloseDeps, job: Job): Promise<Reaction> {
  const { mode } = job.event.data as EventData<'alert.ended'>;
  if (mode !== 'drill') return {};
  const tasks = await openTasks(deps.db, job.event.alertId ?? job.event.subjectId, LIMITS.tasksPerStep);
  const ops = endWithDrill(deps, tasks);
  return tasks.length < LIMITS.tasksPerStep ? { ops } : { ops, againAtMs: deps.clock.now() };
}

/** They are dropped, guarded by the version they were read with; nobody hears of them any more. */
export function endWithDrill(deps: Omit<CloseDeps, 'db'>, tasks: readonly Task[]): Op[] {
  const atMs = deps.clock.now();
  const change = { state: 'dropped', dropReasonCipher: deps.vault.encrypt(WHY), closedAtMs: atMs } as const;
  return [
    ...tasks.flatMap((task) => [writeTask(task, change, atMs), forgetMessages(task, atMs)]),
    ...recordFacts(
      deps.ids,
      tasks.map(({ id: subjectId, kind, alertId, gridCode }) =>
        fact({ type: 'task.dropped', atMs, who: 'system', via: 'job', gridCode, alertId, subjectId, data: { kind, drillOver: true } }),
      ),
    ),
  ];
}
