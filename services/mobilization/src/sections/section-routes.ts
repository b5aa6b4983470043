// Chapter 5, sections: how they stand, and what an officer changes by hand; who leads at the scene.
import { z } from 'zod';
import { LIMITS } from '@laba/domain/limits';
import { SECTION_NAMES } from '@laba/domain/section';
import { cleanText } from '@laba/domain/text';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { assignSeat, freeSeat } from './assign-seat.ts';
import { codesInView } from '../codes-in-view.ts';
import { seenOf } from './seen.ts';
import { acknowledgeCommand, nameSceneCommander } from './command-scene.ts';
import { commanderView, readSections, sectionsView, seatView, viewCommander, viewSeat } from './sections-view.ts';

const tags = ['sections'];
const id = z.string().min(1).max(64);
const gridCode = z.string().regex(/^\d{6,14}$/);
const reason = z.string().max(LIMITS.noteChars).transform(cleanText).pipe(z.string().min(1));
const note = z.string().max(LIMITS.noteChars).transform(cleanText).optional();
const params = z.object({ id });

export function sectionRoutes(app: App, deps: Deps): void {
  readRoute(app, deps);
  seatRoutes(app, deps);
  commanderRoutes(app, deps);
}

function readRoute(app: App, deps: Deps): void {
  app.get(
    '/api/v1/alerts/:id/sections',
    {
      config: { access: 'member.read' },
      schema: {
        tags,
        summary: 'Sections per group: needed and have, each seat with why, the commanders, who is out with his clock',
        params,
        querystring: z.object({ group: gridCode.optional(), after: gridCode.optional() }),
        response: { 200: sectionsView },
      },
    },
    async (request) => {
      const officer = officerOf(request);
      const codes = await codesInView(deps.db, officer, 'member.read', request.params.id, request.query.group);
      return readSections(deps, officer, request.params.id, codes, request.query.after);
    },
  );
}

function seatRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/sections/assign',
    {
      config: { access: 'section.manage' },
      schema: {
        tags,
        summary: 'Somebody who comes gets a seat, or another one; with the reason. If-Match: the version of his seat, "0" for none',
        params,
        body: z.object({ memberId: id, gridCode, section: z.enum(SECTION_NAMES), reason }),
        response: { 200: seatView },
      },
    },
    async (request) => {
      const { reason: words, ...given } = request.body;
      const allow = (codes: readonly string[]) => authorize(officerOf(request), 'section.manage', codes);
      const seat = await assignSeat(deps, request.params.id, { ...given, words, seen: seenOf(request) }, allow, actOf(request));
      return viewSeat(deps, { seat, name: null, answer: null }, true);
    },
  );

  app.post(
    '/api/v1/alerts/:id/sections/free',
    {
      config: { access: 'section.manage' },
      schema: {
        tags,
        summary: 'Somebody is taken off his seat, and the next is chosen; with the reason. If-Match: the version of his seat',
        params,
        body: z.object({ memberId: id, reason }),
        response: { 200: seatView },
      },
    },
    async (request) => {
      const { memberId, reason: words } = request.body;
      const allow = (codes: readonly string[]) => authorize(officerOf(request), 'section.manage', codes);
      const seat = await freeSeat(deps, request.params.id, { memberId, words, seen: seenOf(request) }, allow, actOf(request));
      return viewSeat(deps, { seat, name: null, answer: null }, true);
    },
  );
}

function commanderRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/commanders',
    {
      config: { access: 'section.manage' },
      schema: {
        tags,
        summary:
          'A commander at the scene is named; who led goes on until he says yes. `acknowledged`: he said so to the officer. If-Match: the number of the last one there, "0" for none',
        params,
        body: z.object({ gridCode, memberId: id, words: note, acknowledged: z.boolean().default(false) }),
        response: { 201: commanderView },
      },
    },
    async (request, reply) => {
      authorize(officerOf(request), 'section.manage', [request.body.gridCode]);
      const named = await nameSceneCommander(deps, request.params.id, { ...request.body, seen: seenOf(request) }, actOf(request));
      return reply.code(201).send(viewCommander(deps, named));
    },
  );

  app.post(
    '/api/v1/alerts/:id/commanders/acknowledge',
    {
      config: { access: 'section.manage' },
      schema: {
        tags,
        summary: 'An officer heard the named commander say yes',
        params,
        body: z.object({ gridCode, memberId: id }),
        response: { 200: commanderView },
      },
    },
    async (request) => {
      authorize(officerOf(request), 'section.manage', [request.body.gridCode]);
      return viewCommander(deps, await acknowledgeCommand(deps, request.params.id, request.body, actOf(request)));
    },
  );
}
