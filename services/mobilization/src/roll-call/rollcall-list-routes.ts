// Chapter 5, roll-call: who is accounted for, in figures and by name; inside the officer's scope.
import { z } from 'zod';
import type { HouseholdView, OneHouseholdView, PlacesView, RollCallView } from '@laba/domain/board-view';
import { capTime } from '@laba/domain/cap';
import { LabaError } from '@laba/domain/errors';
import { NEEDS, type Need } from '@laba/domain/member';
import { roleMay } from '@laba/domain/officer';
import { PERSON_STATUS_NAMES } from '@laba/domain/rollcall';
import { totalsByCode, totalsOf } from '@laba/domain/rollcall-totals';
import { officerOf, type App } from '@laba/runtime/http';
import type { Deps } from '@laba/runtime/service';
import { countList } from '@laba/storage/roll-call';
import { cursorOf, nextOf, type ListCursor } from '../page-cursor-store.ts';
import { namesOfCodes } from '../grid-node-store.ts';
import { listHouseholds, listPlaces, rowsOfUnits, type ListedRow } from './rollcall-list-store.ts';
import { partOf } from './rollcall-part.ts';
import { householdVersion, markerNames } from './rollcall-store.ts';
import { next, params, personView, placeView, querystring, tags, timeOf, viewPerson, viewPlace } from './rollcall-view.ts';

const n = z.number();
const totals = z.object({
  complete: z.boolean(),
  households: z.object({ total: n, accounted: n }),
  persons: z.object({ total: n, frozen: n, found: n, accounted: n, unconfirmed: n, byStatus: z.record(z.enum(PERSON_STATUS_NAMES), n) }),
  places: z.object({ total: n, open: n, expected: n, counted: n }),
});
const needs = z.array(z.enum(Object.keys(NEEDS) as [Need, ...Need[]]));
const listedPerson = personView.extend({ name: z.string().nullable(), needs, markedByName: z.string().nullable() });
const listedHousehold = z.object({
  /** Null: a person who was found, on no list. */
  householdId: z.string().nullable(),
  gridCode: z.string(),
  doorplate: z.string().nullable(),
  headName: z.string().nullable(),
  needs,
  version: n,
  persons: z.array(listedPerson),
});
const config = { access: 'rollcall.read' } as const;
const NOBODY = { units: [], rows: [] };

export function rollcallListRoutes(app: App, deps: Deps): void {
  householdListRoute(app, deps);
  householdRoute(app, deps);
  placeListRoute(app, deps);
}

function householdRoute(app: App, deps: Deps): void {
  const oneHousehold = z.object({ asOfMs: n, round: n, household: listedHousehold });
  app.get(
    '/api/v1/alerts/:id/rollcall/households/:householdId',
    {
      config,
      schema: {
        tags,
        summary: 'One household with its persons; or who was found, by his own id',
        params: params.extend({ householdId: z.string().min(1).max(80) }),
        response: { 200: oneHousehold },
      },
    },
    async (request): Promise<z.infer<typeof oneHousehold> & OneHouseholdView> => {
      const officer = officerOf(request);
      const { id, householdId } = request.params;
      const { part } = await partOf(deps, officer, id, undefined);
      const asOfMs = deps.clock.now();
      const rows = await rowsOfUnits(deps.db, part, [householdId]);
      const gridCode = rows[0]?.person.gridCode ?? '';
      const [household] = await householdsOf(deps, [{ gridCode, id: householdId }], rows, roleMay(officer.role, 'rollcall.mark'));
      if (household === undefined) throw new LabaError('not-found', 'No household on this alert’s list has this id.');
      return { asOfMs, round: part.round, household };
    },
  );
}

