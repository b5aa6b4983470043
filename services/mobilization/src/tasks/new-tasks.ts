// Chapter 5, tasks: a task comes into the world with an owner, a deadline, and its line in the timeline.
import type { Mode } from '@laba/domain/alert';
import { hasScope } from '@laba/domain/officer';
import { ownerOf, TASK_KINDS, type TaskKind, type TaskSource } from '@laba/domain/task';
import { choosePostHolder } from '@laba/domain/task-owner';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { recordAll } from '@laba/storage/events';
import { queueMessages } from '@laba/storage/messages';
import { tellOwners } from './task-messages.ts';
import { postHolders, townshipOfficers } from './task-owner-store.ts';
import { insertTasks, type NewTask } from './task-store.ts';

export interface TaskDraft {
  alertId: string | null;
  mode: Mode;
  kind: TaskKind;
  gridCode: string;
  zh: string;
  en: string;
  words?: string | undefined;
  source: TaskSource;
  sourceId: string;
  /** Two that would be the same task have the same value here. */
  once: string;
  dueAtMs: number;
}

type NewTaskDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

/** A task that has all it needs to be put down. */
type OwnedTask = NewTask & { alertId: string | null; ownerMemberId: string | null; ownerOfficerId: string | null };

/** Gives each draft its owner: by post, or the township's where the kind says so; nobody's when there is neither. */
export async function taskRows(deps: NewTaskDeps, drafts: readonly TaskDraft[]): Promise<OwnedTask[]> {
  const nowMs = deps.clock.now();
  const [holders, officers] = await Promise.all([
    postHolders(
      deps.db,
      drafts.map(({ gridCode }) => gridCode),
    ),
    townshipOfficers(deps.db),
  ]);
  const tasksOf = new Map<string, number>();
  return drafts.map(({ words, ...draft }) => {
    const { posts } = TASK_KINDS[draft.kind];
    const township = officers.find((officer) => hasScope(officer, draft.gridCode))?.id;
    const isTownships = posts.length === 0 && township !== undefined;
    const memberId = isTownships ? undefined : choosePostHolder(draft.gridCode, posts, holders, tasksOf);
    return {
      ...draft,
      id: deps.ids(),
      wordsCipher: words === undefined || words === '' ? null : deps.vault.encrypt(words),
      ownerMemberId: memberId ?? null,
      ownerOfficerId: memberId === undefined ? (township ?? null) : null,
      state: 'open',
      createdAtMs: nowMs,
      changedAtMs: nowMs,
    };
  });
}

/** Puts them down and tells their owners, all or none: breaks with `changed-meanwhile` when one exists already. `urgent`: of a live red or move-now. */
export async function putDown(deps: NewTaskDeps, tasks: readonly OwnedTask[], by: Pick<Act, 'who' | 'via'> & { urgent: boolean }): Promise<Op[]> {
  if (tasks.length === 0) return [];
  const { who, via, urgent } = by;
  const told = tasks.map((task) => ({
    type: 'task.created' as const,
    atMs: task.createdAtMs,
    who,
    via,
    gridCode: task.gridCode,
    alertId: task.alertId,
    subjectId: task.id,
    data: {
      kind: task.kind,
      source: task.source,
      sourceId: task.sourceId,
      dueAtMs: task.dueAtMs,
      owner: ownerOf(task) ?? null,
    },
    due: { 'mobilization.remind-task': task.dueAtMs + 1 },
  }));
  return [insertTasks(tasks), ...recordAll(deps.ids, told), ...queueMessages(await tellOwners(deps, tasks, 1, urgent))];
}
