// Chapter 6, shift log: the routes. It fills itself; an officer adds remarks, hands over, and the next one signs.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LIMITS } from '@laba/domain/limits';
import { hasScope, type Officer } from '@laba/domain/officer';
import { postOf } from '@laba/domain/shift';
import type { OpenThings, ShiftsView, ShiftView } from '@laba/domain/shift-view';
import { cleanText, isSpeakable } from '@laba/domain/text';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { beginShift, offerShift, shiftFor, takeOver, withdrawOffer, writeRemark } from './keep-shift.ts';
import { openThings } from './open-things.ts';
import { SHIFT_CSS, shiftPage } from './shift-page.ts';
import { lastShift, listOver, nodeNames, type Shift } from './shift-store.ts';
import { named, openView, readLog, remarkView, shiftLine, viewLines, viewShift, wholeShift } from './view-shift.ts';

const tags = ['shift log'];
const params = z.object({ id: z.string().min(1).max(64) });
const version = z.number().int().min(1);
const words = z.string().max(LIMITS.shiftWordsChars).transform(cleanText);
const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const READ = { access: 'shift.read' } as const;
const KEEP = { access: 'shift.keep' } as const;

export function shiftRoutes(app: App, deps: Deps): void {
  readRoutes(app, deps);
  logRoutes(app, deps);
  keepRoutes(app, deps);
  takeOverRoutes(app, deps);
}

function readRoutes(app: App, deps: Deps): void {
  const list = z.object({
    asOf: z.string(),
    asOfMs: z.number(),
    own: z.object({ areas: z.array(named), current: shiftLine.nullable() }),
    shifts: z.array(shiftLine),
    next: z.string().nullable(),
  });
  app.get(
    '/api/v1/shifts',
    {
      config: READ,
      schema: {
        tags,
        summary: 'The shift that goes on at the officer’s own post, and those that are over in his scope, the newest first',
        querystring: z.object({ before: z.string().max(64).optional() }),
        response: { 200: list },
      },
    },
    async (request) => readShifts(deps, officerOf(request), request.query.before),
  );
  app.get(
    '/api/v1/shifts/open-things',
    {
      config: READ,
      schema: { tags, summary: 'What is open at this moment in the officer’s scope, as a hand-over would put it down', response: { 200: openView } },
    },
    async (request): Promise<OpenThings> => openThings(deps, officerOf(request)),
  );
  app.get(
    '/api/v1/shifts/:id',
    {
      config: READ,
      schema: {
        tags,
        summary: 'One shift whole: what was open when it was handed and taken over, the words of both, the remarks',
        params,
        response: { 200: wholeShift },
      },
    },
    async (request): Promise<ShiftView> => viewShift(deps, await shiftFor(deps, request.params.id, officerOf(request))),
  );
}

async function readShifts(deps: Deps, officer: Officer, before: string | undefined): Promise<ShiftsView> {
  const { post, areaCodes } = postOf(officer.scopes);
  const [last, rows, names] = await Promise.all([lastShift(deps.db, post), listOver(deps.db, before), nodeNames(deps.db, areaCodes)]);
  const over = rows.filter((shift) => shift.areaCodes.every((code) => hasScope(officer, code)));
  const goesOn = last === undefined || last.state === 'over' ? [] : [last];
  const [current, shifts] = await Promise.all([viewLines(deps, goesOn), viewLines(deps, over)]);
  const asOfMs = deps.clock.now();
  return {
    asOf: capTime(asOfMs, deps.config.utcOffsetMinutes),
    asOfMs,
    own: { areas: areaCodes.map((code) => ({ code, name: names.get(code) ?? code })), current: current[0] ?? null },
    shifts,
    next: rows.length === LIMITS.rowsPerPage ? (rows.at(-1)?.id ?? null) : null,
  };
}

function logRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/shifts/:id/log',
    {
      config: READ,
      schema: {
        tags,
        summary: 'What happened in a shift, with words, remarks among it; the newest first, `before` goes back. Without what is told once per target',
        params,
        querystring: z.object({ before: seq.optional() }),
      },
    },
    async (request) => {
      const officer = officerOf(request);
      return readLog(deps, await shiftFor(deps, request.params.id, officer), officer, { before: request.query.before }, LIMITS.rowsPerPage);
    },
  );
  app.get('/shift-log.css', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(SHIFT_CSS),
  );
  app.get(
    '/api/v1/shifts/:id/print',
    {
      config: READ,
      schema: {
        tags,
        summary: 'A shift as a page to print, in the order in which it happened',
        params,
        querystring: z.object({ lang: z.enum(['zh-CN', 'en']).default('zh-CN') }),
      },
    },
    async (request, reply) => {
      const officer = officerOf(request);
      const shift = await shiftFor(deps, request.params.id, officer);
      const [whole, { events, isCut }] = [await viewShift(deps, shift), await wholeLog(deps, shift, officer)];
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
      return reply.send(shiftPage(whole, events, { language: request.query.lang, isCut, utcOffsetMinutes: deps.config.utcOffsetMinutes }));
    },
  );
}

async function wholeLog(deps: Deps, shift: Shift, reader: Officer) {
  const events = [];
  let after: number | null = 0;
  while (after !== null && events.length < LIMITS.shiftPrintedEvents) {
    const page: Awaited<ReturnType<typeof readLog>> = await readLog(deps, shift, reader, { after }, LIMITS.rowsPerPage);
    events.push(...page.events);
    after = page.next;
  }
  return { events, isCut: after !== null };
}

function keepRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/shifts',
    {
      config: KEEP,
      schema: { tags, summary: 'Begins the first shift of the officer’s post; every later one begins by taking over', response: { 201: wholeShift } },
    },
    async (request, reply) => reply.code(201).send(await viewShift(deps, await beginShift(deps, officerOf(request), actOf(request)))),
  );
  app.post(
    '/api/v1/shifts/:id/remarks',
    {
      config: KEEP,
      schema: {
        tags,
        summary: 'A remark in the officer’s own words, kept as it is; `writtenAt`: told beside it when it came late',
        params,
        body: z.strictObject({
          words: z.string().max(LIMITS.shiftRemarkChars).transform(cleanText).refine(isSpeakable, 'say it in words'),
          writtenAt: z.iso
            .datetime({ offset: true })
            .transform((time) => Date.parse(time))
            .optional(),
        }),
        response: { 201: remarkView },
      },
    },
    async (request, reply) => {
      const officer = officerOf(request);
      const { id, atMs, writtenAtMs } = await writeRemark(
        deps,
        { id: request.params.id, words: request.body.words, writtenAtMs: request.body.writtenAt },
        officer,
        actOf(request),
      );
      const at = (ms: number) => capTime(ms, deps.config.utcOffsetMinutes);
      return reply.code(201).send({ id, by: officer.name, at: at(atMs), writtenAt: writtenAtMs === null ? null : at(writtenAtMs), words: request.body.words });
    },
  );
}

function takeOverRoutes(app: App, deps: Deps): void {
  const seen = { version, words: words.default('') };
  app.post(
    '/api/v1/shifts/:id/hand-over',
    {
      config: KEEP,
      schema: {
        tags,
        summary: 'Who is on duty hands over: what is open at this moment is put down beside his words; again as long as nobody took over',
        params,
        body: z.strictObject(seen),
        response: { 200: wholeShift },
      },
    },
    async (request) => viewShift(deps, await offerShift(deps, { id: request.params.id, ...request.body }, officerOf(request), actOf(request))),
  );
  app.post(
    '/api/v1/shifts/:id/withdraw',
    {
      config: KEEP,
      schema: {
        tags,
        summary: 'Takes the hand-over back: nobody came, and he goes on',
        params,
        body: z.strictObject({ version }),
        response: { 200: wholeShift },
      },
    },
    async (request) => viewShift(deps, await withdrawOffer(deps, { id: request.params.id, ...request.body }, officerOf(request), actOf(request))),
  );
  app.post(
    '/api/v1/shifts/:id/take-over',
    {
      config: KEEP,
      schema: {
        tags,
        summary: 'The next officer signs: in a session for which he entered his password within the last two minutes; answers with the shift that begins',
        params,
        body: z.strictObject(seen),
        response: { 200: wholeShift },
      },
    },
    async (request) => {
      officerOf(request);
      return viewShift(deps, await takeOver(deps, { id: request.params.id, ...request.body }, request.session!, actOf(request)));
    },
  );
}
