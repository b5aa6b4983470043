// Chapter 2, alert: the officers' routes. Each asks who may do it where before the use case decides what.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { policySchema, type PolicyView } from '@laba/domain/policy';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { alertBody, byId, forecastBody, listQuery, type AlertInput } from './alert-body.ts';
import { answer, assertMayRead, codesOf, permitFor, seenAlert, seenVersion } from './alert-request.ts';
import { listAlerts, loadAlert, waitingRevision } from './alert-store.ts';
import { listedView, timeAt } from './alert-view.ts';
import { changePolicy } from './change-policy.ts';
import { lastChangeOfPolicy } from './policy-store.ts';
import { decideRoutes, overRoutes } from './decide-routes.ts';
import { contentOf, discardAlert, draftAlert, editAlert } from './draft-alert.ts';
import { forecastAlert } from './forecast-alert.ts';
import { listTemplates } from './grid-store.ts';
import { findPolicy } from '@laba/storage/policy';
import { approversOf } from './raise-alert.ts';

const tags = ['alert'];

export function alertRoutes(app: App, deps: Deps): void {
  readRoutes(app, deps);
  draftRoutes(app, deps);
  decideRoutes(app, deps);
  overRoutes(app, deps);
  policyRoutes(app, deps);
}

function readRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/alerts',
    { config: { access: 'alert.read' }, schema: { summary: "Alerts that touch the officer's scope, newest first", tags, querystring: listQuery } },
    async (request) => {
      const rows = await listAlerts(deps.db, officerOf(request).scopes, request.query.state, request.query.after);
      const time = timeAt(deps.config.utcOffsetMinutes);
      return { alerts: rows.map((row) => listedView(row, time)), next: rows.length === LIMITS.rowsPerPage ? rows.at(-1)!.head.id : null };
    },
  );

  app.get(
    '/api/v1/alerts/:id',
    { config: { access: 'alert.read' }, schema: { summary: 'One alert with its revisions, approvals, and what is missing to raise it', tags, params: byId } },
    async (request, reply) => {
      assertMayRead(officerOf(request), await loadAlert(deps.db, request.params.id));
      return answer(deps, request, reply, request.params.id);
    },
  );

  app.get('/api/v1/templates', { config: { access: 'alert.read' }, schema: { summary: 'Prepared words', tags } }, async () => ({
    templates: await listTemplates(deps.db),
  }));

  app.post(
    '/api/v1/alerts/forecast',
    { config: { access: 'alert.draft' }, schema: { summary: 'Who would be reached; sends nothing, writes nothing', tags, body: forecastBody } },
    async (request) => {
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
    },
  );
}

function draftRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts',
    { config: { access: 'alert.draft' }, schema: { summary: 'Draft an alert; mode and kind are required', tags, body: alertBody } },
    async (request, reply) => {
      const permit = await permitFor(deps, request, 'alert.draft', request.body.areaCodes);
      const id = await draftAlert(deps, request.body, permit, actOf(request));
      reply.code(201).header('location', `/api/v1/alerts/${id}`);
      return answer(deps, request, reply, id);
    },
  );

  app.patch(
    '/api/v1/alerts/:id',
    { config: { access: 'alert.draft' }, schema: { summary: 'Replace a draft in full; voids its approvals', tags, params: byId, body: alertBody } },
    async (request, reply) => {
      const alert = await seenAlert(deps, request, request.params.id);
      const permit = await permitFor(deps, request, 'alert.draft', request.body.areaCodes, codesOf(alert));
      await editAlert(deps, alert, request.body, permit, actOf(request));
      return answer(deps, request, reply, alert.head.id);
    },
  );

  app.post(
    '/api/v1/alerts/:id/discard',
    { config: { access: 'alert.draft' }, schema: { summary: 'Throw a draft away', tags, params: byId } },
    async (request, reply) => {
      const alert = await seenAlert(deps, request, request.params.id);
      await discardAlert(deps, alert, authorize(officerOf(request), 'alert.draft', codesOf(alert)), actOf(request));
      return answer(deps, request, reply, alert.head.id);
    },
  );
}

function policyRoutes(app: App, deps: Deps): void {
  const { county } = deps.config;
  app.get(
    '/api/v1/policy',
    {
      config: { access: 'alert.read' },
      schema: { summary: 'Who may raise what, with how many people, and every clock of the county; who changed it last, and when', tags },
    },
    async (_request, reply): Promise<PolicyView> => {
      const { policy, version } = await findPolicy(deps.db, county);
      reply.header('etag', `"${version}"`);
      return { ...policy, version, ...(await lastChangeOfPolicy(deps)) };
    },
  );

  app.put(
    '/api/v1/policy',
    { config: { access: 'officer.manage' }, schema: { summary: 'Change the policy; If-Match: the version that was seen', tags, body: policySchema } },
    async (request, reply) => {
      const version = await changePolicy(deps, request.body, seenVersion(request), authorize(officerOf(request), 'officer.manage', [county]), actOf(request));
      reply.header('etag', `"${version}"`);
      return { ...request.body, version, ...(await lastChangeOfPolicy(deps)) } satisfies PolicyView;
    },
  );
}
