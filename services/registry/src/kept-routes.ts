// HTTP: an officer keeps somebody who joined on the spot, or lets him go.
import { z } from 'zod';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { keepMember, letGo } from './take-in.ts';

const WAYS = {
  keep: { decide: keepMember, summary: 'Who joined on the spot stays a member when the alert is over' },
  'let-go': { decide: letGo, summary: 'Who joined on the spot is no member any more, and what he gave is erased; when the alert is over' },
};

export function keptRoutes(deps: Deps, app: App): void {
  for (const [way, { decide, summary }] of Object.entries(WAYS))
    app.post(
      `/api/v1/members/:id/${way}`,
      {
        config: { access: 'member.admit' },
        schema: {
          summary,
          tags: ['joining'],
          params: z.object({ id: z.string().min(1).max(64) }),
          response: { 200: z.object({ memberId: z.string(), gridCode: z.string() }) },
        },
      },
      async (request) => {
        const allow = (code: string) => void authorize(officerOf(request), 'member.admit', [code]);
        const { id, gridCode } = await decide(deps, request.params.id, allow, actOf(request));
        return { memberId: id, gridCode };
      },
    );
}
