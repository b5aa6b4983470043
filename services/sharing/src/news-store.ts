// The village alone: what happened since the last look, by its events.
import { asc, desc, gt } from 'drizzle-orm';
import type { Database } from '@laba/storage/database';

export interface News {
  seq: number;
  type: string;
  gridCode: string;
}

/** Numbers of events that were drawn before others and committed after them: so many are looked at twice. */
const BEHIND = 500;
/** After a flood everything counts as touched by what is read; the rest follows at the next look. */
const MOST = 5_000;

/** Reads the timeline forward; each event comes once. */
export class NewsTail {
  readonly #db: Database;
  #upTo: number | undefined;
  #seen = new Set<number>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** The first time nothing: what was before is found by a whole look. */
  async read(): Promise<News[]> {
    if (this.#upTo === undefined) {
      const [newest] = await this.#db.read((q, t) => q.select({ seq: t.event.seq }).from(t.event).orderBy(desc(t.event.seq)).limit(1));
      this.#upTo = newest?.seq ?? 0;
      return [];
    }
    const from = this.#upTo - BEHIND;
    const rows = await this.#db.read((q, t) =>
      q
        .select({ seq: t.event.seq, type: t.event.type, gridCode: t.event.gridCode })
        .from(t.event)
        .where(gt(t.event.seq, from))
        .orderBy(asc(t.event.seq))
        .limit(MOST),
    );
    const news = rows.filter(({ seq }) => !this.#seen.has(seq));
    this.#upTo = Math.max(this.#upTo, rows.at(-1)?.seq ?? 0);
    this.#seen = new Set(rows.map(({ seq }) => seq).filter((seq) => seq > this.#upTo! - BEHIND));
    return news;
  }
}
