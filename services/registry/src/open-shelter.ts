// Shelters: a grid node for the time of one alert, where people are taken and found; closed when the alert is over.
import { LabaError } from '@laba/domain/errors';
import { tierOf } from '@laba/domain/grid';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps, Reaction } from '@laba/runtime/service';
import { record, recordEach } from '@laba/storage/events';
import type { Job } from '@laba/storage/jobs';
import { closeShelters, insertShelter, isMoving, isVillage, openShelters, takenCodes } from './muster-store.ts';

export interface Shelter {
  alertId: string;
  villageCode: string;
  name: string;
  capacity: number;
}

const TRIES = 5;
const GROUPS_OF_A_VILLAGE = 99;

/**
 * Opens a shelter inside a village. Its code is the village's highest that is free: the groups' own are counted from below.
 * @throws `unknown-code`, `transition-refused` when the alert moves nobody now, or the village has no code left
 */
export async function openShelter(
  deps: Pick<Deps, 'db' | 'clock' | 'ids'>,
  shelter: Shelter,
  _permit: Permit<'rollcall.mark'>,
  act: Act,
): Promise<Shelter & { id: string; gridCode: string }> {
  const { alertId, villageCode, capacity } = shelter;
  if (tierOf(villageCode) !== 'village' || !(await isVillage(deps.db, villageCode)))
    throw new LabaError('unknown-code', `No village has the code ${villageCode}.`, { gridCode: villageCode });
  if (!(await isMoving(deps.db, alertId))) throw new LabaError('transition-refused', 'This alert is not raised, or moves nobody: no shelter is opened for it.');
  for (let tried = 1; ; tried++) {
    const code = freeCode(villageCode, await takenCodes(deps.db, villageCode));
    const id = deps.ids();
    const told = { atMs: deps.clock.now(), who: act.who, via: act.via, gridCode: code, alertId, subjectId: id } as const;
    try {
      await deps.db.atomically([
        ...insertShelter({ ...shelter, id, code }),
        ...act.once,
        ...record(deps.ids, { ...told, type: 'shelter.opened', data: { capacity } }),
      ]);
      return { ...shelter, id, gridCode: code };
    } catch (error) {
      if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile' || tried === TRIES) throw error;
    }
  }
}

function freeCode(villageCode: string, taken: ReadonlySet<string>): string {
  for (let number = GROUPS_OF_A_VILLAGE; number > 0; number--) {
    const code = `${villageCode}${String(number).padStart(2, '0')}`;
    if (!taken.has(code)) return code;
  }
  throw new LabaError('transition-refused', `The village ${villageCode} has no code left for a shelter.`);
}

/** The reaction to an alert's end, of whatever kind: who is still there is on the list, and the node is nobody's any more. */
export async function endShelters(deps: Pick<Deps, 'clock' | 'ids'>, job: Job): Promise<Reaction> {
  const alertId = job.event.alertId ?? job.event.subjectId;
  const atMs = deps.clock.now();
  return {
    ops: [
      recordEach(deps.ids, { type: 'shelter.closed', atMs, who: 'system', via: 'job', alertId, data: {} }, (t) => ({
        from: t.gridNode,
        subjectId: t.gridNode.code,
        gridCode: t.gridNode.code,
        where: openShelters(t, alertId),
      })),
      closeShelters(alertId, atMs),
    ],
  };
}
