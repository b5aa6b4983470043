// Chapter 5, roll-call: villages with their groups, the worst first, and what a list shows of its households. Rules only.
import type { HouseholdView, RollCallView } from '@laba/domain/board-view';
import { householdStatus, isConfirmed, OPEN_STATUSES, PERSON_STATUS_NAMES, WORST_FIRST, type PersonStatus } from '@laba/domain/rollcall';

export type Group = RollCallView['groups'][number];

/** Sums of one place and everything under it. */
export interface Progress {
  code: string;
  name: string | undefined;
  households: { total: number; accounted: number };
  persons: { total: number; accounted: number; unconfirmed: number };
  places: { total: number; open: number };
  byStatus: Record<PersonStatus, number>;
  markedAtMs: number | null;
}

const VILLAGE_DIGITS = 12;

function sumOf(code: string, name: string | undefined, groups: readonly Group[]): Progress {
  const add = (of: (group: Group) => number) => groups.reduce((sum, group) => sum + of(group), 0);
  const byStatus = Object.fromEntries(PERSON_STATUS_NAMES.map((status) => [status, add(({ persons }) => persons.byStatus[status])]));
  const marked = groups.flatMap(({ markedAtMs }) => markedAtMs ?? []);
  return {
    code,
    name,
    households: { total: add(({ households }) => households.total), accounted: add(({ households }) => households.accounted) },
    persons: {
      total: add(({ persons }) => persons.total),
      accounted: add(({ persons }) => persons.accounted),
      unconfirmed: add(({ persons }) => persons.unconfirmed),
    },
    places: { total: add(({ places }) => places.total), open: add(({ places }) => places.open) },
    byStatus: byStatus as Record<PersonStatus, number>,
    markedAtMs: marked.length === 0 ? null : Math.max(...marked),
  };
}

const GRAVE: readonly PersonStatus[] = ['missing', 'injured', 'dead', 'returned', 'needs-help'];

/** The greater is the worse: people in danger, then who is not found, then who is to be counted again, then places. */
function trouble({ byStatus, persons, places }: Progress): readonly number[] {
  return [GRAVE.reduce((sum, status) => sum + byStatus[status], 0), persons.total - persons.accounted, persons.unconfirmed, places.open];
}

function worse(a: Progress, b: Progress): number {
  const [of, than] = [trouble(a), trouble(b)];
  const at = of.findIndex((n, i) => n !== than[i]);
  return at === -1 ? a.code.localeCompare(b.code) : than[at]! - of[at]!;
}

/** Each village before its groups, the worst village and in it the worst group first. What is listed for the village itself is its first group. */
export function progressOf(groups: readonly Group[]): Progress[] {
  const villages = Map.groupBy(groups, ({ code }) => code.slice(0, VILLAGE_DIGITS));
  const sums = [...villages].map(([code, of]) => ({ village: sumOf(code, of.find((one) => one.code === code)?.name, of), of }));
  return sums
    .toSorted((a, b) => worse(a.village, b.village))
    .flatMap(({ village, of }) => {
      const under = of.filter(({ code }) => code !== village.code).map((group) => sumOf(group.code, group.name, [group]));
      return [village, ...under.toSorted(worse)];
    });
}

export const NARROWED = ['open', 'unreached', 'missing', 'needs-help', 'refused', 'returned', 'moved', 'needs', 'recount'] as const;
export type Narrowed = (typeof NARROWED)[number];

/** What the house itself can narrow a list to, where the whole of it is too much. */
export const ASKED_OF_THE_HOUSE: readonly Narrowed[] = ['open', 'unreached', 'missing', 'needs-help', 'refused', 'returned', 'moved'];

export function isShown(household: HouseholdView, only: Narrowed | undefined, round: number): boolean {
  const { persons } = household;
  if (only === undefined) return true;
  if (only === 'open') return persons.some(({ status }) => (OPEN_STATUSES as readonly PersonStatus[]).includes(status));
  if (only === 'needs') return hasNeeds(household);
  if (only === 'recount') return persons.some((person) => !isConfirmed(person, round));
  return persons.some(({ status }) => status === only);
}

export const keyOf = ({ householdId, persons }: HouseholdView): string => householdId ?? persons[0]?.personId ?? '';

const hasNeeds = ({ needs, persons }: HouseholdView) => needs.length > 0 || persons.some((person) => person.needs.length > 0);

/** Who needs attention first; among those, who has needs; then as the doorplates run. */
export function inOrder(households: readonly HouseholdView[]): HouseholdView[] {
  const rank = ({ persons }: HouseholdView) => WORST_FIRST.indexOf(householdStatus(persons));
  const plate = new Intl.Collator('zh-CN', { numeric: true });
  return households.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      Number(hasNeeds(b)) - Number(hasNeeds(a)) ||
      a.gridCode.localeCompare(b.gridCode) ||
      plate.compare(a.doorplate ?? '', b.doorplate ?? ''),
  );
}

/** Rows do not jump from under the hand: those of `held` stand where they stood, new ones follow. */
export function inHeldOrder<T>(rows: readonly T[], keyed: (row: T) => string, held: readonly string[] | undefined): readonly T[] {
  if (held === undefined) return rows;
  const at = new Map(held.map((key, i) => [key, i]));
  return rows.toSorted((a, b) => (at.get(keyed(a)) ?? Infinity) - (at.get(keyed(b)) ?? Infinity));
}
