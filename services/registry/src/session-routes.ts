// HTTP: sign in, who am I, sign out; and the page behind the one-time link.
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { ROLES } from '@laba/domain/officer';
import { officerOf, SESSION_COOKIE, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { passwordForm, passwordSetPage } from './first-page.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';
import { SignInDesk } from './sign-in-desk.ts';
import { lookAtLink, useFirstLink } from './use-first-link.ts';

export const officerSchema = z.object({ id: z.string(), username: z.string(), name: z.string(), role: z.enum(ROLES), scopes: z.array(z.string()).readonly() });
export const sessionSchema = z.object({ officer: officerSchema, csrfToken: z.string() });
const credentials = z.object({ username: z.string().min(1).max(64), password: z.string().min(1).max(256) });
const token = z.object({ token: z.string().regex(/^[\w-]{43}$/) });
const passwords = z.object({ password: z.string().max(1_000).default(''), again: z.string().max(1_000).default('') });

/** By address and nothing that the caller could make up anew for each try. */
export const tries = (max: number) => ({ max, timeWindow: 60_000, keyGenerator: (request: { ip: string }) => request.ip });

export const sessionCookie = ({ config }: Deps) => ({ httpOnly: true, sameSite: 'strict', secure: config.tls, path: '/' }) as const;

const MISMATCH = { zh: '两次输入的密码不一样', en: 'The two passwords differ.' };
const TOO_SIMPLE = '密码不合要求：至少 12 个字符、5 种不同字符，不含用户名';

export function sessionRoutes(deps: Deps, app: App): void {
  const desk = new SignInDesk();
  const cookie = sessionCookie(deps);

  app.post(
    '/api/v1/sessions',
    {
      config: { access: 'public', rateLimit: tries(LIMITS.signInsPerMinute) },
      schema: { summary: 'Sign in; sets the session cookie', tags: ['sessions'], body: credentials, response: { 200: sessionSchema } },
    },
    async (request, reply) => {
      // A cookie and a token are not kept for a second answer: each sign-in is one of its own.
      request.once = [];
      const { officer, token: session, csrfToken } = await signIn(deps, desk, request.body);
      reply.setCookie(SESSION_COOKIE, session, { ...cookie, maxAge: LIMITS.sessionMs / 1_000 }).header('cache-control', 'no-store');
      return { officer, csrfToken };
    },
  );

  app.get(
    '/api/v1/sessions/current',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'Who is signed in', tags: ['sessions'], response: { 200: sessionSchema } },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { officer: officerOf(request), csrfToken: request.session!.csrfToken };
    },
  );

  app.delete(
    '/api/v1/sessions/current',
    {
      config: { access: 'signed-in' },
      schema: { summary: 'Sign out', tags: ['sessions'] },
    },
    async (request, reply) => {
      await signOut(deps, officerOf(request), request.cookies[SESSION_COOKIE]!);
      return reply.clearCookie(SESSION_COOKIE, cookie).code(204).send();
    },
  );

  firstLinkRoutes(deps, app);
}

function sendPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page);
}

function firstLinkRoutes(deps: Deps, app: App): void {
  const config = { access: 'link', page: true, rateLimit: tries(LIMITS.signInsPerMinute) } as const;

  app.get('/first/:token', { config, schema: { hide: true, params: token } }, async (request, reply) => {
    const officer = await lookAtLink(deps, request.params.token);
    return sendPage(reply, 200, passwordForm(officer.username));
  });

  app.post('/first/:token', { config, schema: { hide: true, params: token, body: passwords } }, async (request, reply) => {
    request.once = [];
    const { password, again } = request.body;
    const { username } = await lookAtLink(deps, request.params.token);
    if (password !== again) return sendPage(reply, 422, passwordForm(username, MISMATCH));
    try {
      await useFirstLink(deps, request.params.token, password);
    } catch (error) {
      if (!(error instanceof LabaError) || error.code !== 'bad-input') throw error;
      return sendPage(reply, 422, passwordForm(username, { zh: TOO_SIMPLE, en: error.message }));
    }
    return sendPage(reply, 200, passwordSetPage(username));
  });
}
