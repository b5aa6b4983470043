// What a new house says of itself, and what the one above answers: the two ends of an enrolment agree on it.
import { z } from 'zod';

/** 32 bytes, base64url. */
const key = z.string().regex(/^[\w-]{43}$/, 'a raw public key, 32 bytes, base64url');

export const claimSchema = z.object({ code: z.string().max(32), signKey: key, sealKey: key });

export const claimedSchema = z.object({
  /** Of the house above. */
  houseId: z.string().max(64),
  signKey: key,
  sealKey: key,
  /** The house above's: its county, or the prefecture. */
  county: z.string().regex(/^\d{4}(\d{2})?$/),
  gridCode: z.string().regex(/^\d{6}(\d{3}(\d{3}(\d{2})?)?)?$/),
  /** At its broker, where the new house calls itself by `id`. */
  password: z.string().max(128),
  id: z.string().max(64),
  /** Both count from the same moment: what was over before stays where it is. ms since 1970. */
  sinceMs: z.number().int(),
  /** Where that broker is found. */
  lines: z.array(z.string().max(256)).min(1).max(8),
});
export type Claimed = z.infer<typeof claimedSchema>;
