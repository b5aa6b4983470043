// Chapter 3, dispatch: when who has not reported is tried again. Pure.

/** After the first publish: 3 s, then 10, 30, 60 s later, and every 60 s from there. */
const FIRST_ROUNDS_MS = [3_000, 13_000, 43_000] as const;
const ROUND_MS = 60_000;

/** Gateways tried one by one in one round; who is left over is tried in the next, soon after. */
export const GATEWAYS_PER_ROUND = 200;
export const LEFT_OVER_MS = 1_000;
/** While the broker is away. */
export const BROKER_AWAY_MS = 2_000;

/** A delivery nobody ever reported may still be under way this long after the alert is over. */
export const NEVER_RECEIVED_AFTER_MS = 30_000;
/** A speaker that began and says nothing more is waited for this long. */
export const NO_WORD_AFTER_MS = 10 * 60_000;

export function firstRoundAtMs(sinceMs: number): number {
  return sinceMs + FIRST_ROUNDS_MS[0];
}

/** The next round after `nowMs` of a series that began at `sinceMs`. */
export function nextRoundAtMs(sinceMs: number, nowMs: number): number {
  const early = FIRST_ROUNDS_MS.find((ms) => sinceMs + ms > nowMs);
  if (early !== undefined) return sinceMs + early;
  const base = sinceMs + FIRST_ROUNDS_MS[FIRST_ROUNDS_MS.length - 1]!;
  return base + (Math.floor((nowMs - base) / ROUND_MS) + 1) * ROUND_MS;
}
