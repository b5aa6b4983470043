// Two houses changed the same row while the line between them was cut: which of its parts stand. Rules only.

/** A row as houses tell it to each other: columns by name. */
export type Row = Readonly<Record<string, unknown>>;

/** A column whose words stand in an order of their own: the later in the list, the later the row. Words in a list of their own stand equal. */
export interface Rising {
  column: string;
  rising: readonly (string | readonly string[])[];
}

/** Columns that belong together: those of the one row or those of the other stand, never half of each. */
export interface Part {
  /** Not given: all columns that no other part names. */
  columns?: readonly string[];
  /**
   * What makes it the later one: compared one after the other, null before everything. `above`: that house alone decides.
   */
  by: 'above' | readonly (string | Rising)[];
}

/** How two rows become one. Each part is the greater of two in a total order, so the order and number of merges never matter. */
export type MergeRule = readonly Part[];

/** The house above owns the row. */
export const FROM_ABOVE: MergeRule = [{ by: 'above' }];

/** Written once, never changed: the same id is the same row. */
export const ONLY_ADDED: MergeRule = [{ by: [] }];

/** Where the two rows stand. */
export interface Standing {
  /** `theirs` comes from the house above. */
  fromAbove: boolean;
  /** Mine is another one than both houses held last. If not, theirs is simply the news. */
  changedHere: boolean;
}

/** One row of both, which must have the same columns. */
export function mergeRows(rule: MergeRule, mine: Row, theirs: Row, standing: Standing): Row {
  const named = new Set(rule.flatMap(({ columns }) => columns ?? []));
  const rest = Object.keys(mine).filter((column) => !named.has(column));
  return Object.assign({}, mine, ...rule.map((part) => standingPart(part, part.columns ?? rest, mine, theirs, standing))) as Row;
}

function standingPart(part: Part, columns: readonly string[], mine: Row, theirs: Row, standing: Standing): Row {
  const from = isTheirs(part, columns, mine, theirs, standing) ? theirs : mine;
  return Object.fromEntries(columns.map((column) => [column, from[column]]));
}

function isTheirs({ by }: Part, columns: readonly string[], mine: Row, theirs: Row, { fromAbove, changedHere }: Standing): boolean {
  if (by === 'above') return fromAbove;
  return !changedHere || isLater(by, columns, theirs, mine);
}

function isLater(by: readonly (string | Rising)[], columns: readonly string[], one: Row, other: Row): boolean {
  for (const what of by) {
    const order = typeof what === 'string' ? compare(one[what], other[what]) : compare(rankOf(what, one), rankOf(what, other));
    if (order !== 0) return order > 0;
  }
  // The same moment at both: any order serves, as long as both houses take the same one.
  return compare(written(one, columns), written(other, columns)) > 0;
}

function rankOf({ column, rising }: Rising, row: Row): number {
  const word = row[column] as string;
  return rising.findIndex((one) => one === word || (typeof one !== 'string' && one.includes(word)));
}

function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return b === null || b === undefined ? 0 : -1;
  if (b === null || b === undefined) return 1;
  return (a as string | number) < (b as string | number) ? -1 : 1;
}

/** The same text for the same values, whatever order their names came in. */
export function written(row: Row, columns: readonly string[] = Object.keys(row)): string {
  return JSON.stringify([...columns].sort().map((column) => [column, sorted(row[column])]));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, held]) => held !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, held]) => [name, sorted(held)]),
  );
}
