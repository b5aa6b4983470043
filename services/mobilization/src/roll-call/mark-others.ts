// Chapter 5, roll-call: who was found and is on no list, and how many were counted at a place.
import { LabaError } from '@laba/domain/errors';
import { coveringCode, sharedCodes } from '@laba/domain/grid';
import type { Mark, MarkMeans } from '@laba/domain/rollcall';
import type { Act, Permit } from '@laba/runtime/auth';
import { record } from '@laba/storage/events';
import { alertAreas } from '../call-out/call-store.ts';
import type { MarkDeps } from './mark-person.ts';
import { decidedAgain } from '../decided-again.ts';
import { isGridNode } from '../grid-node-store.ts';
import { markedMeanwhile, markIsLate } from './mark-window.ts';
import type { OwnDoors } from './own-doors.ts';
import {
  findListedPerson,
  findListedPlace,
  holdList,
  insertFound,
  openList,
  roundOf,
  writeCount,
  type ListedPerson,
  type ListedPlace,
} from './rollcall-store.ts';
import { dueOfMark } from '../tasks/person-task.ts';
import { settle } from './settle-store.ts';

export interface Found {
  /** As whoever found him names him: the same twice is one person. Undefined: a new one each time. */
  personId?: string | undefined;
  name: string;
  gridCode: string;
  status: Mark;
  means: MarkMeans;
  words?: string | undefined;
  /** When it was written down, if the line was cut. */
  writtenAtMs?: number | undefined;
}

/** A person who was met and is on no list: added as such, in no household. @throws `not-found`, `unknown-code`, `bad-input`, `transition-refused` */
export function addFound(deps: MarkDeps, alertId: string, found: Found, _proof: Permit<'rollcall.mark'> | OwnDoors, act: Act): Promise<ListedPerson> {
  const { gridCode, status, means } = found;
  return decidedAgain(async () => {
    const before = found.personId === undefined ? undefined : await findListedPerson(deps.db, alertId, found.personId);
    if (before !== undefined) return before;
    const atMs = deps.clock.now();
    const late = await markIsLate(deps.db, alertId, atMs);
    const areas = await alertAreas(deps.db, alertId);
    if (!(await isGridNode(deps.db, gridCode))) throw new LabaError('unknown-code', `No grid node has the code ${gridCode}.`, { gridCode });
    if (sharedCodes(areas, [gridCode]).length === 0)
      throw new LabaError('bad-input', 'gridCode: this alert does not cover it; name the grid node where the person was in danger.', { field: 'gridCode' });
    const person = foundPerson(deps, alertId, found, await roundOf(deps.db, alertId, found.writtenAtMs), { markedBy: act.who, markedAtMs: atMs });
    const by = { atMs, who: act.who, via: act.via, alertId } as const;
    const data = { status, means, ...(late ? { late } : {}) };
    await deps.db.atomically([
      openList(alertId, coveringCode(areas) ?? gridCode, atMs),
      holdList(alertId, atMs),
      insertFound(person),
      ...act.once,
      ...record(deps.ids, { ...by, type: 'person.found', gridCode, subjectId: person.personId, data, due: dueOfMark(status) }),
      ...settle(deps.ids, by),
    ]);
    return person;
  });
}

function foundPerson(deps: MarkDeps, alertId: string, found: Found, round: number, by: { markedBy: string; markedAtMs: number }): ListedPerson {
  const { name, gridCode, status, means, words } = found;
  return {
    alertId,
    personId: found.personId ?? deps.ids(),
    householdId: null,
    gridCode,
    nameCipher: deps.vault.encrypt(name),
    status,
    round,
    musterPointId: null,
    wordsCipher: words === undefined ? null : deps.vault.encrypt(words),
    means,
    ...by,
    version: 1,
  };
}

export interface GivenCount {
  counted: number;
  /** Tonight's number, when the list's is wrong. */
  expected?: number | undefined;
  means: MarkMeans;
  /** When it was counted, if the line was cut. */
  writtenAtMs?: number | undefined;
  version: number;
}

/** How many are at a place. The same count again changes nothing. @throws `not-found`, `out-of-scope`, `changed-meanwhile`, `transition-refused` */
export function countPlace(
  deps: MarkDeps,
  which: { alertId: string; placeId: string },
  given: GivenCount,
  allow: (listed: readonly ListedPlace[]) => Permit<'rollcall.mark'>,
  act: Act,
): Promise<ListedPlace> {
  return decidedAgain(async () => {
    const place = await findListedPlace(deps.db, which.alertId, which.placeId);
    if (place === undefined) throw new LabaError('not-found', 'No place on this alert’s list has this id.');
    allow([place]);
    const atMs = deps.clock.now();
    const late = await markIsLate(deps.db, which.alertId, atMs);
    const { counted, expected = place.expected, means } = given;
    const round = Math.max(place.round, await roundOf(deps.db, place.alertId, given.writtenAtMs));
    if (place.counted === counted && place.expected === expected && place.round === round) return place;
    if (place.version !== given.version) throw await markedMeanwhile(deps.db, place);
    const by = { means, markedBy: act.who, markedAtMs: atMs };
    const now = { counted, expected, expectedAtMs: given.expected === undefined ? place.expectedAtMs : atMs, round };
    const told = { atMs, who: act.who, via: act.via, alertId: place.alertId } as const;
    const data = { counted, expected, means, ...(late ? { late } : {}) };
    await deps.db.atomically([
      holdList(place.alertId, atMs),
      writeCount(place, now, by),
      ...act.once,
      ...record(deps.ids, { ...told, type: 'place.counted', gridCode: place.gridCode, subjectId: place.placeId, data }),
      ...settle(deps.ids, told),
    ]);
    return { ...place, ...by, ...now, version: place.version + 1 };
  });
}
