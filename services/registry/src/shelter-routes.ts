// HTTP: an officer opens a shelter for the time of an alert.
import { z } from 'zod';
import { LIMITS } from '@laba/domain/limits';
import { cleanText } from '@laba/domain/text';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { openShelter } from './open-shelter.ts';

const opened = z.object({
  id: z.string(),
  gridCode: z.string(),
  alertId: z.string(),
  villageCode: z.string(),
  name: z.string(),
  capacity: z.number(),
});
const shelter = z.object({
  villageCode: z.string().max(14),
  name: z.string().max(LIMITS.nameChars).transform(cleanText).pipe(z.string().min(1)),
  capacity: z.number().int().min(1).max(LIMITS.headCount),
});

export function shelterRoutes(deps: Deps, app: App): void {
  app.post(
    '/api/v1/alerts/:id/shelters',
    {
      config: { access: 'rollcall.mark' },
      schema: {
        summary: 'A temporary grid node with a muster point, until the alert is over',
        tags: ['grid'],
        params: z.object({ id: z.string().min(1).max(64) }),
        body: shelter,
        response: { 201: opened },
      },
    },
    async (request, reply) => {
      const permit = authorize(officerOf(request), 'rollcall.mark', [request.body.villageCode]);
      return reply.code(201).send(await openShelter(deps, { alertId: request.params.id, ...request.body }, permit, actOf(request)));
    },
  );
}
