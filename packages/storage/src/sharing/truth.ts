// All that two houses should hold the same, as either of them would tell it: to hold one against the other, row by row.
import { written } from '@laba/domain/merge';
import type { Database } from '../database.ts';
import { sqliteTables } from '../tables.ts';
import { imageOf, rowsInGround, travelling, type Secrets } from './images.ts';
import type { Ground } from './shared-tables.ts';
import { namesFor, tableFor } from './watched-tables.ts';

/** Rows by table and key, each as one text. */
export async function sharedTruth(db: Database, secrets: Secrets, ground: Ground): Promise<Map<string, string>> {
  const truth = new Map<string, string>();
  for (const name of namesFor(ground)) {
    const shared = tableFor(ground, name)!;
    const columns = travelling(sqliteTables, name, shared);
    for (const [key, row] of await rowsInGround(db, name, shared, ground)) truth.set(`${name} ${key}`, written(imageOf(columns, row, secrets)));
  }
  return truth;
}
