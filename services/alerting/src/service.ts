// Chapter 2, alert: the room's wiring.
import { fileURLToPath } from 'node:url';
import type { Deps, Service } from '@laba/runtime/service';
import { askApprovers } from './ask-approvers.ts';
import { clipRoutes } from './clip-routes.ts';
import { askBeforeExpiry, expireAlert } from './expire-alert.ts';
import { loadTemplates } from './load-templates.ts';
import { recoverAlert } from './recover-alert.ts';
import { alertRoutes } from './routes.ts';
import { setOnAlerts } from './set-on-alerts.ts';
import { takeOver } from './take-over.ts';
import { TEMPLATE_SET } from './template-set.ts';

const CLIPS = fileURLToPath(new URL('../clips/', import.meta.url));

export function alertingService(deps: Deps): Service {
  return {
    name: 'alerting',
    consumers: {
      'alerting.ask-approvers': (job) => askApprovers(deps, job),
      'alerting.ask-before-expiry': (job) => askBeforeExpiry(deps, job),
      'alerting.recover-alert': (job) => recoverAlert(deps, job),
      'alerting.take-over': (job) => takeOver(deps, job),
      'alerting.expire': (job) => expireAlert(deps, job),
    },
    routes(app) {
      alertRoutes(app, deps);
      clipRoutes(app, CLIPS, deps.db);
    },
    setOn: (sinceMs, byMs) => setOnAlerts(deps, sinceMs, byMs),
    async start() {
      // A house below another one is told the county's.
      if (deps.config.node === undefined) await loadTemplates(deps, TEMPLATE_SET);
    },
  };
}
