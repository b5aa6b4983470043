// Follows the timeline: woken by commits, it hands on every event once, in order, as far as nothing can come in between any more.
import { setImmediate as otherWork } from 'node:timers/promises';
import { and, asc, gt, lte, sql } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import { prepared, type Database } from '@laba/storage/database';
import { EventOrder } from '@laba/storage/postgres-event-order';
import type { Tables } from '@laba/storage/tables';
import type { Log } from './log.ts';

export type EventRow = Tables['event']['$inferSelect'];

const selectAfter = prepared('events-after', (q, t) =>
  q
    .select()
    .from(t.event)
    .where(and(gt(t.event.seq, sql.placeholder('after')), lte(t.event.seq, sql.placeholder('upTo'))))
    .orderBy(asc(t.event.seq))
    .limit(sql.placeholder('limit')),
);

interface Listener {
  /** Nobody listens: what happens is passed over unread. */
  isIdle(): boolean;
  hear(events: readonly EventRow[]): void | Promise<void>;
}

export class EventTail {
  readonly #db: Database;
  readonly #log: Log;
  readonly #listener: Listener;
  readonly #order: EventOrder;
  #position = 0;
  #reading: Promise<void> | undefined;
  #again = false;
  #unlisten = () => {};

  constructor({ db, log }: { db: Database; log: Log }, listener: Listener) {
    this.#db = db;
    this.#log = log;
    this.#listener = listener;
    this.#order = new EventOrder(db);
  }

  /** The last event that was handed on, or passed over. */
  get position(): number {
    return this.#position;
  }

  async start(): Promise<void> {
    this.#position = await this.settled();
    this.#unlisten = this.#db.onCommit(() => this.#wake());
  }

  async stop(): Promise<void> {
    this.#unlisten();
    await this.#reading;
  }

  /** The newest event below which none can appear any more. */
  settled(): Promise<number> {
    return this.#order.settled();
  }

  /** The next events after `seq`, in order, at most `LIMITS.liveEventsPerRead`. */
  async readAfter(seq: number): Promise<EventRow[]> {
    return this.#db.read(selectAfter, { after: seq, upTo: await this.settled(), limit: LIMITS.liveEventsPerRead });
  }

  #wake(): void {
    if (this.#reading !== undefined) {
      this.#again = true;
      return;
    }
    this.#reading = this.#handOn()
      .catch((error: unknown) => this.#log.error({ why: String(error) }, 'the timeline could not be followed'))
      .finally(() => {
        this.#reading = undefined;
        if (this.#again) {
          this.#again = false;
          this.#wake();
        }
      });
  }

  async #handOn(): Promise<void> {
    if (this.#listener.isIdle()) {
      this.#position = await this.settled();
      return;
    }
    for (let events = await this.readAfter(this.#position); events.length > 0; events = await this.readAfter(this.#position)) {
      this.#position = events.at(-1)!.seq;
      await this.#listener.hear(events);
      // Thousands of answers at once: what else waits comes in between.
      if (events.length === LIMITS.liveEventsPerRead) await otherWork();
    }
  }
}
