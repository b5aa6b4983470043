// HTTP: officers, managed by administrators within their own scope.
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { withoutCovered } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { hasScope, ROLES } from '@laba/domain/officer';
import type { MadeOfficer, OfficersView } from '@laba/domain/officer-view';
import { authorize, type Permit } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import type { FastifyRequest } from 'fastify';
import { createOfficer } from './create-officer.ts';
import { makeFirstLink } from './make-first-link.ts';
import { disableOfficer, unlockOfficer } from './manage-officer.ts';
import { findOfficer, listOfficers, officerOfRow, type OfficerRow } from './officer-store.ts';
import { officerSchema } from './session-routes.ts';

const config = { access: 'officer.manage' } as const;
const tags = ['officers'];

const draft = z.object({
  username: z.string().min(1).max(64),
  name: z.string().min(1).max(LIMITS.nameChars),
  role: z.enum(ROLES),
  scopes: z
    .array(z.string().regex(/^\d{4,14}$/))
    .min(1)
    .max(LIMITS.scopesPerOfficer),
});
const listed = officerSchema.extend({ disabled: z.boolean(), lockedOut: z.boolean(), hasPassword: z.boolean() });
const link = z.object({ path: z.string() });
const id = z.object({ id: z.string().max(64) });
const done = z.object({ id: z.string() });

export function officerRoutes(deps: Deps, app: App): void {
  app.get(
    '/api/v1/officers',
    { config, schema: { summary: 'Officers within my scope', tags, response: { 200: z.object({ officers: z.array(listed) }) } } },
    async (request): Promise<OfficersView> => {
      const me = officerOf(request);
      const rows = (await listOfficers(deps.db)).filter((row) => row.scopes.every((code) => hasScope(me, code)));
      return {
        officers: rows.map((row) => ({
          ...officerOfRow(row),
          disabled: row.disabled,
          lockedOut: (row.lockedUntilMs ?? 0) > deps.clock.now(),
          hasPassword: row.passwordHash !== null,
        })),
      };
    },
  );

  app.post(
    '/api/v1/officers',
    {
      config,
      schema: {
        summary: 'A new officer; he sets his password through the link',
        tags,
        body: draft,
        response: { 201: z.object({ officer: officerSchema, firstLink: link }) },
      },
    },
    async (request, reply) => {
      const permit = authorize(officerOf(request), 'officer.manage', withoutCovered(request.body.scopes));
      const officer = await createOfficer(deps, request.body, actOf(request), permit);
      const token = await makeFirstLink(deps, officer.id, { ...actOf(request), once: [] });
      // The link is told once: it is not kept for a repeated answer.
      request.once = [];
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ officer, firstLink: { path: `/first/${token}` } } satisfies MadeOfficer);
    },
  );

  changesOfOfficers(deps, app);
}

function changesOfOfficers(deps: Deps, app: App): void {
  app.post(
    '/api/v1/officers/:id/first-link',
    {
      config,
      schema: { summary: 'A new one-time link for setting a password', tags, params: id, response: { 201: z.object({ firstLink: link }) } },
    },
    async (request, reply) => {
      const { row } = await permitted(deps, request, request.params.id);
      const token = await makeFirstLink(deps, row.id, actOf(request));
      request.once = [];
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ firstLink: { path: `/first/${token}` } });
    },
  );

  app.post(
    '/api/v1/officers/:id/disable',
    { config, schema: { summary: "End an officer's access and his sessions", tags, params: id, response: { 200: done } } },
    async (request) => {
      const { row, permit } = await permitted(deps, request, request.params.id);
      await disableOfficer(deps, permit, row, actOf(request));
      return { id: row.id };
    },
  );

  app.post(
    '/api/v1/officers/:id/unlock',
    { config, schema: { summary: 'Let a locked-out officer in again', tags, params: id, response: { 200: done } } },
    async (request) => {
      const { row, permit } = await permitted(deps, request, request.params.id);
      await unlockOfficer(deps, permit, row, actOf(request));
      return { id: row.id };
    },
  );
}

async function permitted(deps: Deps, request: FastifyRequest, officerId: string): Promise<{ row: OfficerRow; permit: Permit<'officer.manage'> }> {
  const row = await findOfficer(deps.db, officerId);
  if (row === undefined) throw new LabaError('not-found', 'There is no such officer.');
  return { row, permit: authorize(officerOf(request), 'officer.manage', row.scopes) };
}
