// Chapter 5, joining on the spot: an officer opens and closes codes, prints them, and sees who joined.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { JOIN_CODE_STATE_NAMES, JOIN_CODE_STATES } from '@laba/domain/join';
import type { JoinCodesView } from '@laba/domain/join-view';
import { LIMITS } from '@laba/domain/limits';
import { ANSWERS, SKILLS, type Skill } from '@laba/domain/member';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { baseUrlOf } from '@laba/runtime/web-address';
import type { FastifyRequest } from 'fastify';
import { findRaisedRevision } from '../call-out/call-store.ts';
import { codesInView } from '../codes-in-view.ts';
import { cursorOf, nextOf } from '../page-cursor-store.ts';
import { markerNames } from '../roll-call/rollcall-store.ts';
import { findCode, listCodes, type FoundCode } from './join-code-store.ts';
import { joinSheet } from './join-sheet.ts';
import { listJoiners, type JoinedRow } from './joiner-store.ts';
import { closeCode, openCode, stateOf } from './keep-codes.ts';

const tags = ['joining'];
const params = z.object({ id: z.string().min(1).max(64) });
const words = z.object({ zh: z.string(), en: z.string() });
const time = z.string();

const codeView = z.object({
  id: z.string(),
  code: z.string(),
  path: z.string(),
  /** As the QR says it: where the house is reached from outside. */
  address: z.string(),
  gridCode: z.string(),
  gridName: z.string(),
  state: z.enum(JOIN_CODE_STATE_NAMES),
  stateWords: words,
  joins: z.number(),
  mostJoins: z.number(),
  wrongTries: z.number(),
  expiresAt: time,
  openedByName: z.string().nullable(),
  openedAt: time,
});
const joinedView = z.object({
  memberId: z.string(),
  callId: z.string(),
  joinCodeId: z.string(),
  name: z.string(),
  hasPhone: z.boolean(),
  household: z.string().nullable(),
  skills: z.array(z.enum(Object.keys(SKILLS) as [Skill, ...Skill[]])),
  gridCode: z.string(),
  gridName: z.string(),
  answer: z.enum(ANSWERS).nullable(),
  joinedAt: time,
  /** Stays a member after the alert. */
  kept: z.boolean(),
});

export function joinRoutes(app: App, deps: Deps): void {
  openRoutes(app, deps);
  lookRoutes(app, deps);
}

function openRoutes(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/join-codes',
    {
      config: { access: 'member.admit' },
      schema: {
        tags,
        summary: 'Opens a code by which residents who are on no list join this alert in a village or group',
        params,
        body: z.object({
          gridCode: z.string().regex(/^\d{6,14}$/),
          hours: z
            .number()
            .min(0.1)
            .max(LIMITS.joinCodeMs / 3_600_000)
            .default(6),
          mostJoins: z.number().int().min(1).max(LIMITS.joinsPerCode).default(100),
        }),
        response: { 201: codeView },
      },
    },
    async (request, reply) => {
      const permit = authorize(officerOf(request), 'member.admit', [request.body.gridCode]);
      const found = await openCode(deps, request.params.id, request.body, permit, actOf(request));
      return reply.code(201).send(await viewOf(deps, request, found));
    },
  );

  app.post(
    '/api/v1/join-codes/:id/close',
    {
      config: { access: 'member.admit' },
      schema: { tags, summary: 'Nobody joins by this code any more; who did stays', params, response: { 200: codeView } },
    },
    async (request) => {
      const allow = (code: string) => void authorize(officerOf(request), 'member.admit', [code]);
      const found = await closeCode(deps, request.params.id, allow, actOf(request));
      return viewOf(deps, request, found);
    },
  );
}

