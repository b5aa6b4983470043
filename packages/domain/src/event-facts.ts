// What events of several kinds carry alike: ids and facts, never personal data.
import { z } from 'zod';
import { MODES } from './alert.ts';
import { PURPOSES } from './delivery.ts';
import { LADDER_MEANS_NAMES, QUESTIONS } from './ladder.ts';
import { CHANNEL_NAMES, MESSAGE_PURPOSES } from './message.ts';
import { CHECKED_CHANNELS } from './number-check.ts';
import { MARK_MEANS_NAMES } from './rollcall.ts';
import { TASK_KIND_NAMES } from './task.ts';
import { SECTION_NAMES } from './section.ts';

export interface EventKind {
  producer: 'registry' | 'intake' | 'alerting' | 'dispatch' | 'mobilization' | 'sharing' | 'console' | 'runtime';
  data: z.ZodType;
  /** `service.reaction`; each becomes one job in the event's own commit. */
  consumers: readonly string[];
}

/** Nobody reacts to it. */
export const fact = { consumers: [] } as const;

export const id = z.string();
export const code = z.string();
export const count = z.number().int();
export const times = z.object({
  repeat: count.optional(),
  reason: z.string().optional(),
  late: z.boolean().optional(),
  startTime: z.string().optional(),
  endTime: z.string().optional(),
  purpose: z.enum(PURPOSES).optional(),
  revision: count.optional(),
  soundedLevelDb: z.number().optional(),
});
// `extendedTo`: the same words and area go on until a later end.
export const raised = z.object({ revision: count, mode: z.enum(MODES), areaCodes: z.array(code), officers: z.array(id), extendedTo: z.string().optional() });
export const over = z.object({ revision: count, mode: z.enum(MODES), reason: z.string(), checkedBy: z.string().optional() });

// `about`: the call, rung or task that the message belongs to.
export const messageData = z.object({
  about: id,
  purpose: z.enum(MESSAGE_PURPOSES),
  channel: z.enum(CHANNEL_NAMES),
  step: count,
  reason: z.string().optional(),
});

export const section = z.enum(SECTION_NAMES);
export const means = z.enum(MARK_MEANS_NAMES);
// `late`: the alert was over already.
export const late = z.boolean().optional();
export const ofNumber = z.object({ channel: z.enum(CHECKED_CHANNELS), reason: z.string().optional() });
export const ofTask = z.object({ kind: z.enum(TASK_KIND_NAMES) });

export const ladderMeans = z.enum(LADDER_MEANS_NAMES);
// `overdue`: the clock had run out. A rung is named by its node and position.
export const answeredFor = z.object({ means: ladderMeans, overdue: z.boolean() });
export const rung = { question: z.enum(QUESTIONS), round: count, rungCode: code, position: count.optional() };
