// Chapter 6: the officers' console as it was built: read once, its files named by their content, compressed when they were built.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { LabaError } from '@laba/domain/errors';
import type { App } from '@laba/runtime/http';
import { z } from 'zod';

const FOLDER = new URL('../dist/', import.meta.url);
const PAGE = 'index.html';
const TYPES: Record<string, string> = { js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' };
/** Their names change with what they hold. */
const FOR_EVER = 'public, max-age=31536000, immutable';

interface Built {
  type: string;
  plain: Buffer;
  gzip: Buffer;
}

function readBuilt(): Map<string, Built> {
  if (!existsSync(FOLDER)) return new Map();
  const read = (name: string) => readFileSync(new URL(name, FOLDER));
  const names = readdirSync(FOLDER).filter((name) => TYPES[name.slice(name.lastIndexOf('.') + 1)] !== undefined);
  return new Map(names.map((name) => [name, { type: TYPES[name.slice(name.lastIndexOf('.') + 1)]!, plain: read(name), gzip: read(`${name}.gz`) }]));
}

/** `node`: the grid node whose own house this is; there one signs in by a local code. */
function readPage(node: string | undefined): string | undefined {
  const file = new URL(PAGE, FOLDER);
  return existsSync(file) ? readFileSync(file, 'utf8').replace('data-node=""', `data-node="${node ?? ''}"`) : undefined;
}

export function consolePages(app: App, node: string | undefined): void {
  const files = readBuilt();
  const page = readPage(node);
  app.get('/console', { config: { access: 'public', page: true }, schema: { hide: true } }, async (_request, reply) => reply.redirect('/console/', 308));

  app.get('/console/', { config: { access: 'public', page: true }, schema: { hide: true } }, async (_request, reply) => {
    if (page === undefined) throw new LabaError('not-found', 'The console was not built: node infra/toolchain/pages.mjs builds it.');
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
  });

  app.get(
    '/console/assets/:name',
    { config: { access: 'public' }, schema: { hide: true, params: z.object({ name: z.string().max(64) }) } },
    async (request, reply) => {
      const file = files.get(request.params.name);
      if (file === undefined) throw new LabaError('not-found', `The console has no file ${request.params.name}.`);
      const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
      reply.type(file.type).header('cache-control', FOR_EVER).header('vary', 'accept-encoding');
      return takesGzip ? reply.header('content-encoding', 'gzip').send(file.gzip) : reply.send(file.plain);
    },
  );
}
