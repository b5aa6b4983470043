// Chapter 5, tasks: the owner is told, the village's responsible person is told of what is late, who asked for help is told that it was done.
import { nextStep } from '@laba/domain/call-out';
import type { Channel } from '@laba/domain/message';
import { choosePostHolder } from '@laba/domain/task-owner';
import type { Deps } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { dropMessages, queueMessages, type NewMessage } from '@laba/storage/messages';
import { findPolicy } from '@laba/storage/policy';
import { channelsOf, postHolders } from './task-owner-store.ts';
import type { Task } from './task-store.ts';

type MessageDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>;
type AboutTask = Pick<Task, 'id' | 'alertId' | 'kind' | 'gridCode' | 'ownerMemberId' | 'dueAtMs'> & { assignment?: number | undefined };

/** Nobody is told later than that. */
const WANTED_MS = 24 * 3_600_000;

/** What an owner's link and messages are about: this task while it is his. */
export function assignmentId(task: { id: string; assignment?: number | undefined }): string {
  return `${task.id}-${task.assignment ?? 1}`;
}

/** One message to each task's owner, if he is a member and can be reached. `step` 1 is the first; a reminder goes by his next channel. */
export async function tellOwners(deps: MessageDeps, tasks: readonly AboutTask[], step: number, urgent: boolean): Promise<NewMessage[]> {
  const owned = tasks.flatMap((task) => (task.ownerMemberId === null ? [] : [{ task, memberId: task.ownerMemberId }]));
  if (owned.length === 0) return [];
  const reach = await reachOf(
    deps,
    owned.map(({ memberId }) => memberId),
  );
  return owned.flatMap(({ task, memberId }) => {
    const by = reach(memberId, step);
    const about = { purpose: 'task' as const, subjectId: assignmentId(task), facts: { kind: task.kind } };
    return by === undefined ? [] : [messageOf(deps, task, memberId, { ...by, ...about, urgent })];
  });
}

/** Who answers for the village hears that a task there is late; undefined where there is nobody whom a message reaches. */
export async function tellResponsible(deps: MessageDeps, task: Task, step: number): Promise<NewMessage | undefined> {
  const holders = await postHolders(deps.db, [task.gridCode]);
  const others = holders.filter(({ memberId }) => memberId !== task.ownerMemberId);
  const memberId = choosePostHolder(task.gridCode, [], others, new Map());
  const by = memberId === undefined ? undefined : (await reachOf(deps, [memberId]))(memberId, 1);
  if (memberId === undefined || by === undefined) return undefined;
  return messageOf(deps, task, memberId, {
    channel: by.channel,
    step,
    purpose: 'told',
    subjectId: task.id,
    facts: { about: 'task-late', kind: task.kind },
    urgent: false,
  });
}

/** The resident who asked hears that it was done. His number stays where he gave it, with the report. */
export function tellReporter(deps: Pick<Deps, 'clock' | 'ids'>, task: Task): Op[] {
  if (task.source !== 'report') return [];
  const facts = { about: 'need-closed', reportId: task.sourceId };
  return queueMessages([messageOf(deps, task, null, { channel: 'sms', step: 1, purpose: 'told', subjectId: task.id, facts, urgent: false })]);
}

/** What was not sent yet to this owner is not sent any more. */
export function forgetMessages(task: Task, nowMs: number): Op {
  return dropMessages({ subjectIds: [assignmentId(task), task.id], nowMs });
}

async function reachOf(
  deps: MessageDeps,
  memberIds: readonly string[],
): Promise<(memberId: string, step: number) => { channel: Channel; step: number } | undefined> {
  const [{ policy }, has] = await Promise.all([findPolicy(deps.db, deps.config.county), channelsOf(deps.db, memberIds)]);
  return (memberId, step) => {
    const by = nextStep(policy.callOut, (step - 1) % policy.callOut.channels.length, has.get(memberId) ?? new Set());
    return by && { channel: by.channel, step };
  };
}

type Said = Pick<NewMessage, 'channel' | 'step' | 'purpose' | 'subjectId' | 'facts' | 'urgent'>;

function messageOf(deps: Pick<Deps, 'clock' | 'ids'>, { alertId, gridCode }: AboutTask, memberId: string | null, said: Said): NewMessage {
  const nowMs = deps.clock.now();
  return { ...said, id: deps.ids(), alertId, memberId, gridCode, dueAtMs: nowMs, notAfterMs: nowMs + WANTED_MS, changedAtMs: nowMs };
}
