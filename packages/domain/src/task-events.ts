// The story's events of tasks: a list that closes. Subject: the task.
import { z } from 'zod';
import { count, fact, id, late, ofTask, type EventKind } from './event-facts.ts';
import { CHANNEL_NAMES } from './message.ts';
import { REMINDED, TASK_SOURCES } from './task.ts';

export const TASK_EVENTS = {
  'task.templates-loaded': { producer: 'mobilization', data: z.object({ rows: count }), ...fact },
  'task.template-changed': { producer: 'mobilization', data: z.object({ version: count }), ...fact },
  'task.created': {
    producer: 'mobilization',
    data: ofTask.extend({ source: z.enum(TASK_SOURCES), sourceId: id, dueAtMs: count, owner: id.nullable() }),
    consumers: ['mobilization.remind-task'],
  },
  'task.taken': { producer: 'mobilization', data: ofTask, ...fact },
  'task.done': { producer: 'mobilization', data: ofTask.extend({ late }), ...fact },
  'task.signed-off': { producer: 'mobilization', data: ofTask, ...fact },
  'task.sent-back': { producer: 'mobilization', data: ofTask.extend({ dueAtMs: count }), ...fact },
  'task.reassigned': { producer: 'mobilization', data: ofTask.extend({ owner: id }), ...fact },
  'task.extended': { producer: 'mobilization', data: ofTask.extend({ dueAtMs: count }), ...fact },
  'task.hastened': { producer: 'mobilization', data: ofTask.extend({ dueAtMs: count, revision: count }), ...fact },
  'task.reminded': { producer: 'mobilization', data: ofTask.extend({ reminder: count, channel: z.enum(CHANNEL_NAMES).nullable() }), ...fact },
  'task.dropped': { producer: 'mobilization', data: ofTask.extend({ drillOver: z.boolean().optional() }), ...fact },
  'task.photo-added': { producer: 'mobilization', data: ofTask.extend({ photoId: id }), ...fact },
  'task.overdue': {
    producer: 'mobilization',
    data: ofTask.extend({ reminder: count, waitsFor: z.enum(['owner', 'sign-off']), to: z.enum(REMINDED) }),
    ...fact,
  },
} as const satisfies Record<string, EventKind>;
