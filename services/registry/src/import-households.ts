// Import of households: who must be accounted for, and who helps them.
import { NEEDS } from '@laba/domain/member';
import { knownCode, onceEach, planOf, readRows, refuseOutside, sealPhone, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { readHouseholds, readMembers, upsertHouseholds, type HouseholdRow } from './import-store.ts';

export const households: ImportRecipe = { columns: ['household_id', 'grid_code', 'doorplate', 'head_name', 'phone', 'needs', 'helper_member_id'], plan };

async function plan(context: ImportContext): Promise<ImportPlan> {
  const known = await readHouseholds(context.db);
  const helpers = await readMembers(context.db);
  const once = onceEach();
  const rows = readRows(context, (row): HouseholdRow => {
    const id = row.id('household_id');
    once(row, 'household_id', id);
    const before = known.get(id);
    if (before !== undefined) refuseOutside(context, row, 'household_id', before);
    const helperMemberId = row.optionalId('helper_member_id');
    if (helperMemberId !== null && !helpers.has(helperMemberId))
      row.refuse('helper_member_id', `没有这个成员：${helperMemberId}`, `there is no member ${helperMemberId}: import members first`);
    return {
      id,
      gridCode: knownCode(context, row, 'grid_code', ['village', 'group']),
      doorplate: row.plate('doorplate'),
      headName: row.name('head_name'),
      ...sealPhone(context.vault, row.phone('phone')),
      needs: row.list('needs', NEEDS),
      helperMemberId,
    };
  });
  return planOf(
    rows.map(({ id }) => id),
    known,
    rows.map(({ gridCode }) => gridCode),
    upsertHouseholds(rows),
  );
}
