// How long a line waits before it tries again: soon enough for a live alert, spread so that a county does not come back in one instant. Pure.

/** With the spread: at most 5 s to a broker that is away, 12 s to one that is there and busy, refuses us or throws us out; of a first wait of 1 s. */
const LONGEST_FACTOR = { away: 10 / 3, unwilling: 8 } as const;

export type BrokerMood = keyof typeof LONGEST_FACTOR;

/** @returns ms; the same name always waits the same. `failures`: how often it failed before this. `firstMs`: the middle of the first wait */
export function waitBeforeRetryMs(clientId: string, failures: number, mood: BrokerMood, firstMs: number): number {
  let hash = failures;
  for (const letter of clientId) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000;
  return firstMs * Math.min(2 ** failures, LONGEST_FACTOR[mood]) * (0.5 + hash / 1_000);
}
