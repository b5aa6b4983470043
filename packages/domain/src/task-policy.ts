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
  knockMinutes: minutes(20),
});
export type TaskPolicy = z.infer<typeof taskPolicySchema>;
