// Chapter 6, watch: the figures of one alert, its timeline, what is on now, and the live stream.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { sharedCodes } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { authorize } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import { sendEvents } from '@laba/runtime/server-sent';
import type { Deps } from '@laba/runtime/service';
import { aloneRoutes } from './alone-routes.ts';
import { afterActionRoutes } from './after-action/after-action-routes.ts';
import { alertEvents } from './event-store.ts';
import { maySee, tellEvents } from './event-view.ts';
import type { LiveFeed } from './live-feed.ts';
import { gridNodes, listSpeakers } from './overview-store.ts';
import { type CoverageReader, speakerView, watchAlert } from './read-coverage.ts';
import { readCounties } from './read-counties.ts';
import { readNow } from './read-now.ts';

export interface ConsoleOptions {
  /** What is wrong with the house now, in words. */
  degraded: () => string[];
  /** How long ago it was proven that ladders run, ms; by a process that plays them. */
  proofAges: () => Readonly<Record<string, number | undefined>>;
}

interface Readers {
  feed: LiveFeed;
  coverage: CoverageReader;
}

const tags = ['watch'];
const byId = z.object({ id: z.string().max(64) });
const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export function consoleRoutes(app: App, deps: Deps, { feed, coverage }: Readers, options: ConsoleOptions): void {
  alertRoutes(app, deps, coverage);
  app.get(
    '/api/v1/now',
    { config: { access: 'alert.read' }, schema: { tags, summary: 'What is on now in the officer’s scope, and how old each figure is' } },
    async (request) => readNow(deps, officerOf(request), { degraded: options.degraded(), proofAgeMs: options.proofAges()['ladders'] ?? null }),
  );
  app.get(
    '/api/v1/counties',
    {
      config: { access: 'alert.read' },
      schema: { tags, summary: 'Each county in the officer’s scope: whether it is heard, its alerts, silent sites, people' },
    },
    async (request) => readCounties(deps, officerOf(request)),
  );
  aloneRoutes(app, deps);
  afterActionRoutes(app, deps);
  liveRoute(app, feed);
}

function alertRoutes(app: App, deps: Deps, coverage: CoverageReader): void {
  app.get(
    '/api/v1/alerts/:id/coverage',
    { config: { access: 'alert.read' }, schema: { tags, summary: 'Speakers by state, members by answer, households, per grid node and in all', params: byId } },
    async (request) => coverage.read(await watchAlert(deps, officerOf(request), request.params.id)),
  );

  const cell = z.object({
    group: z
      .string()
      .regex(/^\d{6,14}$/)
      .optional(),
  });
  app.get(
    '/api/v1/alerts/:id/speakers',
    { config: { access: 'site.read' }, schema: { tags, summary: 'The speakers of an alert by name, with how each stands', params: byId, querystring: cell } },
    async (request) => {
      const { alert, revision, permit } = await watchAlert(deps, officerOf(request), request.params.id);
      const codes = request.query.group === undefined ? permit.codes : sharedCodes(permit.codes, [request.query.group]);
      const [rows, nodes] = await Promise.all([listSpeakers(deps.db, alert.id, revision.revision, codes), gridNodes(deps.db, codes)]);
      const names = new Map(nodes.map((node) => [node.code, node.name]));
      const nowMs = deps.clock.now();
      return { asOfMs: nowMs, speakers: rows.map((row) => speakerView(row, names, nowMs, (ms) => capTime(ms, deps.config.utcOffsetMinutes))) };
    },
  );

  const page = z.object({
    after: seq.optional(),
    before: seq.optional(),
    limit: z.coerce.number().int().min(1).max(LIMITS.rowsPerPage).default(LIMITS.rowsPerPage),
    calm: z.stringbool().default(false),
  });
  app.get(
    '/api/v1/alerts/:id/timeline',
    {
      config: { access: 'alert.read' },
      schema: {
        tags,
        summary: 'The alert’s events with words; `after` goes on from an event, `before` goes back, `calm` leaves out what is told once per target',
        params: byId,
        querystring: page,
      },
    },
    async (request) => {
      const { alert, permit } = await watchAlert(deps, officerOf(request), request.params.id);
      const { after, before, limit, calm } = request.query;
      const rows = await alertEvents(deps.db, alert.id, before === undefined ? { after: after ?? 0 } : { before }, limit, calm);
      const told = await tellEvents(deps.db, rows, deps.config.utcOffsetMinutes);
      // The cursor counts what was read, also what this officer may not see: a page may be short, and there is more as long as `next` is set.
      const next = rows.length === limit ? (rows.at(-1)?.seq ?? null) : null;
      return { events: told.filter((one) => maySee(permit.officer, one)).map((one) => one.view), next };
    },
  );
}

function liveRoute(app: App, feed: LiveFeed): void {
  const query = z.object({ alert: z.string().max(64).optional(), lastEventId: seq.optional(), calm: z.stringbool().default(false) });
  app.get(
    '/api/v1/live',
    { config: { access: 'alert.read' }, schema: { tags, summary: 'Server-sent events, from Last-Event-ID on', querystring: query } },
    async (request, reply) => {
      const officer = officerOf(request);
      authorize(officer, 'alert.read', officer.scopes);
      const header = seq.safeParse(request.headers['last-event-id']);
      const stream = await feed.open(officer, {
        lastEventId: header.success ? header.data : request.query.lastEventId,
        alertId: request.query.alert,
        calm: request.query.calm,
      });
      return sendEvents(reply, stream);
    },
  );
}
