// Chapter 6, watch, act: the wiring of the console. It reads, and its page acts through the other rooms' routes; its own are the reports upward and the shift log.
import type { Deps, Service } from '@laba/runtime/service';
import { auditRoutes } from './audit/audit-routes.ts';
import { consolePages } from './console-pages.ts';
import { LiveFeed } from './live-feed.ts';
import { CoverageReader } from './read-coverage.ts';
import { consoleRoutes, type ConsoleOptions } from './routes.ts';
import { shiftRoutes } from './shift/shift-routes.ts';
import { situationRoutes } from './situation/situation-routes.ts';
import { staticPages } from './static-pages.ts';

export function consoleService(deps: Deps, options: ConsoleOptions): Service {
  const feed = new LiveFeed(deps);
  const coverage = new CoverageReader(deps);
  return {
    name: 'console',
    routes: (app) => {
      consoleRoutes(app, deps, { feed, coverage }, options);
      situationRoutes(app, deps, coverage);
      auditRoutes(app, deps);
      shiftRoutes(app, deps);
      staticPages(app, deps.config.node);
      consolePages(app, deps.config.node);
      // Open pages never end by themselves, and the listener waits for every answer to end.
      app.addHook('preClose', () => feed.stop());
    },
    start: () => feed.start(),
    stop: () => feed.stop(),
  };
}
