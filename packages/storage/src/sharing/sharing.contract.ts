// What two houses hold after whatever befell each of them and the line between them: the same.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Row } from '@laba/domain/merge';
import { any, one, some, type Database } from '../database.ts';
import type { DatabaseUnderTest } from '../database-under-test.test-kit.ts';
import { HOUSE, SqliteDatabase } from '../sqlite.ts';
import { sqliteTables, type Tables } from '../tables.ts';
import { hasKey, imageOf, keyOf, rowsInGround, spokenOfBelow, tableOf, travelling, type RowKey, type Secrets, type TableName } from './images.ts';
import { findPeer, listName, type Mark } from './peers.ts';
import { COUNTY_ALERT, pick, randomChange, randomRow, seeded, SINCE_MS, VILLAGE, VILLAGE_ALERT, COUNTY, type Random } from './random-rows.test-kit.ts';
import { noticeChanges, readPage, type Page, type ToldRow } from './say.ts';
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

const GROUND = { code: VILLAGE, sinceMs: SINCE_MS };
const PEER = 'other';
const SMALL = { rows: 7, chars: 4_000 };

/** One of the two, with what it says and hears. */
class House {
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
    return { page: await readPage(this.db, this.secrets, PEER, to, SMALL), held: await this.held() };
  }

  async held(): Promise<Mark | undefined> {
    const { heardListId, heardUpTo } = await findPeer(this.db, PEER);
    return heardListId === null ? undefined : { listId: heardListId, upTo: heardUpTo };
  }

  hear(heard: Word): Promise<Taken> {
    return hearWord(this.db, this.secrets, PEER, heard, SINCE_MS, this.draw);
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
const told = (name: TableName, row: Row, secrets: Secrets) => imageOf(travelling(sqliteTables, name, sharedTable(name)!), row, secrets);

/** Both say all they have, until neither has news. */
async function untilAgreed(one: House, other: House): Promise<number> {
  for (let round = 1; round <= 60; round++) {
    const up = await one.speak(await other.held());
    await other.hear(up);
    const down = await other.speak(await one.held());
    await one.hear(down);
    if (up.page.rows.length === 0 && down.page.rows.length === 0) return round;
  }
  throw new Error('They never agree.');
}

export function sharingContract(name: string, start: () => Promise<DatabaseUnderTest>): void {
  describe(`a county on ${name} and a village`, () => {
    let county: House;
    let village: House;
    let folder: string;
    let under: DatabaseUnderTest;
    beforeEach(async () => {
      under = await start();
      folder = mkdtempSync(join(tmpdir(), 'laba-sharing-'));
      county = new House(under.db, 'county');
      village = new House(SqliteDatabase.open(join(folder, 'village.db'), HOUSE), 'village');
      await county.meet();
      await village.meet();
    });
    afterEach(async () => {
      await village.db.close();
      await under.stop();
      rmSync(folder, { recursive: true });
    });

    /** An alert that is going on, in one area. */
    async function alertAt(house: House, id: string, code: string): Promise<void> {
      const random = seeded(1);
      const alert = { ...randomRow(random, 'alert', false, house.secrets, 0), id, state: 'live', overAtMs: null, gridCode: code };
      await house.add('alertArea', { alertId: id, revision: 1, code });
      await house.add('alert', alert);
    }

    /** A person as the county's register holds him. */
    const person = (id: string, householdId: string, house: House): Row => ({ ...randomRow(seeded(7), 'person', false, house.secrets, 0), id, householdId });
    const household = (id: string, gridCode: string, house: House, phone = '13800000000'): Row => ({
      ...randomRow(seeded(7), 'household', false, house.secrets, 0),
      id,
      gridCode,
      phoneCipher: house.secrets.encrypt(phone),
      phoneHash: house.secrets.hash('phone', phone),
    });
    const stored = async (house: House, name: TableName) => (await house.db.read((q, t) => q.select().from(tableOf(t, name)))) as Row[];

    test.each(Array.from({ length: 3 }, (_, seed) => seed))('hold the same rows after messages lost, doubled and reordered (seed %i)', async (seed) => {
      const random = seeded(seed);
      await alertAt(county, COUNTY_ALERT, COUNTY);
      await alertAt(village, VILLAGE_ALERT, VILLAGE);
      const underway: { to: House; word: Word }[] = [];
      for (let step = 0; step < 150; step++) {
        const [one, other] = random() < 0.5 ? [county, village] : [village, county];
        if (random() < 0.7) await one.live(random);
        else underway.push({ to: other, word: await one.speak(await other.held()) });
        const next = Math.floor(random() * underway.length * 3);
        const arriving = underway[next];
        if (arriving === undefined) continue;
        if (random() < 0.7) underway.splice(next, 1);
        await arriving.to.hear(arriving.word);
      }
      await untilAgreed(county, village);
      const [above, below] = [await county.truth(), await village.truth()];
      expect(below).toEqual(above);
      expect(Object.values(above).flat().length).toBeGreaterThan(20);
    });

    test.each(['county', 'village'] as const)('hold the same rows after the %s came out of an old backup', async (name) => {
      const random = seeded(99);
      const restored = name === 'county' ? county : village;
      await alertAt(county, COUNTY_ALERT, COUNTY);
      await alertAt(village, VILLAGE_ALERT, VILLAGE);
      const live = async (steps: number) => {
        for (let step = 0; step < steps; step++) await (random() < 0.5 ? county : village).live(random);
        await untilAgreed(county, village);
      };
      await live(40);
      const backup = await restored.copy();
      await live(40);
      const lost = await restored.truth();
      await restored.putBack(backup);
      await untilAgreed(county, village);
      // What the county decided after its backup and lost stays in the village, which may not decide it in the county’s place.
      const agreed = async () => {
        const [above, below] = [await county.truth(), await village.truth()];
        for (const table of SHARED_NAMES) {
          const keys = new Set(above[table]!.map((row) => keyOf(sharedTable(table)!, row)));
          const own = await spokenOfBelow(
            village.db,
            table,
            sharedTable(table)!,
            GROUND,
            below[table]!.map((row) => keyOf(sharedTable(table)!, row)),
          );
          const held = below[table]!.filter((row) => keys.has(keyOf(sharedTable(table)!, row)) || own.has(keyOf(sharedTable(table)!, row)));
          expect(held, table).toEqual(above[table]);
          if (name === 'village') expect(held).toEqual(below[table]);
        }
      };
      await agreed();
      // What the other house had heard is not lost; only the register is as the county's backup has it.
      const events = async () => (await stored(restored, 'event')).map(({ id }) => id);
      expect(await events()).toEqual(expect.arrayContaining(lost['event']!.map(({ id }) => id)));
      await live(20);
      await agreed();
    });

    test('keep what is secret each in its own cipher, and find a number again by its own hash', async () => {
      await county.add('household', household('h1', VILLAGE, county, '13912345678'));
      await untilAgreed(county, village);
      expect(await stored(village, 'household')).toMatchObject([{ phoneCipher: 'village:13912345678', phoneHash: 'village#phone#13912345678' }]);
    });

    test('agree on who moved away: he is taken off the village’s list, and what it still says of him does not bring him back', async () => {
      await county.add('household', household('h1', VILLAGE, county));
      await county.add('person', person('p1', 'h1', county));
      await untilAgreed(county, village);
      expect(await stored(village, 'person')).toHaveLength(1);
      await county.change('household', '["h1"]', { gridCode: COUNTY });
      await village.change('person', '["p1"]', { name: 'changed alone' });
      await untilAgreed(county, village);
      expect(await stored(village, 'person')).toEqual([]);
      expect(await stored(village, 'household')).toEqual([]);
      expect(await stored(county, 'person')).toMatchObject([{ name: person('p1', 'h1', county)['name'] }]);
    });

    test('what the county took off its list does not come back by what the village says of it later', async () => {
      await county.add('household', household('h1', VILLAGE, county));
      await county.add('person', person('p1', 'h1', county));
      await untilAgreed(county, village);
      await county.remove('person', '["p1"]');
      await village.change('person', '["p1"]', { name: 'changed alone' });
      await untilAgreed(village, county);
      for (const house of [county, village]) expect(await stored(house, 'person')).toEqual([]);
    });

    test('both changed one row at the same time and their words crossed: each keeps what the other one added', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      const call = { ...randomRow(seeded(5), 'call', false, county.secrets, 0), id: 'c1', alertId: COUNTY_ALERT, memberId: 'm1', gridCode: VILLAGE };
      await county.add('call', { ...call, state: 'sent', answer: null, answeredAtMs: null, saidAtMs: null, step: 1, version: 1 });
      await untilAgreed(county, village);
      await village.change('call', '["c1"]', { state: 'answered', answer: 'coming', answeredAtMs: SINCE_MS + 5, version: 2 });
      await county.change('call', '["c1"]', { step: 2, version: 2 });
      const [up, down] = [await village.speak(await county.held()), await county.speak(await village.held())];
      await county.hear(up);
      await village.hear(down);
      for (const house of [county, village]) expect(await stored(house, 'call')).toMatchObject([{ state: 'answered', answer: 'coming', step: 2 }]);
      await untilAgreed(county, village);
      expect(await village.truth()).toEqual(await county.truth());
    });

    test('a village is told nothing of another place', async () => {
      await county.add('household', household('h1', `${COUNTY}100202`, county));
      await county.add('household', household('h2', VILLAGE, county));
      await untilAgreed(county, village);
      expect((await stored(village, 'household')).map(({ id }) => id)).toEqual(['h2']);
    });

    test('a stolen box speaks of another village, of the policy and of the county’s alert: nothing of it is taken, all the rest is', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      await county.add('household', household('far', `${COUNTY}100202`, county));
      await untilAgreed(county, village);
      const truth = await county.truth();
      const template = randomRow(seeded(3), 'template', false, village.secrets, 0);
      const alert = (await village.truth())['alert']![0]!;
      const event = { ...randomRow(seeded(4), 'event', true, village.secrets, 0), id: 'mine', atMs: SINCE_MS };
      // The same member, called for another place: a row with an earlier key would push it out.
      const call = (house: House, id: string, gridCode: string): Row => ({
        ...randomRow(seeded(5), 'call', false, house.secrets, 0),
        id,
        alertId: COUNTY_ALERT,
        memberId: 'm1',
        gridCode,
      });
      await county.add('call', call(county, 'b', `${COUNTY}100202`));
      const rows: ToldRow[] = [
        ['call', '["a"]', told('call', call(village, 'a', VILLAGE), village.secrets)],
        ['household', '["far"]', told('household', household('far', VILLAGE, village), village.secrets)],
        ['household', '["new"]', told('household', household('new', `${COUNTY}100202`, village), village.secrets)],
        ['template', keyOf(sharedTable('template')!, template), template],
        ['alert', `["${COUNTY_ALERT}"]`, { ...alert, state: 'over', overAtMs: SINCE_MS + 9 }],
        ['event', '["mine"]', event],
      ];
      const held = (await county.held()) ?? { listId: '1.x', upTo: 0 };
      const page: Page = { listId: held.listId, after: held.upTo, upTo: held.upTo + rows.length, rows, more: false };
      const { refused } = await county.hear({ page });
      expect(refused.map(([table, key]) => `${table} ${key}`)).toEqual([
        'call ["a"]',
        'household ["far"]',
        'household ["new"]',
        `template ${keyOf(sharedTable('template')!, template)}`,
        `alert ["${COUNTY_ALERT}"]`,
      ]);
      expect(await county.truth()).toEqual({ ...truth, event: [...truth['event']!, expect.objectContaining({ id: 'mine' })] });
      expect((await stored(county, 'call')).map(({ id }) => id)).toEqual(['b']);
      expect((await stored(county, 'household')).find(({ id }) => id === 'far')).toMatchObject({ gridCode: `${COUNTY}100202` });
    });

    test('what a newer house says beside what this one knows is left out, and the rest is taken', async () => {
      const held = { listId: '1.x', upTo: 0 };
      const image = { ...told('household', household('h1', VILLAGE, village), village.secrets), newColumn: 5 };
      const rows = [
        ['household', '["h1"]', image],
        ['newTable', '["n"]', { id: 'n' }],
      ] as unknown as ToldRow[];
      const { unknown } = await village.hear({ page: { listId: held.listId, after: 0, upTo: 2, rows, more: false } });
      expect(unknown).toEqual(['newTable']);
      expect(await stored(village, 'household')).toMatchObject([{ id: 'h1' }]);
    });

    test('two made a row for the same thing while they did not hear each other: one of them stays, the same at both', async () => {
      await alertAt(county, COUNTY_ALERT, COUNTY);
      await untilAgreed(county, village);
      const call = (id: string, house: House): Row => ({
        ...randomRow(seeded(5), 'call', false, house.secrets, 0),
        id,
        alertId: COUNTY_ALERT,
        memberId: 'm1',
        gridCode: VILLAGE,
      });
      await county.add('call', call('b', county));
      await village.add('call', call('a', village));
      await untilAgreed(county, village);
      for (const house of [county, village]) expect((await stored(house, 'call')).map(({ id }) => id)).toEqual(['a']);
    });
  });
}
