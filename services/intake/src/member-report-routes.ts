// Chapter 1, report: a member reports a hazard from his phone page, proven by his personal link; kept without a line, it arrives once.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LIMITS } from '@laba/domain/limits';
import { HAZARDS, REPORT_STATES, type Hazard } from '@laba/domain/report';
import type { App } from '@laba/runtime/http';
import { openPersonalLink } from '@laba/runtime/personal-link';
import type { Deps } from '@laba/runtime/service';
import { receiveReport } from './receive-report.ts';
import { findCaller } from './report-store.ts';

const body = z.object({ hazard: z.enum(Object.keys(HAZARDS) as [Hazard, ...Hazard[]]), text: z.string().max(LIMITS.reportTextChars) });
const received = z.object({ id: z.string(), number: z.string(), state: z.enum(REPORT_STATES) });

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
          ? undefined
          : `m-${createHash('sha256')
              .update(`${call}\0${String(key)}`)
              .digest('hex')
              .slice(0, 32)}`;
      const { number, ...report } = await receiveReport(
        deps,
        { id, gridCode, ...request.body, source: 'member' },
        { who: `member:${memberId}`, via: 'http', once: request.once ?? [] },
      );
      return reply.code(201).send({ id: report.id, number, state: report.state });
    },
  );
}
