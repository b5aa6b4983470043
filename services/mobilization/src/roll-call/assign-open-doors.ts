// Chapter 5, roll-call: every household on the list gets somebody who knocks, and another one when he cannot.
import { assignDoors } from '@laba/domain/assign-doors';
import { LIMITS } from '@laba/domain/limits';
import type { Deps, Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findAlert } from '../alert-store.ts';
import { findHelpers, openDoors, writeDoors } from './door-store.ts';
import { findList } from './rollcall-store.ts';

/** So often is asked whose answer ran out: that is told of thousands at once, and wakes nobody. */
const LOOK_AGAIN_MS = 5 * 60_000;

/**
 * The reaction to a frozen list, which goes on until the alert is over, and to a member who cannot come: doors without a helper, and those
 * whose helper fell away while somebody behind them is to be found. A large list is gone through in steps; a second run finds nothing to do.
 */
export async function assignOpenDoors(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, job: Job): Promise<Reaction> {
  const alertId = job.event.alertId ?? job.event.subjectId;
  const [alert, list] = await Promise.all([findAlert(deps.db, alertId), findList(deps.db, alertId)]);
  if (alert?.state !== 'raised' || list === undefined) return {};
  const doors = await openDoors(deps.db, alertId);
  const nowMs = deps.clock.now();
  const again = againAtMs(job, doors.length, nowMs);
  if (doors.length === 0) return again;
  const assigned = assignDoors(doors, await findHelpers(deps.db, alertId, doors));
  const helpers = new Set(assigned.flatMap(({ memberId }) => memberId ?? []));
  return {
    ops: [
      writeDoors(alertId, doors, assigned, nowMs),
      ...record(deps.ids, {
        type: 'door.assigned',
        atMs: nowMs,
        who: 'system',
        via: 'job',
        gridCode: list.gridCode,
        subjectId: alertId,
        alertId,
        data: { doors: assigned.length, helpers: helpers.size, alone: assigned.filter(({ memberId }) => memberId === null).length },
      }),
    ],
    ...again,
  };
}

function againAtMs(job: Job, doors: number, nowMs: number): Pick<Reaction, 'againAtMs'> {
  if (doors === LIMITS.doorsPerStep) return { againAtMs: nowMs };
  return job.event.type === 'rollcall.frozen' ? { againAtMs: nowMs + LOOK_AGAIN_MS } : {};
}
