// Peacetime: how often each thing is looked at; the county's numbers. Where they come from: decision 0049.
import { z } from 'zod';
import { LEVELS, ORDERS } from './alert.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const timesAMonth = z.number().int().min(1).max(8);

const patrolSchema = z.object({
  /** The hours by which one round of the day must be done; none: no patrols. */
  by: z.array(timeOfDay).max(12).default(['12:00', '20:00']),
  /** While a live alert of this degree is in force over the ground: one round in every so many minutes, counted from midnight. */
  under: z
    .array(z.object({ degree: z.array(z.enum([...LEVELS, ...ORDERS])).min(1), everyMinutes: z.number().int().min(15).max(720) }))
    .refine((rows) => new Set(rows.flatMap((row) => row.degree)).size === rows.flatMap((row) => row.degree).length, 'names a degree twice')
    .default([
      { degree: ['red', 'move-now'], everyMinutes: 60 },
      { degree: ['orange', 'prepare'], everyMinutes: 180 },
      { degree: ['yellow'], everyMinutes: 240 },
      { degree: ['blue'], everyMinutes: 360 },
    ]),
});

const visitSchema = z.object({
  /** The month is cut into so many parts; one visit in each. Null: no visits. */
  timesAMonth: timesAMonth.nullable().default(1),
  /** Before and at the beginning of the rain. */
  season: z.object({ months: z.array(z.number().int().min(1).max(12)).max(12), timesAMonth }).default({ months: [4, 5, 6], timesAMonth: 2 }),
});

const item = z.object({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .max(32),
  zh: z.string().min(1).max(32),
  en: z.string().min(1).max(64),
});
export type RoomItem = z.infer<typeof item>;

/** Our reading of 十二有: no source at hand names the twelve, so a county writes its own list here. */
export const TWELVE_ITEMS: readonly RoomItem[] = [
  { id: 'sign', zh: '有标识牌', en: 'sign at the door' },
  { id: 'flag', zh: '有国旗党旗', en: 'flags' },
  { id: 'seats', zh: '有桌椅', en: 'tables and chairs' },
  { id: 'loudspeaker', zh: '有喇叭', en: 'loudspeaker' },
  { id: 'power', zh: '有电和备用电源', en: 'power, and a second source of it' },
  { id: 'telephone', zh: '有电话或网络', en: 'telephone or network' },
  { id: 'screen', zh: '有电视或电脑', en: 'television or computer' },
  { id: 'notice-board', zh: '有公示栏', en: 'notice board' },
  { id: 'books', zh: '有书报', en: 'books and papers' },
  { id: 'rules', zh: '有制度和值班表', en: 'rules and the duty list on the wall' },
  { id: 'rescue-kit', zh: '有应急物资和急救箱', en: 'rescue tools and first-aid box' },
  { id: 'records', zh: '有活动记录', en: 'record book' },
];

const roomSchema = z.object({
  /** One check in every so many months, counted from January; null: no checks. */
  everyMonths: z
    .union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(6), z.literal(12)])
    .nullable()
    .default(3),
  items: z
    .array(item)
    .min(1)
    .max(24)
    .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'names an item twice')
    .default(() => [...TWELVE_ITEMS]),
  /** From the township's check to the deadline of what is missing. */
  mendDays: z.number().int().min(1).max(365).default(30),
});

export const roundPolicySchema = z.object({
  patrol: patrolSchema.prefault({}),
  visit: visitSchema.prefault({}),
  room: roomSchema.prefault({}),
});
export type RoundPolicy = z.infer<typeof roundPolicySchema>;
