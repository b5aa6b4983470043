// HTTP for a broker that asks who may connect (EMQX): the same rules that the embedded broker's guard follows.
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { mayPublish, maySubscribe } from '@laba/messaging/topic-rules';
import type { Principal } from '@laba/messaging/principal';
import type { App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { sameSecret } from '@laba/runtime/vault';
import type { FastifyRequest } from 'fastify';
import { devicePrincipal, gatewayPrincipal } from './broker-auth.ts';

export const HOOK_HEADER = 'x-laba-broker';

const COUNTY_CLIENT = /^county-/;
const word = z.string().max(256);
// EMQX puts its placeholders' values in as text; what does not belong to the action is the word `undefined`.
const authorizeBody = z.object({
  clientid: word,
  username: word,
  topic: z.string().max(1_024),
  action: z.enum(['publish', 'subscribe']),
  qos: z.coerce.string().max(16).optional(),
  retain: z.coerce.string().max(16).optional(),
});
const verdict = z.object({ result: z.enum(['allow', 'deny']), is_superuser: z.literal(false) });

/** Answered 200 whatever the verdict: EMQX takes another status for "ask the next one". */
export function brokerHookRoutes(deps: Deps, app: App): void {
  const told = (allowed: boolean) => ({ result: allowed ? ('allow' as const) : ('deny' as const), is_superuser: false as const });
  // One broker asks for a whole county at once: its address must not be held to what a visitor may.
  const config = { access: 'link', rateLimit: false } as const;
  const principal = gatewayPrincipal(deps);
  // Before the body is looked at: who is not our broker learns nothing of its shape.
  const preValidation = async (request: FastifyRequest) => mustBeOurBroker(deps, request);

  app.post(
    '/api/v1/broker/authenticate',
    {
      config,
      preValidation,
      schema: {
        summary: 'For the message broker: may this client connect?',
        tags: ['gateways'],
        body: z.object({ clientid: word, username: word, password: word }),
        response: { 200: verdict },
      },
    },
    async (request) => {
      const { clientid, username, password } = request.body;
      if (isCounty(deps, clientid, username)) return told(sameSecret(password, countyAccount(deps)?.password ?? ''));
      return told((await principal(clientid, username, password)) !== undefined);
    },
  );

  app.post(
    '/api/v1/broker/authorize',
    {
      config,
      preValidation,
      schema: { summary: 'For the message broker: may this client say or hear this?', tags: ['gateways'], body: authorizeBody, response: { 200: verdict } },
    },
    async (request) => {
      const { clientid, username, topic, action, qos, retain } = request.body;
      const who = isCounty(deps, clientid, username) ? countyRights(deps, clientid) : clientid === username ? await devicePrincipal(deps, clientid) : undefined;
      const asked = { topic, qos: Number(qos ?? 0) || 0, retain: retain === 'true' };
      return told(who !== undefined && (action === 'publish' ? mayPublish(who, asked) : maySubscribe(who, unshared(who, topic), asked.qos)));
    },
  );
}

/** @throws `not-found` where no broker asks, `role-refused` */
function mustBeOurBroker({ config: { brokerHookSecret } }: Deps, request: FastifyRequest): void {
  if (brokerHookSecret === undefined) throw new LabaError('not-found', 'This county’s broker asks nothing.');
  if (!sameSecret(String(request.headers[HOOK_HEADER] ?? ''), brokerHookSecret))
    throw new LabaError('role-refused', 'Only the county’s own broker may ask this.');
}

function countyAccount({ config: { brokerUrl } }: Deps): { username: string; password: string } | undefined {
  if (brokerUrl === undefined) return undefined;
  const { username, password } = new URL(brokerUrl);
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

// Each process of the county has a client id of its own.
function isCounty(deps: Deps, clientId: string, username: string): boolean {
  return COUNTY_CLIENT.test(clientId) && username === countyAccount(deps)?.username;
}

function countyRights({ config: { county } }: Deps, clientId: string): Principal {
  const own = (topic: string) => topic.startsWith(`laba/v1/${county}/`);
  return { clientId, mayPublish: own, maySubscribe: own };
}

// Only the county shares a subscription among its processes.
function unshared({ clientId }: Principal, filter: string): string {
  return COUNTY_CLIENT.test(clientId) ? filter.replace(/^\$share\/[^/]+\//, '') : filter;
}
