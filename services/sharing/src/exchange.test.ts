// Two processes of the county talk with one village: whatever moment the one hears it at, the letter of the other takes nothing back there.
import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { LIMITS } from '@laba/domain/limits';
import { FakeClock } from '@laba/runtime/fake-clock';
import { silentLog } from '@laba/runtime/log';
import { Vault } from '@laba/runtime/vault';
import { one, type Database } from '@laba/storage/database';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { Exchange } from './exchange.ts';
import { newHouse, type OwnHouse } from './own-house.ts';

const VILLAGE = '533324100201';
/** More than a letter is written by. */
const LAST_READS = 8;

/** One house's process. */
function processOf(db: Database, own: OwnHouse, other: OwnHouse, clock = new FakeClock({ startMs: 1_000_000 })): Exchange {
  const deps = { db, vault: new Vault(Buffer.alloc(32, 7)), clock, log: silentLog };
  return new Exchange(deps, { own, peerId: other.id, run: 'r', send: () => Promise.resolve(true), onHeard: () => Promise.resolve() });
}

async function houseOf(side: 'above' | 'below', other: OwnHouse): Promise<SqliteDatabase<never>> {
  const db = SqliteDatabase.open(':memory:', HOUSE);
  const peer = { id: other.id, gridCode: VILLAGE, side, status: 'active', ...other.public, listId: `1.${side}`, createdAtMs: 0 } as const;
  await db.atomically([one((q, t) => q.insert(t.peer).values(peer).returning({ id: t.peer.id }))]);
  return db as never;
}

/** Its reads, with something that happens beside them. */
function watched(db: Database, beside: () => Promise<void>): Database {
  const read = async (...asked: Parameters<Database['read']>) => {
    const rows = await db.read(...asked);
    await beside();
    return rows;
  };
  return { read, atomically: db.atomically.bind(db) } as unknown as Database;
}

async function talk(one: Exchange, other: Exchange): Promise<void> {
  for (let round = 0; round < 4; round++) {
    for (const letter of await one.pack()) await other.hear(letter);
    for (const letter of await other.pack()) await one.hear(letter);
  }
}

/** @returns how often the writing process read; `at`: after which read the other one hears the village. */
async function crossing(at: number): Promise<{ reads: number; counted: number[] }> {
  const [above, below] = [newHouse(), newHouse()];
  const [county, village] = [await houseOf('below', below), await houseOf('above', above)] as unknown as Database[] as [Database, Database];
  const place = { id: 'p1', gridCode: VILLAGE, kind: 'guesthouse', name: 'Demo house', contactName: 'Demo', headCount: 3, headCountAtMs: 10 };
  await county.atomically([one((q, t) => q.insert(t.place).values(place).returning({ id: t.place.id }))]);
  const [hearing, there] = [processOf(county, above, below), processOf(village, below, above)];
  await talk(hearing, there);
  await village.atomically([
    one((q, t) => q.update(t.place).set({ headCount: 7, headCountAtMs: 20 }).where(eq(t.place.id, 'p1')).returning({ id: t.place.id })),
  ]);
  await county.atomically([one((q, t) => q.update(t.place).set({ name: 'Demo inn' }).where(eq(t.place.id, 'p1')).returning({ id: t.place.id }))]);
  const up = await there.pack();
  let reads = 0;
  const writing = processOf(
    watched(county, async () => {
      reads += 1;
      if (reads === at) for (const letter of up) await hearing.hear(letter);
    }),
    above,
    below,
  );
  for (const letter of await writing.pack()) await there.hear(letter);
  const now = await village.read((q, t) => q.select().from(t.place));
  await talk(hearing, there);
  const end = await Promise.all([county, village].map((db) => db.read((q, t) => q.select().from(t.place))));
  expect(end.flat()).toMatchObject([1, 2].map(() => ({ name: 'Demo inn', headCount: 7 })));
  for (const db of [county, village]) await (db as unknown as SqliteDatabase<never>).close();
  return { reads, counted: now.map(({ headCount }) => headCount) };
}

it('what a village counted stays counted there, whenever another process of the county heard of it', async () => {
  const { reads } = await crossing(0);
  for (let at = reads - LAST_READS; at <= reads; at++) expect((await crossing(at)).counted, `after read ${at} of ${reads}`).toEqual([7]);
});

it('rows that cannot be made small go fewer at a time: a letter is never larger than a broker takes', async () => {
  const [above, below] = [newHouse(), newHouse()];
  const [county, village] = [await houseOf('below', below), await houseOf('above', above)] as unknown as Database[] as [Database, Database];
  const alertId = 'a1';
  const area = { alertId, revision: 1, code: VILLAGE };
  await county.atomically([one((q, t) => q.insert(t.alertArea).values(area).returning({ code: t.alertArea.code }))]);
  const ids = Array.from({ length: 60 }, (_, i) => `c${String(i).padStart(2, '0')}`);
  for (const [i, id] of ids.entries()) {
    const row = {
      id,
      alertId,
      revision: i,
      purpose: 'alert' as const,
      action: 'play' as const,
      areaCode: VILLAGE,
      seq: i,
      envelope: randomBytes(2_250).toString('base64url'),
    };
    await county.atomically([
      one((q, t) =>
        q
          .insert(t.command)
          .values({ ...row, notAfterMs: 1, expiresAtMs: 1 })
          .returning({ id: t.command.id }),
      ),
    ]);
  }
  const there = processOf(village, below, above);
  const sizes: number[] = [];
  const deps = { db: county, vault: new Vault(Buffer.alloc(32, 7)), clock: new FakeClock({ startMs: 1_000_000 }), log: silentLog };
  const send = async (letter: Buffer) => {
    sizes.push(letter.length);
    return there.hear(letter);
  };
  const here = new Exchange(deps, { own: above, peerId: below.id, run: 'here', send, onHeard: () => Promise.resolve() });
  for (let round = 0; round < 10; round++) {
    await here.speak();
    for (const letter of await there.pack()) await here.hear(letter);
  }
  const held = await village.read((q, t) => q.select({ id: t.command.id }).from(t.command));
  expect(held.map(({ id }) => id).sort()).toEqual(ids);
  expect(Math.max(...sizes)).toBeLessThan(LIMITS.mqttPacketBytes - 512);
  expect(sizes.length).toBeGreaterThan(2);
});

it('a letter that was recorded and comes again proves nobody there, and is answered', async () => {
  const [above, below] = [newHouse(), newHouse()];
  const [county, village] = [await houseOf('below', below), await houseOf('above', above)] as unknown as Database[] as [Database, Database];
  const clock = new FakeClock({ startMs: 1_000_000 });
  const [there, here] = [processOf(county, above, below, clock), processOf(village, below, above, clock)];
  const heardAtMs = async () => (await village.read((q, t) => q.select({ atMs: t.peer.lastHeardAtMs }).from(t.peer)))[0]!.atMs;
  await talk(there, here);
  expect(await heardAtMs()).toBe(1_000_000);
  const [recorded] = await there.pack();
  await clock.advance(70_000);
  expect(await here.hear(recorded!)).toBe(true);
  expect(await heardAtMs()).toBe(1_000_000);
  // Whoever is there answers what this house says now.
  await talk(here, there);
  expect(await heardAtMs()).toBe(1_070_000);
  for (const db of [county, village]) await (db as unknown as SqliteDatabase<never>).close();
});
