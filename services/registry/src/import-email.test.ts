// The members' list may say who has an e-mail address; a list that does not speak of it changes nothing.
import { beforeEach, expect, test } from 'vitest';
import { bringIn, csv, furnish, GROUP, openHouse, type TestHouse } from './test-house.ts';

const HEAD = 'member_id,name,phone,skills,available,grid_code,post';

let house: TestHouse;
beforeEach(async () => {
  house = openHouse();
  await furnish(house);
});

const addresses = async () =>
  (await house.db.read((q, t) => q.select({ id: t.member.id, cipher: t.member.emailCipher }).from(t.member).orderBy(t.member.id))).map(({ id, cipher }) => [
    id,
    cipher === null ? null : house.vault.decrypt(cipher),
  ]);

test('an address comes in encrypted, stays when a later list does not speak of it, and goes when one says that there is none', async () => {
  await bringIn(house, 'members', csv(`${HEAD},email`, `m1,演示一,,,1,${GROUP},,yi@village.example`, `m2,演示二,,,1,${GROUP},,`));
  expect(await addresses()).toEqual([
    ['m1', 'yi@village.example'],
    ['m2', null],
  ]);
  await bringIn(house, 'members', csv(HEAD, `m1,演示一,,,1,${GROUP},`));
  expect((await addresses())[0]).toEqual(['m1', 'yi@village.example']);
  await bringIn(house, 'members', csv(`email,${HEAD}`, `,m1,演示一,,,1,${GROUP},`));
  expect((await addresses())[0]).toEqual(['m1', null]);
});

test.each(['yi', 'yi@', 'yi@village', 'a@b.example,c@d.example', 'yi @village.example', '"yi"@village.example'])('%s is no address', async (email) => {
  const file = csv(`${HEAD},email`, `m1,演示一,,,1,${GROUP},,"${email.replaceAll('"', '""')}"`);
  await expect(bringIn(house, 'members', file)).rejects.toMatchObject({ code: 'import-refused', fields: { errors: [{ row: 2, column: 'email' }] } });
});
