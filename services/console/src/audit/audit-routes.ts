// HTTP: the audit, for who manages accounts, over what happened in his own scope.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AUDIT_KIND_NAMES, type AuditView } from '@laba/domain/audit-view';
import { LIMITS } from '@laba/domain/limits';
import { authorize } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { auditCsv } from './audit-csv.ts';
import { readAudit, type AuditQuestion } from './read-audit.ts';

const config = { access: 'officer.manage' } as const;
const tags = ['audit'];
const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const DAY_MS = 86_400_000;
const beginOf = (day: string) => Date.parse(`${day}T00:00:00Z`);
/** Milliseconds, or a day of the county's calendar. */
const moment = z
  .string()
  .regex(/^(\d{1,15}|\d{4}-\d{2}-\d{2})$/)
  .refine((text) => !text.includes('-') || !Number.isNaN(beginOf(text)), 'There is no such day.');
const search = z.object({
  officer: z.string().min(1).max(64).optional(),
  // Not `kind`: that word, when it is wrong, is an alert's.
  about: z.enum(AUDIT_KIND_NAMES).optional(),
  area: z
    .string()
    .regex(/^\d{4,14}$/)
    .optional(),
  from: moment.optional(),
  until: moment.optional(),
  words: z.string().max(LIMITS.nameChars).default(''),
  everybody: z.stringbool().default(false),
});
const page = search.extend({ before: seq.optional(), limit: z.coerce.number().int().min(1).max(LIMITS.rowsPerPage).default(LIMITS.rowsPerPage) });
const table = search.extend({ lang: z.enum(['zh', 'en']).default('zh') });

/** A day's begin; of the last day its end, for it is meant whole. */
function msOf(text: string | undefined, utcOffsetMinutes: number, isLast: boolean): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  return beginOf(text) - utcOffsetMinutes * 60_000 + (isLast ? DAY_MS : 0);
}

/** @throws `out-of-scope` when the place asked for lies elsewhere */
function questionOf(request: FastifyRequest, asked: z.infer<typeof search>, utcOffsetMinutes: number): AuditQuestion {
  const { officer, about, area, from, until, words, everybody } = asked;
  const me = officerOf(request);
  const { codes } = authorize(me, 'officer.manage', area === undefined ? me.scopes : [area]);
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const [fromMs, untilMs] = [msOf(from, utcOffsetMinutes, false), msOf(until, utcOffsetMinutes, true)];
  return { areas: codes, officerId: officer, kind: about, fromMs, untilMs, everybody, words: wanted };
}

export function auditRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/audit',
    {
      config,
      schema: {
        tags,
        summary:
          'Who did what, when, the newest first: by officer, kind (`about`), place (`area`), time (`from`, `until`: ms or days of the county, whole) and words; `everybody` also what the house and devices did',
        querystring: page,
      },
    },
    async (request, reply): Promise<AuditView> => {
      const { before, limit } = request.query;
      reply.header('cache-control', 'no-store');
      return readAudit(deps, officerOf(request), questionOf(request, request.query, deps.config.utcOffsetMinutes), { before, limit });
    },
  );
  app.get(
    '/api/v1/audit.csv',
    {
      config,
      schema: {
        tags,
        summary: 'The same as a table for a spreadsheet, in which nothing becomes a formula; a last row says when it is cut',
        querystring: table,
      },
    },
    async (request, reply) => {
      const question = questionOf(request, request.query, deps.config.utcOffsetMinutes);
      const { events, next } = await readAudit(deps, officerOf(request), question, { before: undefined, limit: LIMITS.auditLookedThrough });
      reply
        .type('text/csv; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(request.query.lang === 'zh' ? '操作记录.csv' : 'audit.csv')}`);
      return reply.send(auditCsv(events, request.query.lang, next !== null));
    },
  );
}
