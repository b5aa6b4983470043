// The embedded profile's floor for what is handed over: a queue by hand in one SQLite table, as durable as the product and nothing besides.
import SqliteDriver from 'better-sqlite3';
import { LIMITS } from '@laba/domain/limits';
import { perSecond } from './figure.ts';

/**
 * Jobs are put down, taken before anybody is asked, and ended afterwards: each of the three is on the disk before the next begins, as a
 * message's `queued`, `sending` and `sent` are. A queue in memory was no floor: it loses all of it with the process. Prepared statements,
 * an index for what is free and nothing else, the product's own batches, and what ended shares its commit with what is taken next.
 */
export async function bareTableQueue(file: string, count: number, handler: () => Promise<void>): Promise<number> {
  const db = new SqliteDriver(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`create table job (id integer primary key, about text not null, taken_at_ms integer);
    create index job_free on job (id) where taken_at_ms is null`);
  const put = db.prepare('insert into job (about) values (?)');
  const take = db.prepare('update job set taken_at_ms = ? where id in (select id from job where taken_at_ms is null order by id limit ?) returning id, about');
  const end = db.prepare('delete from job where id = ?');
  const begun = performance.now();
  for (let i = 0; i < count; i += LIMITS.callsPerRound) {
    db.exec('begin immediate');
    for (let n = i; n < Math.min(count, i + LIMITS.callsPerRound); n++) put.run(`job-${n}`);
    db.exec('commit');
  }
  let inHand: { id: number }[] = [];
  do {
    db.exec('begin immediate');
    for (const { id } of inHand) end.run(id);
    inHand = take.all(Date.now(), LIMITS.urgentMessagesAtOnce) as { id: number }[];
    db.exec('commit');
    await Promise.all(inHand.map(handler));
  } while (inHand.length > 0);
  const rate = perSecond(count, performance.now() - begun);
  db.close();
  return rate;
}
