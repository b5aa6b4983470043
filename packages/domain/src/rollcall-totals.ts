// Chapter 5, roll-call: the answer "65 of 65 households, 199 of 199 people", in all and per grid node.
import { personTotals, type PersonStatus, type PersonTotals } from './rollcall.ts';

export interface CodeStatusCount {
  gridCode: string;
  status: PersonStatus;
  isFound: boolean;
  isConfirmed: boolean;
  count: number;
  /** When the newest of these marks was made; null while there is none. */
  markedAtMs?: number | null;
}

export interface HouseholdCount {
  gridCode: string;
  total: number;
  /** None of its persons is unreached, missing or returned. */
  accounted: number;
}

export interface PlaceCount {
  gridCode: string;
  total: number;
  open: number;
  expected: number;
  counted: number;
}

export interface Totals {
  /** Nobody is unreached, missing, returned or still to be counted again, and every place was counted full; false while nobody is listed. */
  complete: boolean;
  households: { total: number; accounted: number };
  persons: PersonTotals;
  /** `expected` and `counted` people; `open` places wait for more of them. */
  places: { total: number; open: number; expected: number; counted: number };
}

export interface Counts {
  statuses: readonly CodeStatusCount[];
  households: readonly HouseholdCount[];
  places: readonly PlaceCount[];
}

/** One sum of all counts. */
export function totalsOf({ statuses, households, places }: Counts): Totals {
  const add = <T>(rows: readonly T[], of: (row: T) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const persons = personTotals(statuses);
  const ofPlaces = {
    total: add(places, (row) => row.total),
    open: add(places, (row) => row.open),
    expected: add(places, (row) => row.expected),
    counted: add(places, (row) => row.counted),
  };
  return {
    complete: persons.total + ofPlaces.total > 0 && persons.accounted === persons.total && persons.unconfirmed === 0 && ofPlaces.open === 0,
    households: { total: add(households, (row) => row.total), accounted: add(households, (row) => row.accounted) },
    persons,
    places: ofPlaces,
  };
}

/** The same per grid code, by code; together they are the sum. */
export function totalsByCode(counts: Counts): (Totals & { code: string; markedAtMs: number | null })[] {
  const statuses = Map.groupBy(counts.statuses, (row) => row.gridCode);
  const households = Map.groupBy(counts.households, (row) => row.gridCode);
  const places = Map.groupBy(counts.places, (row) => row.gridCode);
  const codes = [...new Set([...statuses.keys(), ...places.keys()])].sort();
  return codes.map((code) => ({
    code,
    markedAtMs: newestOf(statuses.get(code) ?? []),
    ...totalsOf({ statuses: statuses.get(code) ?? [], households: households.get(code) ?? [], places: places.get(code) ?? [] }),
  }));
}

/** When somebody was marked there last; null: nobody yet. */
function newestOf(rows: readonly CodeStatusCount[]): number | null {
  return rows.reduce<number | null>((newest, { markedAtMs: atMs = null }) => (atMs === null ? newest : Math.max(newest ?? atMs, atMs)), null);
}
