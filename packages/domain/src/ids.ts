// Identifiers: time-ordered (UUID v7), so that rows that belong together lie together.
import { v7 } from 'uuid';

/** Makes a new identifier, 36 characters, lower case, sortable by time of making. */
export type Ids = () => string;

/** Identifiers from a clock and a source of random bytes, so that a seeded run repeats exactly. */
export function makeIds(now: () => number, randomBytes: (size: number) => Uint8Array): Ids {
  let lastMs = 0;
  let seq = 0;
  return () => {
    const ms = Math.max(now(), lastMs);
    seq = ms === lastMs ? seq + 1 : 0;
    lastMs = ms;
    return v7({ msecs: ms, seq, random: randomBytes(16) });
  };
}
