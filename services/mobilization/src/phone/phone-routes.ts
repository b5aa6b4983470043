// Chapter 5, member: the phone page behind the personal link, as a plain page with a form and as what its script asks for.
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { SAYINGS, type Saying } from '@laba/domain/phone-page';
import { cleanText } from '@laba/domain/text';
import { actOf, type App } from '@laba/runtime/http';
import { sendEvents } from '@laba/runtime/server-sent';
import type { Deps } from '@laba/runtime/service';
import { askHelp } from '../call-out/ask-help.ts';
import type { Call } from '../call-out/call-store.ts';
import { openLink, type OwnCall } from '../call-out/member-link.ts';
import { memberPage } from './member-page.ts';
import type { PhoneFeed } from './phone-feed.ts';
import { phoneFiles } from './phone-files.ts';
import { phoneState } from './phone-state.ts';
import { answerForSelf, noteRead } from '../call-out/record-answer.ts';
import { sayForSafety } from '../sections/safety-routes.ts';
import { LINK_COOKIE } from '../roll-call/tag-routes.ts';

const tags = ['phone'];
const params = z.object({ token: z.string().min(20).max(120) });
const saying = z.enum(SAYINGS);
const atMs = z.number().int().min(0);
const said = z.object({
  answer: saying,
  words: z.string().max(LIMITS.noteChars).transform(cleanText).optional(),
  /** By the county's clock, as far as the page knows it; now, when not given. */
  saidAt: atMs.optional(),
});

/** One button of the plain page. */
const pressed = z
  .object({ answer: saying.optional(), safety: z.enum(['safe', 'back']).optional() })
  .refine(({ answer, safety }) => (answer === undefined) !== (safety === undefined), 'press one button');

export function phoneRoutes(app: App, deps: Deps, feed: PhoneFeed): void {
  const files = phoneFiles();
  app.get('/phone/:name', { config: { access: 'public' }, schema: { hide: true, params: z.object({ name: z.string().max(64) }) } }, async (request, reply) => {
    const file = files.get(request.params.name);
    if (file === undefined) throw new LabaError('not-found', `There is no page file ${request.params.name}.`);
    // The worker lies here and looks after the pages behind the links.
    reply.header('etag', file.etag).header('cache-control', 'no-cache').header('service-worker-allowed', '/m/');
    return request.headers['if-none-match'] === file.etag ? reply.code(304).send() : reply.type(file.type).send(file.body);
  });
  plainPage(app, deps, files.has('phone.js') ? '/phone/phone.js' : undefined);
  scriptsPage(app, deps);
  liveState(app, deps, feed);
}

function plainPage(app: App, deps: Deps, script: string | undefined): void {
  app.get('/m/:token', { config: { access: 'link', page: true }, schema: { hide: true, params } }, async (request, reply) => {
    const { token } = request.params;
    const own = await openLink(deps, token);
    // A look ahead by a browser or a chat program is not a member who opened the page.
    const lookAhead = request.method === 'HEAD' || /prefetch|preview/i.test(`${String(request.headers['sec-purpose'])} ${String(request.headers['purpose'])}`);
    if (!lookAhead) await noteRead(deps, own);
    return (
      reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        // A tag that is scanned with this phone knows whose it is.
        .setCookie(LINK_COOKIE, token, { path: '/t', httpOnly: true, sameSite: 'lax', secure: deps.config.tls })
        .send(memberPage({ token, state: await phoneState(deps, own), script }))
    );
  });

  app.post('/m/:token', { config: { access: 'link', page: true }, schema: { hide: true, params, body: pressed } }, async (request, reply) => {
    const own = await openLink(deps, request.params.token);
    const { answer, safety } = request.body;
    const act = { ...actOf(request), who: `member:${own.call.memberId}` };
    await (safety === undefined ? say(deps, own, { answer: answer! }) : sayForSafety(deps, own, { say: safety }, act)).catch((error: unknown) => {
      // The page says by itself that the alert is over, or that he is not out any more.
      if (!(error instanceof LabaError) || !['transition-refused', 'not-found'].includes(error.code)) throw error;
    });
    return reply.redirect(`/m/${encodeURIComponent(request.params.token)}`, 303);
  });
}

function scriptsPage(app: App, deps: Deps): void {
  app.get(
    '/m/:token/state',
    { config: { access: 'link' }, schema: { tags, summary: 'What the phone page shows, as the county holds it (PhoneState)', params } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return phoneState(deps, await openLink(deps, request.params.token));
    },
  );

  app.post(
    '/m/:token/answers',
    {
      config: { access: 'link' },
      schema: {
        tags,
        summary: 'What a member says for himself; kept answers carry the time they were said. Send each with an Idempotency-Key: it arrives once',
        params,
        body: said,
        response: { 200: z.object({ callId: z.string(), recordedAt: atMs }) },
      },
    },
    async (request) => {
      const own = await openLink(deps, request.params.token);
      await say(deps, own, request.body, actOf(request).once);
      return { callId: own.call.id, recordedAt: deps.clock.now() };
    },
  );
}

function liveState(app: App, deps: Deps, feed: PhoneFeed): void {
  app.get(
    '/m/:token/events',
    { config: { access: 'link' }, schema: { tags, summary: 'Server-sent events: the whole state at once and whenever it changed, and a heartbeat', params } },
    async (request, reply) => {
      const stream = await feed.open(await openLink(deps, request.params.token));
      return sendEvents(reply, stream);
    },
  );
}

function say(
  deps: Deps,
  own: OwnCall,
  given: { answer: Saying; words?: string | undefined; saidAt?: number | undefined },
  once: ReturnType<typeof actOf>['once'] = [],
): Promise<Call> {
  const { answer, words, saidAt: saidAtMs } = given;
  if (answer === 'help' || answer === 'help-over') return askHelp(deps, own, { words: answer === 'help' ? (words ?? '') : null, saidAtMs }, once);
  return answerForSelf(deps, own, answer, 'page', { once, saidAtMs });
}
