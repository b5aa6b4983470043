// Chapter 1, report: a member reports a hazard from his phone page, proven by his personal link; kept without a line, it arrives once.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LIMITS } from '@laba/domain/limits';
import { HAZARDS, REPORT_STATES, type Hazard } from '@laba/domain/report';
import { cleanPhoto, type CleanPhoto } from '@laba/photos/clean-photo';
import { storePhoto } from '@laba/photos/photo-store';
import type { App } from '@laba/runtime/http';
import { openPersonalLink } from '@laba/runtime/personal-link';
import type { Deps } from '@laba/runtime/service';
import { receiveReport } from './receive-report.ts';
import { findCaller } from './report-store.ts';

const JPEG = 'data:image/jpeg;base64,';
const body = z.object({
  hazard: z.enum(Object.keys(HAZARDS) as [Hazard, ...Hazard[]]),
  text: z.string().max(LIMITS.reportTextChars),
  /** A JPEG as a data address, made smaller on the phone. */
  photo: z.string().max(LIMITS.photoTextChars).startsWith(JPEG).optional(),
});
const received = z.object({ id: z.string(), number: z.string(), state: z.enum(REPORT_STATES), hasPhoto: z.boolean() });

export function memberReportRoutes(app: App, deps: Deps): void {
  const perLink = { max: LIMITS.publicReportsPerMinute, timeWindow: 60_000, keyGenerator: (request: { url: string }) => request.url };
  app.post(
    '/m/:token/reports',
    {
      config: { access: 'link', rateLimit: perLink },
      schema: {
        tags: ['report'],
        summary: 'A member reports a hazard where he was called. Send it with an Idempotency-Key: it arrives once, from whatever address',
        params: z.object({ token: z.string().min(20).max(120) }),
        body,
        response: { 201: received },
      },
    },
    async (request, reply) => {
      const { call, memberId, gridCode } = await openPersonalLink(deps, 'call', request.params.token, (id) => findCaller(deps.db, id));
      const key = request.headers['idempotency-key'];
      const id =
        key === undefined
          ? deps.ids()
          : `m-${createHash('sha256')
              .update(`${call}\0${String(key)}`)
              .digest('hex')
              .slice(0, 32)}`;
      const { photo, ...said } = request.body;
      const picture = photo === undefined ? undefined : await drawn(deps, photo);
      const who = `member:${memberId}`;
      const kept = picture && storePhoto({ id, subject: 'report', subjectId: id, gridCode, addedBy: who, addedAtMs: deps.clock.now() }, picture);
      const act = { who, via: 'http', once: [...(request.once ?? []), ...(kept ?? [])] } as const;
      const { number, state } = await receiveReport(deps, { id, gridCode, ...said, source: 'member' }, act);
      return reply.code(201).send({ id, number, state, hasPhoto: kept !== undefined });
    },
  );
}

// The words go before the picture: one that cannot be drawn, or not now, takes no report with it.
async function drawn({ log }: Deps, photo: string): Promise<CleanPhoto | undefined> {
  return cleanPhoto(Buffer.from(photo.slice(JPEG.length), 'base64')).catch((error: unknown) => {
    log.warn({ why: String(error) }, 'a report came without its photo');
    return undefined;
  });
}
