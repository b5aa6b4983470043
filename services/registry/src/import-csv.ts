// A county's own lists come in: checked row by row, written all or not at all, the same again when it is repeated.
import { LabaError } from '@laba/domain/errors';
import { LIMITS } from '@laba/domain/limits';
import { hasScope } from '@laba/domain/officer';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { divisions } from './import-divisions.ts';
import { decodeCsv } from './import-encoding.ts';
import { groups } from './import-groups.ts';
import { hazardPoints } from './import-hazard-points.ts';
import { households } from './import-households.ts';
import { ladders } from './import-ladders.ts';
import { members } from './import-members.ts';
import { musterPoints } from './import-muster-points.ts';
import { neighbours } from './import-neighbours.ts';
import { persons } from './import-persons.ts';
import { places } from './import-places.ts';
import { commonNode, type ImportContext, type ImportPlan } from './import-recipe.ts';
import { sites } from './import-sites.ts';
import { readNodes, readTurn, takeTurn } from './import-store.ts';
import { readTable } from './import-table.ts';
import { RowProblems, type RowProblem } from './row-problems.ts';

const RECIPES = {
  divisions,
  groups,
  sites,
  members,
  households,
  persons,
  places,
  'muster-points': musterPoints,
  ladders,
  neighbours,
  'hazard-points': hazardPoints,
} as const;
export type ImportKind = keyof typeof RECIPES;
export const IMPORT_KINDS = Object.keys(RECIPES) as ImportKind[];

/** The header that a file of the kind must have, in any order. */
export const importColumns = (kind: ImportKind): readonly string[] => RECIPES[kind].columns;

export interface ImportFile {
  kind: ImportKind;
  /** UTF-8 with or without mark, or GBK. */
  bytes: Buffer;
  /** Checks everything and writes nothing. */
  dryRun: boolean;
  /** Of a divisions file keep this county only. */
  county?: string | undefined;
  /** Whose scope the rows must lie in. Needed over HTTP; the house itself imports without. */
  permit?: Permit<'people.import'> | undefined;
}

export interface ImportResult {
  kind: ImportKind;
  dryRun: boolean;
  /** Rows of the file that count; of a file with one row per speaker or membership these are more than the things it tells of. */
  rows: number;
  inserted: number;
  updated: number;
  ignoredColumns: string[];
  errorCount: number;
  /** The first ones. Empty when it was written. */
  errors: RowProblem[];
}

interface Checked {
  plan: ImportPlan;
  problems: RowProblems;
  ignoredColumns: string[];
}

const NOTHING: ImportPlan = { rows: 0, inserted: 0, updated: 0, codes: [], ops: [] };

/**
 * @throws `import-refused` with `errors` (row, column, message, messageZh) and `errorCount`, nothing written; `too-large`;
 * `changed-meanwhile` when another import came between
 */
export async function importCsv(deps: Pick<Deps, 'db' | 'vault' | 'clock' | 'ids' | 'config'>, file: ImportFile, act: Act): Promise<ImportResult> {
  if (act.via === 'http' && file.permit === undefined) throw new LabaError('role-refused', 'An import over HTTP needs a permit.');
  if (file.bytes.length > LIMITS.importBytes) throw new LabaError('too-large', `The file is larger than ${LIMITS.importBytes} bytes: split it.`);
  const turn = await readTurn(deps.db);
  const { plan, problems, ignoredColumns } = await check(deps, file);
  const { rows, inserted, updated } = plan;
  const errors = problems.shown;
  if (problems.total > 0 && !file.dryRun) throw new LabaError('import-refused', refusal(problems), { errorCount: problems.total, errors });
  if (!file.dryRun) {
    const event = {
      type: 'grid.imported' as const,
      atMs: deps.clock.now(),
      who: act.who,
      via: act.via,
      gridCode: commonNode(plan.codes) ?? deps.config.county,
      subjectId: deps.ids(),
      data: { kind: file.kind, rows, inserted, updated },
    };
    await deps.db.atomically([takeTurn(turn), ...plan.ops, ...record(deps.ids, event), ...act.once]);
  }
  return { kind: file.kind, dryRun: file.dryRun, rows, inserted, updated, ignoredColumns, errorCount: problems.total, errors };
}

async function check(deps: Pick<Deps, 'db' | 'vault' | 'clock'>, file: ImportFile): Promise<Checked> {
  const problems = new RowProblems();
  const recipe = RECIPES[file.kind];
  const text = decodeCsv(file.bytes, problems);
  const table = text === undefined ? undefined : readTable(text, recipe.columns, problems, recipe.optional);
  if (table === undefined) return { plan: NOTHING, problems, ignoredColumns: [] };
  const permit = file.permit;
  const context: ImportContext = {
    db: deps.db,
    vault: deps.vault,
    table,
    problems,
    county: file.county,
    nowMs: deps.clock.now(),
    nodes: await readNodes(deps.db),
    inScope: (code) => permit === undefined || hasScope(permit.officer, code),
  };
  const plan = await recipe.plan(context);
  return { plan: problems.total > 0 ? { ...NOTHING, rows: plan.rows } : plan, problems, ignoredColumns: table.ignoredColumns };
}

function refusal(problems: RowProblems): string {
  const first = problems.shown[0]!;
  const more = problems.total > 1 ? ` (and ${problems.total - 1} more)` : '';
  return `Row ${first.row}${first.column ? `, ${first.column}` : ''}: ${first.message}${more}. Nothing was written.`;
}
