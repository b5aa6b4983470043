// Import of places: where people are tonight who are on no household list.
import { LIMITS } from '@laba/domain/limits';
import { PLACE_KINDS } from '@laba/domain/place';
import { knownCode, onceEach, planOf, readRows, refuseOutside, sealPhone, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { readPlaces, upsertPlaces, type PlaceRow } from './import-store.ts';

export const places: ImportRecipe = { columns: ['place_id', 'grid_code', 'kind', 'name', 'contact_name', 'phone', 'head_count'], plan };

async function plan(context: ImportContext): Promise<ImportPlan> {
  const known = await readPlaces(context.db);
  const once = onceEach();
  const rows = readRows(context, (row): PlaceRow => {
    const id = row.id('place_id');
    once(row, 'place_id', id);
    const before = known.get(id);
    if (before !== undefined) refuseOutside(context, row, 'place_id', before);
    return {
      id,
      gridCode: knownCode(context, row),
      kind: row.one('kind', PLACE_KINDS) ?? 'other',
      name: row.name('name'),
      contactName: row.text('contact_name'),
      ...sealPhone(context.vault, row.phone('phone')),
      headCount: row.count('head_count', LIMITS.headCount),
      headCountAtMs: context.nowMs,
    };
  });
  return planOf(
    rows.map(({ id }) => id),
    known,
    rows.map(({ gridCode }) => gridCode),
    upsertPlaces(rows),
  );
}
