// Chapter 6, reporting upward: the routes of situation reports. One key fills the next one; words; a signature; copies on paper, as a Word file and as JSON.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { hasScope, type Officer } from '@laba/domain/officer';
import { SITUATION_FIELD_NAMES, type SituationWords } from '@laba/domain/situation';
import type { SituationsView } from '@laba/domain/situation-view';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { findPolicy } from '@laba/storage/policy';
import { findAlert } from '../overview-store.ts';
import type { CoverageReader } from '../read-coverage.ts';
import type { SituationRow } from './content.ts';
import { dueReports } from './due-reports.ts';
import { fillAlertReport, fillZeroReport } from './fill-report.ts';
import { reportFor, sendReport, writeWords } from './send-report.ts';
import { situationDocx } from './situation-docx.ts';
import { SITUATION_CSS, situationPage } from './situation-page.ts';
import { listReports, reportsOf } from './situation-store.ts';
import { copyOf, dueView, reportLine, reportView, sheetView, viewLine, viewReport, viewSheet } from './situation-view.ts';

const tags = ['situation reports'];
const id = z.string().min(1).max(64);
const params = z.object({ id });
const version = z.number().int().min(1);
const said = z.string().max(LIMITS.situationWordsChars);
const wordsOfField = z.strictObject({ zh: said.default(''), en: said.default('') });
const words = z.partialRecord(z.enum(SITUATION_FIELD_NAMES), wordsOfField);
const list = z.object({
  asOf: z.string(),
  asOfMs: z.number(),
  zeroAt: z.string().nullable(),
  due: z.array(dueView),
  reports: z.array(reportLine),
  next: z.string().nullable(),
});
const inLanguage = z.object({ lang: z.enum(['zh-CN', 'en']).default('zh-CN') });
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

export function situationRoutes(app: App, deps: Deps, coverage: CoverageReader): void {
  fillRoutes(app, deps, coverage);
  listRoutes(app, deps);
  draftRoutes(app, deps);
  copyRoutes(app, deps);
}

function fillRoutes(app: App, deps: Deps, coverage: CoverageReader): void {
  const config = { access: 'situation.report' } as const;
  app.post(
    '/api/v1/alerts/:id/situation-reports',
    {
      config,
      schema: {
        tags,
        summary:
          'Makes the next report of an alert (首报, 续报, 终报) with the figures of the board at this moment; an open one is filled anew and keeps its words',
        params,
        response: { 201: reportView },
      },
    },
    async (request, reply) => {
      const row = await fillAlertReport(deps, coverage, request.params.id, officerOf(request), actOf(request));
      return reply.code(201).send(viewReport(deps, row));
    },
  );
  app.post(
    '/api/v1/situation-reports/zero',
    {
      config,
      schema: { tags, summary: 'Makes the zero report (零报告) of the last 24 quiet hours, where the policy asks for it', response: { 201: reportView } },
    },
    async (request, reply) => {
      const row = await fillZeroReport(deps, officerOf(request), actOf(request));
      return reply.code(201).send(viewReport(deps, row));
    },
  );
}

