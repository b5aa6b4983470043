// Chapter 5, tasks: a photo shows what was done.
import { LabaError } from '@laba/domain/errors';
import { CLOSED_TASK_STATES } from '@laba/domain/task';
import { cleanPhoto } from '@laba/photos/clean-photo';
import { photoIds, storePhoto } from '@laba/photos/photo-store';
import { LIMITS } from '@laba/domain/limits';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findTask } from './task-store.ts';

export interface AddedPhoto {
  id: string;
  width: number;
  height: number;
}

/** @throws `not-found`, `transition-refused` when the task is closed, `too-large`, `bad-input` and `overloaded` about the photo, and what `may` throws */
export async function addPhoto(
  deps: Pick<Deps, 'db' | 'clock' | 'ids'>,
  taskId: string,
  upload: Buffer,
  may: (gridCode: string) => unknown,
  act: Act,
): Promise<AddedPhoto> {
  const task = await findTask(deps.db, taskId);
  if (task === undefined) throw new LabaError('not-found', 'No task has this id.');
  await may(task.gridCode);
  if ((CLOSED_TASK_STATES as readonly string[]).includes(task.state))
    throw new LabaError('transition-refused', `This task is '${task.state}': it takes no more photos.`, { state: task.state });
  // Looked at first, so that nobody has pictures drawn that are not kept.
  if ((await photoIds(deps.db, 'task', taskId)).length >= LIMITS.photosPerSubject)
    throw new LabaError('too-large', `There are ${LIMITS.photosPerSubject} photos already: no more are kept.`);
  const clean = await cleanPhoto(upload);
  const id = deps.ids();
  const [atMs, { gridCode, alertId, kind }] = [deps.clock.now(), task];
  await deps.db.atomically([
    ...act.once,
    ...storePhoto({ id, subject: 'task', subjectId: taskId, gridCode, addedBy: act.who, addedAtMs: atMs }, clean),
    ...record(deps.ids, { type: 'task.photo-added', atMs, who: act.who, via: act.via, gridCode, alertId, subjectId: taskId, data: { kind, photoId: id } }),
  ]);
  return { id, width: clean.width, height: clean.height };
}
