// The county's ladders: each file says the whole ladder of the nodes it names; doubles and circles are named, and nothing is written.
import iconv from 'iconv-lite';
import { beforeEach, expect, test } from 'vitest';
import { LabaError } from '@laba/domain/errors';
import type { RowProblem } from './row-problems.ts';
import { bringIn, COUNTY, csv, furnish, GROUP, officer, openApp, openHouse, OTHER_GROUP, signedIn, TOWNSHIP, VILLAGE, type TestHouse } from './test-house.ts';

const HEAD = 'grid_code,position,member_id,duty';
const OTHER_VILLAGE = '533324102201';

let house: TestHouse;
beforeEach(async () => {
  house = openHouse();
  await furnish(house);
  const lines = ['m1', 'm2', 'm3', 'm4'].map((id, i) => `${id},演示成员${id},1390000000${i},,${id === 'm4' ? 0 : 1},${GROUP},`);
  await bringIn(house, 'members', csv('member_id,name,phone,skills,available,grid_code,post', ...lines, `m5,演示成员五,,,1,${OTHER_GROUP},`));
});

const rungs = async () =>
  (await house.db.read((q, t) => q.select().from(t.ladderRung).orderBy(t.ladderRung.gridCode, t.ladderRung.position))).map(
    ({ gridCode, position, memberId, duty }) => `${gridCode} ${position} ${memberId} ${duty}`,
  );

async function refused(...lines: string[]): Promise<string[]> {
  const before = await rungs();
  const error: unknown = await bringIn(house, 'ladders', csv(HEAD, ...lines)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LabaError);
  expect((error as LabaError).code).toBe('import-refused');
  expect(await rungs()).toEqual(before);
  const errors = (error as LabaError).fields['errors'] as RowProblem[];
  expect((await bringIn(house, 'ladders', csv(HEAD, ...lines), { dryRun: true })).errors).toEqual(errors);
  return errors.map(({ row, column }) => `${row}:${column}`);
}

test('a ladder comes in, in UTF-8 as in GBK, and a later file replaces it node by node', async () => {
  const first = csv(HEAD, `${VILLAGE},1,m1,responsible`, `${VILLAGE},2,m2,village-lead`, `${TOWNSHIP},1,m3,township-lead`);
  expect(await bringIn(house, 'ladders', first, { dryRun: true })).toMatchObject({ rows: 3, inserted: 3 });
  expect(await rungs()).toEqual([]);
  expect(await bringIn(house, 'ladders', iconv.encode(`${first.toString()}`, 'gbk'))).toMatchObject({ rows: 3, inserted: 3, updated: 0 });
  expect(await bringIn(house, 'ladders', csv(HEAD, `${VILLAGE},1,m2,responsible`))).toMatchObject({ rows: 1, inserted: 0, updated: 1 });
  expect(await rungs()).toEqual([`${TOWNSHIP} 1 m3 township-lead`, `${VILLAGE} 1 m2 responsible`]);
});

test('faulty rows are named: the node, the place, the person, the duty', async () => {
  expect(
    await refused(
      `533324999,1,m1,responsible`,
      `${GROUP},1,m1,responsible`,
      `${VILLAGE},0,m1,responsible`,
      `${VILLAGE},1,m9,responsible`,
      `${VILLAGE},2,m2,boss`,
    ),
  ).toEqual(['2:grid_code', '3:grid_code', '4:position', '5:member_id', '6:duty']);
  expect(await refused(`${VILLAGE},1,m1,`)).toEqual(['2:duty']);
});

test('one place twice and one person twice are named', async () => {
  expect(await refused(`${VILLAGE},1,m1,responsible`, `${VILLAGE},1,m2,responsible`, `${VILLAGE},2,m1,work-team`)).toEqual(['3:position', '4:member_id']);
});

test('a ladder that comes round to the same person is named, also against what stands already', async () => {
  expect(await refused(`${VILLAGE},1,m1,responsible`, `${COUNTY},1,m1,work-team`)).toEqual(['3:member_id']);
  await bringIn(house, 'ladders', csv(HEAD, `${VILLAGE},1,m1,responsible`));
  expect(await refused(`${TOWNSHIP},1,m1,township-lead`)).toEqual(['2:member_id']);
  // The same file takes him off below, and another village is another way up.
  await bringIn(house, 'ladders', csv(HEAD, `${VILLAGE},1,m2,responsible`, `${TOWNSHIP},1,m1,township-lead`, `${OTHER_VILLAGE},1,m2,responsible`));
  expect(await rungs()).toHaveLength(3);
});

test('an officer reads the ladders of his own part, with who is away or has no telephone', async () => {
  await bringIn(house, 'ladders', csv(HEAD, `${VILLAGE},1,m4,responsible`, `${VILLAGE},2,m1,work-team`, `${OTHER_VILLAGE},1,m5,responsible`));
  await officer(house, 'township-officer', [TOWNSHIP], 'town');
  await officer(house, 'county-officer', [COUNTY], 'duty');
  const app = await openApp(house);
  const town = await signedIn(app, 'town');
  expect((await town.get('/api/v1/ladders')).body).toMatchObject({
    ladders: [
      {
        gridCode: VILLAGE,
        rungs: [
          { memberId: 'm4', available: false, hasPhone: true, duty: 'responsible' },
          { memberId: 'm1', available: true, hasPhone: true, duty: 'work-team' },
        ],
      },
    ],
  });
  expect((await town.get(`/api/v1/ladders?under=${OTHER_VILLAGE}`)).status).toBe(403);
  expect((await (await signedIn(app, 'duty')).get(`/api/v1/ladders?under=${OTHER_VILLAGE}`)).body).toMatchObject({
    ladders: [{ rungs: [{ memberId: 'm5', hasPhone: false }] }],
  });
  await app.close();
});
