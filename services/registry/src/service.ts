// Wiring of chapter 0: place and people. It reacts to nothing; others read its tables.
import type { Deps, Service } from '@laba/runtime/service';
import { routes } from './routes.ts';

export function registryService(deps: Deps): Service {
  return { name: 'registry', routes: (app) => routes(deps, app) };
}
