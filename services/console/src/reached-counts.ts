// Chapter 6, watch: how many speakers ever reached each state with this revision. A speaker that plays was received before; its row no longer says so.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EverState } from '@laba/domain/board-view';
import { LIMITS } from '@laba/domain/limits';
import type { Database } from '@laba/storage/database';
import { EventOrder } from '@laba/storage/postgres-event-order';
import { provenAfter } from './overview-store.ts';

/** Speakers by state, by grid code. */
export type Reached = ReadonlyMap<string, ReadonlyMap<EverState, ReadonlySet<string>>>;

interface Watched {
  seq: number;
  reached: Map<string, Map<EverState, Set<string>>>;
  reading: Promise<void>;
}

const ROWS_PER_TURN = 2_000;

/** Reads an alert's events once and then only what is new: a long alert repeats tens of thousands of times. */
export class ReachedCounts {
  readonly #db: Database;
  readonly #order: EventOrder;
  readonly #alerts = new Map<string, Watched>();

  constructor(db: Database) {
    this.#db = db;
    this.#order = new EventOrder(db);
  }

  /** Only what was proven of these words: an earlier revision's sound proves nothing about this one. */
  async of(alertId: string, revision: number): Promise<Reached> {
    const key = `${alertId} ${revision}`;
    const watched = this.#alerts.get(key) ?? { seq: 0, reached: new Map(), reading: Promise.resolve() };
    // The last asked is the last to go.
    this.#alerts.delete(key);
    this.#alerts.set(key, watched);
    for (const [oldest] of this.#alerts) if (this.#alerts.size > LIMITS.watchedAlerts) this.#alerts.delete(oldest);
    watched.reading = watched.reading.catch(() => {}).then(() => this.#catchUp(alertId, revision, watched));
    await watched.reading;
    return watched.reached;
  }

  async #catchUp(alertId: string, revision: number, watched: Watched): Promise<void> {
    const upTo = await this.#order.settled();
    for (;;) {
      const rows = await provenAfter(this.#db, alertId, watched.seq, upTo, ROWS_PER_TURN);
      for (const row of rows) {
        watched.seq = row.seq;
        if ((row.purpose ?? row.data['purpose'] ?? 'alert') !== 'alert' || (row.revision ?? row.data['revision']) !== revision) continue;
        const state = row.type.slice('delivery.'.length) as EverState;
        const here = watched.reached.get(row.gridCode) ?? new Map<EverState, Set<string>>();
        watched.reached.set(row.gridCode, here);
        here.set(state, (here.get(state) ?? new Set()).add(row.speakerId));
      }
      if (rows.length < ROWS_PER_TURN) return;
      await nextTurn();
    }
  }
}
