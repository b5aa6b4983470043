// An answer is kept for who asks again, and not for ever (I9).
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { one } from '@laba/storage/database';
import { fakeOfficer, openRoom, type FakeRoom } from './fake-room.ts';
import { actOf } from './http.ts';

const officer = fakeOfficer('duty', 'county-officer', '533324');
let room: FakeRoom;
let carriedOut: number;

beforeEach(async () => {
  carriedOut = 0;
  room = await openRoom(
    (deps) => ({
      name: 'acting',
      routes(app) {
        app.post('/api/v1/act', { config: { access: 'signed-in' } }, async (request) => {
          const name = deps.ids();
          await deps.db.atomically([...actOf(request).once, one((q, t) => q.insert(t.setting).values({ name, value: 1 }).returning({ name: t.setting.name }))]);
          carriedOut += 1;
          return { name };
        });
      },
    }),
    [officer],
  );
});

afterEach(() => room.close());

const acts = () => room.ask(officer, 'POST', '/api/v1/act', {}, { 'idempotency-key': 'once' });
const kept = async () => (await room.deps.db.read((q, t) => q.select().from(t.idempotency))).length;

test('the same request again gets the same answer, and is carried out once', async () => {
  const first = await acts();
  await room.deps.clock.advance(3_600_000);
  expect((await acts()).body).toEqual(first.body);
  expect(carriedOut).toBe(1);
});

test('a day later its answer is forgotten, and nothing is kept for ever', async () => {
  await acts();
  expect(await kept()).toBe(1);
  await room.deps.clock.advance(LIMITS.idempotencyMs + 3_600_000);
  expect(await kept()).toBe(0);
});

test('after its close no timer is left', async () => {
  await room.app.close();
  expect(room.deps.clock.waiting).toBe(0);
});
