// Import of hazard points: places that may slide, fall or flood, and who patrols them.
import { isPlaceHazard } from '@laba/domain/round';
import { HAZARDS, type Hazard } from '@laba/domain/report';
import { knownCode, onceEach, planOf, readRows, refuseOutside, sealPhone, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { readMembers } from './import-store.ts';
import { readHazardPoints, upsertHazardPoints, type HazardPointRow } from './hazard-point-store.ts';

export const hazardPoints: ImportRecipe = {
  columns: ['point_id', 'grid_code', 'name', 'hazard', 'patrol_name', 'phone'],
  optional: ['patrol_member_id'],
  plan,
};

export const PLACE_HAZARDS = Object.fromEntries(Object.entries(HAZARDS).filter(([name]) => isPlaceHazard(name as Hazard))) as typeof HAZARDS;

async function plan(context: ImportContext): Promise<ImportPlan> {
  const known = await readHazardPoints(context.db);
  const members = await readMembers(context.db);
  const withMember = context.table.position.has('patrol_member_id');
  const once = onceEach();
  const rows = readRows(context, (row): HazardPointRow => {
    const id = row.id('point_id');
    once(row, 'point_id', id);
    const before = known.get(id);
    if (before !== undefined) refuseOutside(context, row, 'point_id', before);
    const hazard = row.one('hazard', PLACE_HAZARDS);
    if (hazard === null && row.words('hazard') === '') row.refuse('hazard', '不能为空', 'must not be empty');
    const memberId = withMember ? row.optionalId('patrol_member_id') : null;
    if (memberId !== null && !members.has(memberId))
      row.refuse('patrol_member_id', `没有这个成员：${memberId}`, `there is no member ${memberId}: import members first`);
    const patrolName = row.text('patrol_name');
    if (patrolName === '' && memberId === null) row.refuse('patrol_name', '写明谁巡查', 'say who patrols it');
    return {
      ...{ id, gridCode: knownCode(context, row), name: row.name('name'), hazard: hazard ?? 'other', patrolName },
      ...sealPhone(context.vault, row.phone('phone')),
      patrolMemberId: memberId,
    };
  });
  return planOf(
    rows.map(({ id }) => id),
    known,
    rows.map(({ gridCode }) => gridCode),
    upsertHazardPoints(rows, { withMember }),
  );
}
