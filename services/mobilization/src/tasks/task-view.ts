// Chapter 5, tasks: a task as officers read it.
import { z } from 'zod';
import { MODES } from '@laba/domain/alert';
import { capTime } from '@laba/domain/cap';
import { isLate, TASK_KIND_NAMES, TASK_KINDS, TASK_SOURCES, TASK_STATE_NAMES, TASK_STATES } from '@laba/domain/task';
import type { TaskDetail, TaskView } from '@laba/domain/task-view';
import { photoIds } from '@laba/photos/photo-store';
import type { Deps } from '@laba/runtime/service';
import { doorWords } from './task-door.ts';
import type { TaskRow } from './task-store.ts';

const words = z.object({ zh: z.string(), en: z.string() });
const time = z.string().nullable();

export const taskView = z.object({
  id: z.string(),
  alertId: z.string().nullable(),
  mode: z.enum(MODES),
  kind: z.enum(TASK_KIND_NAMES),
  kindWords: words,
  gridCode: z.string(),
  gridName: z.string(),
  /** What is to be done. */
  title: words,
  source: z.enum(TASK_SOURCES),
  sourceId: z.string(),
  state: z.enum(TASK_STATE_NAMES),
  stateWords: words,
  owner: z.object({ memberId: z.string().nullable(), officerId: z.string().nullable(), name: z.string() }).nullable(),
  dueAt: z.string(),
  isOverdue: z.boolean(),
  reminders: z.number(),
  createdAt: z.string(),
  doneBy: z.string().nullable(),
  doneAt: time,
  signedOffBy: z.string().nullable(),
  closedAt: time,
  version: z.number(),
});
export const taskDetail = taskView.extend({
  /** In somebody's own words: the need, what a household said. */
  words: z.string().nullable(),
  /** Whom it is about: door, name, number. */
  door: z.string().nullable(),
  doneWords: z.string().nullable(),
  lateReason: z.string().nullable(),
  dropReason: z.string().nullable(),
  photos: z.array(z.string()),
});

export function viewTask(deps: Pick<Deps, 'clock' | 'config'>, { task, ...names }: TaskRow): TaskView {
  const at = (ms: number) => capTime(ms, deps.config.utcOffsetMinutes);
  const atOrNull = (ms: number | null) => (ms === null ? null : at(ms));
  const { id, alertId, mode, kind, gridCode, source, sourceId, state, reminders, doneBy, signedOffBy, version, ownerMemberId, ownerOfficerId } = task;
  const ownerName = names.memberName ?? names.officerName ?? ownerMemberId ?? ownerOfficerId;
  return {
    ...{ id, alertId, mode, kind, gridCode, source, sourceId, state, reminders, doneBy, signedOffBy, version },
    kindWords: { zh: TASK_KINDS[kind].zh, en: TASK_KINDS[kind].en },
    gridName: names.gridName ?? gridCode,
    title: { zh: task.zh, en: task.en },
    stateWords: TASK_STATES[state],
    owner: ownerName === null ? null : { memberId: ownerMemberId, officerId: ownerOfficerId, name: ownerName },
    dueAt: at(task.dueAtMs),
    isOverdue: isLate(task, deps.clock.now()),
    createdAt: at(task.createdAtMs),
    doneAt: atOrNull(task.doneAtMs),
    closedAt: atOrNull(task.closedAtMs),
  };
}

/** With the words that people wrote: for who works on this task. */
export async function viewTaskWhole(deps: Pick<Deps, 'db' | 'clock' | 'config' | 'vault'>, row: TaskRow): Promise<TaskDetail> {
  const clear = (cipher: string | null) => (cipher === null ? null : deps.vault.decrypt(cipher));
  const { wordsCipher, doneWordsCipher, lateReasonCipher, dropReasonCipher } = row.task;
  return {
    ...viewTask(deps, row),
    words: clear(wordsCipher),
    door: await doorWords(deps, row.task),
    doneWords: clear(doneWordsCipher),
    lateReason: clear(lateReasonCipher),
    dropReason: clear(dropReasonCipher),
    photos: await photoIds(deps.db, 'task', row.task.id),
  };
}
