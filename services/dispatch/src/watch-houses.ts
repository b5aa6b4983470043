// Chapter 4, speaker: a house below that says nothing is a red event like a silent site, and its return is another.
import { LabaError } from '@laba/domain/errors';
import { SILENT_AFTER_MS } from '@laba/domain/gateway-protocol';
import type { Op } from '@laba/storage/database';
import { record } from '@laba/storage/events';
import type { DispatchDeps } from './dispatch-deps.ts';
import { housesBelow, writeBack, writeSilent, type HouseBelow } from './house-store.ts';

type WatchDeps = Pick<DispatchDeps, 'db' | 'clock' | 'ids'>;

/**
 * Looks at all of them once. `isListening`: they could have been heard for long enough to be blamed.
 * @returns how many are silent
 */
export async function watchHouses(deps: WatchDeps, isListening: boolean): Promise<number> {
  const nowMs = deps.clock.now();
  const houses = await housesBelow(deps.db);
  const changes = houses.flatMap((house): Op[][] => {
    if (house.silentSinceMs !== null) return house.isActive && house.lastHeardAtMs <= house.silentSinceMs ? [] : [backOps(deps, house)];
    return isListening && nowMs - house.lastHeardAtMs >= SILENT_AFTER_MS ? [silentOps(deps, house)] : [];
  });
  await Promise.all(
    changes.map((ops) =>
      deps.db.atomically(ops).catch((error: unknown) => {
        if (!(error instanceof LabaError) || error.code !== 'changed-meanwhile') throw error;
      }),
    ),
  );
  return countSilent(changes.length === 0 ? houses : await housesBelow(deps.db));
}

const countSilent = (houses: readonly HouseBelow[]) => houses.filter(({ silentSinceMs }) => silentSinceMs !== null).length;

const told = ({ clock }: WatchDeps, { peerId, gridCode }: HouseBelow) =>
  ({ atMs: clock.now(), who: 'system', via: 'watchdog', gridCode, subjectId: peerId }) as const;

function silentOps(deps: WatchDeps, house: HouseBelow): Op[] {
  return [...writeSilent(house), ...record(deps.ids, { ...told(deps, house), type: 'house.silent', data: { lastHeardMs: house.lastHeardAtMs } })];
}

function backOps(deps: WatchDeps, house: HouseBelow): Op[] {
  return [writeBack(house), ...record(deps.ids, { ...told(deps, house), type: 'house.back', data: house.isActive ? {} : { revoked: true } })];
}
