// Chapter 5, safety: pairs and withdrawals by an officer, and what a member says by his own link.
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { isWithin } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { cleanText } from '@laba/domain/text';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import type { FastifyRequest } from 'fastify';
import { acknowledgeCommand } from './command-scene.ts';
import { leaders } from './commander-store.ts';
import { checkIn, markBack } from './hear-of.ts';
import { openLink, type OwnCall } from '../call-out/member-link.ts';
import { watchesOf } from './safety-store.ts';
import { viewWatch, watchView } from './sections-view.ts';
import { sendPair, withdrawAll } from './send-out.ts';

const tags = ['safety'];
const id = z.string().min(1).max(64);
const gridCode = z.string().regex(/^\d{6,14}$/);
const words = z.string().max(LIMITS.noteChars).transform(cleanText).optional();
const memberIds = z.array(id).max(10);
const means = z.enum(['telephone', 'radio', 'face-to-face']);
const params = z.object({ id });

export function safetyRoutes(app: App, deps: Deps): void {
  orderRoutes(app, deps);
  hearRoutes(app, deps);
  ownRoute(app, deps);
}

function orderRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/pairs',
    {
      config: { access: 'section.manage' },
      schema: {
        tags,
        summary: 'Two people who are at the scene go out together; a clock runs until they are heard of',
        params,
        body: z.object({ memberIds, words }),
        response: { 201: watchView },
      },
    },
    async (request, reply) => {
      const watch = await sendPair(deps, request.params.id, request.body, mayManage(request), actOf(request));
      return reply.code(201).send(viewWatch(deps, watch));
    },
  );

  app.post(
    '/api/v1/alerts/:id/withdraw',
    {
      config: { access: 'section.manage' },
      schema: {
        tags,
        summary: 'Everybody who is out under this grid node comes back at once, and each says so',
        params,
        body: z.object({ gridCode, words }),
        response: { 201: watchView.extend({ memberIds: z.array(z.string()) }) },
      },
    },
    async (request, reply) => {
      authorize(officerOf(request), 'section.manage', [request.body.gridCode]);
      const { watch, memberIds: out } = await withdrawAll(deps, request.params.id, request.body, actOf(request));
      return reply.code(201).send({ ...viewWatch(deps, watch), memberIds: out });
    },
  );
}

const mayManage = (request: FastifyRequest) => (code: string) => void authorize(officerOf(request), 'section.manage', [code]);

function hearRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/pairs/:id/check-in',
    {
      config: { access: 'section.manage' },
      schema: { tags, summary: 'An officer heard that a pair is well: its clock starts anew', params, body: z.object({ means }), response: { 200: watchView } },
    },
    async (request) => viewWatch(deps, await checkIn(deps, request.params.id, request.body.means, mayManage(request), actOf(request))),
  );

  app.post(
    '/api/v1/alerts/:id/back',
    {
      config: { access: 'section.manage' },
      schema: {
        tags,
        summary: 'An officer takes note that somebody is back, from his pair and from a withdrawal',
        params,
        body: z.object({ memberId: id, means }),
        response: { 200: z.object({ ended: z.number() }) },
      },
    },
    async (request) => markBack(deps, request.params.id, request.body.memberId, request.body.means, mayManage(request), actOf(request)),
  );
}

const said = z.discriminatedUnion('say', [
  // By the county's clock, as far as the page knows it.
  z.object({ say: z.literal('safe'), saidAt: z.number().int().min(0).optional() }),
  z.object({ say: z.literal('back') }),
  z.object({ say: z.literal('command'), gridCode }),
  z.object({ say: z.literal('send-pair'), memberIds, words }),
  z.object({ say: z.literal('withdraw'), gridCode, words }),
]);

function ownRoute(app: App, deps: Deps): void {
  app.post(
    '/m/:token/safety',
    {
      config: { access: 'link' },
      schema: {
        tags,
        summary: 'A member says that his pair is well, that he is back, or that he takes command; a commander sends a pair out or calls everybody back',
        params: z.object({ token: z.string().min(20).max(120) }),
        body: said,
        response: { 200: z.object({ recordedAt: z.number() }) },
      },
    },
    async (request) => {
      const own = await openLink(deps, request.params.token);
      await sayForSafety(deps, own, request.body, { ...actOf(request), who: `member:${own.call.memberId}` });
      return { recordedAt: deps.clock.now() };
    },
  );
}

/** @throws `role-refused` when an order is given by somebody who does not lead there */
export async function sayForSafety(deps: Deps, own: OwnCall, given: z.infer<typeof said>, act: ReturnType<typeof actOf>): Promise<unknown> {
  const { alertId, memberId } = own.call;
  const lead = async (code: string) => {
    if (![...(await leaders(deps.db, alertId))].some(([led, leader]) => leader === memberId && isWithin(led, code)))
      throw new LabaError('role-refused', 'Only who commands at the scene may order this.');
  };
  switch (given.say) {
    case 'safe': {
      const pair = (await watchesOf(deps.db, alertId, memberId)).find(({ kind }) => kind === 'pair');
      if (pair === undefined) throw new LabaError('not-found', 'You are in no pair that is out.');
      return checkIn(deps, pair.id, 'page', () => {}, act, given.saidAt);
    }
    case 'back':
      return markBack(deps, alertId, memberId, 'page', () => {}, act);
    case 'command':
      return acknowledgeCommand(deps, alertId, { gridCode: given.gridCode, memberId }, act);
    case 'send-pair':
      return sendPair(deps, alertId, given, lead, act);
    case 'withdraw':
      await lead(given.gridCode);
      return withdrawAll(deps, alertId, given, act);
  }
}
