// Where routine broadcasts are read and changed, and the days of a week by the county's own clock.
import type { BulletinView } from '@laba/domain/bulletin-view';
import type { BulletinTimes } from '@laba/domain/bulletin';
import { inZoneOf } from '../../app/county-time.ts';
import { queries } from '../../app/queries.ts';
import type { Say } from '../../i18n/language.ts';
import type { bulletinsWords } from './words.ts';

export type Key = keyof (typeof bulletinsWords)['zh'];

export const BULLETINS = '/api/v1/bulletins';
const TIMES = '/api/v1/bulletin-times';
/** What happens to their deliveries, and whatever goes before them. */
export const CHANGED_BY = /^(bulletin|delivery|alert)\./;

const idOf = (id: string) => `${BULLETINS}/${encodeURIComponent(id)}`;
const timeOf = (id: string) => `${TIMES}/${encodeURIComponent(id)}`;
export const paths = {
  forecast: `${BULLETINS}/forecast`,
  recordings: '/api/v1/bulletin-recordings',
  one: idOf,
  does: (id: string, verb: 'approve' | 'stop') => `${idOf(id)}/${verb}`,
  time: timeOf,
  cancel: (id: string) => `${timeOf(id)}/cancel`,
  times: (from: string, days: number, bulletin?: string) =>
    `${TIMES}?${new URLSearchParams({ from, days: String(days), ...(bulletin === undefined ? {} : { bulletin }) }).toString()}`,
};

export const readBulletinsAnew = () => queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith('/api/v1/bulletin') });

const DAY_MS = 86_400_000;

/** The day as the county's clock shows it; `at`: any time that the house told. */
export const dayIn = (at: string, ms: number) => inZoneOf(at, ms).slice(0, 10);
export const addDays = (day: string, n: number) => new Date(Date.parse(`${day}T00:00:00Z`) + n * DAY_MS).toISOString().slice(0, 10);
/** 1 Monday to 7 Sunday. */
export const weekdayOf = (day: string) => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
export const mondayOf = (day: string) => addDays(day, 1 - weekdayOf(day));

export const clockOf = (at: string) => at.slice(0, 16).replace('T', ' ');
export const hourOf = (at: string) => at.slice(11, 16);

/** When it is played, in words. */
export function timesWords({ repeat, at, weekdays, from, to }: BulletinTimes, say: Say<Key>): string {
  const hours = at.toSorted().join(' · ');
  if (repeat === 'once') return say('onceAt', { day: from, hours });
  const until = to === null ? '' : say('untilDay', { to });
  const days = weekdays
    .toSorted((a, b) => a - b)
    .map((day) => say(`short.${day}` as Key))
    .join(' ');
  return say(repeat === 'daily' ? 'dailyAt' : 'weeklyAt', { hours, from, days }) + until;
}

/** In what two versions of one differ. */
export function changesOf(before: BulletinView, now: BulletinView, say: Say<Key>): { field: Key; was: string; is: string }[] {
  const fields: readonly [Key, (view: BulletinView) => string][] = [
    ['field.title', ({ title }) => title],
    ['field.texts', ({ texts }) => texts.map(({ text }) => text).join(' / ')],
    ['field.areaNames', ({ areaNames }) => areaNames.join(' · ')],
    ['field.times', ({ times }) => timesWords(times, say)],
    ['field.volume', ({ volume }) => String(volume)],
    ['field.state', ({ state }) => say(`state.${state}`)],
  ];
  return fields.map(([field, of]) => ({ field, was: of(before), is: of(now) })).filter(({ was, is }) => was !== is);
}
