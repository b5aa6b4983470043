// Bad letters between two houses: each is refused or does nothing, is told to the officers, and the next good one is taken.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eq } from 'drizzle-orm';
import { writeLetter } from '@laba/messaging/letter';
import { FakeClock } from '@laba/runtime/fake-clock';
import { silentLog } from '@laba/runtime/log';
import { Vault } from '@laba/runtime/vault';
import { one } from '@laba/storage/database';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { Exchange } from './exchange.ts';
import { newHouse, type OwnHouse } from './own-house.ts';

const VILLAGE = '533324100201';
const NEIGHBOUR = '533324100202';

interface Side {
  own: OwnHouse;
  db: SqliteDatabase;
  exchange: Exchange;
}

describe('letters between two houses', () => {
  const clock = new FakeClock({ startMs: 1_000_000 });
  const [countyKeys, villageKeys] = [newHouse(), newHouse()];
  let county: Side;
  let village: Side;

  const processOf = (db: SqliteDatabase, own: OwnHouse, other: OwnHouse, run: string) =>
    new Exchange(
      { db, vault: new Vault(Buffer.alloc(32, 7)), clock, log: silentLog },
      { own, peerId: other.id, run, send: () => Promise.resolve(true), onHeard: () => Promise.resolve() },
    );
  async function houseOf(side: 'above' | 'below', own: OwnHouse, other: OwnHouse): Promise<Side> {
    const db = SqliteDatabase.open(':memory:', HOUSE);
    const peer = { id: other.id, gridCode: VILLAGE, side, status: 'active', ...other.public, listId: `1.${side}`, createdAtMs: 0 } as const;
    await db.atomically([one((q, t) => q.insert(t.peer).values(peer).returning({ id: t.peer.id }))]);
    return { own, db, exchange: processOf(db, own, other, side) };
  }
  const place = (id: string, headCount: number) => ({
    ...{ id, gridCode: VILLAGE, kind: 'guesthouse', name: 'Demo inn', contactName: 'Demo', headCount, headCountAtMs: 10 },
  });
  const add = (db: SqliteDatabase, id: string, headCount = 3) =>
    db.atomically([one((q, t) => q.insert(t.place).values(place(id, headCount)).returning({ id: t.place.id }))]);
  const happens = (db: SqliteDatabase, id: string) =>
    db.atomically([
      one((q, t) =>
        q
          .insert(t.event)
          .values({ ...{ id, type: 'house.alone', atMs: 20, who: 'system', via: 'job', gridCode: VILLAGE, alertId: null, subjectId: 'h', data: {} } })
          .returning({ id: t.event.id }),
      ),
    ]);
  const knows = async ({ db }: Pick<Side, 'db'>) => (await db.read((q, t) => q.select({ id: t.event.id }).from(t.event))).map(({ id }) => id).sort();
  const carries = async (from: Exchange, to: Exchange) => {
    for (const letter of await from.pack()) expect(await to.hear(letter)).toBe(true);
  };
  const talk = async (villageSays = village.exchange) => {
    for (let round = 0; round < 4; round++) {
      await carries(county.exchange, villageSays);
      await carries(villageSays, county.exchange);
    }
  };
  const seen = () => county.exchange.degraded({ side: 'below', gridCode: VILLAGE });
  /** What a program writes that is not this one. */
  const word = (content: object) => writeLetter(content, { from: village.own.id, to: county.own.id }, village.own.keys, county.own.public);
  const page = (rows: unknown[], after = 0) => ({ listId: '1.above', after, upTo: after + rows.length, rows, more: false });

  beforeEach(async () => {
    county = await houseOf('below', countyKeys, villageKeys);
    village = await houseOf('above', villageKeys, countyKeys);
    await add(county.db, 'p1');
    await talk();
  });
  afterEach(async () => {
    await county.db.close();
    await village.db.close();
  });

  it('cut off, altered, for another house, by another house, or nothing at all: refused and told, until the next good one', async () => {
    await happens(village.db, 'e1');
    const [letter] = await village.exchange.pack();
    const altered = Buffer.from(letter!);
    altered[altered.length - 1]! ^= 1;
    const stranger = newHouse();
    const by = (from: OwnHouse, to: OwnHouse, keys = from.keys) => writeLetter({ page: page([]) }, { from: from.id, to: to.id }, keys, to.public);
    const bad: [string, Buffer][] = [
      ['signature', letter!.subarray(0, -5)],
      ['malformed', letter!.subarray(0, 40)],
      ['signature', altered],
      ['malformed', Buffer.alloc(0)],
      ['malformed', Buffer.from('holiday photos')],
      ['addressee', by(village.own, stranger)],
      ['sender', by(stranger, county.own)],
      ['signature', by(village.own, county.own, stranger.keys)],
      ['malformed', word({ page: { ...page([]), upTo: -1 } })],
      ['malformed', word({ page: page([['place']]) })],
    ];
    for (const [why, one] of bad) {
      expect(await county.exchange.hear(one), why).toBe(false);
      expect(county.exchange.trouble).toBe(why);
      expect(seen()).toEqual([`below: ${VILLAGE}: its last letter was not taken: ${why}`]);
    }
    expect(await knows(county)).toEqual([]);
    expect(await county.exchange.hear(letter!)).toBe(true);
    expect(seen()).toEqual([]);
    expect(await knows(county)).toEqual(['e1']);
  });

  it('older than what the house has: it takes nothing back, and the two agree again', async () => {
    await happens(village.db, 'e1');
    const [old] = await village.exchange.pack();
    await talk();
    await happens(village.db, 'e2');
    await talk();
    const [older] = await county.exchange.pack();
    await county.db.atomically([one((q, t) => q.update(t.place).set({ name: 'New name' }).where(eq(t.place.id, 'p1')).returning({ id: t.place.id }))]);
    await talk();
    expect(await county.exchange.hear(old!)).toBe(true);
    expect(await village.exchange.hear(older!)).toBe(true);
    expect(await knows(county)).toEqual(['e1', 'e2']);
    expect(await village.db.read((q, t) => q.select({ name: t.place.name }).from(t.place))).toEqual([{ name: 'New name' }]);
    await happens(village.db, 'e3');
    await talk();
    expect(await knows(county)).toEqual(['e1', 'e2', 'e3']);
  });

  it('of another place’s rows, or of a table that only a newer house has: told by its name, the rest of the letter is taken', async () => {
    const { heardUpTo } = (await county.db.read((q, t) => q.select().from(t.peer)))[0]!;
    const row = { ...{ id: 'theirs', type: 'house.alone', atMs: 20, who: 'system', via: 'job', alertId: null, subjectId: 'h', data: {} } };
    const said = (id: string, gridCode: string) => ['event', JSON.stringify([id]), { ...row, id, gridCode }];
    const rows = [said('mine', VILLAGE), said('theirs', NEIGHBOUR), ['weather', '["w1"]', { id: 'w1' }]];
    expect(await county.exchange.hear(word({ page: page(rows, heardUpTo) }))).toBe(true);
    expect(await knows(county)).toEqual(['mine']);
    expect(county.exchange.trouble).toBe('out-of-scope');
    expect(seen()).toEqual([
      `below: ${VILLAGE}: it spoke of rows that are not its own, which were left out: event`,
      `below: ${VILLAGE}: it is newer and tells what this house does not know yet, update this house: weather`,
    ]);
  });

  it('that cannot be stored are told so, and are taken when they come again', async () => {
    await happens(village.db, 'e1');
    const [letter] = await village.exchange.pack();
    const full = new Error('database or disk is full');
    const db = { read: county.db.read.bind(county.db), atomically: () => Promise.reject(full) } as unknown as SqliteDatabase;
    const atFullDisk = processOf(db, county.own, village.own, 'c');
    await expect(atFullDisk.hear(letter!)).rejects.toBe(full);
    expect(atFullDisk.degraded({ side: 'below', gridCode: VILLAGE })).toEqual([`below: ${VILLAGE}: its last letter was not taken: not-kept`]);
    expect(await knows(county)).toEqual([]);
    expect(await county.exchange.hear(letter!)).toBe(true);
    expect(await knows(county)).toEqual(['e1']);
  });

  it('of a house that starts again are no other house’s', async () => {
    for (const run of ['second', 'third', 'fourth']) {
      await carries(processOf(village.db, village.own, county.own, run), county.exchange);
      expect(seen()).toEqual([]);
    }
  });

  it('of two houses with one identity: the officers are told, and when one is left, all that it has is asked for again', async () => {
    const copy = { ...village, db: SqliteDatabase.open(':memory:', HOUSE) };
    for (const table of ['peer', 'told', 'place'] as const) {
      const rows = await village.db.read((q, t) => q.select().from(t[table]));
      for (const row of rows) await copy.db.atomically([one((q, t) => q.insert(t[table]).values(row).returning())]);
    }
    const copies = processOf(copy.db, village.own, county.own, 'copy');
    await happens(village.db, 'e-one');
    await happens(copy.db, 'e-other');
    for (let round = 0; round < 4; round++) {
      await carries(village.exchange, county.exchange);
      await carries(copies, county.exchange);
      await carries(county.exchange, copies);
    }
    expect(seen()).toEqual([`below: ${VILLAGE}: two houses speak as one: switch the copy off, or revoke both and enrol one anew`]);
    expect(county.exchange.trouble).toBe('two-houses');
    expect(await knows(county)).toEqual(['e-one']);
    await clock.advance(11 * 60_000);
    await talk(copies);
    expect(await knows(county)).toEqual(['e-one', 'e-other']);
    expect(seen()).toEqual([]);
    await copy.db.close();
  });
});
