// The village alone, at the centre: six lines are tried, written down, looked at beside what came later, and reconciled.
import { z } from 'zod';
import type { SpokenView } from '@laba/domain/board-view';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { tierOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import { STATUS_LINES } from '@laba/domain/spoken-status';
import type { StatusesView, StatusRead, StatusView } from '@laba/domain/status-view';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { codesInView } from '../codes-in-view.ts';
import { findAlert } from '../alert-store.ts';
import { findStatusRow, listStatuses, type StatusCursor, type StatusFilter, type StatusRow } from './status-store.ts';
import { countsView, expectedView, meansView, modeView, orderView, statusView, viewStatuses } from './status-view.ts';
import { understand } from './understand-status.ts';
import { reconcileStatus, takeStatus } from './write-status.ts';

const tags = ['status'];
const id = z.string().min(1).max(64);
const lineWords = z.object({ line: z.number(), zh: z.string(), en: z.string() });
const given = z.object({
  gridCode: z.string().regex(/^\d{6,14}$/),
  // Longer ones are named by their line, in words.
  lines: z.array(z.string().max(LIMITS.reportTextChars)).min(1).max(STATUS_LINES.length),
});

export function statusRoutes(app: App, deps: Deps): void {
  writeRoutes(app, deps);
  listRoute(app, deps);
  app.post(
    '/api/v1/statuses/:id/reconcile',
    {
      config: { access: 'status.write' },
      schema: {
        tags,
        summary: 'What was said and what was marked since are settled; `version` as last seen',
        params: z.object({ id }),
        body: z.object({ version: z.number().int().min(1) }),
        response: { 200: statusView },
      },
    },
    async (request) => {
      const row = await rowOf(deps, request.params.id);
      const permit = authorize(officerOf(request), 'status.write', [row.status.gridCode]);
      const [seen] = await viewStatuses(deps, [row]);
      const { version } = request.body;
      await reconcileStatus(deps, { id: row.status.id, version, differences: seen?.differences.length ?? 0 }, permit, actOf(request));
      return viewOne(deps, row.status.id);
    },
  );
}

function writeRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/statuses/read',
    {
      config: { access: 'status.write' },
      schema: {
        tags,
        summary: 'What the six lines would be read as, and what is wrong with them; writes nothing',
        body: given,
        response: {
          200: z.object({
            said: countsView.extend({
              means: meansView,
              order: orderView,
              orderAt: z.string().nullable(),
              sounded: z.boolean().nullable(),
              saidAt: z.string(),
              nextContactAt: z.string().nullable(),
            }),
            problems: z.array(lineWords),
            doubts: z.array(lineWords),
            expected: expectedView,
            alert: z.object({ id: z.string(), title: z.string(), mode: modeView }).nullable(),
          }),
        },
      },
    },
    async (request): Promise<StatusRead> => {
      authorize(officerOf(request), 'status.write', [request.body.gridCode]);
      const { said, problems, doubts, expected, alert } = await understand(deps, request.body.gridCode, request.body.lines);
      const at = (ms: number | null) => (ms === null ? null : capTime(ms, deps.config.utcOffsetMinutes));
      const times = { orderAt: at(said.orderAtMs), saidAt: capTime(said.saidAtMs, deps.config.utcOffsetMinutes), nextContactAt: at(said.nextContactAtMs) };
      return { said: { ...said, ...times }, problems, doubts, expected, alert: alert ?? null };
    },
  );

  app.post(
    '/api/v1/statuses',
    {
      config: { access: 'status.write' },
      schema: {
        tags,
        summary: 'A six-line status of a village or group, by telephone, satellite phone, radio, a runner or in person; it marks nobody',
        body: given.extend({ confirmed: z.boolean().default(false), asNeed: z.boolean().default(false) }),
        response: { 201: statusView },
      },
    },
    async (request, reply) => {
      const permit = authorize(officerOf(request), 'status.write', [request.body.gridCode]);
      const status = await takeStatus(deps, request.body, permit, actOf(request));
      return reply.code(201).send(await viewOne(deps, status.id));
    },
  );
}

function listRoute(app: App, deps: Deps): void {
  app.get(
    '/api/v1/statuses',
    {
      config: { access: 'status.read' },
      schema: {
        tags,
        summary: 'What was said of places, the newest first; of one alert beside its roll-call; `newest`: one for each place',
        querystring: z.object({
          alertId: id.optional(),
          grid: z
            .string()
            .regex(/^\d{6,14}$/)
            .optional(),
          newest: z.stringbool().default(false),
          after: z.string().max(100).optional(),
        }),
        response: { 200: z.object({ asOf: z.string(), asOfMs: z.number(), statuses: z.array(statusView), next: z.string().nullable() }) },
      },
    },
    async (request): Promise<StatusesView & SpokenView> => {
      const { alertId, grid, newest, after } = request.query;
      const codes = await codesOf(deps, officerOf(request), alertId, grid);
      const rows = await listStatuses(deps.db, codes, { newest, alert: await alertOf(deps, alertId) }, cursorOf(after));
      const asOfMs = deps.clock.now();
      const last = rows.length === LIMITS.rowsPerPage ? rows.at(-1)?.status : undefined;
      return {
        asOf: capTime(asOfMs, deps.config.utcOffsetMinutes),
        asOfMs,
        statuses: await viewStatuses(deps, rows, alertId),
        next: last === undefined ? null : `${last.saidAtMs}.${last.id}`,
      };
    },
  );
}

/** @throws `not-found`, `unknown-code`, `out-of-scope` */
async function codesOf(deps: Deps, officer: Officer, alertId: string | undefined, grid: string | undefined): Promise<readonly string[]> {
  if (alertId !== undefined) return codesInView(deps.db, officer, 'status.read', alertId, grid);
  if (grid !== undefined && tierOf(grid) === undefined) throw new LabaError('unknown-code', `${grid} is not a grid code.`);
  return authorize(officer, 'status.read', grid === undefined ? officer.scopes : [grid]).codes;
}

async function alertOf(deps: Deps, alertId: string | undefined): Promise<StatusFilter['alert']> {
  return alertId === undefined ? undefined : await findAlert(deps.db, alertId);
}

function cursorOf(after: string | undefined): StatusCursor | undefined {
  if (after === undefined) return undefined;
  const [, ms, last] = /^(\d{1,16})\.([\w-]{1,64})$/.exec(after) ?? [];
  if (ms === undefined || last === undefined) throw new LabaError('bad-input', 'after: this is not the `next` of an earlier page.', { field: 'after' });
  return { saidAtMs: Number(ms), id: last };
}

async function rowOf(deps: Deps, statusId: string): Promise<StatusRow> {
  const row = await findStatusRow(deps.db, statusId);
  if (row === undefined) throw new LabaError('not-found', 'No status has this id.');
  return row;
}

async function viewOne(deps: Deps, statusId: string): Promise<StatusView> {
  const [view] = await viewStatuses(deps, [await rowOf(deps, statusId)]);
  return view!;
}