function householdListRoute(app: App, deps: Deps): void {
  const answer = totals.extend({
    asOf: z.string(),
    asOfMs: n,
    /** While an order stands people are counted again and again; since when this round goes on, null in the first. */
    round: n,
    roundAt: z.string().nullable(),
    /** `markedAtMs`: when somebody was marked there last. */
    groups: z.array(totals.extend({ code: z.string(), name: z.string(), markedAtMs: n.nullable() })),
    list: z.array(listedHousehold),
    next,
  });
  app.get(
    '/api/v1/alerts/:id/rollcall',
    {
      config,
      schema: {
        tags,
        summary: 'The roll-call: totals, per grid node, and a page of households with their persons',
        params,
        // `unconfirmed`: only households with somebody who is safe or moved and was not counted again in this round. `only`: with somebody of this
        // status, or of one that is `open`. `totals`: no households at all.
        querystring: querystring.extend({
          unconfirmed: z.stringbool().default(false),
          only: z.enum(['open', ...PERSON_STATUS_NAMES]).optional(),
          totals: z.stringbool().default(false),
        }),
        response: { 200: answer },
      },
    },
    async (request): Promise<z.infer<typeof answer> & RollCallView> => {
      const officer = officerOf(request);
      const { group: asked, unconfirmed, only, totals: figuresOnly, after } = request.query;
      const { part, roundAtMs } = await partOf(deps, officer, request.params.id, asked);
      const asOfMs = deps.clock.now();
      const [counts, { units, rows }, names] = await Promise.all([
        countList(deps.db, part),
        figuresOnly ? NOBODY : listHouseholds(deps.db, { ...part, unconfirmed, only }, cursorOf(after)),
        namesOfCodes(deps.db, part.codes),
      ]);
      return {
        asOf: capTime(asOfMs, deps.config.utcOffsetMinutes),
        asOfMs,
        round: part.round,
        roundAt: timeOf(deps, roundAtMs),
        ...totalsOf(counts),
        groups: totalsByCode(counts).map((group) => ({ ...group, name: names.get(group.code) ?? group.code })),
        list: await householdsOf(deps, units, rows, roleMay(officer.role, 'rollcall.mark')),
        next: nextOf(units),
      };
    },
  );
}

function placeListRoute(app: App, deps: Deps): void {
  const listedPlace = placeView.extend({ name: z.string().nullable(), kind: z.string().nullable(), contactName: z.string().nullable() });
  app.get(
    '/api/v1/alerts/:id/rollcall/places',
    {
      config,
      schema: {
        tags,
        summary: 'A page of the places on the roll-call, with expected and counted people',
        params,
        querystring,
        response: { 200: z.object({ places: z.array(listedPlace), next }) },
      },
    },
    async (request): Promise<{ places: z.infer<typeof listedPlace>[] } & PlacesView> => {
      const officer = officerOf(request);
      const { part } = await partOf(deps, officer, request.params.id, request.query.group);
      const rows = await listPlaces(deps.db, part, cursorOf(request.query.after));
      const mayMark = roleMay(officer.role, 'rollcall.mark');
      return {
        places: rows.map(({ place, contactName, ...row }) => ({ ...viewPlace(deps, place), ...row, contactName: mayMark ? contactName : null })),
        next: nextOf(rows.map(({ place }) => ({ gridCode: place.gridCode, id: place.placeId }))),
      };
    },
  );
}

// Names, needs and words are for who looks for these people: shown for that action only.
export async function householdsOf(
  deps: Deps,
  units: readonly ListCursor[],
  rows: readonly ListedRow[],
  mayMark: boolean,
): Promise<(z.infer<typeof listedHousehold> & HouseholdView)[]> {
  const byUnit = Map.groupBy(rows, ({ person }) => keyOf(person.gridCode, person.householdId ?? person.personId));
  const names = mayMark
    ? await markerNames(
        deps.db,
        rows.map(({ person }) => person.markedBy),
      )
    : new Map<string, string>();
  const listed = (row: ListedRow) => ({
    ...viewPerson(deps, row.person),
    ...(mayMark ? {} : { words: null }),
    name: mayMark ? nameOf(deps, row) : null,
    needs: (mayMark ? row.needs : null) ?? [],
    markedByName: names.get(row.person.markedBy ?? '') ?? null,
  });
  return units.flatMap(({ gridCode, id }) => {
    const members = byUnit.get(keyOf(gridCode, id));
    const first = members?.[0];
    if (members === undefined || first === undefined) return [];
    return [
      {
        householdId: first.person.householdId,
        gridCode,
        doorplate: first.doorplate,
        headName: mayMark ? first.headName : null,
        needs: (mayMark ? first.householdNeeds : null) ?? [],
        version: householdVersion(members.map(({ person }) => person)),
        persons: members.map(listed),
      },
    ];
  });
}

const keyOf = (gridCode: string, id: string) => `${gridCode}~${id}`;

function nameOf(deps: Deps, { person, name, headName }: ListedRow): string | null {
  if (person.nameCipher !== null) return deps.vault.decrypt(person.nameCipher);
  return person.personId.startsWith('head:') ? headName : name;
}
