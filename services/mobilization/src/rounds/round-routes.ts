// Peacetime: figures and lists of rounds, a round that an officer writes down, a room's check and the township's look at it, a monitor's link.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { hasScope, type Action } from '@laba/domain/officer';
import { LIMITS } from '@laba/domain/limits';
import { ROUND_KIND_NAMES, ROUND_RESULT_NAMES } from '@laba/domain/round';
import type { PeaceView, RoundContact, RoundRow, RoundsView } from '@laba/domain/round-view';
import { cleanText } from '@laba/domain/text';
import { authorize, type Permit } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import type { FastifyRequest } from 'fastify';
import { findPolicy } from '@laba/storage/policy';
import { cursorOf, nextOf } from '../page-cursor-store.ts';
import { confirmRoom } from './confirm-room.ts';
import { viewRounds } from './list-rounds.ts';
import { findPlan, planPage, plansOfWalker, type Plan } from './plan-store.ts';
import { readPeace } from './read-peace.ts';
import { revokeRoundLink, roundToken } from './round-link.ts';
import { roundsCsv } from './rounds-csv.ts';
import { subjectsOf } from './subject-store.ts';
import { tellRound } from './tell-round.ts';

const tags = ['rounds'];
const gridCode = z.string().regex(/^\d{6,14}$/);
const params = z.object({ planId: z.string().max(64) });
const kind = z.enum(ROUND_KIND_NAMES);
const lacking = z.array(z.string().max(32)).max(24);
const where = z.object({ grid: gridCode.optional() });

export function roundRoutes(app: App, deps: Deps): void {
  readRoutes(app, deps);
  csvRoute(app, deps);
  tellRoute(app, deps);
  confirmRoute(app, deps);
  linkRoutes(app, deps);
}

function readRoutes(app: App, deps: Deps): void {
  const config = { access: 'round.read' } as const;
  app.get(
    '/api/v1/rounds',
    {
      config,
      schema: {
        tags,
        summary: 'Rounds due, kept, missed and open: patrols of today, visits of this month, checks of the quarter, by village',
        querystring: where,
      },
    },
    async (request): Promise<PeaceView> => readPeace(deps, permitOf(request, 'round.read', request.query.grid)),
  );
  app.get(
    '/api/v1/rounds/list',
    {
      config,
      schema: {
        tags,
        summary: 'Hazard points, households in need or activity rooms with their last round, the next deadline and what was missed; a page at a time',
        querystring: where.extend({ kind, after: z.string().max(130).optional() }),
      },
    },
    async (request): Promise<RoundsView> => {
      const { kind: asked, grid, after } = request.query;
      const { codes } = permitOf(request, 'round.read', grid);
      const plans = await planPage(deps.db, asked, codes, cursorOf(after));
      const asOfMs = deps.clock.now();
      return { asOf: capTime(asOfMs, deps.config.utcOffsetMinutes), asOfMs, rounds: await viewRounds(deps, asked, plans), next: nextOf(plans) };
    },
  );
}

function csvRoute(app: App, deps: Deps): void {
  app.get(
    '/api/v1/rounds/list.csv',
    {
      config: { access: 'round.read' },
      schema: {
        tags,
        summary: 'The whole list as a table for a spreadsheet, in which nothing becomes a formula',
        querystring: where.extend({ kind, lang: z.enum(['zh-CN', 'en']).default('zh-CN') }),
      },
    },
    async (request, reply) => {
      const { kind: asked, grid, lang } = request.query;
      const { codes } = permitOf(request, 'round.read', grid);
      const rows: RoundRow[] = [];
      for (let after: string | null | undefined; after !== null;) {
        const plans = await planPage(deps.db, asked, codes, cursorOf(after));
        rows.push(...(await viewRounds(deps, asked, plans)));
        after = nextOf(plans);
      }
      const { items } = (await findPolicy(deps.db, deps.config.county)).policy.rounds.room;
      const { utcOffsetMinutes } = deps.config;
      const sheet = { kind: asked, rows, items, asOf: capTime(deps.clock.now(), utcOffsetMinutes), utcOffsetMinutes };
      reply.type('text/csv; charset=utf-8').header('cache-control', 'no-store').header('content-disposition', `attachment; filename="rounds-${asked}.csv"`);
      return reply.send(roundsCsv(sheet, lang));
    },
  );
}

