// Tables as files for a spreadsheet. What somebody typed must not become a formula there.

export type Cell = string | number | null;

/** A spreadsheet takes a text that begins so for a formula; the wide ones too, where Chinese is typed. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

function cellOf(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const harmless = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** With a byte order mark, by which spreadsheets know that it is UTF-8. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')}`;
}
