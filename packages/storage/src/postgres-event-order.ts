// Up to where the timeline is settled: with several writers a lower number may become visible after a higher one.
import { gt, max, sql } from 'drizzle-orm';
import { LIMITS } from '@laba/domain/limits';
import { prepared, type Database } from './database.ts';
import { onPostgres } from './rows-of.ts';
import type { Tables } from './tables.ts';

const LOOK_EVERY_MS = 5;

// Transactions below `oldest` have ended, those from `next` on have not begun; SQLite has one writer at a time, so none is ever between.
const horizon = (t: Tables) => ({
  oldest: onPostgres(t) ? sql<number>`cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint)` : sql<number>`0`,
  next: onPostgres(t) ? sql<number>`cast(cast(pg_snapshot_xmax(pg_current_snapshot()) as text) as bigint)` : sql<number>`0`,
});

const selectNews = prepared('event-order-news', (q, t) =>
  q
    .select({ newest: max(t.event.seq), held: sql<number>`count(*)`, ...horizon(t) })
    .from(t.event)
    .where(gt(t.event.seq, sql.placeholder('after'))),
);
const selectNewest = prepared('event-order-newest', (q, t) => q.select({ newest: max(t.event.seq), held: sql<number>`-1`, ...horizon(t) }).from(t.event));

/** One for each process that follows the timeline. */
export class EventOrder {
  readonly #db: Database;
  #position: number | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(db: Database) {
    this.#db = db;
  }

  /**
   * The newest number below which no event can appear any more: what every reader that goes on from a number must stop at. Where a number
   * is missing it waits for the transactions that may hold it, some milliseconds; after `LIMITS.eventOrderMs` it takes them for dead.
   */
  settled(): Promise<number> {
    const looking = this.#last.catch(() => {}).then(() => this.#look());
    this.#last = looking;
    return looking;
  }

  async #look(): Promise<number> {
    const after = this.#position;
    const [news] = after === undefined ? await this.#db.read(selectNewest) : await this.#db.read(selectNews, { after });
    const newest = news?.newest ?? after ?? 0;
    const isWhole = after !== undefined && news?.held === newest - after;
    if (news !== undefined && !isWhole && news.oldest < news.next) await this.#ended(news.next);
    this.#position = newest;
    return newest;
  }

  /** Until every transaction has ended that had begun when `next` was the next one's number. */
  async #ended(next: number): Promise<void> {
    const giveUpAt = performance.now() + LIMITS.eventOrderMs;
    while (performance.now() < giveUpAt) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      const [now] = await this.#db.read((q, t) => q.select(horizon(t)).from(sql`(select 1) as here`));
      if (now === undefined || now.oldest >= next) return;
    }
  }
}
