// The HTTP side of the house: one application, schemas from zod, problem documents, access declared on every route.
import { createHash, randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest, type RawServerDefault } from 'fastify';
import { jsonSchemaTransform, serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { roleMay, type Action, type Officer } from '@laba/domain/officer';
import { any, one, type Database, type Op } from '@laba/storage/database';
import { eq, lt } from 'drizzle-orm';
import type { Act, Session, Sessions } from './auth.ts';
import { every, type Clock } from './clock.ts';
import { onlyWatches, type Config } from './config.ts';
import { leaveNobodyWaiting } from './leave-nobody-waiting.ts';
import type { Log } from './log.ts';
import { PLAIN_PAGE_CSS } from './plain-page.ts';
import { refuseUnreadable, sendProblem } from './problem.ts';
import { sameSecret } from './vault.ts';

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, Log, ZodTypeProvider>;

/** `public`: anyone. `link`: the route checks its own token. Otherwise an officer whose role may do the action. */
export type Access = 'public' | 'link' | 'signed-in' | Action;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** A plain page: errors come back as a page, and the form's own field carries the CSRF token. */
    page?: boolean;
    /** Who comes in is asked before the body is read: one of megabytes is read for nobody who may not send it. The CSRF token comes in its header. */
    early?: boolean;
  }
  interface FastifyInstance {
    /** Said once for the routes of another's plugin, which do not say it themselves. */
    accessOfAll?: Access;
  }
  interface FastifyRequest {
    session?: Session;
    once?: Op[];
  }
}

export const SESSION_COOKIE = 'laba_session';
const IDEMPOTENCY_KEY_CHARS = 128;
const FORGET_EVERY_MS = 15 * 60_000;

export interface HttpDeps {
  config: Config;
  db: Database;
  clock: Clock;
  log: Log;
  sessions: Sessions;
  degraded: () => string[];
  /** See `Service.proofAges`. */
  proofAges?: () => Readonly<Record<string, number | undefined>>;
  /** False when this process can take no work now. Always true when not given. */
  ready?: () => Promise<boolean>;
  /** Routes that every process serves for those who run it. */
  watch?: (app: App) => void;
  /** The OpenAPI document, when this application has not all the routes that it shall speak of. */
  document?: () => Promise<unknown>;
}

/** The signed-in officer of a route whose access asked for one. */
export function officerOf(request: FastifyRequest): Officer {
  if (request.session === undefined) throw new LabaError('not-signed-in');
  return request.session.officer;
}

/** Who acts, for the use case; carries what makes the request happen once. */
export function actOf(request: FastifyRequest): Act {
  return { who: request.session ? `officer:${request.session.officer.id}` : 'public', via: 'http', once: request.once ?? [] };
}

