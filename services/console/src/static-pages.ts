// Chapter 6: the officer's page and its files, read once, served with the strict content policy of the house.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { LEVEL_WORDS, MODE_WORDS, ORDER_WORDS } from '@laba/domain/alert';
import { DEGRADED_WORDS } from '@laba/domain/degraded-words';
import { LabaError } from '@laba/domain/errors';
import { DUTIES, SKIP_REASONS } from '@laba/domain/ladder';
import { LIMITS } from '@laba/domain/limits';
import { NEEDS } from '@laba/domain/member';
import { CHANNELS } from '@laba/domain/message';
import { NUMBER_RESULTS } from '@laba/domain/number-check';
import { ROLE_WORDS } from '@laba/domain/officer';
import { HAZARDS } from '@laba/domain/report';
import { HEARD_MEANS, MARK_MEANS, OPEN_STATUSES, PERSON_STATUSES } from '@laba/domain/rollcall';
import { COUNTED_WORDS, ORDERS_SAID, STATUS_LINES, STATUS_MEANS } from '@laba/domain/spoken-status';
import type { App } from '@laba/runtime/http';
import { z } from 'zod';
import { REASON_WORDS } from '@laba/domain/reason-words';
import { EVER_STATES } from '@laba/domain/board-view';

const FOLDER = new URL('./web/browser/', import.meta.url);
const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  svg: 'image/svg+xml',
};

interface Asset {
  type: string;
  body: Buffer;
  etag: string;
}

function asset(name: string, body: Buffer): [string, Asset] {
  return [name, { type: TYPES[name.slice(name.lastIndexOf('.') + 1)]!, body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }];
}

function readAssets(node: string | undefined): Map<string, Asset> {
  const names = readdirSync(FOLDER).filter((name) => TYPES[name.slice(name.lastIndexOf('.') + 1)] !== undefined);
  return new Map([...names.map((name) => asset(name, readFileSync(new URL(name, FOLDER)))), asset('domain.js', Buffer.from(domainModule(node)))]);
}

/** The domain's own words for the page, so that one thing has one name on every screen. */
/** `node`: the grid node whose own house this is. */
export function domainModule(node?: string): string {
  const { alertTextChars, alertTitleChars, nameChars, noteChars, reportTextChars, statusLineChars } = LIMITS;
  const domain = {
    modes: MODE_WORDS,
    levels: LEVEL_WORDS,
    orders: ORDER_WORDS,
    hazards: HAZARDS,
    roles: ROLE_WORDS,
    needs: NEEDS,
    duties: DUTIES,
    skips: SKIP_REASONS,
    reasons: REASON_WORDS,
    channels: CHANNELS,
    numbers: NUMBER_RESULTS,
    everStates: EVER_STATES,
    personStatuses: PERSON_STATUSES,
    openStatuses: OPEN_STATUSES,
    heardMeans: Object.fromEntries(HEARD_MEANS.map((means) => [means, MARK_MEANS[means]])),
    node: node ?? null,
    degraded: DEGRADED_WORDS,
    statusLines: STATUS_LINES,
    statusMeans: STATUS_MEANS,
    ordersSaid: ORDERS_SAID,
    countedWords: COUNTED_WORDS,
    limits: { alertTextChars, alertTitleChars, nameChars, noteChars, reportTextChars, statusLineChars },
  };
  return `// Made from the domain's words when the house starts.\nexport const DOMAIN = ${JSON.stringify(domain)};\n`;
}

export function staticPages(app: App, node: string | undefined): void {
  const assets = readAssets(node);
  const find = (name: string): Asset => {
    const asset = assets.get(name);
    if (asset === undefined) throw new LabaError('not-found', `There is no page file ${name}.`);
    return asset;
  };
  app.get('/', { config: { access: 'public', page: true }, schema: { hide: true } }, async (_request, reply) =>
    reply.type(TYPES['html']!).header('cache-control', 'no-cache').send(find('page.html').body),
  );
  // Whoever asks again with the same mark is told that nothing changed: a new release is seen at once.
  app.get('/assets/:name', { config: { access: 'public' }, schema: { hide: true, params: z.object({ name: z.string().max(64) }) } }, async (request, reply) => {
    const { type, body, etag } = find(request.params.name);
    reply.header('etag', etag).header('cache-control', 'no-cache');
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(body);
  });
}
