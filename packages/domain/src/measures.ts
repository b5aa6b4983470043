// Chapter 6, look back: what happened when, as numbers: how it spread over the minutes, and how long it took. Nothing is read here.

/** So many by the end of this minute after the raise; minutes in which nothing changed are left out. */
export interface Point {
  minute: number;
  count: number;
}

/** Of times after the raise, ms; null where there are none. */
export interface Spread {
  count: number;
  firstMs: number | null;
  medianMs: number | null;
  p95Ms: number | null;
  lastMs: number | null;
}

const MINUTE_MS = 60_000;

/** `changes`: by how many at which ms after the raise, in any order; before the raise counts as at the raise. The last point is their sum. */
export function curve(changes: readonly { atMs: number; by: number }[]): Point[] {
  const byMinute = new Map<number, number>();
  for (const { atMs, by } of changes) {
    const minute = Math.floor(Math.max(0, atMs) / MINUTE_MS);
    byMinute.set(minute, (byMinute.get(minute) ?? 0) + by);
  }
  let count = 0;
  return [...byMinute]
    .sort(([a], [b]) => a - b)
    .flatMap(([minute, by]) => {
      count += by;
      return by === 0 ? [] : [{ minute, count }];
    });
}

/** Nearest rank: the time by which at least so many of a hundred had come. */
export function spread(timesMs: readonly number[]): Spread {
  const sorted = timesMs.map((ms) => Math.max(0, ms)).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
  return { count: sorted.length, firstMs: sorted[0] ?? null, medianMs: at(0.5), p95Ms: at(0.95), lastMs: sorted.at(-1) ?? null };
}
