// HTTP: a box becomes a gateway: code, claim, confirmation; and its end.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { gatewayIdentitySchema } from '@laba/domain/gateway-protocol';
import type { EnrolmentView } from '@laba/domain/gateway-view';
import { LIMITS } from '@laba/domain/limits';
import { fingerprint } from '@laba/messaging/fingerprint';
import { authorize, type Permit } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import type { FastifyRequest } from 'fastify';
import { claimGateway } from './claim-gateway.ts';
import { confirmGateway, revokeGateway } from './confirm-gateway.ts';
import { findGateway, listGateways, type GatewayRow } from './gateway-store.ts';
import { codesUnder, gridCode, page } from './grid-routes.ts';
import { findSite } from './grid-store.ts';
import { makeClaimCode } from './make-claim-code.ts';
import { tries } from './session-routes.ts';

const STATUSES = ['claimed', 'active', 'revoked'] as const;
const tags = ['gateways'];
const id = z.object({ id: z.string().max(64) });
const gateway = z.object({
  id: z.string(),
  siteId: z.string(),
  gridCode: z.string(),
  status: z.enum(STATUSES),
  fingerprint: z.string(),
  createdAt: z.string(),
});

function viewOf(deps: Deps, row: GatewayRow): EnrolmentView {
  const { siteId, status, publicKey, createdAtMs } = row;
  return {
    id: row.id,
    siteId,
    gridCode: row.gridCode,
    status,
    fingerprint: fingerprint(publicKey),
    createdAt: capTime(createdAtMs, deps.config.utcOffsetMinutes),
  };
}

/** Ends an open connection of a gateway that was revoked. */
export type Disconnect = (gatewayId: string) => Promise<void>;

export function gatewayRoutes(deps: Deps, app: App, disconnect: Disconnect): void {
  app.get(
    '/api/v1/enrolments',
    {
      config: { access: 'site.read' },
      schema: {
        summary: 'Enrolled boxes within my scope, also those that wait for a confirmation, with the fingerprint of their key',
        tags,
        querystring: z.object({ under: gridCode.optional(), status: z.enum(STATUSES).optional(), ...page }),
        response: { 200: z.object({ gateways: z.array(gateway), next: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { under, status, after, limit } = request.query;
      const rows = await listGateways(deps.db, codesUnder(officerOf(request), 'site.read', under), status, after, limit);
      return { gateways: rows.map((row) => viewOf(deps, row)), next: rows.length === limit ? rows.at(-1)!.id : null };
    },
  );

  app.post(
    '/api/v1/gateways/claim-codes',
    {
      config: { access: 'gateway.enrol' },
      schema: {
        summary: 'A code that enrols one box at a site: 15 minutes, one use',
        tags,
        body: z.object({ siteId: z.string().min(1).max(64) }),
        response: { 201: z.object({ code: z.string(), siteId: z.string(), expiresAt: z.string() }) },
      },
    },
    async (request, reply) => {
      const site = await findSite(deps.db, request.body.siteId);
      if (site === undefined) throw new LabaError('not-found', 'There is no such site.');
      const permit = authorize(officerOf(request), 'gateway.enrol', [site.gridCode]);
      const { code, expiresAtMs } = await makeClaimCode(deps, permit, site, actOf(request));
      request.once = [];
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ code, siteId: site.id, expiresAt: capTime(expiresAtMs, deps.config.utcOffsetMinutes) });
    },
  );

  app.post(
    '/api/v1/gateways/claim',
    {
      config: { access: 'public', rateLimit: tries(LIMITS.claimsPerMinute) },
      schema: {
        summary: 'A box claims its site; the password is told here and never again',
        tags,
        body: z.object({ code: z.string().max(32), publicKey: z.string().regex(/^[\w-]{43}$/, 'a raw Ed25519 public key, 32 bytes, base64url') }),
        response: { 201: gatewayIdentitySchema },
      },
    },
    async (request, reply) => {
      const identity = await claimGateway(deps, request.body, actOf(request));
      request.once = [];
      return reply.code(201).header('cache-control', 'no-store').send(identity);
    },
  );

  endsOfEnrolment(deps, app, disconnect);
}

function endsOfEnrolment(deps: Deps, app: App, disconnect: Disconnect): void {
  const config = { access: 'gateway.enrol' } as const;
  // What is committed stands, also when the connection is already gone.
  const cutOff = (gatewayId: string) =>
    disconnect(gatewayId).catch((error: unknown) => deps.log.warn({ gateway: gatewayId, why: String(error) }, 'a revoked gateway could not be disconnected'));

  app.post(
    '/api/v1/gateways/:id/confirm',
    { config, schema: { summary: 'The box that claimed the site really stands there', tags, params: id, response: { 200: gateway } } },
    async (request) => {
      const { row, permit } = await permitted(deps, request, request.params.id);
      const replaced = await confirmGateway(deps, permit, row, actOf(request));
      await Promise.all(replaced.map(cutOff));
      return viewOf(deps, { ...row, status: 'active' });
    },
  );

  app.post(
    '/api/v1/gateways/:id/revoke',
    { config, schema: { summary: 'This gateway may connect no more', tags, params: id, response: { 200: gateway } } },
    async (request) => {
      const { row, permit } = await permitted(deps, request, request.params.id);
      await revokeGateway(deps, permit, row, actOf(request));
      await cutOff(row.id);
      return viewOf(deps, { ...row, status: 'revoked' });
    },
  );
}

async function permitted(deps: Deps, request: FastifyRequest, gatewayId: string): Promise<{ row: GatewayRow; permit: Permit<'gateway.enrol'> }> {
  const row = await findGateway(deps.db, gatewayId);
  if (row === undefined) throw new LabaError('not-found', 'There is no such gateway.');
  return { row, permit: authorize(officerOf(request), 'gateway.enrol', [row.gridCode]) };
}
