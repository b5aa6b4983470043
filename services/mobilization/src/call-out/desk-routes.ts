// Chapter 5, member: what an officer writes down for somebody who was called: his answer, the support he needs; and that he is called once more.
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { cleanText } from '@laba/domain/text';
import { authorize, type Permit } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import type { FastifyRequest } from 'fastify';
import { callAgain } from './call-again.ts';
import { findCall, type Alert, type Call } from './call-store.ts';
import { answer, answered, answerView, tags } from './call-view.ts';
import { askHelpFor, seeToHelp } from './ask-help.ts';
import { answerFor, OFFICER_MEANS } from './record-answer.ts';

const params = z.object({ id: z.string().max(64) });
const response = { 200: answered };
const config = { access: 'member.answer-for' } as const;
const means = z.enum(OFFICER_MEANS);

type Found = { call: Call; alert: Alert };
type OfCall = FastifyRequest<{ Params: { id: string } }>;

/** The call, and that this officer may write down what its member said. @throws `not-found`, `out-of-scope`, `role-refused` */
async function permitted(deps: Deps, request: OfCall): Promise<{ found: Found; permit: Permit<'member.answer-for'> }> {
  const found = await findCall(deps.db, request.params.id);
  if (found === undefined) throw new LabaError('not-found', 'No call has this id.');
  return { found, permit: authorize(officerOf(request), 'member.answer-for', [found.call.gridCode]) };
}

export function deskRoutes(app: App, deps: Deps): void {
  answerRoutes(app, deps);
  helpRoutes(app, deps);
}

function answerRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/calls/:id/answer-for',
    {
      config,
      schema: {
        tags,
        summary: 'An officer writes down an answer that he heard by telephone or face to face',
        params,
        body: z.object({ answer, means }),
        response,
      },
    },
    async (request) => {
      const { found, permit } = await permitted(deps, request);
      return answerView(deps, await answerFor(deps, permit, found, request.body.answer, request.body.means, actOf(request)));
    },
  );

  app.post(
    '/api/v1/calls/:id/again',
    { config, schema: { tags, summary: 'A member who has not answered is called anew at once, from the first channel on', params, response } },
    async (request) => answerView(deps, await callAgain(deps, (await permitted(deps, request)).found, actOf(request))),
  );
}

function helpRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/calls/:id/help',
    {
      config,
      schema: {
        tags,
        summary: 'An officer writes down that a member needs support, as he heard it',
        params,
        body: z.object({ means, words: z.string().max(LIMITS.noteChars).transform(cleanText).default('') }),
        response,
      },
    },
    async (request) => answerView(deps, await askHelpFor(deps, (await permitted(deps, request)).found, request.body, actOf(request))),
  );

  app.post(
    '/api/v1/calls/:id/help-over',
    { config, schema: { tags, summary: 'An officer has seen to the support that a member asked for', params, response } },
    async (request) => answerView(deps, await seeToHelp(deps, (await permitted(deps, request)).found, actOf(request))),
  );
}
