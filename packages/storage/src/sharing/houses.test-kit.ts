// A county's house and a village's, each with a database of its own and a part of their lives, for the contract of what they tell each other.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Row } from '@laba/domain/merge';
import { any, one, some, type Database } from '../database.ts';
import type { DatabaseUnderTest } from '../database-under-test.test-kit.ts';
import { HOUSE, SqliteDatabase } from '../sqlite.ts';
import { sqliteTables, type Tables } from '../tables.ts';
import { hasKey, imageOf, keyOf, rowsInGround, spokenOfBelow, tableOf, travelling, type RowKey, type Secrets, type TableName } from './images.ts';
import { findPeer, groundOf, listName, type Mark } from './peers.ts';
import { pick, randomChange, randomRow, seeded, SINCE_MS, VILLAGE, type Random } from './random-rows.test-kit.ts';
import { noticeChanges, readPage } from './say.ts';
import { SHARED_NAMES, sharedTable } from './shared-tables.ts';
import { hearWord, type Taken, type Word } from './take.ts';

/** Hides nothing, but as no other house does: what is kept by one is unreadable for the other. */
const secretsOf = (house: string): Secrets => ({
  encrypt: (plain) => `${house}:${plain}`,
  decrypt: (text) => {
    if (!text.startsWith(`${house}:`)) throw new Error(`${house} cannot read ${text}`);
    return text.slice(house.length + 1);
  },
  hash: (purpose, text) => `${house}#${purpose}#${text}`,
});

export const GROUND = groundOf({ gridCode: VILLAGE, createdAtMs: SINCE_MS });
export const PEER = 'other';
export const SMALL = { rows: 7, chars: 4_000 };

/** One of the two, with what it says and hears. */
export class House {
  #lists = 0;
  #rows = 0;
  readonly db: Database;
  readonly name: 'village' | 'county';
  readonly secrets: Secrets;
  constructor(db: Database, name: 'village' | 'county') {
    this.db = db;
    this.name = name;
    this.secrets = secretsOf(name);
  }

  readonly draw = () => `${this.name}${++this.#lists}`;

  async meet(): Promise<void> {
    const side = this.name === 'village' ? 'above' : 'below';
    const values = {
      id: PEER,
      gridCode: VILLAGE,
      side,
      status: 'active',
      signKey: 's',
      sealKey: 'x',
      listId: listName(1, this.draw()),
      createdAtMs: SINCE_MS,
    } as const;
    await this.db.atomically([one((q, t) => q.insert(t.peer).values(values).returning({ id: t.peer.id }))]);
  }

  /** Whatever stands there already, by its key or otherwise, stays. */
  async add(name: TableName, row: Row): Promise<void> {
    const [added] = await this.db.atomically([any((q, t) => q.insert(tableOf(t, name)).values(row).onConflictDoNothing().returning())]);
    const shared = sharedTable(name)!;
    const key = keyOf(shared, row);
    if (this.name === 'county' || added.length === 0) return;
    // The village makes only what it may speak of.
    const own = await spokenOfBelow(this.db, name, shared, GROUND, [key]);
    if (!own.has(key)) await this.remove(name, key);
  }

  async change(name: TableName, key: RowKey, change: Row): Promise<void> {
    const isTheRow = (t: Tables) => hasKey(t, name, sharedTable(name)!, [key]);
    await this.db.atomically([some((q, t) => q.update(tableOf(t, name)).set(change).where(isTheRow(t)).returning())]);
  }

  async remove(name: TableName, key: RowKey): Promise<void> {
    const isTheRow = (t: Tables) => hasKey(t, name, sharedTable(name)!, [key]);
    await this.db.atomically([some((q, t) => q.delete(tableOf(t, name)).where(isTheRow(t)).returning())]);
  }

