// Import of administrative divisions: county, township, village with the national codes. Township rows may be absent.
import { isWithin, lineage, tierOf, type Tier } from '@laba/domain/grid';
import { onceEach, planOf, readRows, refuseOutside, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { adoptVillages, upsertNodes } from './import-store.ts';
import type { CsvTable } from './import-table.ts';
import type { RowReader } from './row-reader.ts';

const LEVELS = { county: true, township: true, village: true } as const;

interface Division {
  row: RowReader;
  code: string;
  name: string;
  tier: Tier;
}

export const divisions: ImportRecipe = { columns: ['code', 'name', 'parent_code', 'level'], plan };

async function plan(context: ImportContext): Promise<ImportPlan> {
  const read = readRows(context, (row) => readDivision(context, row));
  if (read.length === 0) context.problems.add(1, 'code', `文件里没有县 ${context.county} 的行`, `the file has no row of county ${context.county}`);
  const once = onceEach();
  for (const { row, code } of read) once(row, 'code', code);
  const present = new Set([...context.nodes.keys(), ...read.map(({ code }) => code)]);
  const rows = read.map(({ row, code, name, tier }) => ({ code, name, tier, parentCode: parentOf(row, code, present) }));
  // A file may come sorted by name; a node is written after its parents all the same.
  rows.sort((a, b) => (a.code < b.code ? -1 : 1));
  const townships = rows.filter(({ tier }) => tier === 'township').map(({ code }) => code);
  const codes = rows.map(({ code }) => code);
  return planOf(codes, context.nodes, codes, [...upsertNodes(rows), ...adoptVillages(townships)]);
}

/** A prefecture's file holds many counties; rows of the others are none of this county's business, faulty or not. */
export function keepCounty(table: CsvTable, county: string | undefined): CsvTable {
  const at = table.position.get('code') ?? -1;
  return county === undefined ? table : { ...table, rows: table.rows.filter(({ cells }) => isWithin(county, (cells[at] ?? '').trim())) };
}

function readDivision(context: ImportContext, row: RowReader): Division {
  const code = row.code('code', ['county', 'township', 'village']);
  const name = row.name('name');
  const tier = tierOf(code) ?? 'county';
  const level = row.one('level', LEVELS);
  if (code !== '' && level !== tier) row.refuse('level', `编码 ${code} 的级别应为 ${tier}`, `the level of code ${code} must be ${tier}`);
  const parent = row.words('parent_code');
  if (code !== '' && parent !== '' && (parent === code || !code.startsWith(parent)))
    row.refuse('parent_code', '上级编码应为本编码的前几位', 'the parent code must be the beginning of the code');
  if (code !== '') refuseOutside(context, row, 'code', code);
  return { row, code, name, tier };
}

// The nearest ancestor that has a row: a village hangs on its county where the township's row is absent.
function parentOf(row: RowReader, code: string, present: ReadonlySet<string>): string | null {
  if (code === '' || tierOf(code) === 'county') return null;
  const parent = lineage(code)
    .slice(0, -1)
    .findLast((ancestor) => present.has(ancestor));
  if (parent === undefined || !present.has(code.slice(0, 6)))
    row.refuse('parent_code', `没有上级县 ${code.slice(0, 6)} 的行`, `there is no row of its county ${code.slice(0, 6)}`);
  return parent ?? null;
}
