// What feeds an activity room's box, as it says so itself, and when that becomes somebody's concern.
import { z } from 'zod';

/** What is optional a box does not know. */
export const powerSchema = z.object({
  source: z.enum(['mains', 'battery', 'unknown']),
  batteryPercent: z.number().min(0).max(100).optional(),
  /** Of the battery, at what is drawn now. */
  hoursLeft: z.number().optional(),
});
export type Power = z.infer<typeof powerSchema>;

/** With less than this somebody must bring a battery, a generator, or a megaphone. */
export const POWER_LOW_HOURS = 2;

export type PowerConcern = 'on-battery' | 'low';

/** Undefined: mains, or nothing is known. */
export function powerConcern({ source, hoursLeft }: Power): PowerConcern | undefined {
  if (source !== 'battery') return undefined;
  return hoursLeft !== undefined && hoursLeft < POWER_LOW_HOURS ? 'low' : 'on-battery';
}
