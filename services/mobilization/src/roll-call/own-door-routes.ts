// Chapter 5, roll-call: a helper marks his own doors from his phone, proven by his personal link; what arrives twice counts once.
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { DOOR_REASONS, type DoorReason } from '@laba/domain/assign-doors';
import { LIMITS } from '@laba/domain/limits';
import { NEEDS, type Need } from '@laba/domain/member';
import { MARKS, PERSON_STATUS_NAMES } from '@laba/domain/rollcall';
import { cleanText } from '@laba/domain/text';
import type { Act } from '@laba/runtime/auth';
import { actOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { addFound } from './mark-others.ts';
import { markHousehold, markPerson } from './mark-person.ts';
import { openLink } from '../call-out/member-link.ts';
import { hisDoors, hisGround, ownDoors } from './own-doors.ts';
import { householdVersion, type ListedPerson } from './rollcall-store.ts';
import { tags } from './rollcall-view.ts';

const token = z.string().min(20).max(120);
const id = z.string().min(1).max(80);
const version = z.number().int().min(1);
const needs = z.array(z.enum(Object.keys(NEEDS) as [Need, ...Need[]]));
const words = z.string().max(LIMITS.noteChars).transform(cleanText).optional();
/** `round` and `version` as the phone last saw them: a mark that was kept offline says when it was made. */
const mark = z.object({ status: z.enum(MARKS), words, round: z.number().int().min(1).optional(), version });
const marked = z.object({ personId: z.string(), status: z.enum(PERSON_STATUS_NAMES), round: z.number(), version: z.number() });
const door = z.object({
  householdId: z.string(),
  gridCode: z.string(),
  doorplate: z.string(),
  headName: z.string(),
  needs,
  reason: z.enum(Object.keys(DOOR_REASONS) as [DoorReason, ...DoorReason[]]),
  minutes: z.number(),
  isOpen: z.boolean(),
  version: z.number(),
  persons: z.array(marked.extend({ name: z.string(), needs })),
});

/** Of which alert the link is, whose, and in whose name something is done with it. @throws `link-invalid` */
async function helperOf(deps: Deps, request: FastifyRequest<{ Params: { token: string } }>): Promise<{ alertId: string; memberId: string; act: Act }> {
  const { alertId, memberId } = (await openLink(deps, request.params.token)).call;
  return { alertId, memberId, act: { ...actOf(request), who: `member:${memberId}` } };
}

const view = ({ personId, status, round, version: at }: ListedPerson) => ({ personId, status, round, version: at });

export function ownDoorRoutes(app: App, deps: Deps): void {
  app.get(
    '/m/:token/rollcall',
    {
      config: { access: 'link' },
      schema: {
        tags,
        summary: 'My doors, in the order of my way, with who lives behind them',
        params: z.object({ token }),
        response: { 200: z.object({ round: z.number(), doors: z.array(door) }) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return ownDoors(deps.db, (await openLink(deps, request.params.token)).call.id);
    },
  );
  personRoute(app, deps);
  householdRoute(app, deps);
  foundRoute(app, deps);
}

function personRoute(app: App, deps: Deps): void {
  app.post(
    '/m/:token/rollcall/persons/:personId/mark',
    {
      config: { access: 'link' },
      schema: { tags, summary: 'How one person behind my door is', params: z.object({ token, personId: id }), body: mark, response: { 200: marked } },
    },
    async (request) => {
      const { alertId, memberId, act } = await helperOf(deps, request);
      const given = { ...request.body, means: 'page' } as const;
      return view(await markPerson(deps, { alertId, personId: request.params.personId }, given, await hisDoors(deps.db, alertId, memberId), act));
    },
  );
}

function householdRoute(app: App, deps: Deps): void {
  app.post(
    '/m/:token/rollcall/households/:householdId/mark',
    {
      config: { access: 'link' },
      schema: {
        tags,
        summary: 'How everybody behind my door is, but for who is away, relocated, injured or dead',
        params: z.object({ token, householdId: id }),
        body: mark,
        response: { 200: z.object({ householdId: z.string(), version: z.number(), persons: z.array(marked) }) },
      },
    },
    async (request) => {
      const { alertId, memberId, act } = await helperOf(deps, request);
      const { householdId } = request.params;
      const given = { ...request.body, means: 'page' } as const;
      const { persons } = await markHousehold(deps, { alertId, householdId }, given, await hisDoors(deps.db, alertId, memberId), act);
      return { householdId, version: householdVersion(persons), persons: persons.map(view) };
    },
  );
}

function foundRoute(app: App, deps: Deps): void {
  const found = z.object({
    /** Made by the phone: the same twice is one person, whatever way it came. */
    id: z.string().min(8).max(64),
    name: z.string().max(LIMITS.nameChars).transform(cleanText).pipe(z.string().min(1)),
    gridCode: z.string().max(14),
    status: z.enum(MARKS),
    words,
  });
  app.post(
    '/m/:token/rollcall/found',
    {
      config: { access: 'link' },
      schema: { tags, summary: 'Somebody in my group who is on no list', params: z.object({ token }), body: found, response: { 201: marked } },
    },
    async (request, reply) => {
      const { alertId, memberId, act } = await helperOf(deps, request);
      const { id: madeByPhone, ...said } = request.body;
      const ground = await hisGround(deps.db, memberId, said.gridCode);
      // Its own for each member: nobody can name whom another one found.
      const personId = `found-${createHash('sha256').update(`${memberId}\0${madeByPhone}`).digest('base64url').slice(0, 24)}`;
      return reply.code(201).send(view(await addFound(deps, alertId, { ...said, personId, means: 'page' }, ground, act)));
    },
  );
}
