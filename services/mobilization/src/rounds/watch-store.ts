// Peacetime: the one job that watches rounds, in the database.
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Ids } from '@laba/domain/ids';
import type { Database } from '@laba/storage/database';

export const STANDING = 'standing';
export const WATCH = 'mobilization.watch-rounds';
const STANDING_EVENT = 'rounds-watched';

export async function isWatched(db: Database): Promise<boolean> {
  const rows = await db.read((q, { job }) =>
    q
      .select({ id: job.id })
      .from(job)
      .where(and(eq(job.consumer, WATCH), isNull(job.doneAtMs)))
      .limit(1),
  );
  return rows.length > 0;
}

/** The event has a name of its own, so that of many processes one puts it down; a watch that was buried begins under another. */
export async function firstIds(db: Database, ids: Ids): Promise<Ids> {
  const before = await db.read((q, { event }) => q.select({ id: event.id }).from(event).where(eq(event.id, STANDING_EVENT)));
  const given = [before.length === 0 ? STANDING_EVENT : ids()].values();
  return () => given.next().value ?? ids();
}

/** Which of these events stand in the timeline. */
export async function toldEvents(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.read((q, { event }) =>
    q
      .select({ id: event.id })
      .from(event)
      .where(inArray(event.id, [...ids])),
  );
  return new Set(rows.map(({ id }) => id));
}
