// Chapter 5, member: he answers for himself; who was called, and what each answered.
import { z } from 'zod';
import type { CallsView } from '@laba/domain/board-view';
import { STEPS_PER_ASKING } from '@laba/domain/call-out';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { CALL_REASONS } from '@laba/domain/member';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { answersByGroup } from './answer-counts.ts';
import { countAnswers, listCalls, type CallRow } from './call-list-store.ts';
import type { Call } from './call-store.ts';
import { answer, answered, answerView, tags } from './call-view.ts';
import { codesInView } from '../codes-in-view.ts';
import { deskRoutes } from './desk-routes.ts';
import { memberToken, openLink } from './member-link.ts';
import { cursorOf, nextOf } from '../page-cursor-store.ts';
import { answerForSelf, OWN_MEANS } from './record-answer.ts';

const token = z.string().min(20).max(120);
const alertId = z.object({ id: z.string().max(64) });

const counts = z.object({
  total: z.number(),
  answered: z.number(),
  coming: z.number(),
  onTheWay: z.number(),
  arrived: z.number(),
  cannot: z.number(),
  sent: z.number(),
  delivered: z.number(),
  read: z.number(),
  noChannel: z.number(),
  noAnswer: z.number(),
  /** On the spot, by a code; in none of the other figures. */
  joined: z.object({ total: z.number(), coming: z.number(), onTheWay: z.number(), arrived: z.number(), cannot: z.number() }),
});
const listed = answered.extend({
  reason: z.enum(CALL_REASONS).nullable(),
  steps: z.number(),
  nextAt: z.string().nullable(),
  memberId: z.string(),
  name: z.string(),
  /** On the spot, by a code. */
  joined: z.boolean(),
  gridCode: z.string(),
  gridName: z.string(),
  changedAt: z.string(),
  /** He needs support; in his own words, where he gave any. */
  help: z.object({ at: z.string(), words: z.string().nullable() }).nullable(),
  link: z.string().optional(),
});

export function mobilizationRoutes(app: App, deps: Deps): void {
  ownAnswerRoute(app, deps);
  deskRoutes(app, deps);
  listRoutes(app, deps);
}

function ownAnswerRoute(app: App, deps: Deps): void {
  app.post(
    '/api/v1/calls/:id/answer',
    {
      config: { access: 'link' },
      schema: {
        tags,
        summary: 'A member answers for himself, proven by his personal link (Authorization: Bearer, or `token`)',
        params: z.object({ id: z.string().max(64) }),
        body: z.object({ answer, means: z.enum(OWN_MEANS).default('api'), token: token.optional() }),
        response: { 200: answered },
      },
    },
    async (request) => {
      const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? request.body.token;
      if (given === undefined) throw new LabaError('link-invalid', 'Send the token of the personal link as Authorization: Bearer, or as `token`.');
      const own = await openLink(deps, given);
      if (own.call.id !== request.params.id) throw new LabaError('link-invalid', 'This link belongs to another call.');
      return answerView(deps, await answerForSelf(deps, own, request.body.answer, request.body.means, { once: actOf(request).once }));
    },
  );
}

function listRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/alerts/:id/calls',
    {
      config: { access: 'member.read' },
      schema: {
        tags,
        summary: 'Who was called, and what each answered; inside the officer’s scope',
        params: alertId,
        querystring: z.object({
          group: z
            .string()
            .regex(/^\d{6,14}$/)
            .optional(),
          after: z.string().max(128).optional(),
        }),
        response: { 200: z.object({ calls: z.array(listed), next: z.string().nullable() }) },
      },
    },
    async (request): Promise<{ calls: z.infer<typeof listed>[] } & CallsView> => {
      const codes = await codesInView(deps.db, officerOf(request), 'member.read', request.params.id, request.query.group);
      const rows = await listCalls(deps.db, request.params.id, codes, cursorOf(request.query.after));
      return { calls: rows.map((row) => listView(deps, row)), next: nextOf(rows) };
    },
  );

  app.get(
    '/api/v1/alerts/:id/answers',
    {
      config: { access: 'member.read' },
      schema: {
        tags,
        summary: 'Answers counted per group and in all',
        params: alertId,
        response: {
          200: z.object({ asOf: z.string(), asOfMs: z.number(), total: counts, groups: z.array(counts.extend({ code: z.string(), name: z.string() })) }),
        },
      },
    },
    async (request) => {
      const codes = await codesInView(deps.db, officerOf(request), 'member.read', request.params.id, undefined);
      const asOfMs = deps.clock.now();
      return { asOf: capTime(asOfMs, deps.config.utcOffsetMinutes), asOfMs, ...answersByGroup(await countAnswers(deps.db, request.params.id, codes)) };
    },
  );
}

// The link is a key to the member's answer: only the demo, whose members are fictional, shows it.
function listView(deps: Deps, row: CallRow): z.infer<typeof listed> {
  return {
    ...answerView(deps, row),
    memberId: row.memberId,
    name: row.name ?? '',
    joined: row.joinCodeId !== null,
    reason: row.reason,
    steps: row.step % STEPS_PER_ASKING,
    nextAt: row.nextAtMs === null ? null : capTime(row.nextAtMs, deps.config.utcOffsetMinutes),
    gridCode: row.gridCode,
    gridName: row.gridName ?? row.gridCode,
    changedAt: capTime(row.changedAtMs, deps.config.utcOffsetMinutes),
    help: helpView(deps, row),
    ...(deps.config.demo ? { link: `/m/${memberToken(deps.vault, row.id, row.linkVersion ?? 1)}` } : {}),
  };
}

function helpView(deps: Deps, { helpAtMs, helpWordsCipher }: Call): z.infer<typeof listed>['help'] {
  if (helpAtMs === null) return null;
  return { at: capTime(helpAtMs, deps.config.utcOffsetMinutes), words: helpWordsCipher === null ? null : deps.vault.decrypt(helpWordsCipher) };
}