export async function createApp(deps: HttpDeps): Promise<App> {
  const app = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    bodyLimit: LIMITS.httpBodyBytes,
    trustProxy: deps.config.trustedProxies.length > 0 ? [...deps.config.trustedProxies] : false,
    return503OnClosing: true,
    routerOptions: { maxParamLength: 200 },
    // What fails before a route is found, and before it is HTTP at all, is refused in the same words.
    frameworkErrors: (error, request, reply) => void sendProblem(deps.log, error, request, reply),
    clientErrorHandler: refuseUnreadable,
  }).withTypeProvider<ZodTypeProvider>() as unknown as App;
  leaveNobodyWaiting(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook('onRoute', function (route) {
    if (route.config?.access === undefined && this.accessOfAll !== undefined) route.config = { ...route.config, access: this.accessOfAll };
    if (route.config?.access === undefined) throw new Error(`Route ${String(route.method)} ${route.url} does not say who has access.`);
  });
  // Words without a form are no request of ours; with their parser they would be taken for a body that is almost right.
  app.removeContentTypeParser('text/plain');
  await app.register(cookie);
  await app.register(formbody, { bodyLimit: LIMITS.httpBodyBytes });
  await app.register(helmet, { contentSecurityPolicy: { directives: contentSecurity() }, strictTransportSecurity: deps.config.tls });
  // By address, before anything is looked at: a cookie or a link that was not checked yet must not buy a count of its own.
  await app.register(rateLimit, { max: LIMITS.requestsPerMinute, timeWindow: 60_000 });
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Laba', version: '1', description: 'Emergency alert and mobilization: report, alert, proof, answers.' } },
    transform: jsonSchemaTransform,
  });
  // Before the schema is asked: who may not come in learns nothing about the shape of what is inside.
  app.addHook('onRequest', async (request) => (request.routeOptions.config?.early === true ? guard(deps, request) : undefined));
  app.addHook('preValidation', async (request) => (request.routeOptions.config?.early === true ? undefined : guard(deps, request)));
  app.addHook('preHandler', (request, reply) => replayOnce(deps, request, reply));
  app.addHook('onSend', (request, reply, payload) => rememberOnce(deps, request, reply, payload));
  app.setErrorHandler((error, request, reply) => sendProblem(deps.log, error, request, reply));
  app.setNotFoundHandler({}, (request, reply) =>
    sendProblem(deps.log, new LabaError('not-found', `There is nothing at ${request.method} ${request.url.split('?')[0]}.`), request, reply),
  );
  logRequests(app, deps.log);
  forgetOldAnswers(app, deps);
  health(app, deps);
  return app;
}

// What a proxy calls the request is what the logs of both call it; words of a stranger do not come into ours.
function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID();
}

// The pattern and not the address: links and searches carry what is nobody's business.
function logRequests(app: App, log: Log): void {
  app.addHook('onResponse', async (request, reply) => {
    const { method, id, session } = request;
    const about = { request: id, method, route: request.is404 ? null : request.routeOptions.url, officer: session?.officer.id };
    log.debug({ ...about, status: reply.statusCode, tookMs: Math.round(reply.elapsedTime) }, 'a request was answered');
  });
}

function contentSecurity(): Record<string, string[] | null> {
  return {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    mediaSrc: ["'self'"],
    connectSrc: ["'self'"],
    frameAncestors: ["'none'"],
    upgradeInsecureRequests: null,
  };
}

/** All that is written at a prefecture's house: who signs in there, and which houses it hears. */
const OWN_AFFAIRS = /^\/(api\/v1\/(sessions|officers|houses|parcels)|first)(\/|$)/;

async function guard(deps: HttpDeps, request: FastifyRequest): Promise<void> {
  const access = request.routeOptions.config?.access ?? 'public';
  const token = request.cookies[SESSION_COOKIE];
  const session = token === undefined ? undefined : await deps.sessions.find(token);
  if (session !== undefined) request.session = session;
  const writes = request.method !== 'GET' && request.method !== 'HEAD';
  const isCountys = writes && onlyWatches(deps.config) && !OWN_AFFAIRS.test(request.routeOptions.url ?? '');
  if (access === 'public' || access === 'link') {
    if (isCountys) throw countyDecides(deps.config);
    return;
  }
  if (session === undefined) throw new LabaError('not-signed-in');
  if (writes) checkCsrf(request, session);
  if (isCountys) throw countyDecides(deps.config);
  if (access !== 'signed-in' && !roleMay(session.officer.role, access))
    throw new LabaError('role-refused', `The role ${session.officer.role} may not ${access}.`, { action: access });
}

function countyDecides({ county }: Config): LabaError {
  const whose = 'What is done in a place is decided by its county: the first six digits of the grid code.';
  return new LabaError('county-decides', `This is the house of the prefecture ${county}, which only watches. ${whose}`, { prefecture: county });
}

function checkCsrf(request: FastifyRequest, session: Session): void {
  const inForm = (request.body as { csrfToken?: unknown } | undefined)?.csrfToken;
  const given = request.headers['x-csrf-token'] ?? inForm;
  if (typeof given !== 'string' || !sameSecret(given, session.csrfToken)) throw new LabaError('csrf-missing');
}

