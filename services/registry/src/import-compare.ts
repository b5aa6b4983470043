// An import held against what is kept: which rows are new, which say something else, and which are known already.
import { createHash, type Hash } from 'node:crypto';
import type { ImportChange } from '@laba/domain/import-view';
import { LIMITS } from '@laba/domain/limits';
import { normalisePhone } from '@laba/domain/phone';
import { cleanText } from '@laba/domain/text';
import type { KeptRow, ListRow } from './import-kept-store.ts';
import type { CsvRow, CsvTable } from './import-table.ts';
import type { RowProblems } from './row-problems.ts';
import { NO, YES } from './row-reader.ts';

/** What makes rows of a list comparable. */
export interface Likeness {
  /** What tells a row from all others. */
  idOf: (row: ListRow) => string;
  /** Columns that can differ; the others follow from the id, or are the id. */
  compared: readonly string[];
  /** Rows that share this column are written all together, and what is kept beside them goes. */
  whole?: string;
  /** A row that says a part of this one, and may stand alone. */
  alsoKnown?: (row: ListRow) => ListRow;
  /** The column of an id that the county chose, whose zeros a spreadsheet takes off. */
  ownId?: string;
}

export interface Compared {
  fresh: number;
  changed: number;
  unchanged: number;
  removed: number;
  changes: ImportChange[];
  seen: string;
  /** The rows that have to be written. */
  rows: readonly CsvRow[];
}

const wordsOf = (text: string) =>
  [
    ...new Set(
      text
        .split(/[|｜]/)
        .map((word) => word.trim().toLowerCase())
        .filter(Boolean),
    ),
  ]
    .toSorted()
    .join('|');
const lower = (text: string) => text.toLowerCase();
const number = (text: string) => (/^\d+$/.test(text) ? String(Number(text)) : text);
const flag = (ifEmpty: string) => (text: string) => (text === '' ? ifEmpty : YES.has(lower(text)) ? '1' : NO.has(lower(text)) ? '0' : text);

function tags(text: string): string {
  try {
    return Intl.getCanonicalLocales(
      text
        .split(/[|｜]/)
        .map((tag) => tag.trim())
        .filter(Boolean),
    ).join('|');
  } catch {
    return text;
  }
}

/** A cell in the one form in which an export writes it. */
const FORMS: Record<string, (text: string) => string> = {
  phone: (text) => normalisePhone(text) ?? text,
  skills: wordsOf,
  needs: wordsOf,
  languages: tags,
  available: flag('1'),
  off_duty: flag('0'),
  kind: (text) => lower(text) || 'other',
  hazard: lower,
  post: lower,
  duty: lower,
  position: number,
  capacity: number,
  head_count: number,
};
const formed = (column: string, text: string) => FORMS[column]?.(text) ?? text;

function readRow({ position }: CsvTable, { cells }: CsvRow): ListRow {
  return Object.fromEntries([...position].map(([column, at]) => [column, formed(column, cleanText(cells[at] ?? ''))]));
}

const withoutZeros = (id: string) => id.replace(/^0+(?=\d)/, '');

/** Known ids that begin with a zero, by what a spreadsheet makes of them. */
function zeroed(likeness: Likeness, kept: readonly KeptRow[]): Map<string, string> {
  const ids = likeness.ownId === undefined ? [] : kept.map(({ row }) => row[likeness.ownId!] ?? '');
  return new Map(ids.filter((id) => /^0\d+$/.test(id)).map((id) => [withoutZeros(id), id]));
}

class Differences {
  readonly changes: ImportChange[] = [];
  readonly #hash: Hash = createHash('sha256');

  get seen(): string {
    return this.#hash.copy().digest('base64url');
  }

  add(change: ImportChange): void {
    this.#hash.update(JSON.stringify(change));
    if (this.changes.length < LIMITS.importChangesShown) this.changes.push({ ...change, id: change.id.trim() });
  }
}

/** Faulty rows are left out, for nothing is written of them. Notes ids that lost their zeros. */
export function compare(likeness: Likeness, table: CsvTable, kept: readonly KeptRow[], problems: RowProblems): Compared {
  const known = knownRows(likeness, kept);
  const lost = zeroed(likeness, kept);
  const differences = new Differences();
  const counts = { fresh: 0, changed: 0, unchanged: 0 };
  const touched: CsvRow[] = [];
  const columns = [...table.position.keys()];
  const named = new Set<string>();
  for (const csvRow of table.rows.filter(({ row }) => !problems.rows.has(row))) {
    const row = readRow(table, csvRow);
    const id = likeness.idOf(row);
    const was = known.get(id);
    named.add(id);
    const padded = was === undefined ? lost.get(row[likeness.ownId ?? ''] ?? '') : undefined;
    if (padded !== undefined) refuseLost(problems, csvRow.row, likeness.ownId!, padded);
    const cells = (was === undefined ? columns : likeness.compared.filter((column) => table.position.has(column)))
      .map((column) => ({ column, was: was?.[column] ?? '', becomes: row[column] ?? '' }))
      .filter((cell) => cell.was !== cell.becomes);
    const is = was === undefined ? 'new' : 'changed';
    counts[was === undefined ? 'fresh' : cells.length > 0 ? 'changed' : 'unchanged'] += 1;
    if (was !== undefined && cells.length === 0) continue;
    touched.push(csvRow);
    differences.add({ is, row: csvRow.row, id, cells });
  }
  const gone = removedRows(likeness, table, kept, named);
  for (const row of gone) differences.add({ is: 'removed', row: null, id: likeness.idOf(row), cells: [] });
  const { changes, seen } = differences;
  return { ...counts, removed: gone.length, changes, seen, rows: wholeRows(likeness, table, touched, gone) };
}

function knownRows({ idOf, alsoKnown }: Likeness, kept: readonly KeptRow[]): Map<string, ListRow> {
  const rows = kept.map(({ row }) => formedRow(row));
  return new Map([...(alsoKnown === undefined ? [] : rows.map(alsoKnown)), ...rows].map((row) => [idOf(row), row]));
}

const formedRow = (row: ListRow): ListRow => Object.fromEntries(Object.entries(row).map(([column, text]) => [column, formed(column, text)]));

function refuseLost(problems: RowProblems, row: number, column: string, padded: string): void {
  problems.add(
    row,
    column,
    `编号前面的 0 丢了，应为 ${padded}：在电子表格里把这一列设为“文本”，重新填写`,
    `the zeros before the id are lost, it is ${padded}: format the column as text in the spreadsheet and type it again`,
  );
}

/** What is kept under a name that the file gives, and the file leaves out. */
function removedRows({ whole, idOf }: Likeness, table: CsvTable, kept: readonly KeptRow[], named: ReadonlySet<string>): ListRow[] {
  if (whole === undefined) return [];
  const groups = new Set(table.rows.map((row) => readRow(table, row)[whole]));
  return kept.map(({ row }) => row).filter((row) => groups.has(row[whole]) && !named.has(idOf(row)));
}

function wholeRows({ whole }: Likeness, table: CsvTable, touched: readonly CsvRow[], gone: readonly ListRow[]): readonly CsvRow[] {
  if (whole === undefined) return touched;
  const groups = new Set([...touched.map((row) => readRow(table, row)[whole]), ...gone.map((row) => row[whole])]);
  return table.rows.filter((row) => groups.has(readRow(table, row)[whole]));
}
