// HTTP at the officer's own house: local codes for the houses of villages and townships, as data and as a plain page with a slip to print.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import type { LocalCodePlacesView, LocalCodesView, LocalCodeView, MadeLocalCode } from '@laba/domain/local-code-view';
import { hasScope, roleMay, type Officer } from '@laba/domain/officer';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { gridCode } from '../grid-routes.ts';
import { listOfficers, type OfficerRow } from '../officer-store.ts';
import { assertHouseAbove, makeLocalCode, officerWithCodes, revokeLocalCode } from './keep-local-codes.ts';
import { codesPage, slipPage } from './local-code-page.ts';
import { listLocalCodes, placesFor, type ListedCode } from './local-officer-store.ts';

const tags = ['local codes'];
const config = { access: 'signed-in' } as const;
const HTML = 'text/html; charset=utf-8';
const id = z.object({ id: z.string().max(64) });
const codeView = z.object({
  id: z.string(),
  officerId: z.string(),
  name: z.string(),
  gridCode: z.string(),
  gridName: z.string(),
  createdAt: z.string(),
  createdAtMs: z.number(),
});
const officerView = z.object({ id: z.string(), name: z.string(), username: z.string() });
const placeView = z.object({ code: z.string(), name: z.string(), codeId: z.string().nullable() });

/** Himself first; then whoever an administrator stands over. */
async function officersOf(deps: Deps, me: Officer): Promise<OfficerRow[]> {
  const others = (row: OfficerRow) => roleMay(me.role, 'officer.manage') && row.scopes.every((code) => hasScope(me, code));
  const rows = (await listOfficers(deps.db)).filter((row) => !row.disabled && (row.id === me.id || others(row)));
  return rows.sort((a, b) => Number(b.id === me.id) - Number(a.id === me.id));
}

function viewOf(deps: Deps, { gridName, ...row }: ListedCode): LocalCodeView {
  return { ...row, gridName: gridName ?? row.gridCode, createdAt: capTime(row.createdAtMs, deps.config.utcOffsetMinutes) };
}

async function codesOf(deps: Deps, officers: readonly OfficerRow[]): Promise<LocalCodeView[]> {
  const rows = await listLocalCodes(
    deps.db,
    officers.map((row) => row.id),
  );
  return rows.map((row) => viewOf(deps, row));
}

/** Where he may have a code, with the code that is there. */
async function placesOf(deps: Deps, officer: OfficerRow): Promise<LocalCodePlacesView['places']> {
  const [places, codes] = await Promise.all([placesFor(deps.db, officer.scopes), codesOf(deps, [officer])]);
  const present = new Map(codes.map((one) => [one.gridCode, one.id]));
  return places.map(({ code, name }) => ({ code, name, codeId: present.get(code) ?? null }));
}

export function localCodeRoutes(deps: Deps, app: App): void {
  app.get(
    '/api/v1/local-codes',
    {
      config,
      schema: {
        summary: 'Local codes of mine, and of the officers whom I manage; and who these are',
        tags,
        response: { 200: z.object({ codes: z.array(codeView), officers: z.array(officerView) }) },
      },
    },
    async (request): Promise<LocalCodesView> => {
      const officers = await officersOf(deps, officerOf(request));
      return { codes: await codesOf(deps, officers), officers: officers.map(({ id: officerId, name, username }) => ({ id: officerId, name, username })) };
    },
  );

  app.get(
    '/api/v1/local-codes/places',
    {
      config,
      schema: {
        summary: 'The houses for which an officer may have a code, with the code that is there; mine when no officer is named',
        tags,
        querystring: z.object({ officerId: z.string().max(64).optional() }),
        response: { 200: z.object({ places: z.array(placeView) }) },
      },
    },
    async (request): Promise<LocalCodePlacesView> => {
      const me = officerOf(request);
      assertHouseAbove(deps);
      return { places: await placesOf(deps, await officerWithCodes(deps, me, request.query.officerId ?? me.id)) };
    },
  );

  app.post(
    '/api/v1/local-codes',
    {
      config,
      schema: {
        summary: 'A code by which the officer signs in at the house of that grid node; told once, in the place of the one before it',
        tags,
        body: z.object({ officerId: z.string().max(64), gridCode, replaces: z.string().max(64).optional() }),
        response: { 201: z.object({ id: z.string(), code: z.string(), gridName: z.string() }) },
      },
    },
    async (request, reply) => {
      const { officerId, gridCode: node, replaces } = request.body;
      const made = await make(deps, request, officerId, node, replaces);
      const told: MadeLocalCode = { id: made.id, code: made.code, gridName: made.gridName };
      return reply.code(201).header('cache-control', 'no-store').send(told);
    },
  );

  app.post(
    '/api/v1/local-codes/:id/revoke',
    {
      config,
      schema: { summary: 'The code is void, and whoever came in by it is out as soon as that house hears of it', tags, params: id, response: { 200: id } },
    },
    async (request) => {
      await revokeLocalCode(deps, officerOf(request), request.params.id, actOf(request));
      return { id: request.params.id };
    },
  );

  codePages(deps, app);
}

async function make(deps: Deps, request: FastifyRequest, officerId: string, node: string, replaces: string | undefined) {
  const officer = await officerWithCodes(deps, officerOf(request), officerId);
  const made = await makeLocalCode(deps, officer, { gridCode: node, replaces }, actOf(request));
  // The code is told once: it is not kept for a repeated answer.
  request.once = [];
  return { ...made, name: officer.name };
}

const chosenPlace = z
  .string()
  .max(100)
  .regex(/^\d{6,14}\.[\w-]*$/);

function codePages(deps: Deps, app: App): void {
  const pages = { access: 'signed-in', page: true } as const;
  app.get(
    '/codes',
    { config: { access: 'signed-in', page: true }, schema: { hide: true, querystring: z.object({ officer: z.string().max(64).optional() }) } },
    async (request, reply) => {
      assertHouseAbove(deps);
      const me = officerOf(request);
      const officers = await officersOf(deps, me);
      const chosen = officers.find((row) => row.id === request.query.officer) ?? officers[0]!;
      const codes = await codesOf(deps, officers);
      const places = await placesOf(deps, chosen);
      const rows = codes.map((one) => ({ id: one.id, name: one.name, gridName: one.gridName, madeAt: one.createdAt.slice(0, 10) }));
      const { csrfToken } = request.session!;
      return reply
        .type(HTML)
        .header('cache-control', 'no-store')
        .send(codesPage({ csrfToken, chosen, officers, places, codes: rows }));
    },
  );

  app.post(
    '/codes',
    { config: pages, schema: { hide: true, body: z.object({ officerId: z.string().max(64), place: chosenPlace, csrfToken: z.string() }) } },
    async (request, reply) => {
      const { officerId, place } = request.body;
      const [node, replaces] = place.split('.');
      const { name, gridName, code, createdAtMs } = await make(deps, request, officerId, node!, replaces || undefined);
      const slip = slipPage({ name, gridName, code, madeAt: capTime(createdAtMs, deps.config.utcOffsetMinutes).slice(0, 10) });
      return reply.type(HTML).header('cache-control', 'no-store').send(slip);
    },
  );

  app.post('/codes/:id/revoke', { config: pages, schema: { hide: true, params: id } }, async (request, reply) => {
    await revokeLocalCode(deps, officerOf(request), request.params.id, actOf(request));
    return reply.redirect('/codes', 303);
  });
}