function listRoutes(app: App, deps: Deps): void {
  const config = { access: 'situation.read' } as const;
  const view = async (officer: Officer, rows: readonly SituationRow[], next: string | null): Promise<SituationsView> => {
    const asOfMs = deps.clock.now();
    const [due, { policy }] = await Promise.all([dueReports(deps, officer, asOfMs), findPolicy(deps.db, deps.config.county)]);
    const reports = rows.map((row) => viewLine(deps, row));
    return { asOf: capTime(asOfMs, deps.config.utcOffsetMinutes), asOfMs, zeroAt: policy.situation.zeroAt, due, reports, next };
  };
  app.get(
    '/api/v1/alerts/:id/situation-reports',
    { config, schema: { tags, summary: 'The reports of one alert, the newest first, and the one that is due', params, response: { 200: list } } },
    async (request) => {
      const officer = officerOf(request);
      const found = await findAlert(deps.db, request.params.id);
      if (found === undefined) throw new LabaError('not-found', 'No alert has this id.');
      authorize(officer, 'situation.read', found.areas);
      const all = await view(officer, await reportsOf(deps.db, found.alert.id), null);
      return { ...all, due: all.due.filter(({ alertId }) => alertId === found.alert.id) };
    },
  );
  app.get(
    '/api/v1/situation-reports',
    {
      config,
      schema: {
        tags,
        summary: 'All reports, the newest first, page by page, and those that are due',
        querystring: z.object({ before: id.optional() }),
        response: { 200: list },
      },
    },
    async (request) => {
      const officer = officerOf(request);
      const rows = await listReports(deps.db, request.query.before);
      const own = rows.filter(({ areaCodes }) => areaCodes.every((code) => hasScope(officer, code)));
      return view(officer, own, rows.length === LIMITS.rowsPerPage ? (rows.at(-1)?.id ?? null) : null);
    },
  );
  app.get(
    '/api/v1/situation-reports/:id',
    { config, schema: { tags, summary: 'One report whole, as JSON: figures, words, signature', params, response: { 200: reportView } } },
    async (request) => viewReport(deps, await reportFor(deps, request.params.id, officerOf(request), 'situation.read')),
  );
  app.get(
    '/api/v1/situation-reports/:id/sheet',
    {
      config,
      schema: {
        tags,
        summary: 'One report as it would be printed, in one language, with the words as they were written in both',
        params,
        querystring: inLanguage,
        response: { 200: sheetView },
      },
    },
    async (request) => viewSheet(deps, await reportFor(deps, request.params.id, officerOf(request), 'situation.read'), request.query.lang),
  );
}

function draftRoutes(app: App, deps: Deps): void {
  const config = { access: 'situation.report' } as const;
  app.put(
    '/api/v1/situation-reports/:id/words',
    {
      config,
      schema: {
        tags,
        summary: 'What no machine knows, in an officer’s words; fields that are not named stay; `version` as last seen',
        params,
        body: z.strictObject({ version, words }),
        response: { 200: reportView },
      },
    },
    async (request) => {
      const given = { id: request.params.id, version: request.body.version, words: request.body.words as Partial<SituationWords> };
      return viewReport(deps, await writeWords(deps, given, officerOf(request), actOf(request)));
    },
  );
  app.post(
    '/api/v1/situation-reports/:id/send',
    {
      config,
      schema: {
        tags,
        summary: 'Signed off by this officer; from then on it cannot be changed; `version` as last seen',
        params,
        body: z.strictObject({ version }),
        response: { 200: reportView },
      },
    },
    async (request) => {
      const given = { id: request.params.id, version: request.body.version };
      return viewReport(deps, await sendReport(deps, given, officerOf(request), actOf(request)));
    },
  );
}

function copyRoutes(app: App, deps: Deps): void {
  const config = { access: 'situation.read' } as const;
  const querystring = inLanguage;
  app.get('/situation-report.css', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(SITUATION_CSS),
  );
  app.get(
    '/api/v1/situation-reports/:id/print',
    { config, schema: { tags, summary: 'A report as a page to print', params, querystring } },
    async (request, reply) => {
      const row = await reportFor(deps, request.params.id, officerOf(request), 'situation.read');
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
      return reply.send(situationPage(copyOf(deps, row, request.query.lang)));
    },
  );
  app.get(
    '/api/v1/situation-reports/:id/docx',
    { config, schema: { tags, summary: 'A report as a Word file', params, querystring } },
    async (request, reply) => {
      const row = await reportFor(deps, request.params.id, officerOf(request), 'situation.read');
      const document = copyOf(deps, row, request.query.lang);
      reply
        .type(DOCX)
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(`${document.title}.docx`)}`);
      return reply.send(await situationDocx(document));
    },
  );
}
