// A copy of a house's database, taken while the house runs, and what schema it was written with.
import { existsSync } from 'node:fs';
import SqliteDriver from 'better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';

/** How many schema steps a database holds, and the newest, ms since 1970. */
export interface SchemaStamp {
  steps: number;
  newestMs: number;
}

/**
 * Writes a whole, consistent copy to `to`, which must not exist. One read transaction: writers are not held up, and what they commit
 * meanwhile is not in it. The online backup API would begin anew with every commit of another process.
 * @throws one line when the copy is not sound
 */
export function copySqlite(file: string, to: string): SchemaStamp {
  if (!existsSync(file)) throw new Error(`There is no database in ${file}.`);
  const source = new SqliteDriver(file, { timeout: 5_000 });
  try {
    source.prepare('VACUUM INTO ?').run(to);
  } finally {
    source.close();
  }
  return checkSqlite(to);
}

/** @throws one line when the file is no sound database of a house */
export function checkSqlite(file: string): SchemaStamp {
  const copy = new SqliteDriver(file, { fileMustExist: true });
  try {
    const [told] = copy.pragma('integrity_check(1)') as { integrity_check: string }[];
    if (told?.integrity_check !== 'ok') throw new Error(`The copy of the database is not sound: ${told?.integrity_check}`);
    const held = copy.prepare('SELECT count(*) AS n, max(created_at) AS newest FROM __drizzle_migrations').get() as { n: number; newest: number | null };
    return { steps: held.n, newestMs: Number(held.newest ?? 0) };
  } finally {
    copy.close();
  }
}

/** What this version of the house knows. */
export function knownSchema(migrations: string): SchemaStamp {
  const known = readMigrationFiles({ migrationsFolder: migrations });
  return { steps: known.length, newestMs: Math.max(0, ...known.map(({ folderMillis }) => folderMillis)) };
}
