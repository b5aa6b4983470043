// HTTP: the standing ladders, each officer his own part.
import { z } from 'zod';
import { withoutCovered } from '@laba/domain/grid';
import { DUTIES, type Duty } from '@laba/domain/ladder';
import { authorize } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { gridCode } from './grid-routes.ts';
import { listRungs } from './ladder-store.ts';

const rung = z.object({
  position: z.number(),
  memberId: z.string(),
  duty: z.enum(Object.keys(DUTIES) as [Duty, ...Duty[]]),
  /** Null: no longer on the lists. */
  name: z.string().nullable(),
  available: z.boolean(),
  hasPhone: z.boolean(),
});
const ladder = z.object({ gridCode: z.string(), gridName: z.string(), rungs: z.array(rung) });

export function ladderRoutes(deps: Deps, app: App): void {
  app.get(
    '/api/v1/ladders',
    {
      config: { access: 'ladder.read' },
      schema: {
        summary: 'Who must answer for each grid node within my scope, in the order in which they are asked',
        tags: ['ladders'],
        querystring: z.object({ under: gridCode.optional() }),
        response: { 200: z.object({ ladders: z.array(ladder) }) },
      },
    },
    async (request) => {
      const officer = officerOf(request);
      const { under } = request.query;
      const { codes } = authorize(officer, 'ladder.read', under === undefined ? withoutCovered(officer.scopes) : [under]);
      const nodes = Map.groupBy(await listRungs(deps.db, codes), (row) => row.gridCode);
      return {
        ladders: [...nodes].map(([code, rows]) => ({
          gridCode: code,
          gridName: rows[0]?.gridName ?? code,
          rungs: rows.map(({ position, memberId, duty, name, available, phoneCipher }) => ({
            position,
            memberId,
            duty,
            name,
            available: available ?? false,
            hasPhone: phoneCipher !== null,
          })),
        })),
      };
    },
  );
}
