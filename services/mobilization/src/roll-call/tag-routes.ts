// Chapter 5, roll-call: a tag is scanned by a helper who opened his own link on that phone, or by an officer who is signed in.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { TagView } from '@laba/domain/board-view';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { roleMay } from '@laba/domain/officer';
import { authorize, type Act } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { sameSecret } from '@laba/runtime/vault';
import { baseUrlOf } from '@laba/runtime/web-address';
import { findAlert } from '../alert-store.ts';
import { findListedHousehold, type ListedPerson } from './rollcall-store.ts';
import { markHousehold, markPersonKnown, type GivenMark, type MayMark } from './mark-person.ts';
import { openLink } from '../call-out/member-link.ts';
import { hisDoorsAndGround } from './own-doors.ts';
import { namesOfCodes } from '../grid-node-store.ts';
import { tags as apiTags } from './rollcall-view.ts';
import { openTag, tagCode } from './tag.ts';
import { foundTagPage, noAlertPage, scannedPage } from './tag-page.ts';
import { SHEET_CSS, tagSheet } from './tag-sheet.ts';
import { alertsListing, registeredIn, type Registered } from './tag-store.ts';

/** Holds the token of the helper's own link on his phone; read by the scanned page only. */
export const LINK_COOKIE = 'laba_link';
const HTML = 'text/html; charset=utf-8';
const params = z.object({ code: z.string().max(40) });
const querystring = z.object({ m: z.string().max(120).optional() });

/** Who scans, what he may mark, of which alert, and what his form must carry. */
interface Scanner {
  may: MayMark;
  who: string;
  /** The helper's own alert; an officer's is found by the household. */
  alertId: string | undefined;
  csrf: string;
}

export function tagRoutes(app: App, deps: Deps): void {
  app.get('/tag-sheet.css', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(SHEET_CSS),
  );
  scanRoutes(app, deps);
  deskRoutes(app, deps);
  sheetRoute(app, deps);
}

// The same at a desk: a hand scanner types what stands on the tag, and the officer's own screen looks it up or marks by it.
function deskRoutes(app: App, deps: Deps): void {
  const view = z.object({ gridCode: z.string(), householdId: z.string(), personId: z.string().nullable(), doorplate: z.string(), name: z.string() });
  const asOfficer = { access: 'rollcall.mark' } as const;
  app.get(
    '/api/v1/rollcall/tags/:code',
    { config: asOfficer, schema: { tags: apiTags, summary: 'Whose this tag is; marks nobody', params, response: { 200: view } } },
    async (request): Promise<TagView> => {
      const tagged = await openTag(deps, request.params.code);
      authorize(officerOf(request), 'rollcall.mark', [tagged.gridCode]);
      return tagged;
    },
  );

  const id = z.string().min(1).max(80);
  app.post(
    '/api/v1/alerts/:id/rollcall/scans',
    {
      config: asOfficer,
      schema: {
        tags: apiTags,
        summary: 'A scanned tag: whose it is has been moved, the whole household or the one person',
        params: z.object({ id }),
        // `scannedAt`: when, in ms, if the line was cut meanwhile: whatever was marked since then stands.
        body: z.object({ code: z.string().max(40), musterPointId: id.optional(), scannedAt: z.number().int().min(0).optional() }),
        response: { 200: z.object({ tagged: view, changed: z.number() }) },
      },
    },
    async (request): Promise<{ tagged: TagView; changed: number }> => {
      const { code, musterPointId, scannedAt } = request.body;
      const tagged = await openTag(deps, code);
      const officer = officerOf(request);
      const may = () => authorize(officer, 'rollcall.mark', [tagged.gridCode]);
      may();
      const saidAtMs = scannedAt === undefined ? undefined : Math.min(scannedAt, deps.clock.now());
      return { tagged, changed: await markTagged(deps, request.params.id, tagged, { musterPointId, saidAtMs }, may, actOf(request)) };
    },
  );
}

/** Says of whose tag was scanned that he was moved. Answers with how many that changed. @throws as `markPerson` */
async function markTagged(
  deps: Deps,
  alertId: string,
  tagged: Registered,
  how: Pick<GivenMark, 'musterPointId' | 'saidAtMs'>,
  may: MayMark,
  act: Act,
): Promise<number> {
  const given = { status: 'moved', means: 'tag', version: undefined, ...how } as const;
  if (tagged.personId === null) return (await markHousehold(deps, { alertId, householdId: tagged.householdId }, given, may, act)).changed;
  const { was, person } = await markPersonKnown(deps, { alertId, personId: tagged.personId }, given, may, act);
  // Said anew of who was moved already is kept, but changes nothing.
  return was.status === person.status && was.round === person.round && was.musterPointId === person.musterPointId ? 0 : 1;
}

