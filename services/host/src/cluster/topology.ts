// What runs where in the clustered profile: every service in processes of its own, two copies of each, behind one origin.
import { SERVICES, type ServiceName } from '@laba/runtime/config';

export interface Member {
  /** `dispatch-2`: its name in the compose file, in logs and in metrics. */
  name: string;
  service: ServiceName;
}

export const COPIES = 2;

export const TOPOLOGY: readonly Member[] = SERVICES.flatMap((service) => Array.from({ length: COPIES }, (_, i) => ({ name: `${service}-${i + 1}`, service })));

/** The addresses of every service's copies. */
export function upstreamsOf(topology: readonly Member[], addressOf: (name: string) => string): Record<ServiceName, string[]> {
  const upstreams = Map.groupBy(topology, ({ service }) => service);
  return Object.fromEntries([...upstreams].map(([service, members]) => [service, members.map(({ name }) => addressOf(name))])) as Record<ServiceName, string[]>;
}
