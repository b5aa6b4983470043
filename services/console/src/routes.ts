// Chapter 6, watch: the figures of one alert, its timeline, what is on now, and the live stream.
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { TimelineView } from '@laba/domain/measures-view';
import { authorize } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import { sendEvents } from '@laba/runtime/server-sent';
import type { Deps } from '@laba/runtime/service';
import { aloneRoutes } from './alone-routes.ts';
import { afterActionRoutes } from './after-action/after-action-routes.ts';
import { alertEvents, eventsOfSubject } from './event-store.ts';
import { maySee, tellEvents } from './event-view.ts';
import type { LiveFeed } from './live-feed.ts';
import { type CoverageReader, watchAlert } from './read-coverage.ts';
import { readCounties } from './read-counties.ts';
import { readNow } from './read-now.ts';
import { speakerRoutes } from './speakers/speaker-routes.ts';
import { targetRoutes } from './target-routes.ts';

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
  targetRoutes(app, deps);
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
  speakerRoutes(app, deps);
  taskTimelineRoute(app, deps);
  afterActionRoutes(app, deps);
  liveRoute(app, feed);
}

function alertRoutes(app: App, deps: Deps, coverage: CoverageReader): void {
  app.get(
    '/api/v1/alerts/:id/coverage',
    { config: { access: 'alert.read' }, schema: { tags, summary: 'Speakers by state, members by answer, households, per grid node and in all', params: byId } },
    async (request) => coverage.read(await watchAlert(deps, officerOf(request), request.params.id)),
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

function taskTimelineRoute(app: App, deps: Deps): void {
  app.get(
    '/api/v1/tasks/:id/timeline',
    { config: { access: 'task.read' }, schema: { tags, summary: 'What happened to one task, who did it and when, the oldest first', params: byId } },
    async (request): Promise<TimelineView> => {
      const officer = officerOf(request);
      const rows = await eventsOfSubject(deps.db, request.params.id, LIMITS.rowsPerPage);
      const [first] = rows;
      if (first === undefined || !first.type.startsWith('task.')) throw new LabaError('not-found', 'No task has this id.');
      authorize(officer, 'task.read', [first.gridCode]);
      const told = await tellEvents(deps.db, rows, deps.config.utcOffsetMinutes);
      return { events: told.filter((one) => maySee(officer, one)).map((one) => one.view), next: null };
    },
  );
}

function liveRoute(app: App, feed: LiveFeed): void {
  const query = z.object({
    alert: z.string().max(64).optional(),
    lastEventId: seq.optional(),
    calm: z.stringbool().default(false),
    // Of a calm stream: who looks at this roll-call hears its marks all the same.
    marksOf: z.string().max(64).optional(),
    marksAt: z.string().max(14).optional(),
  });
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
        marksOf: request.query.marksOf,
        marksAt: request.query.marksAt,
      });
      return sendEvents(reply, stream);
    },
  );
}