// The key's row goes into the use case's own commit, so that a crash between commit and answer cannot double the act.
async function replayOnce(deps: HttpDeps, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || key === undefined) return;
  if (typeof key !== 'string' || key.length === 0 || key.length > IDEMPOTENCY_KEY_CHARS)
    throw new LabaError('bad-input', `Idempotency-Key: send one of 1 to ${IDEMPOTENCY_KEY_CHARS} characters, or none.`, { field: 'Idempotency-Key' });
  const id = onceKey(request, key);
  const requestHash = createHash('sha256')
    .update(`${request.url}\0${JSON.stringify(request.body ?? null)}`)
    .digest('hex');
  const [known] = await deps.db.read((q, t) => q.select().from(t.idempotency).where(eq(t.idempotency.key, id)));
  if (known !== undefined) {
    if (known.requestHash !== requestHash) throw new LabaError('idempotency-mismatch');
    if (known.status === 0) throw doneBefore();
    await reply.code(known.status).header('content-type', 'application/json; charset=utf-8').header('idempotency-replayed', 'true').send(known.body);
    return;
  }
  const row = { key: id, requestHash, status: 0, body: '', atMs: deps.clock.now() };
  request.once = [
    one((q, t) => q.insert(t.idempotency).values(row).onConflictDoNothing().returning({ key: t.idempotency.key }), {
      otherwise: doneBefore,
    }),
  ];
}

/** Other than what is `already-done` by its own state, this very request was carried out: `once` says so. */
const doneBefore = () =>
  new LabaError('already-done', 'This request was carried out before; its answer was lost. Read the present state instead.', { once: true });

// Who asks again is the same officer, the same address, or whoever holds the same link: a phone changes its address with every network.
function onceKey(request: FastifyRequest, key: string): string {
  const { token } = (request.params ?? {}) as { token?: string };
  const who = request.session?.officer.id ?? token ?? request.ip;
  return createHash('sha256').update(`${who}\0${request.routeOptions.url}\0${key}`).digest('hex');
}

async function rememberOnce(deps: HttpDeps, request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const [op] = request.once ?? [];
  if (op === undefined || reply.statusCode >= 300 || typeof payload !== 'string') return payload;
  const key = onceKey(request, String(request.headers['idempotency-key']));
  await deps.db.atomically([
    {
      expect: 'any',
      statement: (q, t) =>
        q.update(t.idempotency).set({ status: reply.statusCode, body: payload }).where(eq(t.idempotency.key, key)).returning({ key: t.idempotency.key }),
    },
  ]);
  return payload;
}

function forgetOldAnswers(app: App, { db, clock, log }: HttpDeps): void {
  const forget = async () => {
    const beforeMs = clock.now() - LIMITS.idempotencyMs;
    await db.atomically([any((q, t) => q.delete(t.idempotency).where(lt(t.idempotency.atMs, beforeMs)).returning({ key: t.idempotency.key }))]);
  };
  const stop = every(clock, FORGET_EVERY_MS, forget, (error) => log.warn({ why: String(error) }, 'old answers could not be forgotten'));
  app.addHook('onClose', async () => stop());
}

function health(app: App, deps: HttpDeps): void {
  app.get('/plain-page.css', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(PLAIN_PAGE_CSS),
  );
  app.get('/livez', { config: { access: 'public' } }, async () => ({ alive: true }));
  // A degraded house still serves: what is wrong is said, not hidden behind a 503. Without its database it can do nothing.
  app.get('/readyz', { config: { access: 'public' } }, async (_request, reply) => {
    const ready = (await deps.ready?.()) ?? true;
    return reply.code(ready ? 200 : 503).send({ ready, degraded: deps.degraded(), proofAgesMs: deps.proofAges?.() ?? {} });
  });
  deps.watch?.(app);
  app.get('/api/v1/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () => deps.document?.() ?? app.swagger());
}
