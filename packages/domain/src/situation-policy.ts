// Reporting upward: how soon, how often, and whether quiet days are reported; the county's numbers.
import { z } from 'zod';
import { LEVELS, ORDERS } from './alert.ts';

const minutes = z.number().int().min(5).max(10_080);

const clock = z.object({
  /** Colours and orders for which it holds. */
  degree: z.array(z.enum([...LEVELS, ...ORDERS])).min(1),
  /** From the raise to the first report. */
  firstMinutes: minutes,
  /** From a report to the next while the alert stands. */
  followUpMinutes: minutes,
  /** From the end to the final report. */
  finalMinutes: minutes,
});

/** The numbers a county starts with, and where they come from: decision 0043. */
export const situationPolicySchema = z.object({
  /** An alert of a degree that no row names is reported when somebody wants to. */
  clocks: z
    .array(clock)
    .refine((rows) => new Set(rows.flatMap((row) => row.degree)).size === rows.flatMap((row) => row.degree).length, 'names a degree twice')
    .default([
      { degree: ['red', 'move-now'], firstMinutes: 30, followUpMinutes: 120, finalMinutes: 1_440 },
      { degree: ['orange', 'prepare'], firstMinutes: 60, followUpMinutes: 720, finalMinutes: 1_440 },
    ]),
  /** The hour of the county at which the 24 hours end that are reported even when nothing happened; null: only what happened is reported. */
  zeroAt: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .nullable()
    .default(null),
  zeroGraceMinutes: z.number().int().min(0).max(720).default(30),
});
export type SituationPolicy = z.infer<typeof situationPolicySchema>;
