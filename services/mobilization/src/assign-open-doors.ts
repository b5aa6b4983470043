// Chapter 5, roll-call: every household on the list gets somebody who knocks, and another one when he cannot.
import { assignDoors } from '@laba/domain/assign-doors';
import { LIMITS } from '@laba/domain/limits';
import type { Deps, Reaction } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { findHelpers, openDoors, writeDoors } from './door-store.ts';
import { findAlert, findList } from './rollcall-store.ts';

/**
 * The reaction to a frozen list and to a member who cannot come: doors without a helper, and those whose helper fell away while somebody
 * behind them is to be found. A large list is gone through in steps; a second run finds nothing to do.
 */
export async function assignOpenDoors(deps: Pick<Deps, 'db' | 'clock' | 'ids'>, job: Job): Promise<Reaction> {
  const alertId = job.event.alertId ?? job.event.subjectId;
  const [alert, list] = await Promise.all([findAlert(deps.db, alertId), findList(deps.db, alertId)]);
  if (alert?.state !== 'raised' || list === undefined) return {};
  const doors = await openDoors(deps.db, alertId);
  if (doors.length === 0) return {};
  const assigned = assignDoors(doors, await findHelpers(deps.db, alertId, doors));
  const helpers = new Set(assigned.flatMap(({ memberId }) => memberId ?? []));
  const nowMs = deps.clock.now();
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
    ...(doors.length === LIMITS.doorsPerStep ? { againAtMs: nowMs } : {}),
  };
}
