// Import, second step: text to rows under a known header.
import Papa from 'papaparse';
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import type { RowProblems } from './row-problems.ts';

export interface CsvRow {
  /** As a spreadsheet counts: the header is row 1. */
  row: number;
  cells: readonly string[];
}

export interface CsvTable {
  /** Position of each column that the kind asks for, and of those it takes when they are there. */
  position: ReadonlyMap<string, number>;
  rows: CsvRow[];
  /** Columns that the file has and the kind does not know. */
  ignoredColumns: string[];
}

/** A row that begins so is read by people and by nobody else. */
export const REMARK = '# ';
// Our own exports, and careful people, put an apostrophe before what a spreadsheet would take for a formula.
const HARMLESS = /^'(?=[=+\-@\t\r＝＋－＠])/;
const OTHER_DELIMITER = /[;；]/;

const isBlank = (cells: readonly string[]) => cells.every((cell) => cell.trim() === '');

/** The rows, or undefined after noting what is wrong with the header. `optional`: columns that may be missing. @throws `too-large` */
export function readTable(text: string, columns: readonly string[], problems: RowProblems, optional: readonly string[] = []): CsvTable | undefined {
  const lines = text.replace(/\r\n?/g, '\n');
  const [first = ''] = lines.split('\n', 1);
  // A spreadsheet's “Unicode text” has tabs.
  const delimiter = first.includes('\t') && !first.includes(',') ? '\t' : ',';
  const parsed = Papa.parse<string[]>(lines, { delimiter, newline: '\n', header: false, skipEmptyLines: false });
  const header = (parsed.data[0] ?? []).map((name) => name.normalize('NFKC').trim().toLowerCase());
  const missing = columns.filter((column) => !header.includes(column));
  const taken = [...columns, ...optional.filter((column) => header.includes(column))];
  const doubled = taken.filter((column) => header.filter((name) => name === column).length > 1);
  if (missing.length > 0 && header.length === 1 && OTHER_DELIMITER.test(header[0]!))
    problems.add(
      1,
      '',
      '各列不是用逗号分开的：请另存为“CSV UTF-8（逗号分隔）”',
      'the columns are not separated by commas: save the file as “CSV UTF-8 (comma delimited)”',
    );
  else if (missing.length > 0)
    problems.add(
      1,
      missing[0]!,
      `缺少列：${missing.join('、')}；表头应为 ${columns.join(',')}`,
      `missing columns: ${missing.join(', ')}; the header must be ${columns.join(',')}`,
    );
  for (const column of doubled) problems.add(1, column, `列 ${column} 出现了两次`, `the column ${column} is there twice`);
  for (const error of parsed.errors) {
    if (error.type === 'Quotes') problems.add((error.row ?? 0) + 1, '', '引号没有配对', 'a quotation mark is not closed or stands inside a cell');
  }
  if (problems.total > 0) return undefined;
  const rows = parsed.data
    .slice(1)
    .map((cells, i): CsvRow => ({ row: i + 2, cells: cells.map((cell) => cell.replace(HARMLESS, '')) }))
    .filter(({ cells }) => !isBlank(cells) && cells[0]?.startsWith(REMARK) !== true);
  if (rows.length > LIMITS.importRows) throw new LabaError('too-large', `The file has ${rows.length} rows; ${LIMITS.importRows} are the limit: split it.`);
  if (rows.length === 0) problems.add(2, '', '文件里没有数据行', 'the file has no rows');
  for (const { row, cells } of rows) {
    const extra = cells.slice(header.length);
    if (cells.length < header.length || !isBlank(extra))
      problems.add(row, '', `这一行有 ${cells.length} 格，表头有 ${header.length} 格`, `this row has ${cells.length} cells, the header has ${header.length}`);
  }
  if (problems.total > 0) return undefined;
  const position = new Map(taken.map((column) => [column, header.indexOf(column)]));
  return { position, rows, ignoredColumns: header.filter((name) => name !== '' && !taken.includes(name)) };
}
