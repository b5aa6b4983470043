// Import of persons, each in a household.
import { NEEDS } from '@laba/domain/member';
import { onceEach, planOf, readRows, refuseOutside, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { readHouseholds, readPersons, upsertPersons, type PersonRow } from './import-store.ts';

export const persons: ImportRecipe = { columns: ['person_id', 'household_id', 'name', 'needs'], plan };

async function plan(context: ImportContext): Promise<ImportPlan> {
  const households = await readHouseholds(context.db);
  const known = await readPersons(context.db);
  const once = onceEach();
  const codes = new Set<string>();
  const rows = readRows(context, (row): PersonRow => {
    const id = row.id('person_id');
    once(row, 'person_id', id);
    const householdId = row.id('household_id');
    const code = households.get(householdId);
    if (code === undefined) row.refuse('household_id', `没有这一户：${householdId}`, `there is no household ${householdId}: import households first`);
    else refuseOutside(context, row, 'household_id', code);
    const before = households.get(known.get(id) ?? '');
    if (before !== undefined && before !== code) refuseOutside(context, row, 'person_id', before);
    if (code !== undefined) codes.add(code);
    return { id, householdId, name: row.name('name'), needs: row.list('needs', NEEDS) };
  });
  return planOf(
    rows.map(({ id }) => id),
    known,
    [...codes],
    upsertPersons(rows),
  );
}
