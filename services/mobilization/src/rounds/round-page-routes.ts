// Peacetime: whoever patrols or visits says by his personal link what he found.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { ROUND_KIND_NAMES } from '@laba/domain/round';
import { cleanText } from '@laba/domain/text';
import type { App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { viewRounds } from './list-rounds.ts';
import { openRoundLink, whoOf, type OwnRounds } from './round-link.ts';
import { roundPage, type RoundPage } from './round-page.ts';
import { tellRound } from './tell-round.ts';

const HTML = 'text/html; charset=utf-8';
const params = z.object({ token: z.string().max(160) });
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
// A form's limits are the browser's promise; whoever breaks them is cut.
const words = z
  .string()
  .catch('')
  .transform((typed) => cleanText(typed.slice(0, LIMITS.noteChars * 2)).slice(0, LIMITS.noteChars));
const body = z.object({ plan: uuid, form: uuid, result: z.enum(['calm', 'wrong', 'met', 'not-met', 'need']), words });
const perAddress = { max: LIMITS.roundsToldPerMinute, timeWindow: 60_000, keyGenerator: (request: { ip: string }) => request.ip };

export function roundPageRoutes(app: App, deps: Deps): void {
  app.get('/w/:token', { config: { access: 'link', page: true }, schema: { hide: true, params } }, async (request, reply) =>
    reply
      .type(HTML)
      .header('cache-control', 'no-store')
      .send(await render(deps, request.params.token)),
  );

  app.post('/w/:token', { config: { access: 'link', page: true, rateLimit: perAddress }, schema: { hide: true, params, body } }, async (request, reply) => {
    const { token } = request.params;
    const own = await openRoundLink(deps, token);
    const { plan: planId, form, result, words: said } = request.body;
    const plan = own.plans.find(({ id }) => id === planId);
    if (plan === undefined) throw new LabaError('link-invalid');
    try {
      await tellRound(deps, plan, { id: form, result, words: said, means: 'link' }, { who: whoOf(own, plan), via: 'http', once: [] });
    } catch (error) {
      if (!(error instanceof LabaError) || !['already-done', 'bad-input'].includes(error.code)) throw error;
      // What was pressed twice shows as it stands; what is missing is asked for on the page itself.
      if (error.code === 'bad-input')
        return reply
          .code(error.status)
          .type(HTML)
          .header('cache-control', 'no-store')
          .send(await render(deps, token, MISSING));
    }
    return reply.redirect(`/w/${encodeURIComponent(token)}#${plan.id}`, 303);
  });
}

const MISSING = { zh: '没有收下：请写明需要什么，再按“需要帮助”', en: 'Not taken: say what is needed, then press "something is needed"' };

async function render(deps: Deps, token: string, problem?: RoundPage['problem']): Promise<string> {
  const own = await openRoundLink(deps, token);
  return roundPage({
    ...{ token, problem, rows: await rowsOf(deps, own), formId: deps.ids },
    walker: [...own.subjects.values()].find(({ walker }) => walker !== null)?.walker ?? null,
    time: (ms) => capTime(ms, deps.config.utcOffsetMinutes).slice(5, 16).replace('T', ' '),
  });
}

/** What waits longest stands first. */
async function rowsOf(deps: Deps, { plans }: OwnRounds) {
  const rows = await Promise.all(
    ROUND_KIND_NAMES.map((kind) =>
      viewRounds(
        deps,
        kind,
        plans.filter((plan) => plan.kind === kind),
      ),
    ),
  );
  return rows.flat().sort((a, b) => b.missed - a.missed || (a.dueAtMs ?? Infinity) - (b.dueAtMs ?? Infinity));
}
