// Chapter 5, ladder: how the villages of an alert stand, an officer's record of an answer, and the page behind a rung's link.
import { z } from 'zod';
import { ANSWER_EFFECTS, LADDER_STATES } from '@laba/domain/ladder';
import { LabaError } from '@laba/domain/errors';
import { villageOf } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { hasScope } from '@laba/domain/officer';
import { cleanText } from '@laba/domain/text';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import { openPersonalLink } from '@laba/runtime/personal-link';
import type { Deps } from '@laba/runtime/service';
import { answerLadder, versionOf } from './answer-ladder.ts';
import { findRaisedRevision } from '../call-out/call-store.ts';
import { codesInView } from '../codes-in-view.ts';
import { findAsking, isKnownThere } from './ladder-answer-store.ts';
import { ladderPage } from './ladder-page.ts';
import { placeNames } from './ladder-store.ts';
import { laddersView, readLadders } from './ladder-view.ts';

const tags = ['ladders'];
const id = z.string().min(1).max(64);
const token = z.string().min(20).max(120);
const persons = z.coerce.number().int().min(1).max(LIMITS.headCount);
const name = z.string().max(LIMITS.nameChars).transform(cleanText).pipe(z.string().min(1));

export function ladderRoutes(app: App, deps: Deps): void {
  listRoute(app, deps);
  answerRoute(app, deps);
  pageRoutes(app, deps);
}

function listRoute(app: App, deps: Deps): void {
  app.get(
    '/api/v1/alerts/:id/ladders',
    {
      config: { access: 'ladder.read' },
      schema: {
        tags,
        summary: 'Each village’s ladder: how it stands, both clocks, who was asked when, who answered; overdue ones first',
        params: z.object({ id }),
        response: { 200: laddersView },
      },
    },
    async (request) => {
      const officer = officerOf(request);
      const codes = await codesInView(deps.db, officer, 'ladder.read', request.params.id, undefined);
      // An alert for a group is answered for by its village: seen by whoever has the village.
      const villages = codes.map(villageOf).filter((code) => hasScope(officer, code));
      return readLadders(deps, officer, request.params.id, villages);
    },
  );
}

function answerRoute(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/ladders/:village/answer',
    {
      config: { access: 'ladder.answer-for' },
      schema: {
        tags,
        summary: 'An officer writes down an answer for a village: who said what, by telephone, radio or face to face; `version` as last seen',
        params: z.object({ id, village: z.string().max(14) }),
        body: z.object({
          means: z.enum(['telephone', 'face-to-face', 'radio']),
          by: z.union([z.strictObject({ memberId: id }), z.strictObject({ name })]),
          words: z.string().max(LIMITS.noteChars).transform(cleanText).optional(),
          moving: z.object({ persons }).optional(),
          version: z.number().int().min(1),
        }),
        response: {
          200: z.object({
            gridCode: z.string(),
            state: z.enum(LADDER_STATES),
            effect: z.enum(ANSWER_EFFECTS),
            persons: z.number().nullable(),
            version: z.number(),
          }),
        },
      },
    },
    async (request) => {
      const { means, by, words, moving, version } = request.body;
      const which = { alertId: request.params.id, gridCode: request.params.village };
      const { officer } = authorize(officerOf(request), 'ladder.answer-for', [which.gridCode]);
      if ('memberId' in by && !(await isKnownThere(deps.db, by.memberId, which.gridCode, officer.scopes)))
        throw new LabaError('bad-input', 'by.memberId: nobody of that place is on the lists under this id; write down the name instead.', { field: 'by' });
      const said = moving === undefined ? ({ kind: 'got-it' } as const) : ({ kind: 'moving', persons: moving.persons } as const);
      const allow = (codes: readonly string[]) => authorize(officer, 'ladder.answer-for', codes);
      const { ladder, effect } = await answerLadder(deps, which, { said, means, by, words, version }, actOf(request), allow);
      return { gridCode: ladder.gridCode, state: ladder.state, effect, persons: ladder.persons, version: versionOf(ladder) };
    },
  );
}

/** What the link opens: one asking of one person. */
function openRung(deps: Deps, given: string) {
  return openPersonalLink(deps, 'rung', given, async (stepId) => {
    const found = await findAsking(deps.db, stepId);
    if (found?.step.memberId == null) return undefined;
    const { step, ladder, alert } = found;
    return { ladder, alert, alertId: alert.id, memberId: step.memberId!, overAtMs: alert.overAtMs };
  });
}

function pageRoutes(app: App, deps: Deps): void {
  app.get('/l/:token', { config: { access: 'link', page: true }, schema: { hide: true, params: z.object({ token }) } }, async (request, reply) => {
    const { ladder, alert } = await openRung(deps, request.params.token);
    const [revision, names] = await Promise.all([findRaisedRevision(deps.db, alert.id), placeNames(deps.db, [ladder.gridCode])]);
    const place = names.get(ladder.gridCode) ?? ladder.gridCode;
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(ladderPage({ token: request.params.token, ladder, alert, revision, place, utcOffsetMinutes: deps.config.utcOffsetMinutes }));
  });

  app.post(
    '/l/:token',
    {
      config: { access: 'link', page: true },
      schema: {
        hide: true,
        params: z.object({ token }),
        body: z.discriminatedUnion('said', [z.object({ said: z.literal('got-it') }), z.object({ said: z.literal('moving'), persons })]),
      },
    },
    async (request, reply) => {
      const { ladder, memberId } = await openRung(deps, request.params.token);
      const { body } = request;
      const said = body.said === 'got-it' ? ({ kind: 'got-it' } as const) : ({ kind: 'moving', persons: body.persons } as const);
      const act = { who: `member:${memberId}`, via: 'http', once: actOf(request).once } as const;
      await answerLadder(deps, { alertId: ladder.alertId, gridCode: ladder.gridCode }, { said, means: 'page', by: { memberId } }, act);
      return reply.redirect(`/l/${encodeURIComponent(request.params.token)}`, 303);
    },
  );
}
