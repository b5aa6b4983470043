// Wiring of chapter 0: place and people. It reacts to nothing; others read its tables.
import type { Deps, Service } from '@laba/runtime/service';
import { routes } from './routes.ts';

interface RegistryOptions {
  /** Ends a gateway's open connection to the broker; without it a revoked one falls silent at its next heartbeat. */
  disconnect?: (gatewayId: string) => Promise<void>;
}

export function registryService(deps: Deps, { disconnect = async () => {} }: RegistryOptions = {}): Service {
  return { name: 'registry', routes: (app) => routes(deps, app, disconnect) };
}
