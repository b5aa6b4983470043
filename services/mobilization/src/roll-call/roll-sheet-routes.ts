// Chapter 5, roll-call: the list to print and to export, for officers who mark there; whoever holds it holds the names on it.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { authorize } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import type { Part } from '@laba/storage/roll-call';
import { findAlert, findRevision } from '../alert-store.ts';
import { namesOfCodes } from '../grid-node-store.ts';
import { cursorOf, nextOf, type ListCursor } from '../page-cursor-store.ts';
import { countMusterPoints } from './muster-store.ts';
import { ROLL_CSS, rollCsv, rollSheet, type RollSheet } from './roll-sheet.ts';
import { householdsOf } from './rollcall-list-routes.ts';
import { listHouseholds, type ListedRow } from './rollcall-list-store.ts';
import { partOf } from './rollcall-part.ts';
import { params, querystring, tags } from './rollcall-view.ts';

const query = querystring.pick({ group: true }).extend({ lang: z.enum(['zh', 'en']).default('zh') });
const config = { access: 'rollcall.mark' } as const;

export function rollSheetRoutes(app: App, deps: Deps): void {
  app.get('/roll-sheet.css', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(ROLL_CSS),
  );
  app.get(
    '/api/v1/alerts/:id/rollcall/sheet',
    {
      config,
      schema: {
        tags,
        summary: 'The list to print, of a grid node or of all: who lives behind each door, how each is, and room to tick',
        params,
        querystring: query,
      },
    },
    async (request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(rollSheet(await sheetFor(deps, request))),
  );
  app.get(
    '/api/v1/alerts/:id/rollcall.csv',
    { config, schema: { tags, summary: 'The same as a table for a spreadsheet, in which nothing becomes a formula', params, querystring: query } },
    async (request, reply) => {
      const sheet = await sheetFor(deps, request);
      const name = `${['清点', sheet.placeName, sheet.title].filter(Boolean).join(' ')}.csv`;
      return reply
        .type('text/csv; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
        .send(rollCsv(sheet));
    },
  );
}

/** @throws `not-found`, `out-of-scope`, `unknown-code`, `too-large` */
async function sheetFor(deps: Deps, request: FastifyRequest<{ Params: { id: string }; Querystring: z.infer<typeof query> }>): Promise<RollSheet> {
  const officer = officerOf(request);
  const { group = '', lang: language } = request.query;
  const { part } = await partOf(deps, officer, request.params.id, request.query.group);
  authorize(officer, 'rollcall.mark', part.codes);
  const alert = await findAlert(deps.db, part.alertId);
  if (alert === undefined) throw new LabaError('not-found', 'No alert has this id.');
  const { units, rows } = await wholePart(deps, part);
  const [shown, households, names, points] = await Promise.all([
    findRevision(deps.db, alert.id, alert.revision),
    householdsOf(deps, units, rows, true),
    namesOfCodes(deps.db, [...new Set([...part.codes, ...units.map(({ gridCode }) => gridCode)])]),
    countMusterPoints(deps.db, part.alertId, part.codes),
  ]);
  const pointNames = new Map(points.map(({ id, name }) => [id, name]));
  return {
    ...{ alertId: part.alertId, language, mode: alert.mode, title: shown?.revision.texts[0]?.title ?? '', round: part.round, code: group, households },
    asOf: capTime(deps.clock.now(), deps.config.utcOffsetMinutes),
    placeName: group === '' ? '' : (names.get(group) ?? group),
    nameOf: (code) => names.get(code) ?? code,
    pointOf: (id) => (id === null ? '' : (pointNames.get(id) ?? id)),
  };
}

/** Every page of it. @throws `too-large` */
async function wholePart(deps: Deps, part: Part): Promise<{ units: ListCursor[]; rows: ListedRow[] }> {
  const units: ListCursor[] = [];
  const rows: ListedRow[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const page = await listHouseholds(deps.db, part, cursorOf(after));
    units.push(...page.units);
    rows.push(...page.rows);
    if (rows.length > LIMITS.rollSheetPersons)
      throw new LabaError('too-large', `More than ${LIMITS.rollSheetPersons} people: choose a village or a group with \`group\`.`);
    after = nextOf(page.units);
  }
  return { units, rows };
}