// A look marks nobody: cameras and chat programs open addresses ahead of their users. One press does.
function scanRoutes(app: App, deps: Deps): void {
  const perAddress = { max: LIMITS.tagScansPerMinute, timeWindow: 60_000, keyGenerator: (request: { ip: string }) => request.ip };
  const config = { access: 'link', page: true, rateLimit: perAddress } as const;
  app.get('/t/:code', { config, schema: { hide: true, params, querystring } }, async (request, reply) => {
    reply.type(HTML).header('cache-control', 'no-store');
    const scanner = await scannerOf(deps, request, request.query.m);
    if (scanner === undefined) return foundTagPage();
    const { code } = request.params;
    const tagged = await openTag(deps, code);
    const [alert] = scanner.alertId === undefined ? await alertsListing(deps.db, tagged.householdId, tagged.gridCode) : [{ id: scanner.alertId }];
    const persons = alert === undefined ? [] : await listedBehind(deps, alert.id, tagged);
    if (alert === undefined || persons.length === 0) return noAlertPage();
    scanner.may(persons);
    const mode = (await findAlert(deps.db, alert.id))?.mode ?? 'live';
    return scannedPage({ code, tagged, alertId: alert.id, mode, persons, csrf: scanner.csrf });
  });

  const body = z.object({ alertId: z.string().min(1).max(64), csrfToken: z.string().max(128) });
  app.post('/t/:code', { config, schema: { hide: true, params, querystring, body } }, async (request, reply) => {
    const scanner = await scannerOf(deps, request, request.query.m);
    if (scanner === undefined) throw new LabaError('not-signed-in', 'Open your own link first, or sign in; then scan the tag.');
    const { alertId, csrfToken } = request.body;
    if (!sameSecret(csrfToken, scanner.csrf)) throw new LabaError('csrf-missing');
    if (scanner.alertId !== undefined && scanner.alertId !== alertId) throw new LabaError('out-of-scope', 'Your link belongs to another alert.');
    const tagged = await openTag(deps, request.params.code);
    await markTagged(deps, alertId, tagged, {}, scanner.may, { who: scanner.who, via: 'http', once: [] });
    return reply.redirect(request.url, 303);
  });
}

async function listedBehind(deps: Deps, alertId: string, tagged: Registered): Promise<ListedPerson[]> {
  const persons = await findListedHousehold(deps.db, alertId, tagged.householdId);
  return tagged.personId === null ? persons : persons.filter(({ personId }) => personId === tagged.personId);
}

async function scannerOf(deps: Deps, request: FastifyRequest, given: string | undefined): Promise<Scanner | undefined> {
  const { session } = request;
  if (session !== undefined && roleMay(session.officer.role, 'rollcall.mark')) {
    const may: MayMark = (listed) =>
      authorize(
        session.officer,
        'rollcall.mark',
        listed.map(({ gridCode }) => gridCode),
      );
    return { may, who: `officer:${session.officer.id}`, alertId: undefined, csrf: session.csrfToken };
  }
  const token = given ?? request.cookies[LINK_COOKIE];
  if (token === undefined) return undefined;
  // A link that is over or revoked is no right: its holder sees what every finder sees.
  const own = await openLink(deps, token).catch((error: unknown) => {
    if (!(error instanceof LabaError) || error.code !== 'link-invalid') throw error;
    return undefined;
  });
  if (own === undefined) return undefined;
  const { alertId, memberId } = own.call;
  return { may: await hisDoorsAndGround(deps.db, alertId, memberId), who: `member:${memberId}`, alertId, csrf: deps.vault.hash('tag-form', token) };
}

function sheetRoute(app: App, deps: Deps): void {
  app.get(
    '/api/v1/rollcall/tags',
    {
      config: { access: 'rollcall.mark' },
      schema: {
        tags: apiTags,
        summary: 'A sheet of tags to print, of one group: its households, with `persons=true` also each person',
        querystring: z.object({ group: z.string().regex(/^\d{6,14}$/), persons: z.stringbool().default(false) }),
      },
    },
    async (request, reply) => {
      const { group, persons } = request.query;
      authorize(officerOf(request), 'rollcall.mark', [group]);
      const gridName = (await namesOfCodes(deps.db, [group])).get(group);
      if (gridName === undefined) throw new LabaError('unknown-code', `No grid node has the code ${group}.`, { gridCode: group });
      const tagged = (await registeredIn(deps.db, group)).filter(({ personId }) => persons || personId === null);
      if (tagged.length > LIMITS.tagsPerSheet)
        throw new LabaError('too-large', `${tagged.length} tags are more than one sheet takes (${LIMITS.tagsPerSheet}).`);
      const sheet = { gridName, tags: tagged.map((one) => ({ code: tagCode(deps.vault, one), tagged: one })), baseUrl: baseUrlOf(deps.config, request) };
      return reply
        .type(HTML)
        .header('cache-control', 'no-store')
        .send(await tagSheet(sheet));
    },
  );
}
