// Reporting upward: which report is next and until when, when a quiet day ends, and what becomes of the words.
import { describe, expect, it } from 'vitest';
import { cleanWords, nextReport, reportedDay, type ReportedAlert } from './situation.ts';
import { situationPolicySchema } from './situation-policy.ts';

const POLICY = situationPolicySchema.parse({});
const MINUTE_MS = 60_000;
const RAISED_MS = 1_000_000_000;
const alert = (given: Partial<ReportedAlert> = {}): ReportedAlert => ({
  ...{ mode: 'live', state: 'raised', level: null, order: 'move-now', raisedAtMs: RAISED_MS, overAtMs: null },
  ...given,
});
const ended = { state: 'ended', overAtMs: RAISED_MS + 300 * MINUTE_MS } as const;
const sent = (kind: 'first' | 'follow-up' | 'final', number: number) => ({ kind, number, sentAtMs: RAISED_MS + 20 * MINUTE_MS });

describe('the next report', () => {
  it('is the first within half an hour of the raise, then one every two hours, then the final one within a day of the end', () => {
    expect(nextReport(alert(), undefined, POLICY)).toEqual({ kind: 'first', number: 1, dueAtMs: RAISED_MS + 30 * MINUTE_MS });
    expect(nextReport(alert(), sent('first', 1), POLICY)).toEqual({ kind: 'follow-up', number: 2, dueAtMs: RAISED_MS + 140 * MINUTE_MS });
    expect(nextReport(alert(), sent('follow-up', 2), POLICY)).toMatchObject({ kind: 'follow-up', number: 3 });
    expect(nextReport(alert(ended), sent('follow-up', 3), POLICY)).toEqual({ kind: 'final', number: 4, dueAtMs: ended.overAtMs + 1_440 * MINUTE_MS });
    expect(nextReport(alert(ended), sent('final', 4), POLICY)).toBeUndefined();
  });

  it('is still the first where the alert was over before anybody reported', () => {
    expect(nextReport(alert(ended), undefined, POLICY)).toMatchObject({ kind: 'first', number: 1, dueAtMs: RAISED_MS + 30 * MINUTE_MS });
    expect(nextReport(alert({ ...ended, state: 'expired' }), sent('first', 1), POLICY)).toMatchObject({ kind: 'final', number: 2 });
  });

  it('has its own clock by degree, and none where the policy names none', () => {
    expect(nextReport(alert({ order: null, level: 'orange' }), undefined, POLICY)).toMatchObject({ dueAtMs: RAISED_MS + 60 * MINUTE_MS });
    expect(nextReport(alert({ order: null, level: 'yellow' }), undefined, POLICY)).toEqual({ kind: 'first', number: 1, dueAtMs: null });
  });

  it.each([
    ['before the raise', alert({ state: 'draft', raisedAtMs: null }), undefined],
    ['of a test', alert({ mode: 'test' }), undefined],
    ['of an error that was never reported', alert({ state: 'cancelled', overAtMs: RAISED_MS + 1 }), undefined],
    ['of a drill that was over before anybody reported', alert({ mode: 'drill', ...ended }), undefined],
  ])('is not asked for: %s', (_, one, last) => {
    expect(nextReport(one, last, POLICY)).toBeUndefined();
  });

  it('of an error or a drill that was reported is the final one', () => {
    expect(nextReport(alert({ state: 'cancelled', overAtMs: RAISED_MS + 1 }), sent('first', 1), POLICY)).toMatchObject({ kind: 'final' });
    expect(nextReport(alert({ mode: 'drill', ...ended }), sent('first', 1), POLICY)).toMatchObject({ kind: 'final' });
  });
});

describe('a quiet day', () => {
  const policy = situationPolicySchema.parse({ zeroAt: '17:00', zeroGraceMinutes: 30 });
  const at = (iso: string) => Date.parse(iso);

  it('is the last 24 hours that ended at the county’s hour', () => {
    const before = reportedDay(policy, at('2026-07-01T16:59:59+08:00'), 480)!;
    const after = reportedDay(policy, at('2026-07-01T17:00:00+08:00'), 480)!;
    expect([before.day, after.day]).toEqual(['2026-06-30', '2026-07-01']);
    expect(after).toEqual({
      day: '2026-07-01',
      fromMs: at('2026-06-30T17:00:00+08:00'),
      toMs: at('2026-07-01T17:00:00+08:00'),
      dueAtMs: at('2026-07-01T17:30:00+08:00'),
    });
    expect(reportedDay({ ...policy, zeroAt: '00:00' }, at('2026-07-01T00:00:00+08:00'), 480)!.day).toBe('2026-07-01');
  });

  it('is not asked for unless the policy says so', () => {
    expect(reportedDay(POLICY, at('2026-07-01T18:00:00+08:00'), 480)).toBeUndefined();
  });
});

it('a policy that names a degree twice, or an hour that is none, is refused', () => {
  const clock = { degree: ['red'], firstMinutes: 30, followUpMinutes: 60, finalMinutes: 60 };
  expect(situationPolicySchema.safeParse({ clocks: [clock, clock] }).success).toBe(false);
  expect(situationPolicySchema.safeParse({ clocks: [{ ...clock, firstMinutes: 0 }] }).success).toBe(false);
  expect(situationPolicySchema.safeParse({ zeroAt: '24:00' }).success).toBe(false);
});

it('words keep their lines and lose what cannot be seen', () => {
  const given = { weather: { zh: ' 小雨\u202e转大雨 \r\n\r\n 河水\u0007上涨 ', en: '' } };
  expect(cleanWords(given)).toEqual({ weather: { zh: '小雨转大雨\n河水上涨', en: '' } });
});
