// Chapter 5, roll-call: an officer says who goes to a door, or takes it back.
import { assignDoors, type AssignedDoor } from '@laba/domain/assign-doors';
import { LabaError } from '@laba/domain/errors';
import type { Act } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { findAlert } from '../alert-store.ts';
import { decidedAgain } from '../decided-again.ts';
import { findDoor, findHelper, writeDoors, type OpenDoor } from './door-store.ts';

type DoorDeps = Pick<Deps, 'db' | 'clock' | 'ids'>;

/**
 * `memberId` null: nobody goes until an officer names somebody; who was named and falls away is replaced like any other. Said again, nothing happens.
 * @throws `not-found`, `out-of-scope`, `transition-refused` when the alert is over, `bad-input` when he was not called, or cannot
 */
export function giveDoor(
  deps: DoorDeps,
  { alertId, householdId }: { alertId: string; householdId: string },
  memberId: string | null,
  allow: (code: string) => void,
  act: Act,
): Promise<AssignedDoor> {
  return decidedAgain(async () => {
    const [alert, door] = await Promise.all([findAlert(deps.db, alertId), findDoor(deps.db, alertId, householdId)]);
    if (alert === undefined || door === undefined)
      throw new LabaError('not-found', 'This household is not on the roll-call of an alert with this id, or has no helper yet.');
    const { gridCode } = door;
    allow(gridCode);
    if (alert.state !== 'raised') throw new LabaError('transition-refused', `The alert is over (${alert.state}).`, { state: alert.state });
    const given = await toWhom(deps, alertId, door, memberId);
    if (door.memberId === memberId) return given;
    const atMs = deps.clock.now();
    await deps.db.atomically([
      writeDoors(alertId, [door], [given], atMs),
      ...act.once,
      ...record(deps.ids, { type: 'door.given', atMs, who: act.who, via: act.via, gridCode, alertId, subjectId: householdId, data: { memberId } }),
    ]);
    return given;
  });
}

async function toWhom(deps: DoorDeps, alertId: string, door: OpenDoor, memberId: string | null): Promise<AssignedDoor> {
  const { householdId } = door;
  if (memberId === null) return { householdId, memberId, reason: 'by-hand', minutes: 0 };
  const helper = await findHelper(deps.db, alertId, memberId);
  if (helper === undefined) throw new LabaError('bad-input', 'memberId: this alert did not call him, or he cannot come.', { field: 'memberId' });
  const [{ minutes } = { minutes: 0 }] = assignDoors([{ ...door, helperMemberId: memberId }], [helper]);
  return { householdId, memberId, reason: 'by-hand', minutes };
}
