// HTTP: import of the county's lists as raw CSV.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { IMPORT_KINDS, importCsv, type ImportKind } from './import-csv.ts';

const problem = z.object({ row: z.number(), column: z.string(), message: z.string(), messageZh: z.string() });
const kinds = z.enum(IMPORT_KINDS as [ImportKind, ...ImportKind[]]);
const change = z.object({
  is: z.enum(['new', 'changed', 'removed']),
  row: z.number().nullable(),
  id: z.string(),
  cells: z.array(z.object({ column: z.string(), was: z.string(), becomes: z.string() })),
});
const result = z.object({
  kind: kinds,
  dryRun: z.boolean(),
  rows: z.number(),
  inserted: z.number(),
  updated: z.number(),
  fresh: z.number(),
  changed: z.number(),
  unchanged: z.number(),
  refused: z.number(),
  removed: z.number(),
  changes: z.array(change),
  seen: z.string(),
  ignoredColumns: z.array(z.string()),
  errorCount: z.number(),
  errors: z.array(problem),
});

/** A body of tens of megabytes: what compares requests sees its hash, not its bytes. */
class CsvUpload {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  toJSON(): string {
    return createHash('sha256').update(this.bytes).digest('hex');
  }
}

/** In a room of their own: nobody else's body is taken as CSV. */
export function importRoutes(deps: Deps, app: App): void {
  void app.register(async (room) => importRoute(deps, room as unknown as App));
}

function importRoute(deps: Deps, app: App): void {
  app.addContentTypeParser('text/csv', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, new CsvUpload(body as Buffer)));

  // Not `:kind`: that word, when it is wrong, is an alert's.
  app.post(
    '/api/v1/imports/:list',
    {
      config: { access: 'people.import', early: true },
      bodyLimit: LIMITS.importBytes,
      schema: {
        summary:
          'Import a CSV file (UTF-8, GBK or UTF-16): all rows or none; dryRun=true only checks, and tells what would change; `seen`, as told then, writes just that or nothing',
        tags: ['import'],
        consumes: ['text/csv'],
        params: z.object({ list: kinds }),
        querystring: z.object({
          dryRun: z.enum(['true', 'false']).default('false'),
          county: z
            .string()
            .regex(/^\d{6}$/)
            .optional(),
          seen: z.string().max(64).optional(),
        }),
        response: { 200: result },
      },
    },
    async (request, reply) => {
      const { list: kind } = request.params;
      const { dryRun, county, seen } = request.query;
      const body: unknown = request.body;
      if (!(body instanceof CsvUpload)) throw new LabaError('bad-input', 'Send the file itself with Content-Type: text/csv.');
      const permit = authorize(officerOf(request), 'people.import', [county ?? deps.config.county]);
      // What a check tells of people is shown once and kept nowhere.
      if (dryRun === 'true') request.once = [];
      reply.header('cache-control', 'no-store');
      return importCsv(deps, { kind, bytes: body.bytes, dryRun: dryRun === 'true', county, permit, seen }, actOf(request));
    },
  );
}
