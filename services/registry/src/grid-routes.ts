// HTTP: the grid and its activity rooms, each officer his own part.
import { z } from 'zod';
import { TIERS, withoutCovered } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import type { Officer } from '@laba/domain/officer';
import { cleanText } from '@laba/domain/text';
import { authorize } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { countUnder, listSites, nodesUnder, searchNodes } from './grid-store.ts';

export const gridCode = z.string().regex(/^\d{6}(\d{3}(\d{3}(\d{2})?)?)?$/);
export const page = { after: z.string().max(64).default(''), limit: z.coerce.number().int().min(1).max(LIMITS.rowsPerPage).default(LIMITS.rowsPerPage) };

const node = z.object({
  code: z.string(),
  tier: z.enum(TIERS),
  name: z.string(),
  parentCode: z.string().nullable(),
  languages: z.array(z.string()).nullable(),
  partyBranch: z.string().nullable(),
  /** Temporary: a shelter of this alert, until it is over. */
  alertId: z.string().nullable(),
  sites: z.number(),
  members: z.number(),
  households: z.number(),
});
const hit = z.object({ code: z.string(), tier: z.enum(TIERS), name: z.string(), path: z.array(z.string()) });
const site = z.object({
  id: z.string(),
  name: z.string(),
  gridCode: z.string(),
  placedBy: z.string(),
  speakers: z.array(z.object({ id: z.string(), name: z.string(), gatewayId: z.string().nullable() })),
  gateways: z.array(z.object({ id: z.string(), status: z.enum(['claimed', 'active', 'revoked']) })),
});

/** The codes that are asked for: the named node, or all of the officer's own. @throws `out-of-scope` */
export function codesUnder(officer: Officer, action: 'grid.read' | 'site.read' | 'key.manage', under: string | undefined): readonly string[] {
  return authorize(officer, action, under === undefined ? withoutCovered(officer.scopes) : [under]).codes;
}

export function gridRoutes(deps: Deps, app: App): void {
  app.get(
    '/api/v1/grid',
    {
      config: { access: 'grid.read' },
      schema: {
        summary: 'Grid nodes within my scope, with counts of sites, members and households',
        tags: ['grid'],
        querystring: z.object({ under: gridCode.optional(), depth: z.coerce.number().int().min(0).max(3).default(3) }),
        response: { 200: z.object({ nodes: z.array(node) }) },
      },
    },
    async (request) => {
      const codes = codesUnder(officerOf(request), 'grid.read', request.query.under);
      return { nodes: await countUnder(deps.db, await nodesUnder(deps.db, codes, request.query.depth), codes) };
    },
  );

  app.get(
    '/api/v1/grid/search',
    {
      config: { access: 'grid.read' },
      schema: {
        summary: 'Grid nodes by name or code',
        tags: ['grid'],
        querystring: z.object({ q: z.string().max(LIMITS.nameChars) }),
        response: { 200: z.object({ nodes: z.array(hit) }) },
      },
    },
    async (request) => {
      const words = cleanText(request.query.q);
      const codes = codesUnder(officerOf(request), 'grid.read', undefined);
      return { nodes: words === '' ? [] : await searchNodes(deps.db, codes, words) };
    },
  );

  app.get(
    '/api/v1/sites',
    {
      config: { access: 'site.read' },
      schema: {
        summary: 'Activity rooms within my scope, a page at a time',
        tags: ['sites'],
        querystring: z.object({ under: gridCode.optional(), ...page }),
        response: { 200: z.object({ sites: z.array(site), next: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { under, after, limit } = request.query;
      const sites = await listSites(deps.db, codesUnder(officerOf(request), 'site.read', under), after, limit);
      return { sites, next: sites.length === limit ? sites.at(-1)!.id : null };
    },
  );
}
