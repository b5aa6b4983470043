// HTTP at the house of a village: the door, as data and as a plain page: a name from the list, and a code.
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ERRORS, LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { SESSION_COOKIE, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { sessionCookie, sessionSchema, tries } from '../session-routes.ts';
import { SignInDesk } from '../sign-in-desk.ts';
import type { SignedIn } from '../sign-in.ts';
import { doorPage, type DoorPage } from './local-code-page.ts';
import { localOfficersAt, openNode } from './local-officer-store.ts';
import { ownNode, signInHere } from './sign-in-here.ts';

const credentials = z.object({ username: z.string().min(1).max(64), code: z.string().min(1).max(64) });
const typed = z.object({ username: z.string().max(64).catch(''), code: z.string().max(64).catch('') });

export function doorRoutes(deps: Deps, app: App): void {
  const desk = new SignInDesk();
  const config = { access: 'public', rateLimit: tries(LIMITS.signInsPerMinute) } as const;

  app.post(
    '/api/v1/local-sessions',
    {
      config,
      schema: {
        summary: 'Sign in at the house of a village by a local code; sets the session cookie',
        tags: ['sessions'],
        body: credentials,
        response: { 200: sessionSchema },
      },
    },
    async (request, reply) => {
      // As with a password: each sign-in is one of its own.
      request.once = [];
      const signedIn = await signInHere(deps, desk, request.body);
      return letIn(deps, reply, signedIn).send({ officer: signedIn.officer, csrfToken: signedIn.csrfToken });
    },
  );

  app.get('/sign-in', { config: { access: 'public', page: true }, schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(await pageOf(deps)),
  );

  app.post('/sign-in', { config: { ...config, page: true }, schema: { hide: true, body: typed } }, async (request, reply) => {
    request.once = [];
    try {
      return letIn(deps, reply, await signInHere(deps, desk, request.body)).redirect('/', 303);
    } catch (error) {
      if (!(error instanceof LabaError) || !SAID_ON_THE_PAGE.has(error.code)) throw error;
      const { zh, en } = ERRORS[error.code];
      const page = await pageOf(deps, { chosen: request.body.username, problem: { zh, en } });
      return reply.code(error.status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page);
    }
  });
}

const SAID_ON_THE_PAGE: ReadonlySet<string> = new Set(['local-code-wrong', 'local-code-locked', 'too-many-requests']);

function letIn(deps: Deps, reply: FastifyReply, { token }: SignedIn): FastifyReply {
  return reply.setCookie(SESSION_COOKIE, token, { ...sessionCookie(deps), maxAge: LIMITS.sessionMs / 1_000 }).header('cache-control', 'no-store');
}

async function pageOf(deps: Deps, more: Pick<DoorPage, 'chosen' | 'problem'> = {}): Promise<string> {
  const node = ownNode(deps);
  const [names, place] = await Promise.all([localOfficersAt(deps.db, node), openNode(deps.db, node)]);
  return doorPage({ gridName: place?.name ?? node, names, ...more });
}
