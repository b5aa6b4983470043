// Chapter 5, roll-call: which village and which household stands first on the screen, and what a filter shows.
import { expect, it } from 'vitest';
import type { HouseholdView } from '@laba/domain/board-view';
import { PERSON_STATUS_NAMES, type PersonStatus } from '@laba/domain/rollcall';
import { inHeldOrder, inOrder, isShown, keyOf, progressOf, type Group } from './progress-order.ts';

const A = '533324101201';
const B = '533324101202';

function group(code: string, status: PersonStatus, { persons: n = 1, markedAtMs = null }: { persons?: number; markedAtMs?: number | null } = {}): Group {
  const byStatus = Object.fromEntries(PERSON_STATUS_NAMES.map((one) => [one, one === status ? n : 0])) as Record<PersonStatus, number>;
  const persons = { total: n, frozen: n, found: 0, accounted: status === 'unreached' || status === 'missing' ? 0 : n, unconfirmed: 0, byStatus };
  const households = { total: 1, accounted: persons.accounted > 0 ? 1 : 0 };
  return { code, name: code, complete: false, households, persons, places: { total: 0, open: 0, expected: 0, counted: 0 }, markedAtMs };
}

function household(householdId: string, statuses: PersonStatus[], more: Partial<HouseholdView> = {}): HouseholdView {
  const said = { words: null, means: null, markedBy: null, markedByName: null, markedAt: null, round: 1, musterPointId: null, version: 1 };
  const persons = statuses.map((status, i) => ({ personId: `${householdId}-${i}`, name: null, needs: [], status, ...said }));
  return { householdId, gridCode: `${A}01`, doorplate: householdId, headName: null, needs: [], version: statuses.length, persons, ...more };
}

it('puts a village with a missing person before one with many unreached, and each village before its groups', () => {
  const rows = progressOf([group(`${A}01`, 'unreached', { persons: 50 }), group(`${A}02`, 'moved'), group(`${B}01`, 'missing')]);
  expect(rows.map(({ code }) => code)).toEqual([B, `${B}01`, A, `${A}01`, `${A}02`]);
});

it('adds up a village and tells its newest mark; what is listed for the village itself is in its sum', () => {
  const [village] = progressOf([
    group(A, 'moved', { persons: 2, markedAtMs: 5 }),
    group(`${A}01`, 'unreached', { persons: 3 }),
    group(`${A}02`, 'moved', { markedAtMs: 9 }),
  ]);
  expect(village).toMatchObject({ code: A, name: A, persons: { total: 6, accounted: 3 }, households: { total: 3, accounted: 2 }, markedAtMs: 9 });
});

it('puts who needs attention first, and among those who has needs; doors run as numbers do', () => {
  const list = [
    household('10', ['moved']),
    household('9', ['unreached']),
    household('10号', ['unreached']),
    household('11', ['unreached'], { needs: ['bedridden'] }),
    household('1', ['safe', 'missing']),
  ];
  expect(inOrder(list).map(keyOf)).toEqual(['1', '11', '9', '10号', '10']);
});

it('shows by status, by needs, and who is to be counted again in this round', () => {
  const moved = household('1', ['moved', 'away']);
  expect([
    isShown(moved, 'open', 1),
    isShown(moved, 'moved', 1),
    isShown(moved, 'recount', 1),
    isShown(moved, 'recount', 2),
    isShown(moved, 'needs', 1),
  ]).toEqual([false, true, false, true, false]);
  expect(isShown(household('2', ['away']), 'recount', 2), 'who is out of the county is not asked again').toBe(false);
  expect(isShown(household('3', ['returned']), 'open', 1)).toBe(true);
});

it('keeps rows where they stood while they are under the hand, and lets new ones follow', () => {
  expect(inHeldOrder(['c', 'a', 'b'], (row) => row, ['a', 'b'])).toEqual(['a', 'b', 'c']);
  expect(inHeldOrder(['c', 'a'], (row) => row, undefined)).toEqual(['c', 'a']);
});
