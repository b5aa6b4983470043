// THE STORY, in peacetime: rounds that were done and missed.
import { z } from 'zod';
import { count, fact, id, type EventKind } from './event-facts.ts';
import { ROUND_KIND_NAMES, ROUND_MEANS_NAMES, ROUND_RESULT_NAMES } from './round.ts';

const kind = z.enum(ROUND_KIND_NAMES);

/** Subject of all: the hazard point, household or activity room. */
export const ROUND_EVENTS = {
  // One job looks after the rounds of this house and never ends; its subject is `standing`.
  'rounds.watched': { producer: 'mobilization', data: z.object({}), consumers: ['mobilization.watch-rounds'] },
  // `atMs`: when he was there, which may be before he told it. `reportId`: what he saw or was asked for becomes this report.
  'round.done': {
    producer: 'mobilization',
    data: z.object({ kind, roundId: id, result: z.enum(ROUND_RESULT_NAMES), means: z.enum(ROUND_MEANS_NAMES), atMs: count, reportId: id.optional() }),
    consumers: ['intake.take-round'],
  },
  // Nobody was there in the window; the row lies at its deadline's own id and so stands once, whoever found it.
  'round.missed': { producer: 'mobilization', data: z.object({ kind, fromMs: count, toMs: count }), ...fact },
  // `stage`: of the village itself, or of its township. `taskId`: what is missing is to be brought.
  'room.checked': {
    producer: 'mobilization',
    data: z.object({ roundId: id, stage: z.enum(['village', 'township']), lacking: z.array(z.string()), taskId: id.optional() }),
    ...fact,
  },
} as const satisfies Record<string, EventKind>;
