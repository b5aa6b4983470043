// Wiring of chapter 0: place and people. It reacts to who may speak at the broker; others read its tables.
import type { BrokerBook } from '@laba/messaging/broker-book';
import type { Deps, Service } from '@laba/runtime/service';
import { trustedKeys } from '@laba/storage/keys';
import { switchWhenHeld } from './change-keys.ts';
import { BrokerBookKeeper } from './keep-broker-book.ts';
import { makeNodeKeysFor, revokeNodeKeysOf } from './keep-node-keys.ts';
import { voidLocalCodes } from './local-codes/void-local-codes.ts';
import { makeCountyKeys } from './make-county-keys.ts';
import { endShelters } from './open-shelter.ts';
import { routes } from './routes.ts';
import { setOnSessions } from './session-store.ts';
import { takeIn } from './take-in.ts';
import { takeHeadCount } from './tell-head-count.ts';

interface RegistryOptions {
  /** Ends a gateway's open connection to the broker; without it a revoked one falls silent at its next heartbeat. */
  disconnect?: (gatewayId: string) => Promise<void>;
  /** The accounts of a broker that does not ask the house. */
  book?: BrokerBook | undefined;
}

export function registryService(deps: Deps, { disconnect, book }: RegistryOptions = {}): Service {
  const keeper = new BrokerBookKeeper(deps, book);
  return {
    name: 'registry',
    consumers: {
      'registry.keep-broker-book': (job) => keeper.react(job),
      'registry.take-head-count': (job) => takeHeadCount(deps, job),
      'registry.take-in': (job) => takeIn(deps, job),
      'registry.end-shelters': (job) => endShelters(deps, job),
      'registry.make-node-keys': (job) => makeNodeKeysFor(deps, job),
      'registry.revoke-node-keys': (job) => revokeNodeKeysOf(deps, job),
      'registry.void-local-codes': (job) => voidLocalCodes(deps, job),
      'registry.switch-keys': (job) => switchWhenHeld(deps, job),
    },
    setOn: async (sinceMs, byMs) => [setOnSessions(sinceMs, byMs)],
    routes: (app) => routes(deps, app, disconnect ?? ((id) => keeper.revoke(id))),
    async start() {
      // A county from before key books gets its root and its first book; a house below it is handed them.
      if (deps.config.node === undefined && (await trustedKeys(deps.db)).length > 0) await makeCountyKeys(deps);
      keeper.start();
    },
    stop: () => keeper.stop(),
    degraded: () => keeper.degraded(),
  };
}
