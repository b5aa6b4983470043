// Chapter 5, member: an officer revokes a member's personal links.
import { z } from 'zod';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { revokeLink } from './revoke-link.ts';

const id = z.string().min(1).max(64);

export function linkRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/members/:memberId/revoke-link',
    {
      config: { access: 'member.revoke-link' },
      schema: {
        tags: ['members'],
        summary: 'Revokes every personal link that a member has for this alert; the next message to him carries a new one',
        params: z.object({ id, memberId: id }),
        response: { 200: z.object({ memberId: z.string(), version: z.number() }) },
      },
    },
    async (request) => {
      const { id: alertId, memberId } = request.params;
      return { memberId, version: await revokeLink(deps, { alertId, memberId }, officerOf(request), actOf(request)) };
    },
  );
}
