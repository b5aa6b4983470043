// Chapter 5, roll-call: an officer marks persons, households and places, and adds who was found.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { LIMITS } from '@laba/domain/limits';
import { HEARD_MEANS, MARKS } from '@laba/domain/rollcall';
import { cleanText } from '@laba/domain/text';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { addFound, countPlace } from './mark-others.ts';
import { markHousehold, markPerson } from './mark-person.ts';
import { householdVersion } from './rollcall-store.ts';
import { personView, placeView, tags, viewPerson, viewPlace } from './rollcall-view.ts';

const id = z.string().min(1).max(80);
const version = z.number().int().min(1);
const count = z.number().int().min(0).max(LIMITS.headCount);
const means = z.enum(HEARD_MEANS);
const words = z.string().max(LIMITS.noteChars).transform(cleanText).optional();
/** Ms, by the desk's clock: when it was written down there, the line being cut. */
const writtenAt = z.number().int().min(0).optional();
const mark = z.object({ status: z.enum(MARKS), means, words, musterPointId: id.optional(), version, writtenAt });
const found = z.object({
  name: z.string().max(LIMITS.nameChars).transform(cleanText).pipe(z.string().min(1)),
  gridCode: z.string().max(14),
  status: z.enum(MARKS),
  means,
  words,
  writtenAt,
});

const written = <T extends { writtenAt?: number | undefined }>({ writtenAt: writtenAtMs, ...said }: T) => ({ ...said, writtenAtMs });

// Whether this officer may mark there.
const allowed = (request: FastifyRequest) => (listed: readonly { gridCode: string }[]) =>
  authorize(
    officerOf(request),
    'rollcall.mark',
    listed.map(({ gridCode }) => gridCode),
  );

export function rollcallRoutes(app: App, deps: Deps): void {
  personRoutes(app, deps);
  householdRoutes(app, deps);
  placeRoutes(app, deps);
}

function personRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/rollcall/persons/:personId/mark',
    {
      config: { access: 'rollcall.mark' },
      schema: {
        tags,
        summary: 'How one person is, and by what it was learnt; `version` as last seen',
        params: z.object({ id, personId: id }),
        body: mark,
        response: { 200: personView },
      },
    },
    async (request) => {
      const { id: alertId, personId } = request.params;
      return viewPerson(deps, await markPerson(deps, { alertId, personId }, written(request.body), allowed(request), actOf(request)));
    },
  );

  app.post(
    '/api/v1/alerts/:id/rollcall/found',
    {
      config: { access: 'rollcall.mark' },
      schema: {
        tags,
        summary: 'A person who was found and is on no list',
        params: z.object({ id }),
        body: found,
        response: { 201: personView },
      },
    },
    async (request, reply) => {
      const permit = authorize(officerOf(request), 'rollcall.mark', [request.body.gridCode]);
      return reply.code(201).send(viewPerson(deps, await addFound(deps, request.params.id, written(request.body), permit, actOf(request))));
    },
  );
}

function householdRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/rollcall/households/:householdId/mark',
    {
      config: { access: 'rollcall.mark' },
      schema: {
        tags,
        summary: 'How a whole household is, but for its persons who are away, relocated, injured or dead; `version`: the sum of its persons’',
        params: z.object({ id, householdId: id }),
        body: mark,
        response: { 200: z.object({ householdId: z.string(), changed: z.number(), version: z.number(), persons: z.array(personView) }) },
      },
    },
    async (request) => {
      const { id: alertId, householdId } = request.params;
      const { persons, changed } = await markHousehold(deps, { alertId, householdId }, written(request.body), allowed(request), actOf(request));
      return { householdId, changed, version: householdVersion(persons), persons: persons.map((person) => viewPerson(deps, person)) };
    },
  );
}

function placeRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/rollcall/places/:placeId/count',
    {
      config: { access: 'rollcall.mark' },
      schema: {
        tags,
        summary: 'How many people were counted at a place; `expected` when tonight’s number is another than the list’s',
        params: z.object({ id, placeId: id }),
        body: z.object({ counted: count, expected: count.optional(), means, version, writtenAt }),
        response: { 200: placeView },
      },
    },
    async (request) => {
      const { id: alertId, placeId } = request.params;
      return viewPlace(deps, await countPlace(deps, { alertId, placeId }, written(request.body), allowed(request), actOf(request)));
    },
  );
}
