// Import of neighbours: grid nodes that help each other out when one of them has too few people. A pair stands in one row, either way.
import { knownCode, onceEach, readRows, type ImportContext, type ImportPlan, type ImportRecipe } from './import-recipe.ts';
import { insertNeighbours, readNeighbours } from './import-store.ts';

export const neighbours: ImportRecipe = { columns: ['grid_code', 'neighbour_code'], plan };

const keyOf = (code: string, other: string) => [code, other].toSorted().join(' ');

async function plan(context: ImportContext): Promise<ImportPlan> {
  const known = new Set((await readNeighbours(context.db)).map(({ code, neighbourCode }) => keyOf(code, neighbourCode)));
  const once = onceEach();
  const rows = readRows(context, (row) => {
    const code = knownCode(context, row, 'grid_code', ['village', 'group']);
    const neighbourCode = knownCode(context, row, 'neighbour_code', ['village', 'group']);
    if (code !== '' && code === neighbourCode) row.refuse('neighbour_code', '邻近网格不能是自己', 'a grid node is no neighbour of itself');
    if (code !== '' && neighbourCode !== '') once(row, 'neighbour_code', keyOf(code, neighbourCode));
    return { code, neighbourCode };
  });
  const fresh = rows.filter(({ code, neighbourCode }) => !known.has(keyOf(code, neighbourCode)));
  return {
    rows: rows.length,
    inserted: fresh.length,
    updated: rows.length - fresh.length,
    codes: rows.flatMap(({ code, neighbourCode }) => [code, neighbourCode]),
    ops: insertNeighbours(
      fresh.flatMap(({ code, neighbourCode }) => [
        { code, neighbourCode },
        { code: neighbourCode, neighbourCode: code },
      ]),
    ),
  };
}
