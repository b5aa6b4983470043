// Peacetime: which loudspeakers would not sound, which nobody has proven, and since when; on the screen and as a table.
import { z } from 'zod';
import type { SpeakersView } from '@laba/domain/speaker-view';
import { authorize, type Permit } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import type { FastifyRequest } from 'fastify';
import { listSpeakers, viewSpeakers } from './list-speakers.ts';
import { speakersCsv } from './speakers-csv.ts';

const tags = ['watch'];
const where = z.object({
  grid: z
    .string()
    .regex(/^\d{6,14}$/)
    .optional(),
});

export function speakerRoutes(app: App, deps: Deps): void {
  const config = { access: 'site.read' } as const;
  app.get(
    '/api/v1/speakers',
    { config, schema: { tags, summary: 'Loudspeakers, the worst first: how each stands and when it was last proven to sound', querystring: where } },
    async (request): Promise<SpeakersView> => viewSpeakers(deps, permitOf(request, request.query.grid)),
  );
  app.get(
    '/api/v1/speakers.csv',
    {
      config,
      schema: {
        tags,
        summary: 'All loudspeakers as a table for a spreadsheet, the worst first',
        querystring: where.extend({ lang: z.enum(['zh-CN', 'en']).default('zh-CN') }),
      },
    },
    async (request, reply) => {
      const { grid, lang } = request.query;
      const speakers = await listSpeakers(deps, permitOf(request, grid));
      reply.type('text/csv; charset=utf-8').header('cache-control', 'no-store').header('content-disposition', 'attachment; filename="speakers.csv"');
      return reply.send(speakersCsv(speakers, { asOfMs: deps.clock.now(), utcOffsetMinutes: deps.config.utcOffsetMinutes }, lang));
    },
  );
}

/** @throws `out-of-scope` */
function permitOf(request: FastifyRequest, grid: string | undefined): Permit<'site.read'> {
  const officer = officerOf(request);
  return authorize(officer, 'site.read', grid === undefined ? officer.scopes : [grid]);
}
