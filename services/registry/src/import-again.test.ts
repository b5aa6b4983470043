// A list that comes in again: what it would change is told before, what is known is left alone, and what went out comes in as it was.
import { beforeEach, expect, test } from 'vitest';
import { authorize } from '@laba/runtime/auth';
import { exportList } from './export-list.ts';
import { IMPORT_KINDS, importCsv, type ImportKind, type ImportResult } from './import-csv.ts';
import { formCsv } from './import-words.ts';
import {
  bringIn,
  COUNTY,
  csv,
  eventsOf,
  furnish,
  GROUP,
  officer,
  openApp,
  openHouse,
  OTHER_GROUP,
  signedIn,
  SYSTEM,
  TOWNSHIP,
  VILLAGE,
  type TestHouse,
} from './test-house.ts';

const MEMBERS = 'member_id,name,phone,skills,available,grid_code,post,email,off_duty';
const HOUSEHOLDS = 'household_id,grid_code,doorplate,head_name,phone,needs,helper_member_id';
const PLACES = 'place_id,grid_code,kind,name,contact_name,phone,head_count';
const LADDERS = 'grid_code,position,member_id,duty';

let house: TestHouse;
beforeEach(async () => {
  house = openHouse();
  await furnish(house);
  await bringIn(
    house,
    'members',
    csv(
      MEMBERS,
      `007,成员甲,13800000001,first-aid|driving,1,${GROUP},militia,jia@example.org,0`,
      `007,成员甲,13800000001,first-aid|driving,1,${OTHER_GROUP},,jia@example.org,0`,
      `m2,"逗号,成员","",,0,${GROUP},,,1`,
    ),
  );
  await bringIn(house, 'households', csv(HOUSEHOLDS, `h1,${GROUP},1-2,户主,13900000000,elderly|alone,007`, `h2,${OTHER_GROUP},-1楼,户主乙,,,`));
  await bringIn(house, 'persons', csv('person_id,household_id,name,needs', 'p1,h1,人甲,infant', 'p2,h2,人乙,'));
  await bringIn(house, 'places', csv(PLACES, `x1,${GROUP},school,演示小学,联系人,010-88880000,120`, `x2,${OTHER_GROUP},,演示工棚,,,7`));
  await bringIn(house, 'muster-points', csv('muster_point_id,grid_code,name,capacity', `mp1,${GROUP},操场,300`));
  await bringIn(house, 'ladders', csv(LADDERS, `${VILLAGE},1,007,responsible`, `${VILLAGE},2,m2,village-lead`));
  await bringIn(
    house,
    'hazard-points',
    csv(
      'point_id,grid_code,name,hazard,patrol_name,phone,patrol_member_id',
      `hp1,${GROUP},后山,Landslide,演示监测员,13700000000,`,
      `hp2,${GROUP},沟口,debris-flow,,,m2`,
    ),
  );
  await bringIn(house, 'neighbours', csv('grid_code,neighbour_code', `${OTHER_GROUP},${GROUP}`));
});

async function permitFor(scopes: string[] = [COUNTY]) {
  return authorize(await officer(house, 'county-admin', scopes, `admin-${scopes.join('-')}`), 'people.import', scopes);
}

/** Everything of the lists, ciphers and times too. */
async function kept(): Promise<unknown> {
  const tables = [
    'gridNode',
    'site',
    'speaker',
    'member',
    'membership',
    'household',
    'person',
    'place',
    'musterPoint',
    'ladderRung',
    'neighbour',
    'hazardPoint',
  ] as const;
  return Promise.all(tables.map((name) => house.db.read((q, t) => q.select().from(t[name]))));
}

const counts = ({ rows, fresh, changed, unchanged, refused, removed }: ImportResult) => ({ rows, fresh, changed, unchanged, refused, removed });
const dry = (kind: ImportKind, ...lines: string[]) => bringIn(house, kind, csv(...lines), { dryRun: true });

test('every list goes out and comes in again as it was: nothing is written, not even a cipher or the hour of a number', async () => {
  const permit = await permitFor();
  const before = await kept();
  await house.clock.advance(3_600_000);
  for (const kind of IMPORT_KINDS) {
    const text = await exportList(house, kind, permit, SYSTEM);
    const rows = text.trimEnd().split('\r\n').length - 1;
    expect([kind, rows > 0]).toEqual([kind, true]);
    const again = await bringIn(house, kind, Buffer.from(text));
    expect([kind, counts(again)]).toEqual([kind, { rows, fresh: 0, changed: 0, unchanged: rows, refused: 0, removed: 0 }]);
  }
  expect(await kept()).toEqual(before);
});

