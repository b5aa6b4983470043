// A press while the house cannot write anything down: the box's alarm goes until it can; a policy's no is no failure.
import { expect, it } from 'vitest';
import { LabaError } from '@laba/domain/errors';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { fakeOfficer, openRoom, type FakeRoom } from '@laba/runtime/fake-room';
import { any } from '@laba/storage/database';
import { orderByButton } from './order-by-button.ts';

const COUNTY = '533324';
const VILLAGE = '533324100201';

async function house(): Promise<FakeRoom> {
  const room = await openRoom(() => ({ name: 'alerting', routes: () => {} }), [fakeOfficer('admin', 'county-admin', COUNTY)]);
  await room.deps.db.atomically([
    any((q, t) => q.insert(t.gridNode).values({ code: VILLAGE, tier: 'village', name: '演示村' }).returning({ code: t.gridNode.code })),
    any((q, t) => q.insert(t.site).values({ id: 'room-1', name: '活动室', gridCode: VILLAGE }).returning({ id: t.site.id })),
  ]);
  return room;
}

function box() {
  const did: string[] = [];
  const alarm = () => {
    did.push('alarm');
    return { over: Promise.resolve(), stop: async () => void did.push('silence') };
  };
  return { did, askForByHand: (alertId: string) => did.push(alertId), alarm };
}

/** Its disk is full for so many commits. */
function fullDisk(room: FakeRoom, commits: number): FakeRoom['deps'] {
  let left = commits;
  const db = new Proxy(room.deps.db, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (name !== 'atomically') return typeof value === 'function' ? value.bind(target) : value;
      return async (ops: Parameters<typeof target.atomically>[0]) => {
        if (left-- > 0) throw new LabaError('storage-failed');
        return target.atomically(ops);
      };
    },
  });
  return { ...room.deps, db };
}

it('is asked for before it is raised, and needs no alarm', async () => {
  const room = await house();
  const { did, ...rest } = box();
  const pressId = room.deps.ids();
  await orderByButton(room.deps, 'room-1')(pressId, rest);
  expect(did).toEqual([pressId]);
  const second = room.deps.ids();
  await orderByButton(room.deps, 'room-1')(second, rest);
  // The order that sounds already is asked for too: this box may have been switched on since.
  expect(did).toEqual([pressId, second, pressId]);
  await room.close();
});

it('on a full disk the alarm goes until the order could be written down, which then is raised once', async () => {
  const room = await house();
  const { did, ...rest } = box();
  const pressId = room.deps.ids();
  const over = orderByButton(fullDisk(room, 3), 'room-1')(pressId, rest);
  await room.deps.clock.advance(3_000);
  expect(did).toEqual([pressId, 'alarm']);
  await room.deps.clock.advance(5_000);
  await over;
  expect(did).toEqual([pressId, 'alarm', 'silence']);
  expect(await room.deps.db.read((q, t) => q.select({ id: t.alert.id, state: t.alert.state }).from(t.alert))).toEqual([{ id: pressId, state: 'raised' }]);
  await room.close();
});

it('on a disk that stays full gives up after five minutes', async () => {
  const room = await house();
  const { did, ...rest } = box();
  const over = orderByButton(fullDisk(room, Infinity), 'room-1')(room.deps.ids(), rest);
  await room.deps.clock.advance(6 * 60_000);
  await over;
  expect(did.slice(1)).toEqual(['alarm', 'silence']);
  await room.close();
});

it('where the policy lets no button speak nothing sounds', async () => {
  const room = await house();
  const policy = { ...DEFAULT_POLICY, button: { ...DEFAULT_POLICY.button, tiers: [] } };
  await room.deps.db.atomically([any((q, t) => q.insert(t.policy).values({ county: COUNTY, policy, version: 1 }).returning({ county: t.policy.county }))]);
  const { did, ...rest } = box();
  const pressId = room.deps.ids();
  await orderByButton(room.deps, 'room-1')(pressId, rest);
  expect(did).toEqual([pressId]);
  await room.close();
});
