// Chapter 1, report: the officers' routes.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { sensorReadingSchema } from '@laba/domain/gateway-protocol';
import { HAZARDS, REPORT_STATES, type Hazard } from '@laba/domain/report';
import type { ReportView, ReportsView } from '@laba/domain/report-view';
import { findPhoto } from '@laba/photos/photo-store';
import { sendPhoto } from '@laba/photos/photo-upload';
import { authorize, type Permit } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { receiveReport, reportNumber } from './receive-report.ts';
import { registerSensor } from './register-sensor.ts';
import { reportFormRoutes } from './report-form-routes.ts';
import { reportLink } from './report-link.ts';
import { findReport, listReports, reportsWithPhoto, type ReportCursor, type ReportRow } from './report-store.ts';
import { verifyReport } from './verify-report.ts';

const hazard = z.enum(Object.keys(HAZARDS) as [Hazard, ...Hazard[]]);
const gridCode = z.string().max(14);
const byId = z.object({ id: z.string().max(64) });
const tags = ['report'];

const newReport = z.object({
  gridCode,
  hazard,
  text: z.string(),
  source: z.enum(['telephone', 'api']).default('telephone'),
  reporterName: z.string().max(LIMITS.nameChars).optional(),
  reporterPhone: z.string().max(LIMITS.nameChars).optional(),
});
const verdict = z.object({ result: z.enum(['true', 'false', 'duplicate']), duplicateOf: z.string().max(64).optional() });
const newSensor = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
    .optional(),
  gridCode,
  hazard,
  quantity: sensorReadingSchema.shape.quantity,
  threshold: z.number(),
});

function view(report: ReportRow, config: Deps['config'], pictured: ReadonlySet<string>): ReportView {
  const time = (ms: number) => capTime(ms, config.utcOffsetMinutes);
  const { id, state, mergedInto, mergedCount, source, text, verifiedBy, version } = report;
  return {
    id,
    number: reportNumber(id),
    gridCode: report.gridCode,
    hazard: report.hazard,
    hazardWords: HAZARDS[report.hazard],
    text,
    source,
    state,
    mergedInto,
    mergedCount,
    photo: pictured.has(id) ? `/api/v1/reports/${id}/photo` : null,
    hasReporter: report.reporterCipher !== null,
    receivedAt: time(report.receivedAtMs),
    verifiedBy,
    verifiedAt: report.verifiedAtMs === null ? null : time(report.verifiedAtMs),
    version,
  };
}

function cursorOf(after: string | undefined): ReportCursor | undefined {
  if (after === undefined) return undefined;
  const [, ms, id] = /^(\d{1,16})\.(.{1,64})$/.exec(after) ?? [];
  if (ms === undefined || id === undefined) throw new LabaError('bad-input', 'after: this is not the `next` of an earlier page.', { field: 'after' });
  return { receivedAtMs: Number(ms), id };
}

async function reportById(deps: Deps, id: string): Promise<ReportRow> {
  const report = await findReport(deps.db, id);
  if (report === undefined) throw new LabaError('not-found', 'No report has this id.');
  return report;
}

export function reportRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/reports',
    { config: { access: 'report.receive' }, schema: { summary: 'Write down a report, usually from the telephone', tags, body: newReport } },
    async (request, reply) => {
      authorize(officerOf(request), 'report.receive', [request.body.gridCode]);
      return reply.code(201).send(await receiveReport(deps, request.body, actOf(request)));
    },
  );

  const query = z.object({ state: z.enum(REPORT_STATES).optional(), after: z.string().max(100).optional() });
  app.get(
    '/api/v1/reports',
    { config: { access: 'report.read' }, schema: { summary: "Reports in the officer's scope, newest first", tags, querystring: query } },
    async (request): Promise<ReportsView> => {
      const rows = await listReports(deps.db, officerOf(request).scopes, request.query.state, cursorOf(request.query.after));
      const last = rows.length === LIMITS.rowsPerPage ? rows.at(-1) : undefined;
      const pictured = await reportsWithPhoto(
        deps.db,
        rows.map((row) => row.id),
      );
      return { reports: rows.map((row) => view(row, deps.config, pictured)), next: last === undefined ? null : `${last.receivedAtMs}.${last.id}` };
    },
  );

  app.get(
    '/api/v1/reports/:id',
    { config: { access: 'report.read' }, schema: { summary: 'One report; the reporter for who may verify it', tags, params: byId } },
    async (request) => {
      const report = await reportById(deps, request.params.id);
      const { officer } = authorize(officerOf(request), 'report.read', [report.gridCode]);
      return {
        ...view(report, deps.config, await reportsWithPhoto(deps.db, [report.id])),
        reporter: report.reporterCipher === null ? null : reporterFor(deps, report, authorize(officer, 'report.verify', [report.gridCode])),
      };
    },
  );

  app.post(
    '/api/v1/reports/:id/verify',
    { config: { access: 'report.verify' }, schema: { summary: 'True, false, or a duplicate of another', tags, params: byId, body: verdict } },
    async (request) => {
      const report = await reportById(deps, request.params.id);
      await verifyReport(deps, report, request.body, authorize(officerOf(request), 'report.verify', [report.gridCode]), actOf(request));
      return view(await reportById(deps, report.id), deps.config, await reportsWithPhoto(deps.db, [report.id]));
    },
  );

  const byCode = z.object({ code: gridCode });
  app.get(
    '/api/v1/report-links/:code',
    { config: { access: 'report.receive' }, schema: { summary: "The report form's link of one grid node, made on first ask", tags, params: byCode } },
    async (request) => {
      const { code } = request.params;
      const token = await reportLink(deps, code, authorize(officerOf(request), 'report.receive', [code]), actOf(request));
      return { code, token, path: `/r/${token}` };
    },
  );

  photoRoute(app, deps);
  sensorRoute(app, deps);
  reportFormRoutes(app, deps);
}

function photoRoute(app: App, deps: Deps): void {
  app.get(
    '/api/v1/reports/:id/photo',
    { config: { access: 'report.read' }, schema: { summary: 'The photo that came with a report, a JPEG', tags, params: byId } },
    async (request, reply) => {
      const photo = await findPhoto(deps.db, 'report', request.params.id, request.params.id);
      if (photo === undefined) throw new LabaError('not-found', 'No photo came with this report.');
      authorize(officerOf(request), 'report.read', [photo.gridCode]);
      return sendPhoto(reply, photo);
    },
  );
}

function sensorRoute(app: App, deps: Deps): void {
  app.post(
    '/api/v1/sensors',
    { config: { access: 'people.import' }, schema: { summary: 'Register a sensor; its password is shown once', tags, body: newSensor } },
    async (request, reply) => {
      const made = await registerSensor(deps, request.body, authorize(officerOf(request), 'people.import', [request.body.gridCode]), actOf(request));
      // The password is in this answer and nowhere else.
      request.once = [];
      return reply.code(201).header('cache-control', 'no-store').send(made);
    },
  );
}

// Who must ring back to verify needs the number: it is shown for that action only, and never in a list.
function reporterFor(deps: Deps, report: ReportRow, _permit: Permit<'report.verify'>): unknown {
  return JSON.parse(deps.vault.decrypt(report.reporterCipher ?? ''));
}
