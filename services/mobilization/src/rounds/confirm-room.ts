// Peacetime: the township looks at what a village said of its activity room; what is missing gets a deadline and becomes a task.
import { LabaError } from '@laba/domain/errors';
import type { RoomItem } from '@laba/domain/round-policy';
import { TASK_KINDS } from '@laba/domain/task';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findPolicy } from '@laba/storage/policy';
import { putDown, taskRows } from '../tasks/new-tasks.ts';
import { tasksOf } from '../tasks/task-source-store.ts';
import type { Plan } from './plan-store.ts';
import { findRound, insertRound, lastChecks, type Round } from './round-store.ts';
import { subjectsOf } from './subject-store.ts';
import { refuseUnknown } from './tell-round.ts';
import { checkIdOf } from './round-ids.ts';

type RoomDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

export interface GivenLook {
  /** The village's check that was looked at. */
  checkId: string;
  /** As the township found it: may differ from what the village said. */
  lacking: readonly string[];
  /** The deadline of what is missing; by the policy, when it is not given. */
  mendByMs?: number | undefined;
}

const DAY_MS = 86_400_000;

/**
 * @throws `bad-input`, `not-found`, `changed-meanwhile` (the village has checked again), `already-done`, `same-officer` (who said it does not confirm it)
 */
export async function confirmRoom(deps: RoomDeps, plan: Plan, given: GivenLook, _permit: Permit<'round.check'>, act: Act): Promise<Round> {
  const nowMs = deps.clock.now();
  await refuseStale(deps, plan, given.checkId, act);
  await refuseUnknown(deps, given.lacking);
  if (given.mendByMs !== undefined && given.mendByMs <= nowMs)
    throw new LabaError('bad-input', 'mendByMs: this deadline has passed already.', { field: 'mendByMs' });
  const round: Round = {
    ...{ id: checkIdOf(given.checkId), planId: plan.id, kind: plan.kind, subjectId: plan.subjectId, gridCode: plan.gridCode },
    ...{ doneAtMs: nowMs, result: 'confirmed', means: 'on-site', toldBy: act.who, toldAtMs: nowMs, wordsCipher: null, reportId: null },
    ...{ lacking: [...given.lacking], checkId: given.checkId },
  };
  const tasks = await mending(deps, plan, round, given.mendByMs);
  const taskId = tasks[0]?.id;
  await deps.db.atomically([
    ...act.once,
    insertRound(round),
    ...(await putDown(deps, tasks, { who: act.who, via: act.via, urgent: false })),
    ...record(deps.ids, {
      type: 'room.checked',
      ...{ atMs: nowMs, who: act.who, via: act.via, gridCode: plan.gridCode, subjectId: plan.subjectId },
      data: { roundId: round.id, stage: 'township', lacking: [...given.lacking], ...(taskId === undefined ? {} : { taskId }) },
    }),
  ]);
  return round;
}

async function refuseStale(deps: RoomDeps, plan: Plan, checkId: string, act: Act): Promise<void> {
  const check = await findRound(deps.db, checkId);
  if (plan.kind !== 'room' || check === undefined || check.planId !== plan.id || check.checkId !== null)
    throw new LabaError('not-found', 'This room has no check of this id.');
  const last = (await lastChecks(deps.db, [plan.id])).village.get(plan.id);
  if (last?.id !== checkId) throw new LabaError('changed-meanwhile', 'The village has checked again since: look at the newer check.');
  if (check.toldBy === act.who) throw new LabaError('same-officer', 'Who wrote the check down does not confirm it: ask another officer.');
}

/** One open task for a room: what it lacks stands in its words. */
async function mending(deps: RoomDeps, plan: Plan, { id, lacking }: Round, mendByMs: number | undefined) {
  if (lacking === null || lacking.length === 0) return [];
  if ((await tasksOf(deps.db, null, 'room')).get(plan.subjectId)?.isOpen === true) return [];
  const { items, mendDays } = (await findPolicy(deps.db, deps.config.county)).policy.rounds.room;
  const missing = items.filter((item) => lacking.includes(item.id));
  const { zh, en } = TASK_KINDS['room-lacks'];
  const name = (await subjectsOf(deps.db, [plan])).get(plan.id)?.name ?? plan.subjectId;
  const draft = {
    ...{ alertId: null, mode: 'live' as const, kind: 'room-lacks' as const, gridCode: plan.gridCode, source: 'room' as const, sourceId: plan.subjectId },
    zh: `${zh}：${names(missing, 'zh', '、')}`,
    en: `${en}: ${names(missing, 'en', ', ')}`,
    words: name,
    once: `room/${id}`,
    dueAtMs: mendByMs ?? deps.clock.now() + mendDays * DAY_MS,
  };
  return taskRows(deps, [draft]);
}

const names = (items: readonly RoomItem[], language: 'zh' | 'en', between: string) => items.map((item) => item[language]).join(between);
