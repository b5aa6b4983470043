// The story's events of reporting upward.
import { z } from 'zod';
import { count } from './event-facts.ts';
import { SITUATION_FIELD_NAMES, SITUATION_KIND_NAMES } from './situation.ts';

const fact = { consumers: [] } as const;
const situationKind = z.enum(SITUATION_KIND_NAMES);

export const SITUATION_EVENTS = {
  // 6 reporting upward; subject: the report
  'situation.filled': { producer: 'console', data: z.object({ kind: situationKind, number: count, anew: z.boolean() }), ...fact },
  'situation.worded': { producer: 'console', data: z.object({ kind: situationKind, number: count, fields: z.array(z.enum(SITUATION_FIELD_NAMES)) }), ...fact },
  // `seal`: printed on every copy, so that a copy can be held against what was sent.
  'situation.sent': { producer: 'console', data: z.object({ kind: situationKind, number: count, late: z.boolean(), seal: z.string() }), ...fact },
} as const;
