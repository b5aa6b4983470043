// A village's house below the town's: its own database, and a line to the county that holds or is cut. It tells rows as every house does.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import type { EventType } from '@laba/domain/events';
import { one, type Database } from '@laba/storage/database';
import type { Secrets } from '@laba/storage/sharing/images';
import { noticeChanges, readPage } from '@laba/storage/sharing/say';
import { findPeer } from '@laba/storage/sharing/peers';
import { hearWord } from '@laba/storage/sharing/take';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import type { Town } from './town.ts';

const PLAIN: Secrets = { encrypt: (text) => text, decrypt: (text) => text, hash: (purpose, text) => `${purpose}#${text}` };
const PAGE = { rows: 500, chars: 1_000_000 };

export class HouseBelow {
  readonly id: string;
  readonly #town: Town;
  readonly #gridCode: string;
  readonly #dir = mkdtempSync(join(tmpdir(), 'laba-below-'));
  readonly #db: Database;
  #drawn = 0;

  constructor(town: Town, gridCode: string) {
    this.#town = town;
    this.#gridCode = gridCode;
    this.id = `house-${gridCode}`;
    this.#db = SqliteDatabase.open(join(this.#dir, 'village.db'), HOUSE);
  }

  get #county(): Database {
    return this.#town.house.deps.db;
  }

  /** Both know each other from now on. */
  async enrol(): Promise<this> {
    const createdAtMs = this.#town.clock.now();
    const common = { gridCode: this.#gridCode, status: 'active', signKey: 's', sealKey: 'x', createdAtMs } as const;
    const meet = (db: Database, side: 'above' | 'below') =>
      db.atomically([
        one((q, t) =>
          q
            .insert(t.peer)
            .values({ ...common, id: this.id, side, listId: `1.${side}` })
            .returning({ id: t.peer.id }),
        ),
      ]);
    await meet(this.#county, 'below');
    await meet(this.#db, 'above');
    return this;
  }

  /** Something happens in the village, by its own clock. */
  async lives(
    type: EventType,
    { atMs, at = this.#gridCode, about = this.id, data = {} }: { atMs: number; at?: string; about?: string; data?: Record<string, unknown> },
  ): Promise<string> {
    const id = this.#town.ids();
    const row = { id, type, atMs, who: 'system', via: 'job', gridCode: at, alertId: null, subjectId: about, data };
    await this.#db.atomically([one((q, t) => q.insert(t.event).values(row).returning({ id: t.event.id }))]);
    return id;
  }

  /** The line holds: the county hears what is new, and that the house is there. */
  async speaks(): Promise<void> {
    await noticeChanges(this.#db, PLAIN, this.id);
    const heard = await findPeer(this.#county, this.id);
    const held = heard.heardListId === null ? undefined : { listId: heard.heardListId, upTo: heard.heardUpTo };
    const page = await readPage(this.#db, PLAIN, this.id, held, PAGE);
    await hearWord(this.#county, this.#town.house.deps.vault, this.id, { page }, () => `drawn${++this.#drawn}`);
    const lastHeardAtMs = this.#town.clock.now();
    await this.#county.atomically([one((q, t) => q.update(t.peer).set({ lastHeardAtMs }).where(eq(t.peer.id, this.id)).returning({ id: t.peer.id }))]);
    await this.#town.clock.settle();
  }

  /** Time goes by while the line holds. */
  async keepsSpeaking(minutes: number): Promise<void> {
    for (let half = 0; half < minutes * 2; half++) {
      await this.#town.clock.pass('30 s');
      await this.speaks();
    }
  }

  async close(): Promise<void> {
    await this.#db.close();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
