// Import of ladders: who must answer for a grid node, in order. A file says the whole ladder of every node that it names.
import { DUTIES } from '@laba/domain/ladder';
import { isWithin, type Tier } from '@laba/domain/grid';
import { knownCode, onceEach, planOf, readRows, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { readMembers } from './import-store.ts';
import { readRungs, replaceRungs, type RungRow } from './ladder-store.ts';
import type { RowReader } from './row-reader.ts';

export const ladders: ImportRecipe = { columns: ['grid_code', 'position', 'member_id', 'duty'], plan };

/** A group has no ladder of its own: its people are its village's. */
const TIERS: readonly Tier[] = ['county', 'township', 'village'];
const POSITION_MAX = 99;

type ReadRung = RungRow & { row: RowReader };

async function plan(context: ImportContext): Promise<ImportPlan> {
  const members = await readMembers(context.db);
  const known = await readRungs(context.db);
  const [oncePosition, oncePerson] = [onceEach(), onceEach()];
  const read = readRows(context, (row): ReadRung => {
    const gridCode = knownCode(context, row, 'grid_code', TIERS);
    const position = row.count('position', POSITION_MAX);
    if (position === 0) row.refuse('position', '从 1 开始', 'begins with 1');
    const memberId = row.id('member_id');
    if (memberId !== '' && !members.has(memberId)) row.refuse('member_id', `没有这个成员：${memberId}`, `there is no member ${memberId}: import members first`);
    const duty = row.one('duty', DUTIES);
    if (duty === null && row.words('duty') === '') row.refuse('duty', '不能为空', 'must not be empty');
    if (gridCode !== '') {
      oncePosition(row, 'position', `${gridCode} ${position}`);
      oncePerson(row, 'member_id', `${gridCode} ${memberId}`);
    }
    return { row, gridCode, position, memberId, duty: duty ?? 'responsible' };
  });
  const codes = new Set(read.map(({ gridCode }) => gridCode));
  refuseCycles(
    read,
    known.filter(({ gridCode }) => !codes.has(gridCode)),
  );
  const key = ({ gridCode, position }: Pick<RungRow, 'gridCode' | 'position'>) => `${gridCode} ${position}`;
  const rows = read.map(({ row: _row, ...rung }) => rung);
  return planOf(rows.map(key), new Set(known.map(key)), [...codes], replaceRungs([...codes], rows));
}

// Who stands on a node and again on one above it would be asked twice on the way up, while nobody new is.
function refuseCycles(read: readonly ReadRung[], others: readonly RungRow[]): void {
  const standing = Map.groupBy(others, ({ memberId }) => memberId);
  for (const rung of read) {
    const elsewhere = standing.get(rung.memberId) ?? [];
    const again = elsewhere.find(({ gridCode }) => gridCode !== rung.gridCode && (isWithin(gridCode, rung.gridCode) || isWithin(rung.gridCode, gridCode)));
    if (again !== undefined)
      rung.row.refuse(
        'member_id',
        `叫应转了一圈又回到同一个人：他已在 ${again.gridCode} 的名单上`,
        `the ladder comes round to the same person, who stands on ${again.gridCode} already`,
      );
    standing.set(rung.memberId, [...elsewhere, rung]);
  }
}
