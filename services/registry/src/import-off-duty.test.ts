// A county's lists, one more column: who is off duty, and is woken by grave alerts only.
import { expect, test } from 'vitest';
import { bringIn, csv, furnish, GROUP, openHouse } from './test-house.ts';

const HEAD = 'member_id,name,phone,skills,available,grid_code,post';

test('a list that says who is off duty is taken at its word; one that does not leaves it as it was', async () => {
  const house = openHouse();
  await furnish(house);
  const offDuty = async () => (await house.db.read((q, t) => q.select().from(t.member).orderBy(t.member.id))).filter((one) => one.offDuty).map((one) => one.id);
  await bringIn(house, 'members', csv(`${HEAD},off_duty`, `m1,成员甲,,,1,${GROUP},,是`, `m2,成员乙,,,1,${GROUP},,0`, `m3,成员丙,,,1,${GROUP},,`));
  expect(await offDuty()).toEqual(['m1']);
  await bringIn(house, 'members', csv(HEAD, `m1,成员甲,,,1,${GROUP},`, `m2,成员乙,,,1,${GROUP},`));
  expect(await offDuty()).toEqual(['m1']);
  await bringIn(house, 'members', csv(`${HEAD},off_duty`, `m1,成员甲,,,1,${GROUP},,否`, `m2,成员乙,,,1,${GROUP},,1`));
  expect(await offDuty()).toEqual(['m2']);
  await expect(bringIn(house, 'members', csv(`${HEAD},off_duty`, `m1,成员甲,,,1,${GROUP},,sometimes`))).rejects.toMatchObject({
    fields: { errors: [{ row: 2, column: 'off_duty' }] },
  });
});
