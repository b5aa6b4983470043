// The hours in which nobody is woken without need, by the county's own clock: pure rules over two times of day.

const DAY_MINUTES = 1_440;
const MINUTE_MS = 60_000;

/** `from` and `to` as `HH:MM`; over midnight when `from` is the later one, none at all when both are the same. */
export interface QuietHours {
  from: string;
  to: string;
  utcOffsetMinutes: number;
}

/** When these quiet hours end, or undefined when now is not within them. */
export function quietUntilMs(quiet: QuietHours | null, nowMs: number): number | undefined {
  if (quiet === null) return undefined;
  const from = minuteOf(quiet.from);
  const to = minuteOf(quiet.to);
  const today = minuteOfDay(quiet, nowMs);
  const within = from <= to ? today >= from && today < to : today >= from || today < to;
  if (!within) return undefined;
  return Math.round(nowMs + ((to - today + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS);
}

/** When they begin next, at `nowMs` or later. */
export function quietFromMs(quiet: QuietHours, nowMs: number): number {
  return Math.round(nowMs + ((minuteOf(quiet.from) - minuteOfDay(quiet, nowMs) + DAY_MINUTES) % DAY_MINUTES) * MINUTE_MS);
}

/** When the day of `nowMs` began. */
export function dayBeganMs({ utcOffsetMinutes }: Pick<QuietHours, 'utcOffsetMinutes'>, nowMs: number): number {
  return Math.round(nowMs - minuteOfDay({ utcOffsetMinutes }, nowMs) * MINUTE_MS);
}

function minuteOfDay({ utcOffsetMinutes }: Pick<QuietHours, 'utcOffsetMinutes'>, nowMs: number): number {
  const minutes = nowMs / MINUTE_MS + utcOffsetMinutes;
  return ((minutes % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
}

function minuteOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}
