// Chapter 2, alert: the officers' routes. Each asks who may do it where before the use case decides what.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LabaError } from '@laba/domain/errors';
import { isWithin } from '@laba/domain/grid';
import { LIMITS } from '@laba/domain/limits';
import { hasScope, type Action, type Officer } from '@laba/domain/officer';
import { policySchema } from '@laba/domain/policy';
import { authorize, type Permit } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { alertBody, approveBody, byId, cancelBody, endBody, extendBody, forecastBody, listQuery, type AlertInput } from './alert-body.ts';
import { listAlerts, loadAlert, raisedRevision, waitingRevision, type WholeAlert } from './alert-store.ts';
import { alertView, listedView, timeAt, type AlertView } from './alert-view.ts';
import { approveAlert, countersignAlert } from './approve-alert.ts';
import { changePolicy } from './change-policy.ts';
import { contentOf, discardAlert, draftAlert, editAlert } from './draft-alert.ts';
import { cancelAlert, endAlert, quietenAlert } from './end-alert.ts';
import { forecastAlert } from './forecast-alert.ts';
import { knownPlaces, listTemplates } from './grid-store.ts';
import { findPolicy } from './policy-store.ts';
import { approversOf, raiseAlert } from './raise-alert.ts';
import { extendAlert, updateAlert } from './update-alert.ts';

const tags = ['alert'];

/** Every grid code that the alert speaks of now: what sounds, and what waits to. */
function codesOf(alert: WholeAlert): string[] {
  const live = alert.revisions.filter((revision) => revision.raisedAtMs === null || revision.revision === alert.head.revision);
  return [...new Set(live.flatMap((revision) => revision.areaCodes))];
}

/** What sounds: whoever is responsible for that may silence it, whatever update waits. */
function soundingCodes(alert: WholeAlert): string[] {
  return raisedRevision(alert)?.areaCodes ?? codesOf(alert);
}

/** Codes first must exist, then lie in scope: a wrong code is not a question of rights. */
async function permitFor<A extends Action>(deps: Deps, request: FastifyRequest, action: A, codes: readonly string[], more: readonly string[] = []): Promise<Permit<A>> {
  await knownPlaces(deps.db, deps.config.county, codes);
  return authorize(officerOf(request), action, [...new Set([...codes, ...more])]);
}

function seenVersion(request: FastifyRequest): number | undefined {
  const tag = request.headers['if-match'];
  if (tag === undefined || tag === '*') return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(tag)?.[1];
  if (version === undefined) throw new LabaError('bad-input', 'If-Match: give the ETag that came with the alert.', { field: 'If-Match' });
  return Number(version);
}

/** The alert as it is, if it is still what the officer saw. @throws `not-found`, `changed-meanwhile` */
async function seenAlert(deps: Deps, request: FastifyRequest, id: string): Promise<WholeAlert> {
  const alert = await loadAlert(deps.db, id);
  const seen = seenVersion(request);
  if (seen !== undefined && seen !== alert.head.version) throw new LabaError('changed-meanwhile', undefined, { version: alert.head.version });
  return alert;
}

async function answer(deps: Deps, request: FastifyRequest, reply: FastifyReply, id: string): Promise<AlertView> {
  const alert = await loadAlert(deps.db, id);
  const { policy } = await findPolicy(deps.db, deps.config.county);
  reply.header('etag', `"${alert.head.version}"`);
  return alertView(alert, officerOf(request), policy, timeAt(deps.config.utcOffsetMinutes));
}

// Whoever lives under an alert, or above it, may read it.
function assertMayRead(officer: Officer, alert: WholeAlert): void {
  const touches = alert.revisions.flatMap((revision) => revision.areaCodes).some((code) => hasScope(officer, code) || officer.scopes.some((scope) => isWithin(code, scope)));
  if (!touches) throw new LabaError('out-of-scope', 'This alert does not touch your grid scope.');
}

export function alertRoutes(app: App, deps: Deps): void {
  readRoutes(app, deps);
  draftRoutes(app, deps);
  decideRoutes(app, deps);
  overRoutes(app, deps);
  policyRoutes(app, deps);
}

