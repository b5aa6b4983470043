// Chapter 2, alert: the end time. It is asked about before, is never the all-clear, and says how many were not reached.
import { nextAlertState } from '@laba/domain/alert';
import type { Job } from '@laba/storage/jobs';
import { record } from '@laba/storage/events';
import type { Reaction } from '@laba/runtime/service';
import { changeHead, loadAlert, openLadders, unreachedCount, type WholeAlert } from './alert-store.ts';
import { placeOf, type AlertingDeps } from './draft-alert.ts';
import { findPolicy } from '@laba/storage/policy';
import { askAtMs, endTimeOf } from './raise-alert.ts';

/** The alert a job speaks of, when that revision is still the one that sounds; a later revision has jobs of its own. */
async function soundingAlert(deps: AlertingDeps, job: Job): Promise<WholeAlert | undefined> {
  const alert = await loadAlert(deps.db, job.event.subjectId);
  return alert.head.state === 'raised' && alert.head.revision === job.event.data['revision'] ? alert : undefined;
}

/** At the end time: the alert expires. */
export async function expireAlert(deps: AlertingDeps, job: Job): Promise<Reaction> {
  const alert = await soundingAlert(deps, job);
  if (alert === undefined) return {};
  const { head } = alert;
  const nowMs = deps.clock.now();
  if (nowMs < head.endTimeMs) return { againAtMs: head.endTimeMs };
  const [unreached, ladders] = await Promise.all([unreachedCount(deps.db, head.id, head.revision, head.mode), openLadders(deps.db, head.id)]);
  return {
    ops: [
      changeHead(head, { state: nextAlertState(head.state, 'expire'), overAtMs: nowMs, overBy: 'system', overReason: '' }),
      ...record(deps.ids, {
        type: 'alert.expired',
        atMs: nowMs,
        who: 'system',
        via: 'job',
        gridCode: job.event.gridCode,
        subjectId: head.id,
        alertId: head.id,
        data: { revision: head.revision, mode: head.mode, reason: 'expired', unreached, ...(ladders > 0 ? { openLadders: ladders } : {}) },
        urgent: head.mode === 'live',
      }),
    ],
  };
}

/** Some time before the end: the officer is asked whether to extend, end, or let it expire. */
export async function askBeforeExpiry(deps: AlertingDeps, job: Job): Promise<Reaction> {
  const alert = await soundingAlert(deps, job);
  if (alert === undefined) return {};
  const { head } = alert;
  const nowMs = deps.clock.now();
  if (nowMs >= head.endTimeMs) return {};
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const askMs = askAtMs(job.event.atMs, head.endTimeMs, policy.askBeforeExpiryMinutes);
  if (nowMs < askMs) return { againAtMs: askMs };
  const [unreached, ladders] = await Promise.all([unreachedCount(deps.db, head.id, head.revision, head.mode), openLadders(deps.db, head.id)]);
  const areaCodes = alert.revisions.find((one) => one.revision === head.revision)?.areaCodes ?? [];
  return {
    ops: record(deps.ids, {
      type: 'alert.expiry-asked',
      atMs: nowMs,
      who: 'system',
      via: 'job',
      gridCode: placeOf(deps, areaCodes),
      subjectId: head.id,
      alertId: head.id,
      data: { endTime: endTimeOf(deps, head.endTimeMs), unreached, ...(ladders > 0 ? { openLadders: ladders } : {}) },
    }),
  };
}
