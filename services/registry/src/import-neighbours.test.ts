// A county's list of neighbours: each pair in one row, known from both sides; what is no pair is named.
import { expect, test } from 'vitest';
import { LabaError } from '@laba/domain/errors';
import type { RowProblem } from './row-problems.ts';
import { bringIn, csv, furnish, GROUP, openHouse, OTHER_GROUP, VILLAGE } from './test-house.ts';

const HEAD = 'grid_code,neighbour_code';

test('neighbours come in once, from both sides, and the same again changes nothing', async () => {
  const house = openHouse();
  await furnish(house);
  const file = csv(HEAD, `${GROUP},${OTHER_GROUP}`);
  expect(await bringIn(house, 'neighbours', file)).toMatchObject({ rows: 1, inserted: 1, updated: 0 });
  expect(await bringIn(house, 'neighbours', csv(HEAD, `${OTHER_GROUP},${GROUP}`))).toMatchObject({ rows: 1, inserted: 0, updated: 1 });
  const rows = await house.db.read((q, t) => q.select().from(t.neighbour).orderBy(t.neighbour.code));
  expect(rows).toEqual(
    [
      { code: GROUP, neighbourCode: OTHER_GROUP },
      { code: OTHER_GROUP, neighbourCode: GROUP },
    ].toSorted((a, b) => (a.code < b.code ? -1 : 1)),
  );
});

test('nobody is his own neighbour, a pair stands once, and both must be on the grid', async () => {
  const house = openHouse();
  await furnish(house);
  const file = csv(HEAD, `${GROUP},${GROUP}`, `${GROUP},${VILLAGE}`, `${VILLAGE},${GROUP}`, `${GROUP},99999999999999`);
  const error: unknown = await bringIn(house, 'neighbours', file).catch((thrown: unknown) => thrown);
  const errors = (error as LabaError).fields['errors'] as RowProblem[];
  expect(errors.map(({ row, column }) => `${row}:${column}`)).toEqual(['2:neighbour_code', '4:neighbour_code', '5:neighbour_code']);
  expect(await house.db.read((q, t) => q.select().from(t.neighbour))).toEqual([]);
});
