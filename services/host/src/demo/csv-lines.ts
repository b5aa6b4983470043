// CSV as the registry's import reads it; demo data needs no quoting and refuses what would.

/** Header and rows, each line ended by a line feed. Lists in a cell are joined by `|`. */
export function csvLines<C extends string>(columns: readonly C[], rows: readonly Record<C, string | number | readonly string[]>[]): string {
  const cell = (value: string | number | readonly string[]) => {
    const text = typeof value === 'object' ? value.join('|') : String(value);
    if (/[",\r\n]/.test(text)) throw new Error(`A demo cell must do without quoting: ${text}`);
    return text;
  };
  return [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(','))].map((line) => `${line}\n`).join('');
}

/** Rows of a file without quoting, as the divisions are. */
export function csvRows(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
  const columns = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [columns[i] ?? `column${i}`, value])));
}
