// Chapter 2, alert: the routes that decide: approve, raise, update; extend, quieten, end, cancel.
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { alertBody, approveBody, byId, cancelBody, endBody, extendBody } from './alert-body.ts';
import { answer, codesOf, heardCodes, permitFor, seenAlert, soundingCodes } from './alert-request.ts';
import { loadAlert } from './alert-store.ts';
import { approveAlert, countersignAlert } from './approve-alert.ts';
import { cancelAlert, endAlert, quietenAlert } from './end-alert.ts';
import { raiseAlert } from './raise-alert.ts';
import { extendAlert, updateAlert } from './update-alert.ts';

const tags = ['alert'];

export function decideRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/approve',
    { config: { access: 'alert.approve' }, schema: { summary: 'Agree, or write down who agreed on the telephone', tags, params: byId, body: approveBody } },
    async (request, reply) => {
      const alert = await seenAlert(deps, request, request.params.id);
      await approveAlert(deps, alert, request.body, authorize(officerOf(request), 'alert.approve', codesOf(alert)), actOf(request));
      return answer(deps, request, reply, alert.head.id);
    },
  );

  app.post(
    '/api/v1/alerts/:id/countersign',
    { config: { access: 'alert.approve' }, schema: { summary: 'Sign for a call-back that was written down', tags, params: byId } },
    async (request, reply) => {
      const alert = await loadAlert(deps.db, request.params.id);
      await countersignAlert(deps, alert, authorize(officerOf(request), 'alert.approve', codesOf(alert)), actOf(request));
      return answer(deps, request, reply, alert.head.id);
    },
  );

  app.post(
    '/api/v1/alerts/:id/raise',
    { config: { access: 'alert.raise' }, schema: { summary: 'Raise the draft, or the update that waits', tags, params: byId } },
    async (request, reply) => {
      const alert = await seenAlert(deps, request, request.params.id);
      await raiseAlert(deps, alert, authorize(officerOf(request), 'alert.raise', codesOf(alert)), actOf(request));
      return answer(deps, request, reply, alert.head.id);
    },
  );

  app.post(
    '/api/v1/alerts/:id/update',
    {
      config: { access: 'alert.raise' },
      schema: { summary: 'The full next revision; raised at once when one officer suffices, otherwise it waits', tags, params: byId, body: alertBody },
    },
    async (request, reply) => {
      const alert = await seenAlert(deps, request, request.params.id);
      const permit = await permitFor(deps, request, 'alert.raise', request.body.areaCodes, codesOf(alert));
      const decision = await updateAlert(deps, alert, request.body, permit, actOf(request));
      reply.code(decision.mayRaise ? 200 : 202);
      return answer(deps, request, reply, alert.head.id);
    },
  );
}

export function overRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/extend',
    { config: { access: 'alert.raise' }, schema: { summary: 'The same words and area until a later end', tags, params: byId, body: extendBody } },
    async (request, reply) => {
      const alert = await seenAlert(deps, request, request.params.id);
      await extendAlert(deps, alert, request.body.endTime, authorize(officerOf(request), 'alert.raise', soundingCodes(alert)), actOf(request));
      return answer(deps, request, reply, alert.head.id);
    },
  );

  app.post(
    '/api/v1/alerts/:id/quieten',
    { config: { access: 'alert.quieten' }, schema: { summary: 'The sound stops; alert and counting go on', tags, params: byId } },
    async (request, reply) => {
      const alert = await seenAlert(deps, request, request.params.id);
      await quietenAlert(deps, alert, authorize(officerOf(request), 'alert.quieten', soundingCodes(alert)), actOf(request));
      return answer(deps, request, reply, alert.head.id);
    },
  );

  app.post(
    '/api/v1/alerts/:id/end',
    { config: { access: 'alert.end' }, schema: { summary: 'All-clear: who checked the slope is required', tags, params: byId, body: endBody } },
    async (request, reply) => {
      const alert = await seenAlert(deps, request, request.params.id);
      await endAlert(deps, alert, request.body, authorize(officerOf(request), 'alert.end', heardCodes(alert)), actOf(request));
      return answer(deps, request, reply, alert.head.id);
    },
  );

  app.post(
    '/api/v1/alerts/:id/cancel',
    { config: { access: 'alert.cancel' }, schema: { summary: 'Issued in error: one officer takes it back', tags, params: byId, body: cancelBody } },
    async (request, reply) => {
      const alert = await seenAlert(deps, request, request.params.id);
      await cancelAlert(deps, alert, request.body.reason, authorize(officerOf(request), 'alert.cancel', heardCodes(alert)), actOf(request));
      return answer(deps, request, reply, alert.head.id);
    },
  );
}
