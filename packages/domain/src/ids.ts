// Identifiers: time-ordered (UUID v7), so that rows that belong together lie together.
import { v7 } from 'uuid';

/** Makes a new identifier, 36 characters, lower case, sortable by time of making. */
export type Ids = () => string;

const BYTES = 16;
const DRAWN_AT_ONCE = 256;

/** Identifiers from a clock and a source of random bytes, so that a seeded run repeats exactly. */
export function makeIds(now: () => number, randomBytes: (size: number) => Uint8Array): Ids {
  let lastMs = 0;
  let seq = 0;
  let pool = new Uint8Array(0);
  let used = 0;
  // Drawn in bulk: asking the system for each identifier costs more than all else about it.
  const next = () => {
    if (used + BYTES > pool.length) {
      pool = new Uint8Array(randomBytes(BYTES * DRAWN_AT_ONCE));
      used = 0;
    }
    return pool.subarray(used, (used += BYTES));
  };
  return () => {
    const ms = Math.max(now(), lastMs);
    seq = ms === lastMs ? seq + 1 : 0;
    lastMs = ms;
    return v7({ msecs: ms, seq, random: next() });
  };
}
