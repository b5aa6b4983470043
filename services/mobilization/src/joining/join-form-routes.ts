// Chapter 5, joining on the spot: what a resident opens. The code in the address is all that is asked for.
import { z } from 'zod';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { SKILLS, type Skill } from '@laba/domain/member';
import { normalisePhone } from '@laba/domain/phone';
import { cleanText } from '@laba/domain/text';
import type { App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { memberToken } from '../call-out/member-link.ts';
import { JOIN_ANSWERS, joinAlert, openCodeOf, type OpenCode } from './join-alert.ts';
import { codePage, JOIN_CSS, joinPage, type JoinForm, type Language, type Problem, type Typed } from './join-page.ts';
import { JOIN_SHEET_CSS } from './join-sheet.ts';

const HTML = 'text/html; charset=utf-8';
const params = z.object({ code: z.string().max(40) });
const lang = z
  .enum(['zh', 'en'])
  .default('zh')
  .catch('zh' satisfies Language);
const querystring = z.object({ lang });

// A form's limits are the browser's promise; whoever breaks them is cut.
const words = z
  .string()
  .catch('')
  .transform((typed) => cleanText(typed.slice(0, LIMITS.nameChars * 2)).slice(0, LIMITS.nameChars));
const isSkill = (name: unknown): name is Skill => typeof name === 'string' && Object.hasOwn(SKILLS, name);
const skills = z
  .unknown()
  .optional()
  .transform((given): Skill[] => [...new Set((Array.isArray(given) ? given : [given]).filter(isSkill))]);
const fields = z.object({
  name: words,
  phone: words,
  gridCode: z.string().max(14).catch(''),
  household: words,
  skills,
  form: z.string().min(8).max(64),
  answer: z.enum(JOIN_ANSWERS),
});

const perAddress = { max: LIMITS.joinsPerMinute, timeWindow: 60_000, keyGenerator: (request: { ip: string }) => request.ip };
const config = { access: 'link', page: true, rateLimit: perAddress } as const;

export function joinFormRoutes(app: App, deps: Deps): void {
  for (const [name, css] of [
    ['join', JOIN_CSS],
    ['join-sheet', JOIN_SHEET_CSS],
  ] as const)
    app.get(`/${name}.css`, { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(css),
    );

  app.get('/j', { config, schema: { hide: true, querystring: z.object({ lang, code: z.string().max(40).optional() }) } }, async (request, reply) => {
    const { code, lang: language } = request.query;
    if (code === undefined) return reply.type(HTML).send(codePage(language));
    return reply.redirect(`/j/${encodeURIComponent(code.trim())}${language === 'en' ? '?lang=en' : ''}`, 303);
  });

  app.get(
    '/j/:code',
    { config, schema: { summary: 'The form by which a resident joins on the spot', tags: ['joining'], params, querystring } },
    async (request, reply) => {
      const found = await openCodeOf(deps, request.params.code);
      const typed: Typed = { name: '', phone: '', gridCode: '', household: '', skills: [], form: deps.ids() };
      return reply
        .type(HTML)
        .header('cache-control', 'no-store')
        .send(joinPage(formOf(deps, found, request.query.lang, typed)));
    },
  );

  app.post(
    '/j/:code',
    { config, schema: { summary: 'A resident joins; leads to his personal link', tags: ['joining'], params, querystring } },
    async (request, reply) => {
      const { code } = request.params;
      const read = fields.safeParse(request.body ?? {});
      if (!read.success) throw new LabaError('bad-input', 'Open the form again and press one of its two buttons.', { field: read.error.issues[0]?.path[0] });
      const { answer, ...typed } = read.data;
      const phone = typed.phone === '' ? undefined : normalisePhone(typed.phone);
      const problem: Problem | undefined = typed.name === '' ? 'noName' : typed.phone !== '' && phone === undefined ? 'badPhone' : undefined;
      if (problem !== undefined) {
        const found = await openCodeOf(deps, code);
        const form = { ...formOf(deps, found, request.query.lang, typed), problem };
        return reply.code(400).type(HTML).header('cache-control', 'no-store').send(joinPage(form));
      }
      const given = { ...typed, answer, phone, gridCode: typed.gridCode || undefined, household: typed.household || undefined };
      const { callId } = await joinAlert(deps, code, given);
      return reply.redirect(`/m/${encodeURIComponent(memberToken(deps.vault, callId))}`, 303);
    },
  );
}

function formOf(deps: Deps, { code, gridName, groups, revision }: OpenCode, language: Language, typed: Typed): JoinForm {
  return {
    ...{ language, typed, groups, code: deps.vault.decrypt(code.codeCipher), placeName: gridName ?? code.gridCode },
    alert: { mode: revision.mode, level: revision.level, order: revision.order },
  };
}
