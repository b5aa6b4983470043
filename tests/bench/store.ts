// The store floor: the same rows by prepared statements in one durable transaction; the product: as many callers at once, each told its own outcome.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDriver from 'better-sqlite3';
import { makeIds } from '@laba/domain/ids';
import { record } from '@laba/storage/events';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { perSecond } from './figure.ts';

const COUNT = 5_000;
const ids = makeIds(() => Date.now(), randomBytes);

export async function storeBench(): Promise<{ floorPerSecond: number; productPerSecond: number }> {
  const dir = mkdtempSync(join(tmpdir(), 'laba-bench-'));
  try {
    return { floorPerSecond: floor(join(dir, 'floor.db')), productPerSecond: await product(join(dir, 'product.db')) };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function floor(file: string): number {
  const db = new SqliteDriver(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(`create table event (seq integer primary key autoincrement, id text not null unique, type text not null, at_ms integer not null, who text not null,
    via text not null, grid_code text not null, alert_id text, subject_id text not null, data text not null);
    create index event_alert on event (alert_id, seq); create index event_subject on event (subject_id, seq)`);
  const insert = db.prepare('insert into event (id, type, at_ms, who, via, grid_code, alert_id, subject_id, data) values (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const begun = performance.now();
  db.exec('begin immediate');
  for (let i = 0; i < COUNT; i++) insert.run(ids(), 'call.read', 1, 'member:m', 'http', '533324', 'a', `c${i}`, '{}');
  db.exec('commit');
  const rate = perSecond(COUNT, performance.now() - begun);
  db.close();
  return rate;
}

async function product(file: string): Promise<number> {
  const db = SqliteDatabase.open(file, HOUSE);
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: COUNT }, (_, i) =>
      db.atomically(record(ids, { type: 'call.read', atMs: 1, who: 'member:m', via: 'http', gridCode: '533324', alertId: 'a', subjectId: `c${i}`, data: {} })),
    ),
  );
  const rate = perSecond(COUNT, performance.now() - begun);
  await db.close();
  return rate;
}
