// HTTP: an officer keeps somebody who joined on the spot.
import { z } from 'zod';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { keepMember } from './take-in.ts';

export function keptRoutes(deps: Deps, app: App): void {
  app.post(
    '/api/v1/members/:id/keep',
    {
      config: { access: 'member.admit' },
      schema: {
        summary: 'Who joined on the spot stays a member when the alert is over',
        tags: ['joining'],
        params: z.object({ id: z.string().min(1).max(64) }),
        response: { 200: z.object({ memberId: z.string(), gridCode: z.string() }) },
      },
    },
    async (request) => {
      const allow = (code: string) => void authorize(officerOf(request), 'member.admit', [code]);
      const { id, gridCode } = await keepMember(deps, request.params.id, allow, actOf(request));
      return { memberId: id, gridCode };
    },
  );
}
