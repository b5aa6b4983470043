// Chapter 5, member: an alert is raised, so every available member of its area is called, each once.
import { wakesOffDuty } from '@laba/domain/call-out';
import type { EventData } from '@laba/domain/events';
import { LIMITS } from '@laba/domain/limits';
import type { Deps, Reaction } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { findStanding } from './call-out-store.ts';
import { holdAlert, type AlertRevision } from './call-store.ts';
import { countCallable, insertCalls, isBegun } from '../sections/plan-store.ts';

type PlanDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'config'>;

/** The reaction to `alert.raised` and `alert.updated`: members of new areas are called, who was called before is not called twice. */
export async function callMembers(deps: PlanDeps, job: Job): Promise<Reaction> {
  const { mode, areaCodes, revision } = job.event.data as EventData<'alert.raised'>;
  const alertId = job.event.alertId ?? job.event.subjectId;
  // A test proves the path and reaches nobody.
  if (mode === 'test') return {};
  const standing = await findStanding(deps.db, alertId);
  if (standing === undefined) return {};
  const wanted = { areaCodes, gridCode: job.event.gridCode, urgent: job.urgent };
  const { ops, left } = await planPart(deps, { ...standing.revision, revision }, wanted, LIMITS.callsPerPlan);
  return left ? { ops, againAtMs: deps.clock.now() } : { ops };
}

interface Wanted {
  areaCodes: readonly string[];
  gridCode: string;
  urgent: boolean;
  widening?: string;
}

/**
 * The ops that call everybody of these grid nodes who has no call for this alert, and begin with it.
 * @param revision the newest that was raised: it says whether members who are off duty are woken
 */
export async function planCalls(deps: PlanDeps, revision: AlertRevision, wanted: Wanted): Promise<Op[]> {
  return (await planPart(deps, revision, wanted, Number.MAX_SAFE_INTEGER)).ops;
}

/**
 * At most `limit` of them, so that no statement holds a prefecture's database up; `left`: whether others are still to be called. The first
 * part tells of the whole plan, and the steps of its calls begin while the others are written.
 */
export async function planPart(deps: PlanDeps, revision: AlertRevision, wanted: Wanted, limit: number): Promise<{ ops: Op[]; left: boolean }> {
  const { alertId, mode } = revision;
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const { areaCodes, gridCode, urgent, ...widening } = wanted;
  const plan = {
    ...{ alertId, revision: revision.revision, mode, areaCodes, ...widening },
    ...{ channels: policy.callOut.channels, offDuty: wakesOffDuty(policy.callOut, revision) },
  };
  const isFirst = !(await isBegun(deps.db, plan));
  // The first part is told with the number of all; the others only ask whether they are the last.
  const found = await countCallable(deps.db, plan, isFirst ? Number.MAX_SAFE_INTEGER : limit + 1);
  const atMs = deps.clock.now();
  const told = record(deps.ids, {
    type: 'calls.planned',
    atMs,
    who: 'system',
    via: 'job',
    gridCode,
    alertId,
    subjectId: alertId,
    data: { revision: revision.revision, ...found, ...widening },
    urgent,
  });
  const calls = insertCalls(plan, Math.min(found.members, limit), atMs);
  return { ops: [holdAlert(alertId), ...calls, ...(isFirst ? told : [])], left: found.members > limit };
}
