// A prefecture's house: the same program, of which only that runs which hears its counties and shows what they tell.
import type { ConsumerName } from '@laba/domain/events';
import type { Consumer, Service } from '@laba/runtime/service';

/** The others have their routes, to be read, and do nothing by themselves. */
const RUNNING: ReadonlySet<string> = new Set(['registry', 'dispatch', 'sharing', 'console']);
/** Whatever happens, nothing follows from it here but that a county's house may speak at the broker. */
const REACTING: ReadonlySet<ConsumerName> = new Set(['registry.keep-broker-book']);

export function onlyWatching(service: Service): Service {
  if (RUNNING.has(service.name)) return service;
  const { name, consumers } = service;
  return { name, ...(consumers === undefined ? {} : { consumers }), routes: (app) => service.routes?.(app) };
}

export function notReacting(consumers: ReadonlyMap<ConsumerName, Consumer>): Map<ConsumerName, Consumer> {
  return new Map([...consumers].map(([name, consumer]) => [name, REACTING.has(name) ? consumer : () => Promise.resolve({})]));
}
