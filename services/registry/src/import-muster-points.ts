// Import of muster points: where people gather, and how many find room there.
import { LIMITS } from '@laba/domain/limits';
import { knownCode, onceEach, planOf, readRows, refuseOutside, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { readMusterPoints, upsertMusterPoints, type MusterPointRow } from './muster-store.ts';

export const musterPoints: ImportRecipe = { columns: ['muster_point_id', 'grid_code', 'name', 'capacity'], plan };

async function plan(context: ImportContext): Promise<ImportPlan> {
  const known = await readMusterPoints(context.db);
  const once = onceEach();
  const rows = readRows(context, (row): MusterPointRow => {
    const id = row.id('muster_point_id');
    once(row, 'muster_point_id', id);
    const before = known.get(id);
    if (before !== undefined) refuseOutside(context, row, 'muster_point_id', before);
    return { id, gridCode: knownCode(context, row), name: row.name('name'), capacity: row.count('capacity', LIMITS.headCount) };
  });
  return planOf(
    rows.map(({ id }) => id),
    known,
    rows.map(({ gridCode }) => gridCode),
    upsertMusterPoints(rows),
  );
}
