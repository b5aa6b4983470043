// A bulletin (日常广播): a routine broadcast at its hours. It never sounds or looks like an alert, and everything else goes before it.
import { z } from 'zod';
import { ROLES, type Role } from './officer.ts';

/** What a bulletin's words begin with, so that nobody takes it for a warning. A language without its own has the Chinese one, which the county knows. */
export const BULLETIN_PREFIX = { zh: '日常广播。', en: 'Routine broadcast. ' } as const;
const BULLETIN_WORD = '日常广播';

const isEnglish = (language: string) => /^en(-|$)/i.test(language);

export function bulletinPrefix(language: string): string {
  return isEnglish(language) ? BULLETIN_PREFIX.en : BULLETIN_PREFIX.zh;
}

/** Whether these words say first that they are a routine broadcast. */
export function saysBulletin({ language, text }: { language: string; text: string }): boolean {
  return text.startsWith(BULLETIN_WORD) || (isEnglish(language) && /^routine broadcast\b/i.test(text));
}

/** The words behind that: a box says the beginning itself, in the language that everybody in the county knows. */
export function withoutBulletinWord(text: string): string {
  return text.startsWith(BULLETIN_WORD) ? text.slice(BULLETIN_WORD.length).replace(/^[。，,.\s]+/u, '') : text;
}

/** Below every drill, and above silence: whatever else there is goes before it. */
export const BULLETIN_RANK = 0.5;

/** The longest that a box plays of one bulletin. */
export const BULLETIN_MOST_SECONDS = 240;

export const REPEATS = ['once', 'daily', 'weekly'] as const;

const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day as 07:30');
const date = z.iso.date();

/** At which hours of which days, by the county's own clock. */
export const bulletinTimesSchema = z.object({
  repeat: z.enum(REPEATS),
  at: z.array(hour).min(1).max(6),
  /** 1 Monday to 7 Sunday; of `weekly` only. */
  weekdays: z.array(z.number().int().min(1).max(7)).max(7).default([]),
  from: date,
  /** The last day; null: until somebody stops it. Of `once` it is the first day too. */
  to: date.nullable().default(null),
});
export type BulletinTimes = z.infer<typeof bulletinTimesSchema>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** What is wrong with the times as they were asked for, or undefined. */
export function wrongTimes(times: BulletinTimes): 'weekdays' | 'to' | undefined {
  if (times.repeat === 'weekly' && times.weekdays.length === 0) return 'weekdays';
  return times.to !== null && times.to < times.from ? 'to' : undefined;
}

function dayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function minutesOf(at: string): number {
  return Number(at.slice(0, 2)) * 60 + Number(at.slice(3));
}

/** Every time after `afterMs` and up to `untilMs`, in order, `most` of them. */
export function timesBetween(times: BulletinTimes, utcOffsetMinutes: number, afterMs: number, untilMs: number, most: number): number[] {
  const first = dayMs(times.from);
  const last = times.repeat === 'once' ? first : times.to === null ? Infinity : dayMs(times.to);
  const offsetMs = utcOffsetMinutes * MINUTE_MS;
  const minutes = [...new Set(times.at)].map(minutesOf).sort((a, b) => a - b);
  const found: number[] = [];
  const today = Math.floor((afterMs + offsetMs) / DAY_MS) * DAY_MS;
  for (let day = Math.max(first, today); day <= last && day - offsetMs <= untilMs && found.length < most; day += DAY_MS) {
    if (times.repeat === 'weekly' && !times.weekdays.includes(((new Date(day).getUTCDay() + 6) % 7) + 1)) continue;
    for (const minute of minutes) {
      const atMs = day + minute * MINUTE_MS - offsetMs;
      if (atMs > afterMs && atMs <= untilMs && found.length < most) found.push(atMs);
    }
  }
  return found;
}

/** How far ahead the next time is looked for: a weekly one that begins next year is found too. */
const LOOK_AHEAD_MS = 400 * DAY_MS;

/** The first time after `afterMs`, or undefined when it is over. */
export function nextTimeMs(times: BulletinTimes, utcOffsetMinutes: number, afterMs: number): number | undefined {
  const from = Math.max(afterMs, dayMs(times.from) - utcOffsetMinutes * MINUTE_MS - 1);
  return timesBetween(times, utcOffsetMinutes, from, from + LOOK_AHEAD_MS, 1)[0];
}

const mostSpeakers: Record<Role, number> = {
  'prefecture-officer': 0,
  'county-admin': 500,
  'county-officer': 200,
  'township-officer': 60,
  'village-cadre': 20,
};

export const bulletinPolicySchema = z.object({
  /** How many loudspeakers one bulletin reaches on the word of one officer of the role; above it a second one must agree. */
  mostSpeakers: z
    .object(
      Object.fromEntries(ROLES.map((role) => [role, z.number().int().min(0).max(100_000).default(mostSpeakers[role])])) as Record<
        Role,
        z.ZodDefault<z.ZodNumber>
      >,
    )
    .prefault({}),
  /** The longest bulletin. */
  mostSeconds: z.number().int().min(5).max(BULLETIN_MOST_SECONDS).default(180),
  /** What kept it silent may last so long; then it begins again, else it is dropped. */
  resumeMinutes: z.number().int().min(0).max(240).default(15),
  /** It is sent ahead by so much, so that a line that is cut just then does not matter. */
  aheadMinutes: z.number().int().min(1).max(720).default(30),
});
export type BulletinPolicy = z.infer<typeof bulletinPolicySchema>;

/** `waiting`: for a second officer. */
export const BULLETIN_STATES = ['waiting', 'on', 'stopped'] as const;
export type BulletinState = (typeof BULLETIN_STATES)[number];

/**
 * One time of one bulletin. `planned`: its boxes are told; `over`: its time has passed; `cancelled`: it was taken back before; `dropped`: it was not
 * told to anybody, and why: `late` (the house was away), `quiet-hours` (they were changed meanwhile), `empty` (no loudspeaker is there).
 */
export const BULLETIN_TIME_STATES = ['planned', 'over', 'cancelled', 'dropped'] as const;
export type BulletinTimeState = (typeof BULLETIN_TIME_STATES)[number];
export const DROP_REASONS = ['late', 'quiet-hours', 'empty'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** What a gateway says that it knows beside what every gateway does. */
export const CAN_BULLETIN = 'bulletin';
