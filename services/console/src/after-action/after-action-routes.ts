// Chapter 6, look back: the routes of the measures of one alert, and of a half-year of drills.
import { z } from 'zod';
import { HALF_YEAR } from '@laba/domain/drill-score';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { watchAlert } from '../read-coverage.ts';
import { measuresCsv } from './measures-csv.ts';
import { readMeasures } from './read-measures.ts';
import { readStars } from './read-stars.ts';

const tags = ['watch'];
const params = z.object({ id: z.string().max(64) });

export function afterActionRoutes(app: App, deps: Deps): void {
  const config = { access: 'alert.read' } as const;
  app.get(
    '/api/v1/alerts/:id/measures',
    {
      config,
      schema: {
        tags,
        summary: 'After-action: time to first sound, answers over the minutes, ladder times and the roll-call’s curve, in all, by village and by group',
        params,
      },
    },
    async (request) => readMeasures(deps, await watchAlert(deps, officerOf(request), request.params.id)),
  );
  app.get(
    '/api/v1/alerts/:id/measures.csv',
    {
      config,
      schema: {
        tags,
        summary: 'The same place by place as a table for a spreadsheet, in which nothing becomes a formula',
        params,
        querystring: z.object({ lang: z.enum(['zh-CN', 'en']).default('zh-CN') }),
      },
    },
    async (request, reply) => {
      const view = await readMeasures(deps, await watchAlert(deps, officerOf(request), request.params.id));
      reply
        .type('text/csv; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(`复盘 ${view.title}.csv`)}`);
      return reply.send(measuresCsv(view, request.query.lang));
    },
  );
  app.get(
    '/api/v1/stars',
    {
      config,
      schema: {
        tags,
        summary: 'The drills of a half-year (`2026-H2`; without it the running one) as points and stars, per village and group, never per person',
        querystring: z.object({ half: z.string().regex(HALF_YEAR).optional() }),
      },
    },
    async (request) => readStars(deps, officerOf(request), request.query.half),
  );
}
