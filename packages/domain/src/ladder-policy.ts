// Chapter 5, ladder: from which degree on an answer per village is due, how soon, and how fast the climb goes: the county's numbers.
import { z } from 'zod';
import { LEVELS, ORDERS, type AlertSubject } from './alert.ts';
import { OWN_CHANNELS } from './call-out.ts';
import type { Degree } from './ladder.ts';

const minutes = z.number().int().min(1).max(720);

const pace = z
  .object({
    /** Colours and orders for which it holds. */
    degree: z.array(z.enum([...LEVELS, ...ORDERS])).min(1),
    /** From the raise to somebody's answer. */
    answerMinutes: minutes,
    /** From the answer to "they have set out, so many". */
    movingMinutes: minutes,
    /** From one rung to the next. */
    rungSeconds: z.number().int().min(15).max(3_600),
    /** The channels of each person, in this order. */
    channels: z
      .array(z.enum(OWN_CHANNELS))
      .min(1)
      .refine((list) => new Set(list).size === list.length, 'names a channel twice'),
    /** From one channel of a person to his next; 0: all at once. */
    channelSeconds: z.number().int().min(0).max(3_600),
  })
  // The job that climbs sleeps until the next rung is due: an answer's own clock must not run out before.
  .refine((one) => one.movingMinutes * 60 >= one.rungSeconds, 'movingMinutes: must be at least as long as rungSeconds');
export type LadderPace = z.infer<typeof pace>;

/** An alert of a degree that no row names asks nobody. */
export const ladderPolicySchema = z
  .array(pace)
  .refine((rows) => new Set(rows.flatMap((row) => row.degree)).size === rows.flatMap((row) => row.degree).length, 'names a degree twice')
  .default([
    { degree: ['red', 'move-now'], answerMinutes: 5, movingMinutes: 15, rungSeconds: 60, channels: ['voice', 'sms', 'push'], channelSeconds: 0 },
    { degree: ['orange', 'prepare'], answerMinutes: 10, movingMinutes: 30, rungSeconds: 120, channels: ['push', 'sms', 'voice'], channelSeconds: 30 },
  ]);
export type LadderPolicy = z.infer<typeof ladderPolicySchema>;

/** How grave the alert is, as the policy's rows name it. */
export function degreeOf({ level, order }: Pick<AlertSubject, 'level' | 'order'>): Degree {
  return order ?? level ?? 'blue';
}

/** The clocks for this degree, or undefined when it needs no ladder. */
export function paceOf(policy: LadderPolicy, degree: Degree): LadderPace | undefined {
  return policy.find((row) => row.degree.includes(degree));
}

const STARTING = ladderPolicySchema.parse(undefined);

/** The clocks of a ladder that was opened under this degree: it goes on, whatever the policy names today. */
export function standingPace(policy: LadderPolicy, degree: Degree): LadderPace {
  return paceOf(policy, degree) ?? paceOf(STARTING, degree) ?? STARTING[0]!;
}
