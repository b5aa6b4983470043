// Chapter 5, tasks: how patient the county is.
import { z } from 'zod';

const minutes = (by: number) => z.number().int().min(1).max(43_200).default(by);

export const taskPolicySchema = z.object({
  /** From the deadline on, a task that is not done is asked for again so often. */
  remindMinutes: z.number().int().min(5).max(1_440).default(30),
  /** From the cause to the deadline of what no template names. */
  needMinutes: minutes(24 * 60),
  refusedMinutes: minutes(30),
  helpMinutes: minutes(30),
  runMinutes: minutes(60),
  /** Where a site is silent for so long and no alert stands, somebody goes all the same; null: only under an alert. */
  silentMinutes: z.number().int().min(5).max(1_440).nullable().default(null),
  /** A place that was to call again is waited for so much longer. */
  contactGraceMinutes: z.number().int().min(0).max(720).default(10),
  /** Then somebody goes there. */
  contactRun: z.boolean().default(true),
  knockMinutes: minutes(20),
});
export type TaskPolicy = z.infer<typeof taskPolicySchema>;
