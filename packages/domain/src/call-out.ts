// Chapter 5, member: by which channels a member is called, how often and how soon again; pure rules, the county's numbers.
import { z } from 'zod';
import { LEVELS, type AlertSubject, type Level } from './alert.ts';
import type { Channel } from './message.ts';

/** What reaches one person: a group's robot and a knock at the door are no step of a call. */
export const OWN_CHANNELS = ['push', 'sms', 'voice', 'email'] as const satisfies readonly Channel[];
export type OwnChannel = (typeof OWN_CHANNELS)[number];

const minutes = (max: number) => z.number().int().min(1).max(max);
const interval = z.number().int().min(15).max(86_400);

export const callOutPolicySchema = z.object({
  /** The channels of each member in this order, those left out that he does not have; then again from the first. */
  channels: z
    .array(z.enum(OWN_CHANNELS))
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'names a channel twice')
    .default(['push', 'sms', 'voice']),
  /** How often the order is gone through before the officer is told that this member does not answer. */
  rounds: z.number().int().min(1).max(20).default(5),
  /** Seconds from one step to the next. An order to move counts as red, one to prepare as orange. */
  intervalSeconds: z.object({ red: interval, orange: interval, yellow: interval, blue: interval }).default({ red: 60, orange: 120, yellow: 600, blue: 900 }),
  /** Members who are off duty are woken from this level on. */
  offDutyFrom: z.enum(LEVELS).default('orange'),
  /** Who said that he is coming and has not arrived after so many minutes is asked again. */
  arriveWithinMinutes: minutes(720).default(30),
});
export type CallOutPolicy = z.infer<typeof callOutPolicySchema>;

/** The colour that an alert counts as. */
export function gravityOf(subject: Pick<AlertSubject, 'level' | 'order'>): Level {
  return subject.level ?? (subject.order === 'move-now' ? 'red' : 'orange');
}

/** Whether this alert wakes members who are off duty. */
export function wakesOffDuty(policy: CallOutPolicy, subject: Pick<AlertSubject, 'level' | 'order'>): boolean {
  return LEVELS.indexOf(gravityOf(subject)) <= LEVELS.indexOf(policy.offDutyFrom);
}

/**
 * A call's step counts on while it is asked; when an answer has run out, the next asking begins at the next thousand. So every step of
 * a call has a number of its own, whatever the policy becomes meanwhile.
 */
export const STEPS_PER_ASKING = 1_000;

/** Steps of one asking in all. The first is 1 after its thousand; step `n` of it goes by `channels[(n - 1) % channels.length]`. */
export function stepsInAll(policy: CallOutPolicy): number {
  return policy.channels.length * policy.rounds;
}

/** The step after `step` for whoever has these channels, and how it goes; undefined when every step was made, or he has none of them. */
export function nextStep(policy: CallOutPolicy, step: number, has: ReadonlySet<Channel>): { step: number; channel: OwnChannel } | undefined {
  const made = step % STEPS_PER_ASKING;
  for (let next = made + 1; next <= Math.min(stepsInAll(policy), made + policy.channels.length); next++) {
    const channel = policy.channels[(next - 1) % policy.channels.length]!;
    if (has.has(channel)) return { step: step - made + next, channel };
  }
  return undefined;
}
