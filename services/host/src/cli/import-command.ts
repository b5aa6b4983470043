// `laba import`: the county's own lists, row by row, all or nothing.
import { existsSync, readFileSync } from 'node:fs';
import { Refused } from './client.ts';
import type { Command } from './command.ts';
import { countyUrl, signIn } from './sign-in.ts';

const KINDS = ['divisions', 'groups', 'sites', 'members', 'households', 'persons', 'places'];

export const importCommand: Command = async ({ args, config, terminal, parse }) => {
  const { values, positionals } = parse({ args: [...args], allowPositionals: true, options: { 'dry-run': { type: 'boolean', default: false }, json: { type: 'boolean', default: false } } });
  const [kind, file] = positionals;
  if (kind === undefined || file === undefined || !KINDS.includes(kind)) {
    terminal.err(`Usage: laba import ${KINDS.join('|')} FILE [--dry-run] [--json]`);
    return 2;
  }
  if (!existsSync(file)) throw new Error(`${file}: no such file.`);
  const client = await signIn(config, terminal, 'admin');
  try {
    const result = await client.upload<Record<string, unknown>>(`/api/v1/imports/${kind}?dryRun=${values['dry-run']}`, 'text/csv', readFileSync(file));
    terminal.out(values.json ? JSON.stringify(result) : `${file}: ${JSON.stringify(result)}`);
    return 0;
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 'import-refused') throw error;
    for (const row of (error.fields['errors'] as { row: number; column: string; message: string }[] | undefined) ?? []) terminal.err(`row ${row.row}, ${row.column}: ${row.message}`);
    terminal.err(`Nothing was written to ${countyUrl(config, terminal)}. Mend the rows above and try again.`);
    return 1;
  }
};
