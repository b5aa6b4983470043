// The village alone, at the centre: whoever said when he calls again is waited for; when that time passes somebody goes.
import { TASK_KINDS } from '@laba/domain/task';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { findAlert } from '../alert-store.ts';
import { putDown, taskRows } from '../tasks/new-tasks.ts';
import { stillRaised } from '../tasks/task-store.ts';
import { findStatus, isBackOnLine, isRunTo, writeStatus, type SpokenStatus } from './status-store.ts';

type ContactDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>;

const LOOK_EVERY_MS = 60_000;

/** The reaction to `status.received`: open until the place was heard of again, by another status or by its line. */
export async function expectContact(deps: ContactDeps, job: Job): Promise<Reaction> {
  const status = await findStatus(deps.db, job.event.subjectId);
  if (status === undefined || status.contact === null || status.contact === 'met') return {};
  const nowMs = deps.clock.now();
  const { gridCode, alertId, id, saidAtMs } = status;
  const told = { atMs: nowMs, who: 'system', via: 'job', gridCode, alertId, subjectId: id } as const;
  if (await isBackOnLine(deps.db, gridCode, saidAtMs))
    return { ops: [writeStatus(status, { contact: 'met' }), ...record(deps.ids, { ...told, type: 'contact.met', data: {} })] };
  const againAtMs = nowMs + LOOK_EVERY_MS;
  if (status.contact === 'overdue') return { againAtMs };
  const overdue = record(deps.ids, { ...told, type: 'contact.overdue', data: { nextContactAtMs: status.nextContactAtMs! } });
  return { ops: [writeStatus(status, { contact: 'overdue' }), ...overdue, ...(await sendSomebody(deps, status))], againAtMs };
}

/** By the county's policy, and only where nobody is on his way already. */
async function sendSomebody(deps: ContactDeps, status: SpokenStatus): Promise<Op[]> {
  const { contactRun, runMinutes } = (await findPolicy(deps.db, deps.config.county)).policy.tasks;
  if (!contactRun || (await isRunTo(deps.db, status.gridCode))) return [];
  const alert = status.alertId === null ? undefined : await findAlert(deps.db, status.alertId);
  const isRaised = alert?.state === 'raised';
  const { zh, en } = TASK_KINDS['run-to-village'];
  const draft = {
    alertId: isRaised ? alert.id : null,
    mode: alert?.mode ?? ('live' as const),
    kind: 'run-to-village' as const,
    gridCode: status.gridCode,
    zh: `${zh}：到约定时间没有来电，派人过去并带回消息`,
    en: `${en}: it did not call when it said; go there and bring back word`,
    source: 'status' as const,
    sourceId: status.id,
    once: `status/${status.id}`,
    dueAtMs: deps.clock.now() + runMinutes * 60_000,
  };
  const ops = await putDown(deps, await taskRows(deps, [draft]), { who: 'system', via: 'job', urgent: isRaised && alert.mode === 'live' });
  return isRaised ? [stillRaised(alert.id), ...ops] : ops;
}
