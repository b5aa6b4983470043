// Chapter 5, tasks: a task is taken, done, signed off, sent back, given to somebody else, extended or dropped; each is one line of the timeline.
import { LabaError } from '@laba/domain/errors';
import type { EventType } from '@laba/domain/events';
import type { Channel } from '@laba/domain/message';
import { isLate, stateAfter, type TaskMove } from '@laba/domain/task';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import { queueMessages } from '@laba/storage/messages';
import { findPolicy } from '@laba/storage/policy';
import { decidedAgain } from '../decided-again.ts';
import { forgetMessages, tellOwners, tellReporter } from './task-messages.ts';
import { findTask, writeTask, type Task } from './task-store.ts';

export type MoveDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

/** What is said with the move; each move reads its own. */
export interface GivenMove {
  /** As last seen; whoever does not say it moves what is there. */
  version?: number | undefined;
  /** `done`: what was done. `drop`, `send-back`: why. Kept encrypted. */
  words?: string | undefined;
  lateReason?: string | undefined;
  /** `reassign`: exactly one of the two. */
  owner?: { memberId: string | null; officerId: string | null } | undefined;
  dueAtMs?: number | undefined;
}

const EVENT_OF = {
  take: 'task.taken',
  done: 'task.done',
  'sign-off': 'task.signed-off',
  'send-back': 'task.sent-back',
  reassign: 'task.reassigned',
  extend: 'task.extended',
  remind: 'task.reminded',
  drop: 'task.dropped',
} as const satisfies Record<TaskMove, EventType>;

/**
 * Moves a task; `may` throws when the actor may not touch what lies there. Answers with the task as it is afterwards.
 * @throws `not-found`, `transition-refused`, `same-officer`, `bad-input`, `bad-time`, `changed-meanwhile`, and what `may` throws
 */
export function moveTask(deps: MoveDeps, id: string, move: TaskMove, given: GivenMove, may: (gridCode: string) => unknown, act: Act): Promise<Task> {
  return decidedAgain(async () => {
    const task = await findTask(deps.db, id);
    if (task === undefined) throw new LabaError('not-found', 'No task has this id.');
    await may(task.gridCode);
    if (given.version !== undefined && given.version !== task.version)
      throw new LabaError('changed-meanwhile', 'The task changed meanwhile: look at it again.', { version: task.version });
    const nowMs = deps.clock.now();
    const state = stateAfter(task, move, act.who, { nowMs, lateReason: given.lateReason });
    const change: Partial<Task> = { state, ...(await CHANGES[move](deps, task, given, act, nowMs)) };
    const moved = { ...task, ...change, changedAtMs: nowMs, version: task.version + 1 };
    const sent = await messages(deps, move, task, moved);
    await deps.db.atomically([
      writeTask(task, change, nowMs),
      ...act.once,
      ...told(deps, move, { was: task, now: moved, channel: sent.channel }, act),
      ...sent.ops,
    ]);
    return moved;
  });
}

type Change = (deps: MoveDeps, task: Task, given: GivenMove, act: Act, nowMs: number) => Partial<Task> | Promise<Partial<Task>>;

const sealed = (deps: MoveDeps, words: string | undefined) => (words === undefined || words === '' ? null : deps.vault.encrypt(words));
const MINUTE_MS = 60_000;

const CHANGES: Record<TaskMove, Change> = {
  take: (_, { ownerMemberId, ownerOfficerId }, _given, { who }) =>
    // Whoever takes what is nobody's has it.
    ownerMemberId === null && ownerOfficerId === null && who.startsWith('officer:') ? { ownerOfficerId: who.slice('officer:'.length) } : {},
  done: (deps, _, { words, lateReason }, { who }, nowMs) => ({
    doneBy: who,
    doneAtMs: nowMs,
    doneWordsCipher: sealed(deps, words),
    lateReasonCipher: sealed(deps, lateReason),
    reminders: 0,
  }),
  'sign-off': (_, _task, _given, { who }, nowMs) => ({ signedOffBy: who, closedAtMs: nowMs }),
  // The same words are asked for again, within a time that still lies ahead.
  'send-back': async (deps, task, { words }, _act, nowMs) => ({
    doneBy: null,
    doneAtMs: null,
    wordsCipher: sealed(deps, words) ?? task.wordsCipher,
    reminders: 0,
    dueAtMs: Math.max(task.dueAtMs, nowMs + (await findPolicy(deps.db, deps.config.county)).policy.tasks.remindMinutes * MINUTE_MS),
  }),
  reassign: (_, task, { owner }) => ({ ownerMemberId: owner?.memberId ?? null, ownerOfficerId: owner?.officerId ?? null, assignment: task.assignment + 1 }),
  extend: (_, task, { dueAtMs = 0 }, _act, nowMs) => {
    if (dueAtMs <= nowMs || dueAtMs <= task.dueAtMs)
      throw new LabaError('bad-time', 'dueAt: the new deadline must lie ahead, and after the present one.', { field: 'dueAt' });
    return { dueAtMs, reminders: 0 };
  },
  remind: (_, task) => ({ reminders: task.reminders + 1 }),
  drop: (deps, _, { words }, _act, nowMs) => ({ dropReasonCipher: sealed(deps, words), closedAtMs: nowMs }),
};

/** `channel`: by which the owner is told now; null where he has none. */
function told(deps: MoveDeps, move: TaskMove, { was, now, channel }: { was: Task; now: Task; channel: Channel | null }, { who, via }: Act): Op[] {
  const atMs = now.changedAtMs;
  const about = { atMs, who, via, gridCode: now.gridCode, alertId: now.alertId, subjectId: now.id } as const;
  const { kind, dueAtMs } = now;
  const owner = now.ownerMemberId === null ? `officer:${now.ownerOfficerId}` : `member:${now.ownerMemberId}`;
  const late = isLate(was, atMs);
  switch (move) {
    case 'done':
      return record(deps.ids, { ...about, type: 'task.done', data: { kind, ...(late ? { late } : {}) } });
    case 'extend':
    case 'send-back':
      return record(deps.ids, { ...about, type: EVENT_OF[move], data: { kind, dueAtMs } });
    case 'reassign':
      return record(deps.ids, { ...about, type: 'task.reassigned', data: { kind, owner } });
    case 'remind':
      return record(deps.ids, { ...about, type: 'task.reminded', data: { kind, reminder: now.reminders, channel } });
    case 'take':
    case 'sign-off':
    case 'drop':
      return record(deps.ids, { ...about, type: EVENT_OF[move], data: { kind } });
  }
}

async function messages(deps: MoveDeps, move: TaskMove, was: Task, now: Task): Promise<{ ops: Op[]; channel: Channel | null }> {
  const nobody = { channel: null };
  const forgotten = forgetMessages(was, now.changedAtMs);
  switch (move) {
    case 'reassign':
    case 'send-back':
    case 'remind': {
      const told = await tellOwners(deps, [now], now.version, false);
      return { ops: [forgotten, ...queueMessages(told)], channel: told[0]?.channel ?? null };
    }
    case 'sign-off':
      return { ops: [forgotten, ...tellReporter(deps, now)], ...nobody };
    case 'done':
    case 'drop':
      return { ops: [forgotten], ...nobody };
    case 'take':
    case 'extend':
      return { ops: [], ...nobody };
  }
}
