// Chapter 5, numbers: which numbers work, by name, for officers; and a round that one of them starts now.
import { z } from 'zod';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { tierOf } from '@laba/domain/grid';
import { CHECKED_CHANNELS, NUMBER_RESULTS, NUMBER_RESULT_NAMES, type NumberResult } from '@laba/domain/number-check';
import type { NumbersView, NumberView } from '@laba/domain/number-view';
import type { Officer } from '@laba/domain/officer';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { findPolicy } from '@laba/storage/policy';
import { isGridNode } from '../grid-node-store.ts';
import { cursorOf, nextOf } from '../page-cursor-store.ts';
import { countResults, listNumbers, openRounds, type NumberRow, type VillageResult } from './number-store.ts';
import { startRound } from './start-round.ts';

const tags = ['numbers'];
const DAY_MS = 86_400_000;
const time = z.string().nullable();
const words = z.object({ zh: z.string(), en: z.string() });
const gridCode = z.string().max(14);

const numberView = z.object({
  memberId: z.string(),
  name: z.string(),
  gridCode: z.string(),
  gridName: z.string(),
  /** Null: he has no number. */
  channel: z.enum(CHECKED_CHANNELS).nullable(),
  result: z.enum(NUMBER_RESULT_NAMES),
  resultWords: words,
  /** The provider reported that the last test arrived. */
  isDelivered: z.boolean(),
  reason: z.string().nullable(),
  tries: z.number(),
  askedAt: time,
  provenAt: time,
  /** Whole days since he last answered by it. */
  provenDaysAgo: z.number().nullable(),
});
const roundView = z.object({ id: z.string(), gridCode: z.string(), startedAt: z.string(), startedBy: z.string() });
const counts = z.object(Object.fromEntries(NUMBER_RESULT_NAMES.map((name) => [name, z.number()])) as Record<NumberResult, z.ZodNumber>);

export function numberRoutes(app: App, deps: Deps): void {
  listRoute(app, deps);
  roundRoute(app, deps);
}

function listRoute(app: App, deps: Deps): void {
  app.get(
    '/api/v1/numbers',
    {
      config: { access: 'member.read' },
      schema: {
        tags,
        summary: 'Each number of members and responsible persons with the result of its last test; counted over all pages and for each village',
        querystring: z.object({ grid: gridCode.optional(), result: z.enum(NUMBER_RESULT_NAMES).optional(), after: z.string().max(140).optional() }),
        response: {
          200: z.object({
            asOf: z.string(),
            asOfMs: z.number(),
            provenForDays: z.number(),
            counts,
            villages: z.array(z.object({ code: z.string(), name: z.string(), counts })),
            numbers: z.array(numberView),
            rounds: z.array(roundView),
            next: z.string().nullable(),
          }),
        },
      },
    },
    async (request): Promise<NumbersView> => {
      const { grid, result, after } = request.query;
      const codes = codesOf(officerOf(request), grid);
      const { numbers: policy } = (await findPolicy(deps.db, deps.config.county)).policy;
      const asOfMs = deps.clock.now();
      const channels = policy.channels.length === 0 ? CHECKED_CHANNELS : policy.channels;
      const scope = { codes, channels, provenSinceMs: asOfMs - policy.provenForDays * DAY_MS };
      const [rows, counted, rounds] = await Promise.all([
        listNumbers(deps.db, scope, { result, after: cursorOf(after) }),
        countResults(deps.db, scope),
        openRounds(deps.db, codes),
      ]);
      const at = (ms: number) => capTime(ms, deps.config.utcOffsetMinutes);
      return {
        asOf: at(asOfMs),
        asOfMs,
        provenForDays: policy.provenForDays,
        counts: countsOf(counted),
        villages: [...Map.groupBy(counted, ({ code }) => code)].map(([code, rows]) => ({ code, name: rows[0]?.name ?? code, counts: countsOf(rows) })),
        numbers: rows.map((row) => viewOf(row, asOfMs, at)),
        rounds: rounds.map(({ id, gridCode: code, startedAtMs, startedBy }) => ({ id, gridCode: code, startedAt: at(startedAtMs), startedBy })),
        next: nextOf(rows.map(({ gridCode: code, memberId, turn }) => ({ gridCode: code, id: `${memberId} ${turn}` }))),
      };
    },
  );
}

function roundRoute(app: App, deps: Deps): void {
  app.post(
    '/api/v1/numbers/rounds',
    {
      config: { access: 'number.check' },
      schema: {
        tags,
        summary: 'Asks the numbers of a grid node now: those that were not proven within `olderThanDays` (0: all), by day, never during an alert',
        body: z.object({ gridCode, olderThanDays: z.number().int().min(0).max(730).optional() }),
        response: { 201: roundView.extend({ people: z.number(), numbers: z.number() }) },
      },
    },
    async (request, reply) => {
      const { gridCode: code } = request.body;
      if (tierOf(code) === undefined) throw new LabaError('unknown-code', `${code} is not a grid code.`);
      const permit = authorize(officerOf(request), 'number.check', [code]);
      if (!(await isGridNode(deps.db, code))) throw new LabaError('unknown-code', `There is no grid node ${code}.`);
      const { round, people, numbers } = await startRound(deps, request.body, permit, actOf(request));
      const { id, gridCode: over, startedBy } = round;
      return reply.code(201).send({ id, gridCode: over, startedAt: capTime(round.startedAtMs, deps.config.utcOffsetMinutes), startedBy, people, numbers });
    },
  );
}

function countsOf(rows: readonly VillageResult[]): Record<NumberResult, number> {
  const sums = Object.fromEntries(NUMBER_RESULT_NAMES.map((name) => [name, 0])) as Record<NumberResult, number>;
  for (const { result, n } of rows) sums[result] += n;
  return sums;
}

/** @throws `unknown-code`, `out-of-scope` */
function codesOf(officer: Officer, grid: string | undefined): readonly string[] {
  if (grid === undefined) return authorize(officer, 'member.read', officer.scopes).codes;
  if (tierOf(grid) === undefined) throw new LabaError('unknown-code', `${grid} is not a grid code.`);
  return authorize(officer, 'member.read', [grid]).codes;
}

function viewOf(row: NumberRow, asOfMs: number, at: (ms: number) => string): NumberView {
  const { memberId, name, gridCode: code, gridName, result, reason, tries, askedAtMs, provenAtMs, messageState } = row;
  return {
    ...{ memberId, name, gridCode: code, gridName: gridName ?? code, result, reason, tries: tries ?? 0 },
    channel: result === 'none' ? null : row.channel,
    resultWords: NUMBER_RESULTS[result],
    isDelivered: messageState === 'delivered' || messageState === 'read',
    askedAt: askedAtMs === null ? null : at(askedAtMs),
    provenAt: provenAtMs === null ? null : at(provenAtMs),
    provenDaysAgo: provenAtMs === null ? null : Math.floor((asOfMs - provenAtMs) / DAY_MS),
  };
}
