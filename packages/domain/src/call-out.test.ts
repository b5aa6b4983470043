// The steps of a call: the county's order, what a member does not have left out, and an end.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callOutPolicySchema, nextStep, OWN_CHANNELS, stepsInAll, wakesOffDuty } from './call-out.ts';
import { DEFAULT_POLICY, policySchema } from './policy.ts';

const policy = callOutPolicySchema.parse({ channels: ['push', 'sms', 'voice'], rounds: 2 });

function walk(of: typeof policy, has: readonly (typeof OWN_CHANNELS)[number][]): { step: number; channel: string }[] {
  const steps = [];
  for (let next = nextStep(of, 0, new Set(has)); next !== undefined; next = nextStep(of, next.step, new Set(has))) steps.push(next);
  return steps;
}

describe('the steps of a call', () => {
  it('go through the order as often as the policy says', () => {
    expect(walk(policy, ['push', 'sms', 'voice']).map((one) => one.channel)).toEqual(['push', 'sms', 'voice', 'push', 'sms', 'voice']);
  });

  it('leave out what a member does not have', () => {
    expect(walk(policy, ['sms', 'voice'])).toEqual([
      { step: 2, channel: 'sms' },
      { step: 3, channel: 'voice' },
      { step: 5, channel: 'sms' },
      { step: 6, channel: 'voice' },
    ]);
    expect(walk(policy, ['email'])).toEqual([]);
    expect(walk(policy, [])).toEqual([]);
  });

  it('begin anew when an answer has run out, with numbers of their own', () => {
    expect(nextStep(policy, 1_000, new Set(['sms']))).toEqual({ step: 1_002, channel: 'sms' });
    expect(nextStep(policy, 1_005, new Set(['sms']))).toBeUndefined();
  });

  it('always rise, always end, and never use what he does not have', () => {
    const policies = fc
      .record({ channels: fc.shuffledSubarray([...OWN_CHANNELS], { minLength: 1 }), rounds: fc.integer({ min: 1, max: 20 }) })
      .map((given) => callOutPolicySchema.parse(given));
    fc.assert(
      fc.property(policies, fc.subarray([...OWN_CHANNELS]), (of, has) => {
        const steps = walk(of, has);
        const usable = of.channels.filter((channel) => has.includes(channel));
        expect(steps.map((one) => one.channel)).toEqual(Array.from({ length: of.rounds }, () => usable).flat());
        expect(steps.every((one, i) => one.step > (steps[i - 1]?.step ?? 0) && one.step <= stepsInAll(of))).toBe(true);
      }),
    );
  });
});

describe('the policy of calls', () => {
  it('wakes who is off duty from its level on, an order to move counting as red', () => {
    const woken = (level: 'red' | 'orange' | 'yellow' | 'blue' | null, order: 'prepare' | 'move-now' | null) =>
      wakesOffDuty(callOutPolicySchema.parse({ offDutyFrom: 'red' }), { level, order });
    expect([woken('red', null), woken(null, 'move-now'), woken('orange', null), woken(null, 'prepare'), woken('blue', null)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('stands in a policy that was written before there was one', () => {
    const { callOut: _calls, numbers: _numbers, ...older } = DEFAULT_POLICY;
    expect(policySchema.parse(older)).toEqual(DEFAULT_POLICY);
  });

  it.each([{ channels: [] }, { channels: ['sms', 'sms'] }, { channels: ['wecom'] }, { channels: ['pigeon'] }, { rounds: 0 }, { intervalSeconds: { red: 1 } }])(
    'refuses %j',
    (given) => {
      expect(callOutPolicySchema.safeParse(given).success).toBe(false);
    },
  );
});
