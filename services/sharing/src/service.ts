// Wiring of the village alone: whom this house talks with, and whether it is heard.
import { connectMqtt } from '@laba/messaging/mqtt-client';
import type { HouseClock } from '@laba/runtime/house-clock';
import type { Deps, Service, TakenRows } from '@laba/runtime/service';
import type { Op } from '@laba/storage/database';
import { clockRoutes } from './clock-routes.ts';
import type { Connect } from './letters-line.ts';
import { HouseTime } from './house-time.ts';
import { Houses } from './houses.ts';
import { ownHouse } from './own-house.ts';
import { sharingRoutes } from './routes.ts';
import { WatchAbove } from './watch-above.ts';

export interface SharingOptions {
  /** How a line to the broker above is opened. */
  connect?: Connect | undefined;
  /** Rows of another house stand here now. */
  onTaken?: (rows: TakenRows) => Promise<void>;
  /** The clock of a village's house, which may have lost the time. */
  time?: HouseClock | undefined;
  /** What must be set on with the clock: for its commit. */
  onSetOn?: (sinceMs: number, byMs: number) => Promise<readonly Op[]>;
}

export interface SharingService extends Service {
  /** The house above was not heard for a while: what it decided goes on here without it. */
  readonly isAlone: boolean;
  readonly houses: Houses;
}

export function sharingService(deps: Deps, { connect, onTaken, time, onSetOn }: SharingOptions = {}): SharingService {
  const watch = new WatchAbove(deps);
  const houseTime = time === undefined ? undefined : new HouseTime(deps, time, onSetOn ?? (async () => []));
  const houses = new Houses(deps, {
    connect: connect ?? ((connection) => connectMqtt(connection, { log: deps.log })),
    onTime: houseTime === undefined ? undefined : (ms) => houseTime.hear(ms),
    onHeard: async ({ taken }) => {
      if (taken.written.size > 0) await onTaken?.(taken.written);
      if (watch.isAlone) await watch.look();
    },
  });
  return {
    name: 'sharing',
    houses,
    get isAlone() {
      return watch.isAlone;
    },
    routes(app) {
      sharingRoutes(deps, app, houses);
      clockRoutes(deps, app, houseTime);
    },
    async start() {
      await houseTime?.start();
      await watch.start();
      await houses.start(await ownHouse(deps));
    },
    async stop() {
      houseTime?.stop();
      watch.stop();
      await houses.stop();
    },
    degraded: () => [...(houseTime?.degraded() ?? []), ...watch.degraded(), ...houses.degraded()],
  };
}
