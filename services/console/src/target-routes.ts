// Chapter 6, watch: behind the figures of one alert: the speakers by name, and what happened with one speaker, one member, one person.
import { z } from 'zod';
import type { SpeakersView } from '@laba/domain/board-view';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { sharedCodes } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { TimelineView } from '@laba/domain/measures-view';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { maySee, tellEvents } from './event-view.ts';
import { gridNodes, listSpeakers, type SpeakerCursor } from './overview-store.ts';
import { speakerView, watchAlert } from './read-coverage.ts';
import { TARGET_KINDS, targetEvents } from './target-store.ts';

const tags = ['watch'];
const params = z.object({ id: z.string().max(64) });

export function targetRoutes(app: App, deps: Deps): void {
  speakersRoute(app, deps);
  historyRoute(app, deps);
}

/** @throws `bad-input` */
function speakerAfter(after: string | undefined): SpeakerCursor | undefined {
  if (after === undefined) return undefined;
  const cut = after.indexOf('~');
  if (cut === -1) throw new LabaError('bad-input', 'after: this is not the `next` of an earlier page.', { field: 'after' });
  return { gridCode: after.slice(0, cut), speakerId: after.slice(cut + 1) };
}

function speakersRoute(app: App, deps: Deps): void {
  const querystring = z.object({
    group: z
      .string()
      .regex(/^\d{6,14}$/)
      .optional(),
    after: z.string().max(128).optional(),
  });
  app.get(
    '/api/v1/alerts/:id/speakers',
    { config: { access: 'site.read' }, schema: { tags, summary: 'A page of the speakers of an alert by name, with how each stands', params, querystring } },
    async (request): Promise<SpeakersView> => {
      const { alert, revision, permit } = await watchAlert(deps, officerOf(request), request.params.id);
      const codes = request.query.group === undefined ? permit.codes : sharedCodes(permit.codes, [request.query.group]);
      const after = speakerAfter(request.query.after);
      const [rows, nodes] = await Promise.all([listSpeakers(deps.db, alert.id, revision.revision, codes, { after }), gridNodes(deps.db, codes)]);
      const names = new Map(nodes.map((node) => [node.code, node.name]));
      const nowMs = deps.clock.now();
      const last = rows.length === LIMITS.rowsPerPage ? rows.at(-1) : undefined;
      return {
        asOfMs: nowMs,
        speakers: rows.map((row) => speakerView(row, names, nowMs, (ms) => capTime(ms, deps.config.utcOffsetMinutes))),
        next: last === undefined ? null : `${last.gridCode}~${last.speakerId}`,
      };
    },
  );
}

function historyRoute(app: App, deps: Deps): void {
  const querystring = z.object({
    kind: z.enum(TARGET_KINDS),
    target: z.string().min(1).max(128),
    before: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  });
  app.get(
    '/api/v1/alerts/:id/history',
    {
      config: { access: 'alert.read' },
      schema: {
        tags,
        summary: 'What happened with one speaker and its box, one member or one person of the roll-call in this alert, newest first',
        params,
        querystring,
      },
    },
    async (request): Promise<TimelineView> => {
      const { alert, permit } = await watchAlert(deps, officerOf(request), request.params.id);
      const { kind, target, before = Number.MAX_SAFE_INTEGER } = request.query;
      const rows = await targetEvents(deps.db, alert, { kind, id: target }, before);
      const told = await tellEvents(deps.db, rows, deps.config.utcOffsetMinutes);
      const next = rows.length === LIMITS.rowsPerPage ? (rows.at(-1)?.seq ?? null) : null;
      return { events: told.filter((one) => maySee(permit.officer, one)).map((one) => one.view), next };
    },
  );
}
