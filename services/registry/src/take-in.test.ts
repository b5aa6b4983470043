// Residents who joined on the spot: taken in once, and not kept for ever because nobody thought of them.
import { and, eq } from 'drizzle-orm';
import { beforeEach, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { any } from '@laba/storage/database';
import type { Job } from '@laba/storage/jobs';
import type { Tables } from '@laba/storage/tables';
import { deleteTemporary } from './joined-store.ts';
import { keepMember, letGo, takeIn } from './take-in.ts';
import { eventsOf, furnish, GROUP, openHouse, SYSTEM, type TestHouse } from './test-house.ts';

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

test('who is out and not back is not erased: not by an officer, and not by time', async () => {
  const watch = { alertId: 'a1', gridCode: GROUP, orderedBy: 'officer:o1', orderedAtMs: 0, dueAtMs: 1 } as const;
  const out = (id: string, kind: 'pair' | 'withdrawal', state: 'out' | 'withdrawn', memberIds: string[]) => [
    any((q, t) =>
      q
        .insert(t.safetyWatch)
        .values({ ...watch, id, kind, state })
        .returning(),
    ),
    any((q, t) =>
      q
        .insert(t.safetyWatchMember)
        .values(memberIds.map((memberId) => ({ watchId: id, memberId })))
        .returning(),
    ),
  ];
  await run();
  await over();
  await house.db.atomically([...out('w1', 'pair', 'withdrawn', ['j1', 'm2']), ...out('w2', 'withdrawal', 'out', ['j1', 'm2'])]);
  await house.clock.advance(31 * DAY_MS);
  const told = (await eventsOf(house)).length;
  await expect(letGo(house, 'j1', () => {}, SYSTEM)).rejects.toMatchObject({ code: 'transition-refused' });
  expect([await run(), await names(), (await eventsOf(house)).length]).toEqual([house.clock.now() + DAY_MS, ['演示居民'], told]);
  // Sent out between the look and the commit.
  await expect(house.db.atomically(deleteTemporary('j1'))).rejects.toMatchObject({ code: 'changed-meanwhile' });
  // The other one of the pair is still missing; he is back from the withdrawal, which had taken him over.
  const his = (t: Tables) => and(eq(t.safetyWatchMember.memberId, 'j1'), eq(t.safetyWatchMember.watchId, 'w2'));
  await house.db.atomically([any((q, t) => q.update(t.safetyWatchMember).set({ backAtMs: 1 }).where(his(t)).returning())]);
  expect([(await letGo(house, 'j1', () => {}, SYSTEM)).id, await names()]).toEqual(['j1', []]);
});