function tellRoute(app: App, deps: Deps): void {
  app.post(
    '/api/v1/rounds/:planId/done',
    {
      config: { access: 'round.write' },
      schema: {
        tags,
        summary: 'A round that an officer heard of by telephone or made himself; what is wrong or needed becomes a report. Of a room: the items it lacks',
        params,
        body: z.object({
          result: z.enum(ROUND_RESULT_NAMES),
          means: z.enum(['telephone', 'on-site']),
          words: z.string().max(LIMITS.noteChars).transform(cleanText).optional(),
          doneAtMs: z.number().int().optional(),
          lacking: lacking.optional(),
        }),
      },
    },
    async (request, reply): Promise<RoundRow> => {
      const plan = await planOf(deps, request.params.planId);
      authorize(officerOf(request), 'round.write', [plan.gridCode]);
      await tellRound(deps, plan, request.body, actOf(request));
      return reply.code(201).send(await viewOne(deps, plan));
    },
  );
}

function confirmRoute(app: App, deps: Deps): void {
  app.post(
    '/api/v1/rounds/:planId/confirm',
    {
      config: { access: 'round.check' },
      schema: {
        tags,
        summary: 'The township’s look at the newest check of a room: what it lacks becomes a task with a deadline',
        params,
        body: z.object({ checkId: z.string().max(64), lacking, mendByMs: z.number().int().optional() }),
      },
    },
    async (request, reply): Promise<RoundRow> => {
      const plan = await planOf(deps, request.params.planId);
      const permit = authorize(officerOf(request), 'round.check', [plan.gridCode]);
      await confirmRoom(deps, plan, request.body, permit, actOf(request));
      return reply.code(201).send(await viewOne(deps, plan));
    },
  );
}

function linkRoutes(app: App, deps: Deps): void {
  const config = { access: 'round.write' } as const;
  app.get(
    '/api/v1/rounds/:planId/contact',
    { config, schema: { tags, summary: 'Who goes there, his telephone, and the personal link by which he tells his rounds', params } },
    async (request): Promise<RoundContact> => {
      const plan = await planOf(deps, request.params.planId);
      authorize(officerOf(request), 'round.write', [plan.gridCode]);
      return contactOf(deps, plan, request);
    },
  );
  app.post(
    '/api/v1/rounds/:planId/new-link',
    { config, schema: { tags, summary: 'The link is in wrong hands: it opens nothing any more, and a new one is given out', params } },
    async (request, reply): Promise<RoundContact> => {
      const plan = await planOf(deps, request.params.planId);
      authorize(officerOf(request), 'round.write', [plan.gridCode]);
      const { walkerId } = plan;
      if (walkerId === null) throw new LabaError('not-found', 'Nobody is named who goes there.');
      authorize(officerOf(request), 'round.write', await codesOf(deps, walkerId));
      await revokeRoundLink(deps, { ...plan, walkerId }, actOf(request));
      return reply.code(201).send(await contactOf(deps, plan, request));
    },
  );
}

const codesOf = async (deps: Deps, walkerId: string) => (await plansOfWalker(deps.db, walkerId)).map((plan) => plan.gridCode);

/** The link opens all that is his: it is shown to who may see all of that. */
async function contactOf(deps: Deps, plan: Plan, request: FastifyRequest): Promise<RoundContact> {
  const { name, walker, phoneCipher } = (await subjectsOf(deps.db, [plan])).get(plan.id)!;
  const { walkerId } = plan;
  const officer = officerOf(request);
  const isHis = walkerId !== null && (await codesOf(deps, walkerId)).every((code) => hasScope(officer, code));
  return {
    ...{ planId: plan.id, name, walker },
    phone: phoneCipher === null ? null : deps.vault.decrypt(phoneCipher),
    link: isHis ? `/w/${await roundToken(deps, walkerId)}` : null,
  };
}

/** @throws `not-found` */
async function planOf(deps: Deps, planId: string): Promise<Plan> {
  const plan = await findPlan(deps.db, planId);
  if (plan === undefined) throw new LabaError('not-found', 'Nothing of this id is watched.');
  return plan;
}

async function viewOne(deps: Deps, plan: Plan): Promise<RoundRow> {
  return (await viewRounds(deps, plan.kind, [plan]))[0]!;
}

/** @throws `out-of-scope` */
function permitOf<A extends Action>(request: FastifyRequest, action: A, grid: string | undefined): Permit<A> {
  const officer = officerOf(request);
  return authorize(officer, action, grid === undefined ? officer.scopes : [grid]);
}
