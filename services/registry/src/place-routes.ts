// HTTP: tonight's number of a place.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LIMITS } from '@laba/domain/limits';
import { isHeadCountOld } from '@laba/domain/place';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { tellHeadCount } from './tell-head-count.ts';

const answer = z.object({ placeId: z.string(), gridCode: z.string(), headCount: z.number(), headCountAt: z.string().nullable(), isOld: z.boolean() });

export function placeRoutes(deps: Deps, app: App): void {
  app.post(
    '/api/v1/places/:id/head-count',
    {
      config: { access: 'rollcall.mark' },
      schema: {
        summary: 'How many people are at a place tonight; a roll-call that is going on expects so many',
        tags: ['grid'],
        params: z.object({ id: z.string().min(1).max(64) }),
        body: z.object({ headCount: z.number().int().min(0).max(LIMITS.headCount) }),
        response: { 200: answer },
      },
    },
    async (request) => {
      const allow = (codes: readonly string[]) => authorize(officerOf(request), 'rollcall.mark', codes);
      const { id: placeId, gridCode, headCount, headCountAtMs } = await tellHeadCount(deps, request.params.id, request.body.headCount, allow, actOf(request));
      const headCountAt = headCountAtMs === null ? null : capTime(headCountAtMs, deps.config.utcOffsetMinutes);
      return { placeId, gridCode, headCount, headCountAt, isOld: isHeadCountOld(headCountAtMs, deps.clock.now()) };
    },
  );
}
