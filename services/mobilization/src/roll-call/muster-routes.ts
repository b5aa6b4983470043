// Chapter 5, roll-call: where people were taken to, how many, and where there are more than there is room for.
import { z } from 'zod';
import type { MusterPointView } from '@laba/domain/board-view';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { countMusterPoints } from './muster-store.ts';
import { partOf } from './rollcall-part.ts';
import { params, querystring, tags } from './rollcall-view.ts';

const n = z.number();
const point = z.object({
  id: z.string(),
  gridCode: z.string(),
  name: z.string(),
  capacity: n,
  /** A shelter of this alert. */
  isShelter: z.boolean(),
  /** Of the whole list, also from elsewhere. */
  persons: n,
  isOverfull: z.boolean(),
});

export function musterRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/alerts/:id/rollcall/muster-points',
    {
      config: { access: 'rollcall.read' },
      schema: {
        tags,
        summary: 'The muster points and shelters of my part, with how many people are there',
        params,
        querystring: querystring.pick({ group: true }),
        response: { 200: z.object({ points: z.array(point) }) },
      },
    },
    async (request): Promise<{ points: MusterPointView[] }> => {
      const { part } = await partOf(deps, officerOf(request), request.params.id, request.query.group);
      const points = await countMusterPoints(deps.db, part.alertId, part.codes);
      return { points: points.map((one) => ({ ...one, isOverfull: one.persons > one.capacity })) };
    },
  );
}
