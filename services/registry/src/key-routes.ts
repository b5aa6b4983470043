// HTTP: the county's keys and those of its grid nodes. Public halves only; no private key ever leaves by here.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { MODES } from '@laba/domain/alert';
import { isWithin } from '@laba/domain/grid';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { newestBooks, type KeyRow } from '@laba/storage/keys';
import { behind, makeNodeKeys, revokeKey, rotateKeys, scopeOfKey, switchNow } from './change-keys.ts';
import { codesUnder, gridCode } from './grid-routes.ts';
import { allKeys } from './key-store.ts';

const STATES = ['signs', 'waits', 'revoked'] as const;
const tags = ['keys'];
const config = { access: 'key.manage' } as const;
const key = z.object({
  kid: z.string(),
  scope: z.string(),
  modes: z.array(z.enum(MODES)),
  state: z.enum(STATES),
  createdAt: z.string(),
  revokedAt: z.string().nullable(),
});
const change = z.object({ made: z.array(z.string()), book: z.number() });
const BEHIND_NAMED = 50;

function viewOf(deps: Deps, row: KeyRow): z.infer<typeof key> {
  const at = (ms: number) => capTime(ms, deps.config.utcOffsetMinutes);
  const { kid, scope, modes, createdAtMs, revokedAtMs } = row;
  const state = revokedAtMs !== null ? 'revoked' : row.waiting ? 'waits' : 'signs';
  return { kid, scope, modes, state, createdAt: at(createdAtMs), revokedAt: revokedAtMs === null ? null : at(revokedAtMs) };
}

export function keyRoutes(deps: Deps, app: App): void {
  app.get(
    '/api/v1/keys',
    {
      config,
      schema: {
        summary: 'Which keys sign, wait or are revoked within my scope, and which gateways heard of lately do not hold the newest key book',
        tags,
        response: {
          200: z.object({
            book: z.number(),
            keys: z.array(key),
            behind: z.object({ count: z.number(), gateways: z.array(z.object({ gatewayId: z.string(), site: z.string(), book: z.number().nullable() })) }),
          }),
        },
      },
    },
    async (request) => {
      const codes = codesUnder(officerOf(request), 'key.manage', undefined);
      const inScope = (code: string) => codes.some((one) => isWithin(one, code));
      const book = (await newestBooks(deps.db))?.version ?? 0;
      const keys = (await allKeys(deps.db)).filter((row) => row.modes.length > 0 && inScope(row.scope)).map((row) => viewOf(deps, row));
      const left = (await behind(deps, book)).filter((one) => inScope(one.gridCode));
      const gateways = left.slice(0, BEHIND_NAMED).map(({ gatewayId, siteName, version }) => ({ gatewayId, site: siteName, book: version }));
      return { book, keys, behind: { count: left.length, gateways } };
    },
  );

  app.post(
    '/api/v1/keys',
    {
      config,
      schema: {
        summary: 'A pair of keys of a grid node’s own: they reach no further than the node',
        tags,
        body: z.object({ scope: gridCode }),
        response: { 201: change },
      },
    },
    async (request, reply) => {
      const { scope } = request.body;
      const made = await makeNodeKeys(deps, authorize(officerOf(request), 'key.manage', [scope]), scope, actOf(request));
      return reply.code(201).send(made);
    },
  );

  changes(deps, app);
}

function changes(deps: Deps, app: App): void {
  app.post(
    '/api/v1/keys/rotate',
    {
      config,
      schema: {
        summary: 'New keys beside the present ones; they sign once every gateway heard of lately holds them',
        tags,
        body: z.object({ scope: gridCode }),
        response: { 200: change },
      },
    },
    async (request) => {
      const { scope } = request.body;
      return rotateKeys(deps, authorize(officerOf(request), 'key.manage', [scope]), scope, actOf(request));
    },
  );

  app.post(
    '/api/v1/keys/switch',
    {
      config,
      schema: {
        summary: 'New keys that wait sign from now on; a gateway that does not hold them asks for them first',
        tags,
        body: z.object({ scope: gridCode }),
        response: { 200: z.object({ scope: z.string() }) },
      },
    },
    async (request) => {
      const { scope } = request.body;
      const book = (await newestBooks(deps.db))?.version ?? 0;
      await switchNow(deps, authorize(officerOf(request), 'key.manage', [scope]), scope, book, actOf(request));
      return { scope };
    },
  );

  app.post(
    '/api/v1/keys/:kid/revoke',
    {
      config,
      schema: { summary: 'Nothing that this key signed counts any more', tags, params: z.object({ kid: z.string().max(64) }), response: { 200: change } },
    },
    async (request) => {
      const { kid } = request.params;
      const permit = authorize(officerOf(request), 'key.manage', [await scopeOfKey(deps, kid)]);
      return revokeKey(deps, permit, kid, actOf(request));
    },
  );
}
