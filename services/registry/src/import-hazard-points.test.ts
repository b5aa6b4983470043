// A county's list of hazard points: row by row, all or none, the same again changes nothing, and nobody takes over what lies elsewhere.
import { beforeEach, expect, test } from 'vitest';
import { LabaError } from '@laba/domain/errors';
import { authorize } from '@laba/runtime/auth';
import { importCsv } from './import-csv.ts';
import type { RowProblem } from './row-problems.ts';
import { bringIn, csv, eventsOf, furnish, GROUP, officer, openHouse, OTHER_GROUP, TOWNSHIP, VILLAGE, type TestHouse } from './test-house.ts';

const HEAD = 'point_id,grid_code,name,hazard,patrol_name,phone';
const WITH_MEMBER = `${HEAD},patrol_member_id`;

let house: TestHouse;
beforeEach(async () => {
  house = openHouse();
  await furnish(house);
});

const points = () => house.db.read((q, t) => q.select().from(t.hazardPoint).orderBy(t.hazardPoint.id));

test('points come in with who patrols them, the telephone closed; the same again changes nothing', async () => {
  const file = csv(HEAD, `p1,${GROUP},后山滑坡,landslide,演示监测员,13800000001`, `p2,${VILLAGE},沟口,Debris-Flow,演示监测员,`);
  expect(await bringIn(house, 'hazard-points', file, { dryRun: true })).toMatchObject({ dryRun: true, rows: 2, inserted: 2, errorCount: 0 });
  expect(await points()).toEqual([]);
  expect(await bringIn(house, 'hazard-points', file)).toMatchObject({ rows: 2, inserted: 2, updated: 0 });
  const [one, two] = await points();
  expect(one).toMatchObject({ id: 'p1', gridCode: GROUP, name: '后山滑坡', hazard: 'landslide', patrolName: '演示监测员', patrolMemberId: null });
  expect(one?.phoneCipher).not.toContain('1380');
  expect(house.vault.decrypt(one!.phoneCipher!)).toBe('13800000001');
  expect(two).toMatchObject({ hazard: 'debris-flow', phoneCipher: null });
  expect(await bringIn(house, 'hazard-points', file)).toMatchObject({ inserted: 0, updated: 2 });
  expect(await points()).toHaveLength(2);
  expect((await eventsOf(house)).filter(({ data }) => data['kind'] === 'hazard-points')).toHaveLength(2);
});

test('every fault is named by its row and column in both languages, and nothing is written', async () => {
  const file = csv(
    WITH_MEMBER,
    `p1,${GROUP},后山,landslide,监测员,12,`,
    `p1,99999999999999,=SUM(A1),earthquake,监测员,,`,
    `p2,${GROUP},,need,,,`,
    `p3,${GROUP},沟口,,监测员,,nobody`,
  );
  const error: unknown = await bringIn(house, 'hazard-points', file).catch((thrown: unknown) => thrown);
  expect((error as LabaError).code).toBe('import-refused');
  const errors = (error as LabaError).fields['errors'] as RowProblem[];
  expect(errors.map(({ row, column }) => `${row}:${column}`).sort()).toEqual(
    ['2:phone', '3:point_id', '3:grid_code', '3:name', '3:hazard', '4:name', '4:hazard', '4:patrol_name', '5:hazard', '5:patrol_member_id'].sort(),
  );
  expect(errors.every(({ message, messageZh }) => message !== '' && /[\u4e00-\u9fff]/.test(messageZh))).toBe(true);
  expect((await bringIn(house, 'hazard-points', file, { dryRun: true })).errors).toEqual(errors);
  expect(await points()).toEqual([]);
});

test('a list without the members leaves them as they are; one with them says who of the county patrols', async () => {
  await bringIn(house, 'members', csv('member_id,name,phone,skills,available,grid_code,post', `m1,演示成员,,,1,${GROUP},hazard-monitor`));
  await bringIn(house, 'hazard-points', csv(WITH_MEMBER, `p1,${GROUP},后山,landslide,,,m1`));
  await bringIn(house, 'hazard-points', csv(HEAD, `p1,${GROUP},后山二,landslide,演示监测员,`));
  expect(await points()).toMatchObject([{ name: '后山二', patrolMemberId: 'm1' }]);
});

test('an officer of one township imports nothing of another, nor takes over what lies there', async () => {
  await bringIn(house, 'hazard-points', csv(HEAD, `p1,${OTHER_GROUP},后山,landslide,监测员,`));
  const admin = await officer(house, 'county-admin', [TOWNSHIP]);
  const permit = authorize(admin, 'people.import', [TOWNSHIP]);
  const file = {
    kind: 'hazard-points',
    bytes: csv(HEAD, `p1,${GROUP},后山,landslide,监测员,`, `p2,${OTHER_GROUP},沟,flood,监测员,`),
    dryRun: true,
    permit,
  } as const;
  const { errors } = await importCsv(house, file, { who: `officer:${admin.id}`, via: 'http', once: [] });
  expect(errors.map(({ row, column }) => `${row}:${column}`)).toEqual(['2:point_id', '3:grid_code']);
});
