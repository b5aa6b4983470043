// Chapter 1, report: the routes of the village's web form. The token in the address is all that is asked for.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { ERRORS, LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { HAZARDS, type Hazard } from '@laba/domain/report';
import { cleanText } from '@laba/domain/text';
import type { App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { receiveReport } from './receive-report.ts';
import { FORM_CSS, formPage, receivedPage } from './report-form.ts';
import { findLink, findNode } from './report-store.ts';

const params = z.object({ token: z.string().max(64) });
const fields = z
  .object({
    hazard: z.string().catch(''),
    text: z.string().catch(''),
    reporterName: z.string().catch(''),
    reporterPhone: z.string().catch(''),
    once: z.string().catch(''),
  })
  .catch({ hazard: '', text: '', reporterName: '', reporterPhone: '', once: '' });

const HTML = 'text/html; charset=utf-8';

async function placeOf(deps: Deps, token: string): Promise<{ code: string; name: string }> {
  const link = await findLink(deps.db, { token });
  const node = link === undefined ? undefined : await findNode(deps.db, link.gridCode);
  if (node === undefined) throw new LabaError('link-invalid', 'This report link is not known; ask the village cadre for the present one.');
  return node;
}

export function reportFormRoutes(app: App, deps: Deps): void {
  app.get('/report-form.css', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(FORM_CSS),
  );

  app.get(
    '/r/:token',
    { config: { access: 'link', page: true }, schema: { summary: "The village's report form", tags: ['report'], params } },
    async (request, reply) => {
      const place = await placeOf(deps, request.params.token);
      return reply
        .type(HTML)
        .header('cache-control', 'no-store')
        .send(formPage(request.params.token, place.name, deps.ids()));
    },
  );

  const perAddress = { max: LIMITS.publicReportsPerMinute, timeWindow: 60_000, keyGenerator: (request: { ip: string }) => request.ip };
  app.post(
    '/r/:token',
    { config: { access: 'link', page: true, rateLimit: perAddress }, schema: { summary: 'A resident reports a hazard', tags: ['report'], params } },
    async (request, reply) => {
      const { token } = request.params;
      const place = await placeOf(deps, token);
      const form = fields.parse(request.body ?? {});
      reply.type(HTML).header('cache-control', 'no-store');
      if (!Object.hasOwn(HAZARDS, form.hazard))
        return reply.code(400).send(formPage(token, place.name, form.once, { zh: '请选择看到了什么', en: 'Choose what you saw' }));
      const hazard = form.hazard as Hazard;
      // A form's limits are the browser's promise; whoever breaks them is cut, and sees on the next page what was kept.
      const text = cleanText(form.text.slice(0, LIMITS.reportTextChars * 2)).slice(0, LIMITS.reportTextChars);
      try {
        const id = form.once === '' ? undefined : `w-${createHash('sha256').update(`${token}\0${form.once}`).digest('hex').slice(0, 32)}`;
        const report = await receiveReport(
          deps,
          { id, gridCode: place.code, hazard, text, source: 'web-form', reporterName: form.reporterName, reporterPhone: form.reporterPhone },
          { who: 'public', via: 'http', once: [] },
        );
        return await reply.code(201).send(receivedPage(token, place.name, hazard, text, report, capTime(deps.clock.now(), deps.config.utcOffsetMinutes)));
      } catch (error) {
        if (!(error instanceof LabaError) || error.code !== 'bad-text') throw error;
        return reply.code(error.status).send(formPage(token, place.name, form.once, { zh: '请用文字说明情况', en: ERRORS['bad-text'].en }));
      }
    },
  );
}
