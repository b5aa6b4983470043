// Chapter 0, people: understanding cards to print, for officers who call these people by name; whoever holds the sheet holds what stands on it.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { authorize } from '@laba/runtime/auth';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { CARD_CSS, householdSheet, memberSheet, type CardLanguage, type CardSheet } from './card-sheet.ts';
import { cardPlace, householdsOnCards, membersOnCards } from './card-store.ts';

const querystring = z.object({ group: z.string().regex(/^\d{6,14}$/), lang: z.enum(['zh', 'en']).default('zh') });
const config = { access: 'rollcall.mark' } as const;
const tags = ['roll-call'];

export function cardRoutes(app: App, deps: Deps): void {
  app.get('/card-sheet.css', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(CARD_CSS),
  );
  app.get(
    '/api/v1/cards/households',
    { config, schema: { tags, summary: 'Understanding cards (明白卡) to print: one for each household of a group', querystring } },
    async (request, reply) => {
      const { group, lang } = request.query;
      const sheet = await sheetFor(deps, request, group, lang);
      return send(reply, householdSheet(sheet, atMost(await householdsOnCards(deps.db, group))));
    },
  );
  app.get(
    '/api/v1/cards/members',
    { config, schema: { tags, summary: 'Understanding cards (明白卡) to print: one for each member of a group', querystring } },
    async (request, reply) => {
      const { group, lang } = request.query;
      const sheet = await sheetFor(deps, request, group, lang);
      return send(reply, memberSheet(sheet, atMost(await membersOnCards(deps.db, group, officerOf(request).scopes))));
    },
  );
}

/** @throws `out-of-scope`, `unknown-code` */
async function sheetFor(deps: Deps, request: FastifyRequest, code: string, language: CardLanguage): Promise<CardSheet> {
  authorize(officerOf(request), 'rollcall.mark', [code]);
  const place = await cardPlace(deps.db, code);
  if (place === undefined) throw new LabaError('unknown-code', `No grid node has the code ${code}.`, { gridCode: code });
  return {
    ...{ language, code, place },
    printedAt: capTime(deps.clock.now(), deps.config.utcOffsetMinutes).slice(0, 10),
    // As one dials inside the country.
    telephoneOf: ({ phoneCipher }) => (phoneCipher === null ? undefined : deps.vault.decrypt(phoneCipher).replace(/^\+86/, '')),
  };
}

function atMost<T>(cards: T[]): T[] {
  if (cards.length > LIMITS.cardsPerSheet) throw new LabaError('too-large', `${cards.length} cards are more than one sheet takes (${LIMITS.cardsPerSheet}).`);
  return cards;
}

const send = (reply: FastifyReply, html: string) => reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html);
