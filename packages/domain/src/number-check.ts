// Chapter 5, numbers: how every number is proven again each half-year; pure rules, the county's numbers.
import { z } from 'zod';
import type { OwnChannel } from './call-out.ts';
import type { MessageState } from './message.ts';

/** An answer comes back by these alone: a letter or a woken browser proves nothing about who reads it. */
export const CHECKED_CHANNELS = ['sms', 'voice'] as const satisfies readonly OwnChannel[];
export type CheckedChannel = (typeof CHECKED_CHANNELS)[number];

export function isCheckedChannel(channel: string): channel is CheckedChannel {
  return (CHECKED_CHANNELS as readonly string[]).includes(channel);
}

const count = (max: number) => z.number().int().min(1).max(max);

export const numberPolicySchema = z.object({
  /** Each of them is proven by itself, in this order; none: nobody is asked. */
  channels: z
    .array(z.enum(CHECKED_CHANNELS))
    .refine((list) => new Set(list).size === list.length, 'names a channel twice')
    .default(['sms', 'voice']),
  /** A number is unproven again so many days after it was last proven: half a year. */
  provenForDays: count(730).default(180),
  /** Who does not answer is asked so often in all, then he is named as not confirmed. */
  tries: count(10).default(3),
  repeatAfterMinutes: count(10_080).default(1_440),
  /** Tests in a day, so that a county's check is spread over days; a round that an officer starts is not held back by it. */
  perDay: count(100_000).default(2_000),
  /** Tests in a minute, of whatever round, so that they hold nothing up. */
  perMinute: count(6_000).default(60),
});
export type NumberPolicy = z.infer<typeof numberPolicySchema>;

/**
 * How one way to one member stands. asked: a test went out and may still be answered. proven: he answered by it. Asked as often as the
 * policy says without an answer: delivered, the provider reported that the last test arrived; failed, that it did not, or that it refuses
 * this number for good; silent, nobody knows, or it could not be asked, and why.
 */
export const PROOF_STATES = ['asked', 'proven', 'delivered', 'silent', 'failed'] as const;
export type ProofState = (typeof PROOF_STATES)[number];

/** What an officer reads of a number: never more than was proven. */
export const NUMBER_RESULTS = {
  none: { zh: '没有号码', en: 'no number' },
  dead: { zh: '号码不通，须更正', en: 'not working: correct it' },
  unconfirmed: { zh: '未确认', en: 'not confirmed' },
  delivered: { zh: '已送达，本人未回答', en: 'delivered, not answered' },
  old: { zh: '确认已过期', en: 'proof too old' },
  never: { zh: '从未测试', en: 'never tested' },
  waiting: { zh: '已测试，等待回答', en: 'tested, waiting for the answer' },
  proven: { zh: '已确认', en: 'proven' },
} as const;
export type NumberResult = keyof typeof NUMBER_RESULTS;
export const NUMBER_RESULT_NAMES = Object.keys(NUMBER_RESULTS) as [NumberResult, ...NumberResult[]];

/** Why somebody of an alert’s area would not be reached, before the button. */
export const REACH_GAPS = {
  'no-channel': { zh: '没有任何联系方式', en: 'no way to reach them at all' },
  dead: { zh: '号码不通', en: 'no number works' },
} as const;
export type ReachGap = keyof typeof REACH_GAPS;

/** Failures that another try would not change, and that say nothing about the number. */
const FUTILE: readonly string[] = ['no-channel', 'no-address', 'unsubscribed', 'test'];

/** A test that went out, as far as anybody knows what became of it. */
export interface OpenTest {
  /** He still has the number that was asked. */
  isHisNumber: boolean;
  /** He is here, on duty, and asked by this channel at all. */
  mayBeAsked: boolean;
  tries: number;
  /** When another try, or the end, is due. */
  nextAtMs: number;
  messageState: MessageState | null;
  reason: string | null;
  /** The provider took something else by this channel lately: a refusal is about this number, and not about the county's contract. */
  isProviderWell: boolean;
}

export interface TestEnd {
  state: 'silent' | 'delivered' | 'failed';
  reason: string | null;
}

/** What the test has come to, or undefined while it may still be answered or is to be made again. */
export function endOfTest(test: OpenTest, { tries }: Pick<NumberPolicy, 'tries'>, nowMs: number): TestEnd | undefined {
  const { messageState, reason } = test;
  if (!test.isHisNumber) return { state: 'silent', reason: 'number-changed' };
  if (messageState === 'failed' && reason === 'provider-refused' && test.isProviderWell) return { state: 'failed', reason };
  if (messageState === 'failed' && FUTILE.includes(reason ?? '')) return { state: 'silent', reason };
  if (nowMs < test.nextAtMs) return undefined;
  if (!test.mayBeAsked) return { state: 'silent', reason: 'not-on-duty' };
  // What was held back for an alert was no try.
  if (test.tries < tries || messageState === 'unneeded') return undefined;
  if (messageState === 'delivered' || messageState === 'read') return { state: 'delivered', reason: null };
  if (messageState === 'failed' && reason === 'not-delivered') return { state: 'failed', reason };
  return { state: 'silent', reason: messageState === 'failed' || messageState === 'expired' ? reason : null };
}
