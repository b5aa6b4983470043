// Import of villager groups: the village's code and two digits of ours, with the party branch and the languages spoken there.
import { knownCode, onceEach, planOf, readRows, refuseOutside, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { shelterCodes } from './muster-store.ts';
import { upsertGroups, type NodeRow } from './import-store.ts';

export const groups: ImportRecipe = { columns: ['code', 'name', 'parent_code', 'party_branch', 'languages'], plan };

async function plan(context: ImportContext): Promise<ImportPlan> {
  const once = onceEach();
  const shelters = await shelterCodes(context.db);
  const rows = readRows(context, (row): NodeRow => {
    const code = row.code('code', ['group']);
    once(row, 'code', code);
    const parentCode = knownCode(context, row, 'parent_code', ['village']);
    if (code !== '' && parentCode !== '' && !code.startsWith(parentCode))
      row.refuse('parent_code', '小组编码应为村编码加两位数字', "a group's code is its village's code and two digits");
    if (code !== '') refuseOutside(context, row, 'code', code);
    if (shelters.has(code)) row.refuse('code', '此编码是一次预警的临时安置点', 'this code is a shelter of an alert');
    return { code, tier: 'group', name: row.name('name'), parentCode, partyBranch: row.text('party_branch') || null, languages: row.languages('languages') };
  });
  const codes = rows.map(({ code }) => code);
  return planOf(codes, context.nodes, codes, upsertGroups(rows));
}
