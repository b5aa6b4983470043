// Chapter 5, roll-call: who goes to which door, per helper and per group; inside the officer's scope.
import { z } from 'zod';
import { DOOR_REASONS, type DoorReason } from '@laba/domain/assign-doors';
import { NEEDS, type Need } from '@laba/domain/member';
import { roleMay } from '@laba/domain/officer';
import { authorize } from '@laba/runtime/auth';
import { actOf, officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { countDoorsByGroup, countDoorsByHelper, listDoors } from './door-store.ts';
import { giveDoor } from './give-door.ts';
import { cursorOf, nextOf } from '../page-cursor-store.ts';
import { namesOfCodes } from '../grid-node-store.ts';
import { partOf } from './rollcall-part.ts';
import { next, params, querystring, tags, timeOf } from './rollcall-view.ts';

const n = z.number();
const id = z.string().min(1).max(80);
const words = z.object({ zh: z.string(), en: z.string() });
const answer = z.object({
  /** `open` doors: somebody behind them is to be found or counted again. `alone`: nobody could be sent there. */
  groups: z.array(z.object({ code: z.string(), name: z.string(), doors: n, open: n, alone: n })),
  /** Who has most to do comes first. */
  helpers: z.array(z.object({ memberId: z.string(), name: z.string().nullable(), doors: n, open: n, minutes: n })),
  doors: z.array(
    z.object({
      householdId: z.string(),
      gridCode: z.string(),
      doorplate: z.string().nullable(),
      headName: z.string().nullable(),
      needs: z.array(z.enum(Object.keys(NEEDS) as [Need, ...Need[]])),
      isOpen: z.boolean(),
      memberId: z.string().nullable(),
      helperName: z.string().nullable(),
      reason: z.enum(Object.keys(DOOR_REASONS) as [DoorReason, ...DoorReason[]]),
      why: words,
      minutes: n,
      assignedAt: z.string().nullable(),
    }),
  ),
  next,
});

export function doorRoutes(app: App, deps: Deps): void {
  listRoute(app, deps);
  giveRoute(app, deps);
}

function giveRoute(app: App, deps: Deps): void {
  app.post(
    '/api/v1/alerts/:id/rollcall/doors/:householdId/helper',
    {
      config: { access: 'rollcall.mark' },
      schema: {
        tags,
        summary: 'An officer says who goes to this door; null takes it back',
        params: params.extend({ householdId: id }),
        body: z.object({ memberId: id.nullable() }),
        response: { 200: z.object({ householdId: z.string(), memberId: z.string().nullable(), minutes: n, why: words }) },
      },
    },
    async (request) => {
      const allow = (code: string) => void authorize(officerOf(request), 'rollcall.mark', [code]);
      const { householdId } = request.params;
      const { memberId, minutes, reason } = await giveDoor(deps, { alertId: request.params.id, householdId }, request.body.memberId, allow, actOf(request));
      return { householdId, memberId, minutes, why: DOOR_REASONS[reason] };
    },
  );
}

function listRoute(app: App, deps: Deps): void {
  app.get(
    '/api/v1/alerts/:id/rollcall/doors',
    {
      config: { access: 'rollcall.read' },
      schema: {
        tags,
        summary: 'Who knocks at which door, and why he; `minutes` are estimated from the order of the doorplates: see `assign-doors`',
        params,
        querystring: querystring.extend({ helper: z.string().max(64).optional() }),
        response: { 200: answer },
      },
    },
    async (request) => {
      const officer = officerOf(request);
      const { helper, group, after } = request.query;
      const { part } = await partOf(deps, officer, request.params.id, group);
      const [groups, helpers, rows, names] = await Promise.all([
        countDoorsByGroup(deps.db, part),
        countDoorsByHelper(deps.db, part),
        listDoors(deps.db, { ...part, helper }, cursorOf(after)),
        namesOfCodes(deps.db, part.codes),
      ]);
      const mayMark = roleMay(officer.role, 'rollcall.mark');
      const named = (name: string | null) => (mayMark ? name : null);
      return {
        groups: groups.map((one) => ({ ...one, name: names.get(one.code) ?? one.code })),
        helpers: helpers.map((one) => ({ ...one, name: named(one.name), minutes: one.minutes ?? 0 })),
        doors: rows.map(({ door, doorplate, headName, helperName, needs, isOpen }) => ({
          ...door,
          doorplate,
          headName: named(headName),
          needs: needs ?? [],
          isOpen,
          helperName: named(helperName),
          why: DOOR_REASONS[door.reason],
          assignedAt: timeOf(deps, door.assignedAtMs),
        })),
        next: nextOf(rows.map(({ door }) => ({ gridCode: door.gridCode, id: door.householdId }))),
      };
    },
  );
}
