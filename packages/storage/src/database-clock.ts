// What time the database's own machine says it is: times of many processes are compared in its rows.
import { sql } from 'drizzle-orm';
import { prepared, type Database } from './database.ts';

const selectNow = prepared('database-now', (q) =>
  q.select({ nowMs: sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint` }).from(sql`(select 1) as moment`),
);

/** PostgreSQL's clock, ms since 1970. SQLite has none of its own. */
export async function databaseNowMs(db: Database): Promise<number> {
  return Number((await db.read(selectNow))[0]!.nowMs);
}
