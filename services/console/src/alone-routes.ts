// Chapter 6, look back: the routes for what happened where nobody at the centre could hear it.
import { z } from 'zod';
import type { AlonePlacesView, AloneView } from '@laba/domain/alone-view';
import { tierOf } from '@laba/domain/grid';
import { LabaError } from '@laba/domain/errors';
import { authorize } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { listAlone, readAlone } from './read-alone.ts';
import { watchAlert } from './read-coverage.ts';

const tags = ['watch'];
const LOOK_BACK_MS = 30 * 86_400_000;

export function aloneRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/alone',
    {
      config: { access: 'alert.read' },
      schema: {
        tags,
        summary: 'Places that were alone, and when: in the last thirty days, or since an alert was raised and inside it',
        querystring: z.object({ alertId: z.string().max(64).optional() }),
      },
    },
    async (request): Promise<AlonePlacesView> => {
      const officer = officerOf(request);
      const asOfMs = deps.clock.now();
      const { alertId } = request.query;
      if (alertId === undefined) {
        const { codes } = authorize(officer, 'alert.read', officer.scopes);
        return { asOfMs, alone: await listAlone(deps, codes, asOfMs - LOOK_BACK_MS) };
      }
      const { alert, permit } = await watchAlert(deps, officer, alertId);
      const spells = await listAlone(deps, permit.codes, asOfMs - LOOK_BACK_MS);
      const since = alert.raisedAtMs ?? asOfMs;
      const alone = spells.filter(({ fromMs, backMs }) => (backMs === null || backMs >= since) && fromMs <= (alert.overAtMs ?? asOfMs));
      return { asOfMs, alone };
    },
  );

  app.get(
    '/api/v1/alone/:code',
    {
      config: { access: 'alert.read' },
      schema: {
        tags,
        summary: 'What happened at one place while it was alone, in order; `from`: one of its times alone, the latest when it is not given',
        params: z.object({ code: z.string().max(14) }),
        querystring: z.object({ from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional() }),
      },
    },
    async (request): Promise<AloneView> => {
      const { code } = request.params;
      if (tierOf(code) === undefined) throw new LabaError('unknown-code', `${code} is not a grid code.`, { gridCode: code });
      return readAlone(deps, code, request.query.from, authorize(officerOf(request), 'alert.read', [code]));
    },
  );
}
