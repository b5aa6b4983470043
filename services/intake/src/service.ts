// Chapter 1, report: the room's wiring.
import type { Deps, Service } from '@laba/runtime/service';
import { memberReportRoutes } from './member-report-routes.ts';
import { reportRoutes } from './routes.ts';
import { SensorSource } from './sensor-source.ts';
import { takeNeed } from './take-need.ts';
import { takeRound } from './take-round.ts';

export function intakeService(deps: Deps): Service {
  const sensors = new SensorSource(deps);
  let deaf: string | undefined;
  return {
    name: 'intake',
    consumers: { 'intake.take-need': (job) => takeNeed(deps, job), 'intake.take-round': (job) => takeRound(deps, job) },
    routes: (app) => {
      reportRoutes(app, deps);
      memberReportRoutes(app, deps);
    },
    async start() {
      sensors.start();
      // A broker that is away must not keep the telephone entry from starting.
      void deps.mqtt
        .subscribe(sensors.filter, (topic, payload) => sensors.take(topic, payload), { live: true })
        .then(
          () => {
            deaf = undefined;
          },
          (error: unknown) => {
            deaf = `intake: no sensor is heard (${String(error)})`;
          },
        );
    },
    stop: () => sensors.stop(),
    degraded: () => [...(deaf === undefined ? [] : [deaf]), ...sensors.degraded()],
  };
}
