// `laba import`: the county's own lists, row by row, all or nothing.
import { readFileSync } from 'node:fs';
import { Refused } from './client.ts';
import type { Command, Console } from './command.ts';
import { IMPORT_COLUMNS } from './import-columns.ts';
import { signIn } from './sign-in.ts';
import { WrongUsage } from './usage.ts';

interface Result {
  rows: number;
  fresh: number;
  changed: number;
  unchanged: number;
  ignoredColumns: string[];
  errorCount: number;
  errors: RowError[];
}
interface RowError {
  row: number;
  column: string;
  message: string;
}

export const importCommand: Command = async ({ args, config, terminal, parse }) => {
  const { values, positionals } = parse({
    args: [...args],
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  });
  const [kind, file] = positionals;
  if (kind === undefined || file === undefined || positionals.length > 2) throw new WrongUsage('import wants a kind of list and a file');
  if (!Object.hasOwn(IMPORT_COLUMNS, kind)) throw new WrongUsage(`import has no '${kind}', only ${Object.keys(IMPORT_COLUMNS).join(', ')}`);
  const bytes = readFile(file);
  const client = await signIn(config, terminal, 'admin');
  const dryRun = values['dry-run'];
  const result = await client.upload<Result>(`/api/v1/imports/${kind}?dryRun=${dryRun}`, 'text/csv', bytes).catch(refusedRows);
  if (values.json) terminal.out(JSON.stringify(result));
  else if (result.errorCount > 0) tellFaults(terminal, file, result);
  else terminal.out(inWords(file, result, dryRun));
  return result.errorCount > 0 ? 1 : 0;
};

function readFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : 'cannot be read'}.`);
  }
}

function refusedRows(error: unknown): Result {
  if (!(error instanceof Refused) || error.code !== 'import-refused') throw error;
  const errors = (error.fields['errors'] as RowError[] | undefined) ?? [];
  return { rows: 0, fresh: 0, changed: 0, unchanged: 0, ignoredColumns: [], errorCount: Number(error.fields['errorCount'] ?? errors.length) || 1, errors };
}

function tellFaults(terminal: Console, file: string, { errors, errorCount }: Result): void {
  for (const { row, column, message } of errors) terminal.err(`row ${row}, ${column}: ${message}`);
  if (errorCount > errors.length) terminal.err(`… and ${errorCount - errors.length} more`);
  terminal.err(`${file}: nothing was written. Mend the rows above and try again.`);
}

function inWords(file: string, { rows, fresh, changed, unchanged, ignoredColumns }: Result, dryRun: boolean): string {
  const ignored = ignoredColumns.length === 0 ? '' : `; columns not used: ${ignoredColumns.join(', ')}`;
  return `${file}: ${rows} rows, ${fresh} new, ${changed} changed, ${unchanged} known already${ignored}${dryRun ? '; only checked, nothing was written' : ''}`;
}
