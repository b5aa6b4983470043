// What a test of a number has come to, and when it is still open: never more is said than was proven.
import { describe, expect, it } from 'vitest';
import { endOfTest, numberPolicySchema, type OpenTest } from './number-check.ts';

const HOUR = 3_600_000;
const policy = numberPolicySchema.parse({});
const test = (changed: Partial<OpenTest> = {}): OpenTest => ({
  ...{ isHisNumber: true, mayBeAsked: true, tries: 1, nextAtMs: 24 * HOUR, messageState: 'sent', reason: null, isProviderWell: true },
  ...changed,
});
const last = (changed: Partial<OpenTest> = {}) => endOfTest(test({ tries: policy.tries, ...changed }), policy, 24 * HOUR);

describe('the test of a number', () => {
  it('stays open until its time is over, and is made again until the tries are used up', () => {
    expect(endOfTest(test(), policy, 24 * HOUR - 1)).toBeUndefined();
    expect(endOfTest(test(), policy, 24 * HOUR)).toBeUndefined();
    expect(endOfTest(test({ tries: policy.tries }), policy, 24 * HOUR - 1)).toBeUndefined();
  });

  it.each([
    ['nobody knows whether it arrived', {}, { state: 'silent', reason: null }],
    ['it arrived and was not answered', { messageState: 'delivered' }, { state: 'delivered', reason: null }],
    [
      'the provider reports each time that it did not arrive',
      { messageState: 'failed', reason: 'not-delivered' },
      { state: 'failed', reason: 'not-delivered' },
    ],
    ['the provider is away', { messageState: 'failed', reason: 'provider-away' }, { state: 'silent', reason: 'provider-away' }],
    ['its time passed unsent', { messageState: 'expired', reason: 'too-late' }, { state: 'silent', reason: 'too-late' }],
    ['he went off duty', { mayBeAsked: false }, { state: 'silent', reason: 'not-on-duty' }],
  ] as const)('after the last try: %s', (_what, changed, end) => {
    expect(last(changed)).toEqual(end);
  });

  it('what was held back for an alert was no try', () => {
    expect(last({ messageState: 'unneeded', reason: 'alert-on' })).toBeUndefined();
  });

  it('ends at once when the number was changed, is refused for good, or cannot be asked at all', () => {
    expect(endOfTest(test({ isHisNumber: false }), policy, 0)).toEqual({ state: 'silent', reason: 'number-changed' });
    expect(endOfTest(test({ messageState: 'failed', reason: 'provider-refused' }), policy, 0)).toEqual({ state: 'failed', reason: 'provider-refused' });
    expect(endOfTest(test({ messageState: 'failed', reason: 'unsubscribed' }), policy, 0)).toEqual({ state: 'silent', reason: 'unsubscribed' });
  });

  it('a provider that refuses everything says nothing about one number', () => {
    expect(endOfTest(test({ messageState: 'failed', reason: 'provider-refused', isProviderWell: false }), policy, 0)).toBeUndefined();
  });
});

describe('the policy of numbers', () => {
  it('proves each half-year when a county says nothing else, and refuses a channel named twice and a try of none', () => {
    expect(policy).toMatchObject({ provenForDays: 180, channels: ['sms', 'voice'] });
    expect(numberPolicySchema.safeParse({ channels: ['sms', 'sms'] }).success).toBe(false);
    expect(numberPolicySchema.safeParse({ channels: ['email'] }).success).toBe(false);
    expect(numberPolicySchema.safeParse({ tries: 0 }).success).toBe(false);
    expect(numberPolicySchema.safeParse({ channels: [] }).success).toBe(true);
  });
});
