// The store floor: the same rows by prepared statements in one durable transaction; the product: the same facts through its own doors.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDriver from 'better-sqlite3';
import { makeIds } from '@laba/domain/ids';
import { record } from '@laba/storage/events';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';
import { answersFloor, answersProduct } from './answers.ts';
import { perSecond, plain, ratioOf, type Figure } from './figure.ts';
import type { BenchOptions } from './options.ts';

const COUNT = 5_000;
const ids = makeIds(() => Date.now(), randomBytes);

export async function storeBench(options: BenchOptions): Promise<Figure[]> {
  const groups = { floor: [] as number[], product: [] as number[] };
  const answers = { floor: [] as number[], product: [] as number[], single: [] as number[] };
  for (let i = 0; i <= options.rounds; i++) {
    const dir = mkdtempSync(join(tmpdir(), 'laba-bench-'));
    try {
      const round = { floor: eventsFloor(join(dir, 'floor.db')), product: await eventsProduct(join(dir, 'product.db')) };
      const floor = await answersFloor(join(dir, 'answers-floor.db'), COUNT);
      const product = await answersProduct(join(dir, 'answers.db'), COUNT);
      // The first one warms up.
      if (i === 0) continue;
      groups.floor.push(round.floor);
      groups.product.push(round.product);
      answers.floor.push(floor);
      answers.product.push(product.rate);
      answers.single.push(product.singleMs);
    } finally {
      rmSync(dir, { recursive: true });
    }
  }
  return [
    ratioOf("gateways' answers durable, in rounds as they arrive / the same five rows by prepared statements in one transaction", '/s', 0.8, answers),
    plain('  a single answer at rest, p50', 'ms', answers.single, 10),
    ratioOf('events, durable, many callers at once, each told its own outcome / prepared inserts in one transaction', '/s', 0.8, groups),
  ];
}

function eventsFloor(file: string): number {
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

async function eventsProduct(file: string): Promise<number> {
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