function lookRoutes(app: App, deps: Deps): void {
  app.get(
    '/api/v1/alerts/:id/join-codes',
    {
      config: { access: 'member.admit' },
      schema: {
        tags,
        summary: 'The codes of an alert and who joined by them, inside the officer’s scope',
        params,
        querystring: z.object({ after: z.string().max(120).optional() }),
        response: { 200: z.object({ codes: z.array(codeView), joined: z.array(joinedView), next: z.string().nullable() }) },
      },
    },
    async (request): Promise<JoinCodesView> => {
      const { id } = request.params;
      const codes = await codesInView(deps.db, officerOf(request), 'member.admit', id, undefined);
      const after = cursorOf(request.query.after);
      const [found, joined, areas] = await Promise.all([listCodes(deps.db, id, codes), listJoiners(deps.db, id, codes, after), areasOf(deps, id)]);
      const names = await openersOf(deps, found);
      return {
        codes: found.map((one) => viewCode(deps, one, { areas, names, baseUrl: baseUrlOf(deps.config, request) })),
        joined: joined.map((row) => viewJoined(deps, row)),
        next: nextOf(joined.map(({ joiner: { gridCode, memberId } }) => ({ gridCode, id: memberId }))),
      };
    },
  );

  app.get(
    '/api/v1/join-codes/:id/sheet',
    { config: { access: 'member.admit' }, schema: { tags, summary: 'The notice to print: the code in large letters and as a QR', params } },
    async (request, reply) => {
      const found = await findCode(deps.db, request.params.id);
      if (found === undefined) throw new LabaError('not-found', 'No join code has this id.');
      const { code, alert } = found;
      authorize(officerOf(request), 'member.admit', [code.gridCode]);
      const until = capTime(code.expiresAtMs, deps.config.utcOffsetMinutes).slice(5, 16).replace('T', ' ');
      const sheet = { code: deps.vault.decrypt(code.codeCipher), gridName: found.gridName ?? code.gridCode, mode: alert.mode, until };
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(await joinSheet({ ...sheet, baseUrl: baseUrlOf(deps.config, request) }));
    },
  );
}

/** Where the alert is in force now. */
async function areasOf(deps: Deps, alertId: string): Promise<readonly string[] | undefined> {
  return (await findRaisedRevision(deps.db, alertId))?.areaCodes;
}

interface Around {
  areas: readonly string[] | undefined;
  /** Of officers, by what stands in `openedBy`. */
  names: ReadonlyMap<string, string>;
  baseUrl: string;
}

const openersOf = (deps: Deps, found: readonly FoundCode[]) =>
  markerNames(
    deps.db,
    found.map(({ code }) => code.openedBy),
  );

async function viewOf(deps: Deps, request: FastifyRequest, found: FoundCode): Promise<z.infer<typeof codeView>> {
  const [areas, names] = await Promise.all([areasOf(deps, found.alert.id), openersOf(deps, [found])]);
  return viewCode(deps, found, { areas, names, baseUrl: baseUrlOf(deps.config, request) });
}

function viewCode(deps: Deps, found: FoundCode, { areas, names, baseUrl }: Around): z.infer<typeof codeView> {
  const { code, gridName } = found;
  const { id, gridCode, joins, mostJoins, wrongTries } = code;
  const state = stateOf(deps, found, areas);
  const spoken = deps.vault.decrypt(code.codeCipher);
  return {
    ...{
      id,
      code: spoken,
      path: `/j/${spoken}`,
      address: `${baseUrl}/j/${spoken}`,
      gridCode,
      gridName: gridName ?? gridCode,
      state,
      stateWords: JOIN_CODE_STATES[state],
    },
    ...{ joins, mostJoins, wrongTries, expiresAt: capTime(code.expiresAtMs, deps.config.utcOffsetMinutes) },
    ...{ openedByName: names.get(code.openedBy) ?? null, openedAt: capTime(code.openedAtMs, deps.config.utcOffsetMinutes) },
  };
}

function viewJoined(deps: Deps, { joiner, call, gridName, memberAlertId }: JoinedRow): z.infer<typeof joinedView> {
  const { memberId, callId, gridCode, skills, nameCipher, phoneHash, householdCipher, joinedAtMs } = joiner;
  return {
    ...{ memberId, callId, joinCodeId: call.joinCodeId ?? '', name: deps.vault.decrypt(nameCipher), hasPhone: phoneHash !== null },
    ...{ household: householdCipher === null ? null : deps.vault.decrypt(householdCipher), skills, gridCode, gridName: gridName ?? gridCode },
    ...{ answer: call.answer, joinedAt: capTime(joinedAtMs, deps.config.utcOffsetMinutes), kept: memberAlertId === null },
  };
}
