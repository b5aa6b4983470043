// HTTP: a house below becomes one: code, claim, confirmation, end; and the files that a runner carries when there is no line.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import type { HouseClaim, HouseView, HousesView } from '@laba/domain/house-view';
import { LIMITS } from '@laba/domain/limits';
import { PEER_SIDES, PEER_STATUSES } from '@laba/domain/peer';
import { authorize } from '@laba/runtime/auth';
import { houseCode } from '@laba/runtime/config';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { hostOf } from '@laba/runtime/web-address';
import type { Peer } from '@laba/storage/sharing/peers';
import { claimedSchema, claimSchema } from './claim-schema.ts';
import { claimHouse, confirmHouse, findNeighbour, makeHouseClaim, revokeHouse } from './enrol-house.ts';
import { listPeers } from './house-store.ts';
import type { Houses } from './houses.ts';
import { ownHouse } from './own-house.ts';
import { carryIn, carryOut } from './carry.ts';

const tags = ['houses'];
const enrol = { access: 'house.enrol' } as const;
const carry = { access: 'house.carry' } as const;
const params = z.object({ id: z.string().max(64) });
const gridCode = z.string().regex(/^\d{6}(\d{3}(\d{3}(\d{2})?)?)?$/, 'a county, township, village or group: 6, 9, 12 or 14 digits');
const house: z.ZodType<HouseView> = z.object({
  id: z.string(),
  gridCode: z.string(),
  side: z.enum(PEER_SIDES),
  status: z.enum(PEER_STATUSES),
  lastHeardAt: z.string().nullable(),
  behind: z.number(),
  trouble: z.string().nullable(),
});

const claimCode: z.ZodType<HouseClaim> = z.object({ code: z.string(), gridCode: z.string(), expiresAt: z.string() });

export function sharingRoutes(deps: Deps, app: App, houses: Houses): void {
  const at = (ms: number | null) => (ms === null ? null : capTime(ms, deps.config.utcOffsetMinutes));
  const viewOf = (peer: Peer): HouseView => {
    const { id, gridCode: code, side, status, lastHeardAtMs, saidUpTo, confirmedUpTo } = peer;
    const trouble = houses.exchangeWith(id)?.trouble ?? null;
    return { id, gridCode: code, side, status, lastHeardAt: at(lastHeardAtMs), behind: saidUpTo - confirmedUpTo, trouble };
  };

  claims(deps, app);
  app.get(
    '/api/v1/houses',
    {
      config: { access: 'site.read' },
      schema: {
        summary: 'The houses above and below this one: when each was heard, and how far it is behind',
        tags,
        response: { 200: z.object({ id: z.string(), node: z.string(), houses: z.array(house) }) },
      },
    },
    async (request): Promise<HousesView> => {
      const { scopes } = officerOf(request);
      const peers = (await listPeers(deps.db)).filter(({ gridCode: code }) => scopes.some((scope) => code.startsWith(scope)));
      return { id: (await ownHouse(deps)).id, node: houseCode(deps.config), houses: peers.map(viewOf) };
    },
  );

  ends(deps, app, houses, viewOf);
  parcels(deps, app, houses);
}

function claims(deps: Deps, app: App): void {
  app.post(
    '/api/v1/houses/claim-codes',
    {
      config: enrol,
      schema: {
        summary: 'A code that enrols one house for a grid node: 15 minutes, one use',
        tags,
        body: z.object({ gridCode }),
        response: { 201: claimCode },
      },
    },
    async (request, reply) => {
      const { gridCode: code } = request.body;
      const made = await makeHouseClaim(deps, authorize(officerOf(request), 'house.enrol', [code]), code, actOf(request));
      request.once = [];
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ code: made.code, gridCode: code, expiresAt: capTime(made.expiresAtMs, deps.config.utcOffsetMinutes) });
    },
  );

  app.post(
    '/api/v1/houses/claim',
    {
      config: { access: 'public', rateLimit: { max: LIMITS.claimsPerMinute, timeWindow: 60_000, keyGenerator: (request: { ip: string }) => request.ip } },
      schema: {
        summary: 'A new house claims its grid node; the password is told here and never again',
        tags,
        body: claimSchema,
        response: { 201: claimedSchema },
      },
    },
    async (request, reply) => {
      const claimed = await claimHouse(deps, request.body, actOf(request));
      request.once = [];
      const lines = [deps.config.publicBrokerUrl ?? `mqtt://${hostOf(deps.config)}:${deps.config.mqttPort}`];
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...claimed, lines });
    },
  );
}

function ends(deps: Deps, app: App, houses: Houses, viewOf: (peer: Peer) => HouseView): void {
  for (const [verb, act, status, summary] of [
    ['confirm', confirmHouse, 'active', 'The house that claimed the node really stands there'],
    ['revoke', revokeHouse, 'revoked', 'Nothing more is told to this house, nothing taken from it, and its keys count no more'],
  ] as const) {
    app.post(`/api/v1/houses/:id/${verb}`, { config: enrol, schema: { summary, tags, params, response: { 200: house } } }, async (request) => {
      const peer = await findNeighbour(deps, request.params.id);
      await act(deps, authorize(officerOf(request), 'house.enrol', [peer.gridCode]), peer, actOf(request));
      await houses.look();
      return viewOf({ ...peer, status });
    });
  }
}

function parcels(deps: Deps, app: App, houses: Houses): void {
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit: LIMITS.parcelBytes }, (_request, body, done) => done(null, body));

  app.get(
    '/api/v1/houses/:id/parcel',
    { config: carry, schema: { summary: 'All that the other house does not hold yet, sealed for it, as one file for a runner', tags, params } },
    async (request, reply) => {
      const parcel = await carryOut(deps, houses, officerOf(request), request.params.id);
      return reply.header('content-type', 'application/octet-stream').header('cache-control', 'no-store').send(parcel);
    },
  );

  app.post(
    '/api/v1/parcels',
    {
      config: carry,
      bodyLimit: LIMITS.parcelBytes,
      schema: {
        summary: 'A file that a runner brought: application/octet-stream',
        tags,
        response: { 200: z.object({ from: z.string(), gridCode: z.string(), letters: z.number(), taken: z.number() }) },
      },
    },
    async (request) => carryIn(deps, houses, officerOf(request), Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)),
  );
}
