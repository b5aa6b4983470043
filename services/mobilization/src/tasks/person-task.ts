// Chapter 5, tasks: a household refuses to move, a person needs help to: the township's work, until somebody has closed it.
import type { ConsumerName, EventData } from '@laba/domain/events';
import type { Mark } from '@laba/domain/rollcall';
import { TASK_KINDS } from '@laba/domain/task';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { findAlert } from '../alert-store.ts';
import { putDown, taskRows } from './new-tasks.ts';
import { findListedPerson } from '../roll-call/rollcall-store.ts';
import { tasksOf } from './task-source-store.ts';

const KINDS = { refused: 'refused-household', 'needs-help': 'help-person' } as const;
const kindOf = (status: Mark) => (status === 'refused' || status === 'needs-help' ? KINDS[status] : undefined);

/** As `due` of a mark: most marks are nobody's work. */
export function dueOfMark(status: Mark): Partial<Record<ConsumerName, null>> {
  return kindOf(status) === undefined ? { 'mobilization.person-task': null } : {};
}

/**
 * The reaction to `person.marked` and `person.found`. A household that refuses is one task however many of it were marked; a second one comes
 * only when the first is closed.
 */
export async function personTask(deps: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'>, job: Job): Promise<Reaction> {
  const { status } = job.event.data as EventData<'person.found'>;
  const kind = kindOf(status);
  const alertId = job.event.alertId;
  if (kind === undefined || alertId === null) return {};
  const [alert, person] = await Promise.all([findAlert(deps.db, alertId), findListedPerson(deps.db, alertId, job.event.subjectId)]);
  // He was marked otherwise since, or nobody has to be persuaded any more, or the drill is over.
  if (alert === undefined || person?.status !== status || ((kind === 'refused-household' || alert.mode === 'drill') && alert.state !== 'raised')) return {};
  const isHousehold = kind === 'refused-household' && person.householdId !== null;
  const of = isHousehold ? ({ source: 'household', sourceId: person.householdId! } as const) : ({ source: 'person', sourceId: person.personId } as const);
  const before = (await tasksOf(deps.db, alertId, of.source)).get(of.sourceId);
  if (before?.isOpen === true) return {};
  const { tasks } = (await findPolicy(deps.db, deps.config.county)).policy;
  const minutes = kind === 'refused-household' ? tasks.refusedMinutes : tasks.helpMinutes;
  const draft = {
    ...of,
    ...{ alertId, kind, mode: alert.mode, gridCode: person.gridCode, zh: TASK_KINDS[kind].zh, en: TASK_KINDS[kind].en },
    words: person.wordsCipher === null ? undefined : deps.vault.decrypt(person.wordsCipher),
    once: `${alertId}/${of.source}/${of.sourceId}/${before?.made ?? 0}`,
    dueAtMs: job.event.atMs + minutes * 60_000,
  };
  return { ops: await putDown(deps, await taskRows(deps, [draft]), { who: 'system', via: 'job', urgent: false }) };
}
