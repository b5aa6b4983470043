// What two houses hold of the ground that they share, read from their own databases and held against each other row by row.
import { join } from 'node:path';
import { listPeers } from '@laba/sharing/house-store';
import { Vault } from '@laba/runtime/vault';
import { groundOf } from '@laba/storage/sharing/peers';
import { sharedTruth } from '@laba/storage/sharing/truth';
import { HOUSE, SqliteDatabase } from '@laba/storage/sqlite';

export interface Held {
  rows: ReadonlyMap<string, string>;
  /** The ground's timeline in order of time. */
  story: readonly { id: string; type: string; atMs: number; alertId: string | null; subjectId: string }[];
}

/** Reads beside the running house. */
export async function heldBy(dataDir: string, peerSide: 'above' | 'below'): Promise<Held> {
  const db = SqliteDatabase.open(join(dataDir, 'laba.db'), HOUSE);
  try {
    const [peer] = await listPeers(db, { side: peerSide });
    const ground = groundOf(peer!);
    const rows = await sharedTruth(db, Vault.open(join(dataDir, 'secret.key')), ground);
    const events = await db.read((q, t) =>
      q.select({ id: t.event.id, type: t.event.type, atMs: t.event.atMs, alertId: t.event.alertId, subjectId: t.event.subjectId }).from(t.event),
    );
    const inTime = events.toSorted((one, other) => one.atMs - other.atMs || (one.id < other.id ? -1 : 1));
    return { rows, story: inTime.filter(({ id }) => rows.has(`event ${JSON.stringify([id])}`)) };
  } finally {
    await db.close();
  }
}

/** Rows that are not the same at both. */
export function differences(one: Held, other: Held): string[] {
  const only = (mine: Held['rows'], theirs: Held['rows']) => [...mine].filter(([key, row]) => theirs.get(key) !== row).map(([key]) => key);
  return [...new Set([...only(one.rows, other.rows), ...only(other.rows, one.rows)])];
}