function readRoutes(app: App, deps: Deps): void {
  app.get('/api/v1/alerts', { config: { access: 'alert.read' }, schema: { summary: 'Alerts that touch the officer\'s scope, newest first', tags, querystring: listQuery } }, async (request) => {
    const rows = await listAlerts(deps.db, officerOf(request).scopes, request.query.state, request.query.after);
    const time = timeAt(deps.config.utcOffsetMinutes);
    return { alerts: rows.map((row) => listedView(row, time)), next: rows.length === LIMITS.rowsPerPage ? rows.at(-1)!.head.id : null };
  });

  app.get('/api/v1/alerts/:id', { config: { access: 'alert.read' }, schema: { summary: 'One alert with its revisions, approvals, and what is missing to raise it', tags, params: byId } }, async (request, reply) => {
    assertMayRead(officerOf(request), await loadAlert(deps.db, request.params.id));
    return answer(deps, request, reply, request.params.id);
  });

  app.get('/api/v1/templates', { config: { access: 'alert.read' }, schema: { summary: 'Prepared words', tags } }, async () => ({ templates: await listTemplates(deps.db) }));

  app.post('/api/v1/alerts/forecast', { config: { access: 'alert.draft' }, schema: { summary: 'Who would be reached; sends nothing, writes nothing', tags, body: forecastBody } }, async (request) => {
    const { alertId, mode, kind, ...rest } = request.body;
    if (alertId !== undefined) {
      const alert = await loadAlert(deps.db, alertId);
      const { officer } = authorize(officerOf(request), 'alert.draft', codesOf(alert));
      const revision = waitingRevision(alert) ?? alert.revisions.at(-1)!;
      return forecastAlert(deps, revision, officer, approversOf(alert, revision.revision));
    }
    if (mode === undefined) throw new LabaError('mode-required');
    if (kind === undefined) throw new LabaError('kind-required');
    const input: AlertInput = { mode, kind, ...rest };
    const permit = await permitFor(deps, request, 'alert.draft', input.areaCodes);
    return forecastAlert(deps, await contentOf(deps, input, permit), permit.officer, []);
  });
}

function draftRoutes(app: App, deps: Deps): void {
  app.post('/api/v1/alerts', { config: { access: 'alert.draft' }, schema: { summary: 'Draft an alert; mode and kind are required', tags, body: alertBody } }, async (request, reply) => {
    const permit = await permitFor(deps, request, 'alert.draft', request.body.areaCodes);
    const id = await draftAlert(deps, request.body, permit, actOf(request));
    reply.code(201).header('location', `/api/v1/alerts/${id}`);
    return answer(deps, request, reply, id);
  });

  app.patch('/api/v1/alerts/:id', { config: { access: 'alert.draft' }, schema: { summary: 'Replace a draft in full; voids its approvals', tags, params: byId, body: alertBody } }, async (request, reply) => {
    const alert = await seenAlert(deps, request, request.params.id);
    const permit = await permitFor(deps, request, 'alert.draft', request.body.areaCodes, codesOf(alert));
    await editAlert(deps, alert, request.body, permit, actOf(request));
    return answer(deps, request, reply, alert.head.id);
  });

  app.post('/api/v1/alerts/:id/discard', { config: { access: 'alert.draft' }, schema: { summary: 'Throw a draft away', tags, params: byId } }, async (request, reply) => {
    const alert = await seenAlert(deps, request, request.params.id);
    await discardAlert(deps, alert, authorize(officerOf(request), 'alert.draft', codesOf(alert)), actOf(request));
    return answer(deps, request, reply, alert.head.id);
  });
}

