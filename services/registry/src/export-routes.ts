// HTTP: which lists there are and what their columns mean, an empty form of each, and what is kept of it.
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { LISTS, type ImportListsView } from '@laba/domain/import-view';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { exportList } from './export-list.ts';
import { IMPORT_KINDS, type ImportKind } from './import-csv.ts';
import { columnWords, formCsv } from './import-words.ts';

const config = { access: 'people.import' } as const;
const tags = ['import'];
const params = z.object({ list: z.enum(IMPORT_KINDS as [ImportKind, ...ImportKind[]]) });
const lang = z.enum(['zh', 'en']).default('zh');
const column = z.object({ name: z.string(), isOptional: z.boolean(), zh: z.string(), en: z.string() });
const lists = z.object({ lists: z.array(z.object({ kind: z.enum(IMPORT_KINDS as [ImportKind, ...ImportKind[]]), columns: z.array(column) })) });

function sendFile(reply: FastifyReply, name: string, csv: string): FastifyReply {
  const disposition = `attachment; filename*=UTF-8''${encodeURIComponent(`${name}.csv`)}`;
  return reply.type('text/csv; charset=utf-8').header('cache-control', 'no-store').header('content-disposition', disposition).send(csv);
}

export function exportRoutes(deps: Deps, app: App): void {
  app.get(
    '/api/v1/imports',
    { config, schema: { tags, summary: 'The lists that can be imported, with what each column means', response: { 200: lists } } },
    async (): Promise<ImportListsView> => ({ lists: IMPORT_KINDS.map((kind) => ({ kind, columns: columnWords(kind) })) }),
  );
  app.get(
    '/api/v1/imports/:list/form',
    {
      config,
      schema: { tags, summary: 'An empty CSV file of the list: its header, and under it what each column means', params, querystring: z.object({ lang }) },
    },
    async (request, reply) => {
      const { list } = request.params;
      return sendFile(reply, `laba-${list}-${LISTS[list][request.query.lang]}`, formCsv(list, request.query.lang));
    },
  );
  app.get(
    '/api/v1/exports/:list',
    {
      config,
      schema: { tags, summary: 'What is kept of the list in the officer’s scope, as CSV that can be imported again; who took it is in the timeline', params },
    },
    async (request, reply) => {
      const officer = officerOf(request);
      const { list } = request.params;
      const csv = await exportList(deps, list, authorize(officer, 'people.import', officer.scopes), actOf(request));
      return sendFile(reply, `laba-${list}`, csv);
    },
  );
}
