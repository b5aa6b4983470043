// Chapter 5, member: an alert is raised, so every available member of its area is called, each once.
import { wakesOffDuty } from '@laba/domain/call-out';
import type { EventData } from '@laba/domain/events';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { findStanding } from './call-out-store.ts';
import { holdAlert, type AlertRevision } from './call-store.ts';
import { countCallable, insertCalls } from './plan-store.ts';

type PlanDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>;

/** The reaction to `alert.raised` and `alert.updated`: members of new areas are called, who was called before is not called twice. */
export async function callMembers(deps: PlanDeps, job: Job): Promise<Reaction> {
  const { mode, areaCodes, revision } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  // A test proves the path and reaches nobody.
  if (mode === 'test') return {};
  const standing = await findStanding(deps.db, alertId);
  if (standing === undefined) return {};
  return { ops: await planCalls(deps, { ...standing.revision, revision }, { areaCodes, gridCode: job.event.gridCode, urgent: job.urgent }) };
}

/**
 * The ops that call everybody of these grid nodes who has no call for this alert, and begin with it.
 * @param revision the newest that was raised: it says whether members who are off duty are woken
 */
export async function planCalls(
  deps: PlanDeps,
  revision: AlertRevision,
  wanted: { areaCodes: readonly string[]; gridCode: string; urgent: boolean; widening?: string },
): Promise<Op[]> {
  const { alertId, mode } = revision;
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const { areaCodes, gridCode, urgent, ...widening } = wanted;
  const plan = {
    ...{ alertId, revision: revision.revision, mode, areaCodes, ...widening },
    ...{ channels: policy.callOut.channels, offDuty: wakesOffDuty(policy.callOut, revision) },
  };
  const found = await countCallable(deps.db, plan);
  const atMs = deps.clock.now();
  return [
    holdAlert(alertId),
    ...insertCalls(plan, found.members, atMs),
    ...record(deps.ids, {
      type: 'calls.planned',
      atMs,
      who: 'system',
      via: 'job',
      gridCode,
      alertId,
      subjectId: alertId,
      data: { revision: revision.revision, ...found, ...widening },
      urgent,
    }),
  ];
}
