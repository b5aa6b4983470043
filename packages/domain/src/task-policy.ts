// Chapter 5, tasks: how patient the county is.
import { z } from 'zod';

export const taskPolicySchema = z.object({
  /** From the deadline on, a task that is not done is asked for again so often. */
  remindMinutes: z.number().int().min(5).max(1_440).default(30),
});