test('an export can be read by a spreadsheet: with a mark, nothing begins like a formula, and quotes hold commas', async () => {
  const permit = await permitFor();
  const text = await exportList(house, 'households', permit, SYSTEM);
  expect(text.startsWith('\uFEFFhousehold_id,')).toBe(true);
  expect(text).toContain(`h2,${OTHER_GROUP},'-1楼,户主乙`);
  expect(await exportList(house, 'members', permit, SYSTEM)).toContain('m2,"逗号,成员",,,0,');
});

test('what a file would change is told cell by cell, and just that is written', async () => {
  const lines = [HOUSEHOLDS, `h1,${GROUP},1-3,户主,139-0000-0000,alone|elderly,007`, `h2,${OTHER_GROUP},-1楼,户主乙,,,`, `h3,${GROUP},三号,户主丙,,,`];
  const told = await dry('households', ...lines);
  expect(counts(told)).toEqual({ rows: 3, fresh: 1, changed: 1, unchanged: 1, refused: 0, removed: 0 });
  expect(told.changes[0]).toEqual({ is: 'changed', row: 2, id: 'h1', cells: [{ column: 'doorplate', was: '1-2', becomes: '1-3' }] });
  expect(told.changes[1]).toMatchObject({ is: 'new', row: 4, id: 'h3' });
  const hashBefore = await house.db.read((q, t) => q.select().from(t.household));
  const written = await importCsv(house, { kind: 'households', bytes: csv(...lines), dryRun: false, seen: told.seen }, SYSTEM);
  expect(written).toMatchObject({ fresh: 1, changed: 1, unchanged: 1, changes: [] });
  const after = await house.db.read((q, t) => q.select().from(t.household));
  expect(after).toHaveLength(3);
  expect(after.find(({ id }) => id === 'h2')).toEqual(hashBefore.find(({ id }) => id === 'h2'));
});

test('when the lists changed after the check, nothing is written that was not seen', async () => {
  const file = csv(HOUSEHOLDS, `h1,${GROUP},9-9,户主,13900000000,elderly|alone,007`);
  const told = await bringIn(house, 'households', file, { dryRun: true });
  await bringIn(house, 'households', csv(HOUSEHOLDS, `h1,${GROUP},8-8,户主,13900000000,elderly|alone,007`));
  const before = await kept();
  await expect(importCsv(house, { kind: 'households', bytes: file, dryRun: false, seen: told.seen }, SYSTEM)).rejects.toMatchObject({
    code: 'changed-meanwhile',
  });
  expect(await kept()).toEqual(before);
});

test('a ladder that loses a rung says so before, and is written whole', async () => {
  const told = await dry('ladders', LADDERS, `${VILLAGE},1,007,responsible`);
  expect(counts(told)).toEqual({ rows: 1, fresh: 0, changed: 0, unchanged: 1, refused: 0, removed: 1 });
  expect(told.changes).toEqual([{ is: 'removed', row: null, id: `${VILLAGE} 2`, cells: [] }]);
  await bringIn(house, 'ladders', csv(LADDERS, `${VILLAGE},1,007,responsible`));
  expect(await house.db.read((q, t) => q.select().from(t.ladderRung))).toHaveLength(1);
});

test("a place's number that is said again is not tonight's for it; another number is", async () => {
  const atMs = async () => (await house.db.read((q, t) => q.select().from(t.place))).map(({ headCountAtMs }) => headCountAtMs);
  const [first] = await atMs();
  await house.clock.advance(86_400_000);
  await bringIn(house, 'places', csv(PLACES, `x1,${GROUP},school,演示小学,联系人,010-88880000,120`, `x2,${OTHER_GROUP},,演示工棚,,,8`));
  expect(await atMs()).toEqual([first, house.clock.now()]);
});

