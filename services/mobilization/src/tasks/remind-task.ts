// Chapter 5, tasks: what is not done in time is asked for again: of the owner, the township, the duty officer, until somebody has closed it.
import { CLOSED_TASK_STATES, remindedNext } from '@laba/domain/task';
import type { Deps, Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { queueMessages, type NewMessage } from '@laba/storage/messages';
import { findPolicy } from '@laba/storage/policy';
import { findAlert } from '../alert-store.ts';
import { endWithDrill } from './close-drill-tasks.ts';
import { tellOwners, tellResponsible } from './task-messages.ts';
import { findTask, writeTask, type Task } from './task-store.ts';

type RemindDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config' | 'vault'>;

/** The reaction to `task.created`: its job waits for the deadline and lives until the task is closed. */
export async function remindTask(deps: RemindDeps, job: Job): Promise<Reaction> {
  const task = await findTask(deps.db, job.event.subjectId);
  if (task === undefined || (CLOSED_TASK_STATES as readonly string[]).includes(task.state)) return {};
  // Put down while the drill ended.
  if (await isOfDrillOver(deps, task)) return { ops: endWithDrill(deps, [task]) };
  const everyMs = (await findPolicy(deps.db, deps.config.county)).policy.tasks.remindMinutes * 60_000;
  const nowMs = deps.clock.now();
  // What is done waits for who signs it off, as long as the owner is given between two reminders.
  const fromMs = task.doneAtMs === null ? task.dueAtMs + 1 : task.doneAtMs + everyMs;
  if (nowMs < fromMs) return { againAtMs: fromMs };
  const to = remindedNext(task.state, task.reminders);
  const reminder = task.reminders + 1;
  const waitsFor = task.state === 'done' ? 'sign-off' : 'owner';
  const about = { atMs: nowMs, who: 'system', via: 'job', gridCode: task.gridCode, alertId: task.alertId, subjectId: task.id } as const;
  return {
    againAtMs: nowMs + everyMs,
    ops: [
      writeTask(task, { reminders: reminder }, nowMs),
      ...record(deps.ids, { ...about, type: 'task.overdue', data: { kind: task.kind, reminder, waitsFor, to } }),
      ...queueMessages(await messagesTo(deps, task, to)),
    ],
  };
}

async function isOfDrillOver({ db }: RemindDeps, { mode, alertId }: Task): Promise<boolean> {
  return mode === 'drill' && alertId !== null && (await findAlert(db, alertId))?.state !== 'raised';
}

// The duty officer is told by his screen.
async function messagesTo(deps: RemindDeps, task: Task, to: 'owner' | 'township' | 'duty'): Promise<NewMessage[]> {
  if (to === 'owner') return tellOwners(deps, [task], task.version + 1, false);
  const message = to === 'township' ? await tellResponsible(deps, task, task.version) : undefined;
  return message === undefined ? [] : [message];
}
