// HTTP of place and people.
import type { App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { brokerHookRoutes } from './broker-hook-routes.ts';
import { exportRoutes } from './export-routes.ts';
import { gatewayRoutes, type Disconnect } from './gateway-routes.ts';
import { gridRoutes } from './grid-routes.ts';
import { importRoutes } from './import-routes.ts';
import { keptRoutes } from './kept-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { ladderRoutes } from './ladder-routes.ts';
import { doorRoutes } from './local-codes/door-routes.ts';
import { localCodeRoutes } from './local-codes/local-code-routes.ts';
import { officerRoutes } from './officer-routes.ts';
import { placeRoutes } from './place-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { shelterRoutes } from './shelter-routes.ts';

export function routes(deps: Deps, app: App, disconnect: Disconnect): void {
  sessionRoutes(deps, app);
  officerRoutes(deps, app);
  localCodeRoutes(deps, app);
  doorRoutes(deps, app);
  gridRoutes(deps, app);
  importRoutes(deps, app);
  exportRoutes(deps, app);
  ladderRoutes(deps, app);
  keptRoutes(deps, app);
  placeRoutes(deps, app);
  shelterRoutes(deps, app);
  gatewayRoutes(deps, app, disconnect);
  keyRoutes(deps, app);
  brokerHookRoutes(deps, app);
}
