// Chapter 5, tasks: the owner's personal link to his own task. It opens nothing any more when the task is given to somebody else.
import { openPersonalLink, personalToken } from '@laba/runtime/personal-link';
import type { Deps } from '@laba/runtime/service';
import type { Vault } from '@laba/runtime/vault';
import { assignmentId } from './task-messages.ts';
import { findTaskRow, type TaskRow } from './task-store.ts';

declare const proven: unique symbol;

/** A task whose own owner asks. Only `openTaskLink` makes one. */
export type OwnTask = TaskRow & { memberId: string; readonly [proven]: true };

/** The token of `/k/{token}`. `version`: see `linkVersion`. */
export function taskToken(vault: Vault, task: { id: string; assignment: number }, version = 1): string {
  return personalToken(vault, 'task', assignmentId(task), version);
}

/** @throws `link-invalid` when it is forged, revoked, of no task, of one that is somebody else's now, or closed for more than 24 hours */
export async function openTaskLink(deps: Pick<Deps, 'db' | 'vault' | 'clock'>, token: string): Promise<OwnTask> {
  const opened = await openPersonalLink(deps, 'task', token, async (linked) => {
    const [, id, assignment] = /^(.+)-(\d+)$/.exec(linked) ?? [];
    const row = id === undefined ? undefined : await findTaskRow(deps.db, id);
    if (row === undefined || row.task.ownerMemberId === null || row.task.assignment !== Number(assignment)) return undefined;
    return { ...row, alertId: row.task.alertId, memberId: row.task.ownerMemberId, overAtMs: row.task.closedAtMs };
  });
  return opened as unknown as OwnTask;
}