function decideRoutes(app: App, deps: Deps): void {
  app.post('/api/v1/alerts/:id/approve', { config: { access: 'alert.approve' }, schema: { summary: 'Agree, or write down who agreed on the telephone', tags, params: byId, body: approveBody } }, async (request, reply) => {
    const alert = await seenAlert(deps, request, request.params.id);
    await approveAlert(deps, alert, request.body, authorize(officerOf(request), 'alert.approve', codesOf(alert)), actOf(request));
    return answer(deps, request, reply, alert.head.id);
  });

  app.post('/api/v1/alerts/:id/countersign', { config: { access: 'alert.approve' }, schema: { summary: 'Sign for a call-back that was written down', tags, params: byId } }, async (request, reply) => {
    const alert = await loadAlert(deps.db, request.params.id);
    await countersignAlert(deps, alert, authorize(officerOf(request), 'alert.approve', codesOf(alert)), actOf(request));
    return answer(deps, request, reply, alert.head.id);
  });

  app.post('/api/v1/alerts/:id/raise', { config: { access: 'alert.raise' }, schema: { summary: 'Raise the draft, or the update that waits', tags, params: byId } }, async (request, reply) => {
    const alert = await seenAlert(deps, request, request.params.id);
    await raiseAlert(deps, alert, authorize(officerOf(request), 'alert.raise', codesOf(alert)), actOf(request));
    return answer(deps, request, reply, alert.head.id);
  });

  app.post('/api/v1/alerts/:id/update', { config: { access: 'alert.raise' }, schema: { summary: 'The full next revision; raised at once when one officer suffices, otherwise it waits', tags, params: byId, body: alertBody } }, async (request, reply) => {
    const alert = await seenAlert(deps, request, request.params.id);
    const permit = await permitFor(deps, request, 'alert.raise', request.body.areaCodes, codesOf(alert));
    const decision = await updateAlert(deps, alert, request.body, permit, actOf(request));
    reply.code(decision.mayRaise ? 200 : 202);
    return answer(deps, request, reply, alert.head.id);
  });
}

function overRoutes(app: App, deps: Deps): void {
  app.post('/api/v1/alerts/:id/extend', { config: { access: 'alert.raise' }, schema: { summary: 'The same words and area until a later end', tags, params: byId, body: extendBody } }, async (request, reply) => {
    const alert = await seenAlert(deps, request, request.params.id);
    await extendAlert(deps, alert, request.body.endTime, authorize(officerOf(request), 'alert.raise', soundingCodes(alert)), actOf(request));
    return answer(deps, request, reply, alert.head.id);
  });

  app.post('/api/v1/alerts/:id/quieten', { config: { access: 'alert.quieten' }, schema: { summary: 'The sound stops; alert and counting go on', tags, params: byId } }, async (request, reply) => {
    const alert = await seenAlert(deps, request, request.params.id);
    await quietenAlert(deps, alert, authorize(officerOf(request), 'alert.quieten', soundingCodes(alert)), actOf(request));
    return answer(deps, request, reply, alert.head.id);
  });

  app.post('/api/v1/alerts/:id/end', { config: { access: 'alert.end' }, schema: { summary: 'All-clear: who checked the slope is required', tags, params: byId, body: endBody } }, async (request, reply) => {
    const alert = await seenAlert(deps, request, request.params.id);
    await endAlert(deps, alert, request.body, authorize(officerOf(request), 'alert.end', soundingCodes(alert)), actOf(request));
    return answer(deps, request, reply, alert.head.id);
  });

  app.post('/api/v1/alerts/:id/cancel', { config: { access: 'alert.cancel' }, schema: { summary: 'Issued in error: one officer takes it back', tags, params: byId, body: cancelBody } }, async (request, reply) => {
    const alert = await seenAlert(deps, request, request.params.id);
    await cancelAlert(deps, alert, request.body.reason, authorize(officerOf(request), 'alert.cancel', soundingCodes(alert)), actOf(request));
    return answer(deps, request, reply, alert.head.id);
  });
}

function policyRoutes(app: App, deps: Deps): void {
  const { county } = deps.config;
  app.get('/api/v1/policy', { config: { access: 'alert.read' }, schema: { summary: 'Who may raise what, with how many people', tags } }, async (_request, reply) => {
    const { policy, version } = await findPolicy(deps.db, county);
    reply.header('etag', `"${version}"`);
    return { ...policy, version };
  });

  app.put('/api/v1/policy', { config: { access: 'officer.manage' }, schema: { summary: 'Change the policy', tags, body: policySchema } }, async (request, reply) => {
    const version = await changePolicy(deps, request.body, seenVersion(request), authorize(officerOf(request), 'officer.manage', [county]), actOf(request));
    reply.header('etag', `"${version}"`);
    return { ...request.body, version };
  });
}
