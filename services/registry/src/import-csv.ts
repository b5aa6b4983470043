// A county's own lists come in: checked row by row, written all or not at all, the same again when it is repeated.
import { LabaError } from '@laba/domain/errors';
import type { ImportResultView, ListKind } from '@laba/domain/import-view';
import { LIMITS } from '@laba/domain/limits';
import { hasScope } from '@laba/domain/officer';
import type { Act, Permit } from '@laba/runtime/auth';
import type { Deps } from '@laba/runtime/service';
import { record } from '@laba/storage/events';
import { compare, type Compared } from './import-compare.ts';
import { divisions, keepCounty } from './import-divisions.ts';
import { decodeCsv } from './import-encoding.ts';
import { groups } from './import-groups.ts';
import { hazardPoints } from './import-hazard-points.ts';
import { households } from './import-households.ts';
import { ladders } from './import-ladders.ts';
import { LISTS_KEPT } from './import-lists.ts';
import { members } from './import-members.ts';
import { musterPoints } from './import-muster-points.ts';
import { neighbours } from './import-neighbours.ts';
import { persons } from './import-persons.ts';
import { places } from './import-places.ts';
import { commonNode, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { sites } from './import-sites.ts';
import { readNodes, readTurn, takeTurn } from './import-store.ts';
import { readTable, type CsvRow } from './import-table.ts';
import { RowProblems } from './row-problems.ts';

const RECIPES: Record<ListKind, ImportRecipe> = {
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
};
export type ImportKind = ListKind;
export const IMPORT_KINDS = Object.keys(RECIPES) as ImportKind[];

/** The header that a file of the kind must have, in any order. */
export const importColumns = (kind: ImportKind): readonly string[] => RECIPES[kind].columns;

/** Columns that it may have beside them. */
export const optionalColumns = (kind: ImportKind): readonly string[] => RECIPES[kind].optional ?? [];

export interface ImportFile {
  kind: ImportKind;
  /** UTF-8 with or without mark, GBK, or UTF-16 with its mark. */
  bytes: Buffer;
  /** Checks everything and writes nothing. */
  dryRun: boolean;
  /** Of a divisions file keep this county only. */
  county?: string | undefined;
  /** Whose scope the rows must lie in. Needed over HTTP; the house itself imports without. */
  permit?: Permit<'people.import'> | undefined;
  /** As a dry run told it: just those changes are written, or nothing. */
  seen?: string | undefined;
}

export type ImportResult = ImportResultView;

interface Checked {
  plan: ImportPlan;
  compared: Compared;
  problems: RowProblems;
  ignoredColumns: string[];
}

type ImportDeps = Pick<Deps, 'db' | 'vault' | 'clock' | 'ids' | 'config'>;

const NOTHING: ImportPlan = { rows: 0, inserted: 0, updated: 0, codes: [], ops: [] };
const UNREAD: Compared = { fresh: 0, changed: 0, unchanged: 0, removed: 0, changes: [], seen: '', rows: [] };

/**
 * @throws `import-refused` with `errors` (row, column, message, messageZh) and `errorCount`, nothing written; `too-large`;
 * `changed-meanwhile` when another import came between, or the changes are not those that were seen
 */
export async function importCsv(deps: ImportDeps, file: ImportFile, act: Act): Promise<ImportResult> {
  if (act.via === 'http' && file.permit === undefined) throw new LabaError('role-refused', 'An import over HTTP needs a permit.');
  if (file.bytes.length > LIMITS.importBytes) throw new LabaError('too-large', `The file is larger than ${LIMITS.importBytes} bytes: split it.`);
  const turn = await readTurn(deps.db);
  const checked = await check(deps, file);
  const { plan, compared, problems, ignoredColumns } = checked;
  const { rows, inserted, updated } = plan;
  const errors = problems.shown;
  if (file.seen !== undefined && file.seen !== compared.seen)
    throw new LabaError('changed-meanwhile', 'The lists are not as they were when the file was checked: check it again.');
  if (problems.total > 0 && !file.dryRun) throw new LabaError('import-refused', refusal(problems), { errorCount: problems.total, errors });
  if (!file.dryRun) await write(deps, file.kind, checked, turn, act);
  const { rows: _rows, changes, ...counts } = compared;
  const shown = file.dryRun ? changes : [];
  const known = { ...counts, refused: problems.rows.size, changes: shown, ignoredColumns, errorCount: problems.total, errors };
  return { kind: file.kind, dryRun: file.dryRun, rows, inserted, updated, ...known };
}

async function write(deps: ImportDeps, kind: ImportKind, { plan }: Checked, turn: number, act: Act): Promise<void> {
  const { rows, inserted, updated } = plan;
  const event = {
    type: 'grid.imported' as const,
    atMs: deps.clock.now(),
    who: act.who,
    via: act.via,
    gridCode: commonNode(plan.codes) ?? deps.config.county,
    subjectId: deps.ids(),
    data: { kind, rows, inserted, updated },
  };
  await deps.db.atomically([takeTurn(turn), ...plan.ops, ...record(deps.ids, event), ...act.once]);
}

async function check(deps: ImportDeps, file: ImportFile): Promise<Checked> {
  const problems = new RowProblems();
  const recipe = RECIPES[file.kind];
  const text = decodeCsv(file.bytes, problems);
  const whole = text === undefined ? undefined : readTable(text, recipe.columns, problems, recipe.optional);
  if (whole === undefined) return { plan: NOTHING, compared: UNREAD, problems, ignoredColumns: [] };
  const permit = file.permit;
  const table = file.kind === 'divisions' ? keepCounty(whole, file.county) : whole;
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
  const list = LISTS_KEPT[file.kind];
  const compared = compare(list, table, await list.kept(deps), problems);
  const { ignoredColumns } = whole;
  if (problems.total > 0) return { plan: { ...NOTHING, rows: plan.rows }, compared, problems, ignoredColumns };
  return { plan: { ...plan, ops: await opsOf(recipe, context, plan, compared.rows) }, compared, problems, ignoredColumns };
}

// What is known already is not written again: the same file twice changes nothing, and a place's number of last month does not become tonight's.
async function opsOf(recipe: ImportRecipe, context: ImportContext, plan: ImportPlan, rows: readonly CsvRow[]): Promise<ImportPlan['ops']> {
  if (rows.length === context.table.rows.length) return plan.ops;
  if (rows.length === 0) return [];
  return (await recipe.plan({ ...context, table: { ...context.table, rows: [...rows] } })).ops;
}

function refusal(problems: RowProblems): string {
  const first = problems.shown[0]!;
  const more = problems.total > 1 ? ` (and ${problems.total - 1} more)` : '';
  return `Row ${first.row}${first.column ? `, ${first.column}` : ''}: ${first.message}${more}. Nothing was written.`;
}
