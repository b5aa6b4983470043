// Residents who joined on the spot: taken in once, and not kept for ever because nobody thought of them.
import { beforeEach, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { any } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import { keepMember, takeIn } from './take-in.ts';
import { eventsOf, furnish, GROUP, openHouse, type TestHouse } from './test-house.ts';

const JOB = { event: { type: 'member.joined', subjectId: 'c1', alertId: 'a1', data: {} }, urgent: false } as unknown as Job;
const DAY_MS = 24 * 3_600_000;

let house: TestHouse;
beforeEach(async () => {
  house = openHouse();
  await furnish(house);
  const alert = { id: 'a1', mode: 'live', kind: 'order', order: 'move-now', eventCode: '11D00', state: 'raised', revision: 1 } as const;
  const sealed = { nameCipher: house.vault.encrypt('演示居民'), phoneCipher: house.vault.encrypt('13900000077'), phoneHash: 'hash', formHash: 'form' };
  await house.db.atomically([
    any((q, t) =>
      q
        .insert(t.alert)
        .values({ ...alert, draftedBy: 'o1', createdAtMs: 0, raisedAtMs: 0, endTimeMs: 1 })
        .returning(),
    ),
    any((q, t) =>
      q
        .insert(t.joiner)
        .values({ ...sealed, memberId: 'j1', alertId: 'a1', callId: 'c1', gridCode: GROUP, skills: [], joinedAtMs: house.clock.now() })
        .returning(),
    ),
  ]);
});

const run = async () => {
  const { ops = [], againAtMs } = await takeIn(house, JOB);
  await house.db.atomically([...ops]);
  return againAtMs;
};
const names = async () => (await house.db.read((q, t) => q.select().from(t.member))).map(({ name }) => name);
const messages = () => house.db.read((q, t) => q.select().from(t.message));
const over = () => house.db.atomically([any((q, t) => q.update(t.alert).set({ state: 'ended' }).returning())]);

test('he is taken in once and told once, and is looked for again after thirty days', async () => {
  expect(await run()).toBe(house.clock.now() + LIMITS.joinedKeptMs);
  await run();
  expect([await names(), (await messages()).length]).toEqual([['演示居民'], 1]);
});

test('while the alert is on he stays, and who was kept stays for good', async () => {
  await run();
  await house.clock.advance(31 * DAY_MS);
  expect(await run()).toBe(house.clock.now() + DAY_MS);
  await keepMember(house, 'j1', () => {}, { who: 'officer:o1', via: 'http', once: [] });
  await over();
  expect([await run(), await names()]).toEqual([undefined, ['演示居民']]);
});

test('of whom nobody thought in thirty days nothing is left', async () => {
  await run();
  await over();
  await house.clock.advance(29 * DAY_MS);
  await run();
  expect(await names()).toEqual(['演示居民']);
  await house.clock.advance(2 * DAY_MS);
  expect([await run(), await names()]).toEqual([undefined, []]);
  expect((await eventsOf(house)).at(-1)).toMatchObject({ type: 'member.let-go', subjectId: 'j1', who: 'system' });
});
