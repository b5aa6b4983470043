// One process at a time in one data folder: two houses on one database would each sign, send and answer.
import { join } from 'node:path';
import SqliteDriver from 'better-sqlite3';

// A house that was told to stop and is on its way out is waited for.
const PATIENCE_MS = 1_500;

// A driver that nobody refers to is closed by the garbage collector, and its lock is gone.
const held = new Set<SqliteDriver.Database>();

/**
 * Holds the folder until the returned function is called or the process is gone, however it goes; nothing stale stays behind.
 * @returns undefined when another process holds it
 */
export function lockFolder(dir: string, patienceMs = PATIENCE_MS): (() => void) | undefined {
  const driver = new SqliteDriver(join(dir, 'in-use.lock'), { timeout: patienceMs });
  try {
    // No journal file: nothing is ever written, only the file's lock is held.
    driver.pragma('journal_mode = MEMORY');
    driver.exec('BEGIN EXCLUSIVE');
    held.add(driver);
    return () => {
      held.delete(driver);
      driver.close();
    };
  } catch (error) {
    driver.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
}