  /** Something happens here. */
  async live(random: Random): Promise<void> {
    const name = pick(random, SHARED_NAMES);
    const shared = sharedTable(name)!;
    const isVillage = this.name === 'village';
    if (isVillage && shared.fromBelow === 'nothing') return;
    const rows = [...(await rowsInGround(this.db, name, shared, GROUND))];
    const isWrittenOnce = shared.rule.every(({ by }) => Array.isArray(by) && by.length === 0);
    const what = random();
    if (rows.length === 0 || what < 0.45) {
      if (name === 'alert' || name === 'alertArea') return;
      return this.add(name, randomRow(random, name, isVillage, this.secrets, ++this.#rows));
    }
    const [key, row] = pick(random, rows);
    if (what > 0.9 && shared.mayGo === true && !isVillage) return this.remove(name, key);
    const change = randomChange(random, name, row, this.secrets);
    if (!isWrittenOnce && Object.keys(change).length > 0) await this.change(name, key, change);
  }

  /** What goes out of the house, and what it holds of the other's list. */
  async speak(to: Mark | undefined): Promise<Word> {
    await noticeChanges(this.db, this.secrets, PEER);
    const held = await this.held();
    return { page: await readPage(this.db, this.secrets, PEER, to, SMALL), held };
  }

  async held(): Promise<Mark | undefined> {
    const { heardListId, heardUpTo } = await findPeer(this.db, PEER);
    return heardListId === null ? undefined : { listId: heardListId, upTo: heardUpTo };
  }

  hear(heard: Word): Promise<Taken> {
    return hearWord(this.db, this.secrets, PEER, heard, this.draw);
  }

  /** Every row of every table that is told, and what was told. */
  async copy(): Promise<Map<TableName, Row[]>> {
    const copies = new Map<TableName, Row[]>();
    for (const name of [...SHARED_NAMES, 'peer', 'told'] as TableName[])
      copies.set(name, (await this.db.read((q, t) => q.select().from(tableOf(t, name)))) as Row[]);
    return copies;
  }

  async putBack(copies: ReadonlyMap<TableName, readonly Row[]>): Promise<void> {
    for (const [name, rows] of copies) {
      await this.db.atomically([
        any((q, t) => q.delete(tableOf(t, name)).returning()),
        ...rows.map((row) => one((q, t) => q.insert(tableOf(t, name)).values(row).returning())),
      ]);
    }
  }

  /** All that both should hold, as they would tell it. */
  async truth(): Promise<Record<string, Row[]>> {
    const truth: Record<string, Row[]> = {};
    for (const name of SHARED_NAMES) {
      const shared = sharedTable(name)!;
      const columns = travelling(sqliteTables, name, shared);
      const rows = [...(await rowsInGround(this.db, name, shared, GROUND))].map(([key, row]) => [key, imageOf(columns, row, this.secrets)] as const);
      truth[name] = rows.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, image]) => image);
    }
    return truth;
  }
}

/** As a house tells it: secrets readable, hashes at home. */
export const told = (name: TableName, row: Row, secrets: Secrets) => imageOf(travelling(sqliteTables, name, sharedTable(name)!), row, secrets);

/** Both say all they have, until neither has news. */
export async function untilAgreed(one: House, other: House): Promise<number> {
  for (let round = 1; round <= 60; round++) {
    const up = await one.speak(await other.held());
    await other.hear(up);
    const down = await other.speak(await one.held());
    await one.hear(down);
    if (up.page.rows.length === 0 && down.page.rows.length === 0) return round;
  }
  throw new Error('They never agree.');
}

/** A county's house on this database and a village's on SQLite, anew for each test. */
export function twoHouses(start: () => Promise<DatabaseUnderTest>): { county: House; village: House } {
  const houses = {} as { county: House; village: House };
  let folder: string;
  let under: DatabaseUnderTest;
  beforeEach(async () => {
    under = await start();
    folder = mkdtempSync(join(tmpdir(), 'laba-sharing-'));
    houses.county = new House(under.db, 'county');
    houses.village = new House(SqliteDatabase.open(join(folder, 'village.db'), HOUSE), 'village');
    await houses.county.meet();
    await houses.village.meet();
  });
  afterEach(async () => {
    await houses.village.db.close();
    await under.stop();
    rmSync(folder, { recursive: true });
  });
  return houses;
}

/** An alert that is going on, in one area. */
export async function alertAt(house: House, id: string, code: string): Promise<void> {
  const random = seeded(1);
  const alert = { ...randomRow(random, 'alert', false, house.secrets, 0), id, state: 'live', overAtMs: null, gridCode: code };
  await house.add('alertArea', { alertId: id, revision: 1, code });
  await house.add('alert', alert);
}

/** A person as the county's register holds him. */
export const person = (id: string, householdId: string, house: House): Row => ({ ...randomRow(seeded(7), 'person', false, house.secrets, 0), id, householdId });
export const household = (id: string, gridCode: string, house: House, phone = '13800000000'): Row => ({
  ...randomRow(seeded(7), 'household', false, house.secrets, 0),
  id,
  gridCode,
  phoneCipher: house.secrets.encrypt(phone),
  phoneHash: house.secrets.hash('phone', phone),
});
export const stored = async (house: House, name: TableName) => (await house.db.read((q, t) => q.select().from(tableOf(t, name)))) as Row[];
