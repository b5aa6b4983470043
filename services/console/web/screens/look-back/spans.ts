// How long something took, in words: to the second below ten minutes, for there a second counts.
import type { Spread } from '@laba/domain/measures';
import type { Say } from '../../i18n/language.ts';

type Key = 'seconds' | 'minutes' | 'hours' | 'nothingYet' | 'spread';
const MINUTE_MS = 60_000;
const EXACT_MS = 10 * MINUTE_MS;
const HOURS_FROM_MS = 120 * MINUTE_MS;

const tenth = (n: number) => Math.round(n * 10) / 10;

export function tookWords(ms: number, say: Say<Key>): string {
  if (ms < MINUTE_MS) return say('seconds', { n: tenth(ms / 1_000) });
  if (ms < HOURS_FROM_MS) return say('minutes', { n: ms < EXACT_MS ? tenth(ms / MINUTE_MS) : Math.round(ms / MINUTE_MS) });
  return say('hours', { n: tenth(ms / (60 * MINUTE_MS)) });
}

export function spreadWords({ firstMs, medianMs, p95Ms, lastMs }: Spread, say: Say<Key>): string {
  if (firstMs === null || medianMs === null || p95Ms === null || lastMs === null) return say('nothingYet');
  const [first, median, p95, last] = [firstMs, medianMs, p95Ms, lastMs].map((ms) => tookWords(ms, say));
  return say('spread', { first: first!, median: median!, p95: p95!, last: last! });
}
