// Chapter 2, alert, in a village alone: what the house above decided and can no longer look after goes on here, for this ground.
import { sharedCodes } from '@laba/domain/grid';
import { houseCode } from '@laba/runtime/config';
import type { Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findPolicy } from '@laba/storage/policy';
import { raisedElsewhere } from './alert-store.ts';
import type { AlertingDeps } from './draft-alert.ts';
import { askAtMs } from './raise-alert.ts';

/** The reaction to `house.alone`. Alerts raised here have their clocks already; each of the others gets them once, as if it were raised now. */
export async function takeOver(deps: AlertingDeps, job: Job): Promise<Reaction> {
  const node = houseCode(deps.config);
  const { policy } = await findPolicy(deps.db, deps.config.county);
  const nowMs = deps.clock.now();
  return {
    ops: (await raisedElsewhere(deps.db)).flatMap(({ id, revision, mode, endTimeMs, areaCodes }) =>
      record(deps.ids, {
        type: 'alert.taken-over',
        atMs: nowMs,
        who: job.event.who,
        via: 'job',
        gridCode: node,
        subjectId: id,
        alertId: id,
        data: { revision, mode, areaCodes: sharedCodes(areaCodes, [node]) },
        due: { 'alerting.ask-before-expiry': askAtMs(nowMs, endTimeMs, policy.askBeforeExpiryMinutes), 'alerting.expire': endTimeMs },
        urgent: mode === 'live',
      }),
    ),
  };
}