test('what a spreadsheet spoilt is named with its cure: rounded codes, lost zeros, dates, failed formulas, other delimiters', async () => {
  const words = ({ errors }: ImportResult) => errors.map(({ row, column, messageZh }) => `${row} ${column} ${messageZh.slice(0, 12)}`);
  expect(words(await dry('members', MEMBERS, 'm7,成员甲,,,1,5.33324E+13,,,', `m8,成员甲,1.38E+10,,1,${GROUP},,,`))).toEqual([
    '2 grid_code 被电子表格改成了科学计数',
    '3 phone 被电子表格改成了科学计数',
  ]);
  expect((await dry('members', MEMBERS, `7,成员甲,,,1,${GROUP},,,`)).errors).toMatchObject([
    { row: 2, column: 'member_id', message: expect.stringContaining('it is 007') },
  ]);
  expect(
    words(
      await dry(
        'households',
        HOUSEHOLDS,
        `h7,${GROUP},1月2日,户主,,,`,
        `h8,${GROUP},2-Jan,户主,,,`,
        `h9,${GROUP},=A1,户主,,,`,
        `h10,${GROUP},一号,#REF!,,,`,
        `h11,${GROUP},########,户主,,,`,
        `1月2日,${GROUP},一号,户主,,,`,
        `h12,${GROUP},Jan-02,=cmd|x,,,`,
      ),
    ),
  ).toEqual([
    '2 doorplate 被电子表格改成了日期：把',
    '3 doorplate 被电子表格改成了日期：把',
    '4 doorplate 不能像电子表格公式那样开',
    '5 head_name 这一格是电子表格的出错标',
    '6 doorplate 这一格是电子表格的出错标',
    '7 household_id 被电子表格改成了日期：把',
    '8 doorplate 被电子表格改成了日期：把',
    '8 head_name 不能像电子表格公式那样开',
  ]);
  expect((await dry('households', HOUSEHOLDS.replaceAll(',', ';'), 'h1;x;;;;;')).errors).toMatchObject([
    { row: 1, messageZh: expect.stringContaining('逗号') },
  ]);
});

test('good rows beside refused ones are counted too', async () => {
  const told = await dry('households', HOUSEHOLDS, `h1,${GROUP},1-2,户主,13900000000,elderly|alone,007`, `h5,999999,五号,户主,,,`, `h6,${GROUP},六号,户主,,,`);
  expect(counts(told)).toEqual({ rows: 3, fresh: 1, changed: 0, unchanged: 1, refused: 1, removed: 0 });
  expect(told.changes.map(({ id }) => id)).toEqual(['h6']);
});

test('the empty form of every list has its columns, and its words are no row', async () => {
  for (const kind of IMPORT_KINDS)
    for (const language of ['zh', 'en'] as const) {
      const { errors } = await bringIn(house, kind, Buffer.from(formCsv(kind, language)), { dryRun: true });
      expect([kind, errors.map(({ message }) => message)]).toEqual([kind, ['the file has no rows']]);
    }
});

test('over HTTP: an export holds what lies in the scope and stands in the timeline; a check is kept nowhere', async () => {
  await officer(house, 'county-admin', [TOWNSHIP], 'admin');
  await officer(house, 'county-admin', [COUNTY], 'whole');
  await officer(house, 'county-officer', [COUNTY], 'duty');
  const app = await openApp(house);
  const [admin, duty] = [await signedIn(app, 'admin'), await signedIn(app, 'duty')];
  const answer = await admin.get('/api/v1/exports/households');
  expect([answer.status, answer.headers['cache-control'], answer.headers['content-type']]).toEqual([200, 'no-store', 'text/csv; charset=utf-8']);
  expect([answer.text.includes('h1,'), answer.text.includes('h2,')]).toEqual([true, false]);
  expect((await eventsOf(house)).at(-1)).toMatchObject({ type: 'grid.exported', gridCode: TOWNSHIP, data: { kind: 'households', rows: 1 } });
  for (const path of ['/api/v1/exports/households', '/api/v1/imports', '/api/v1/imports/members/form']) expect((await duty.get(path)).status).toBe(403);
  expect((await admin.get('/api/v1/exports/nonsense')).status).toBe(400);
  const { lists } = (await admin.get('/api/v1/imports')).body as unknown as { lists: { kind: string; columns: unknown[] }[] };
  expect(lists.map(({ kind }) => kind)).toEqual(IMPORT_KINDS);
  const whole = await signedIn(app, 'whole');
  const checked = await whole.post('/api/v1/imports/households?dryRun=true', csv(HOUSEHOLDS, `h9,${GROUP},九号,秘密户主,,,`), {
    'content-type': 'text/csv',
    'idempotency-key': 'check',
  });
  expect(checked.text).toContain('秘密户主');
  expect(JSON.stringify(await house.db.read((q, t) => q.select().from(t.idempotency)))).not.toContain('秘密户主');
  await app.close();
});
