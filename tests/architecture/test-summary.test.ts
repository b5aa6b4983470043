// The last line of npm test never says "0 failed" when something went wrong.
import { describe, expect, test } from 'vitest';
import { absences, summarize, unknownDemands, type VitestResult } from '../../infra/toolchain/measure/test-summary.ts';

const ran = (...statuses: string[]): VitestResult => ({
  testResults: [
    {
      name: '/house/a.test.ts',
      status: statuses.includes('failed') ? 'failed' : 'passed',
      assertionResults: statuses.map((status, i) => ({ status, fullName: `test ${i}` })),
    },
  ],
});
const last = (result: VitestResult | undefined, code: number, extra: string[] = []) => summarize(result, code, extra, '/house').lines.at(-1);

describe('the last line', () => {
  test('counts what passed, and the line before it what was skipped', () => {
    expect(summarize(ran('passed', 'passed', 'pending', 'todo'), 0, [], '/house')).toEqual({
      lines: ['skipped   test 2', 'skipped   test 3', '2 skipped', '2 passed, 0 failed'],
      failed: 0,
    });
  });

  test('counts a failed test, and names it', () => {
    expect(summarize(ran('passed', 'failed'), 1, [], '/house').lines).toEqual(['failed    test 1', '0 skipped', '1 passed, 1 failed']);
  });

  test('names what passed only when it was tried again, and takes more than two of them for a failure', () => {
    const tried = (count: number): VitestResult => {
      const [file] = ran(...Array.from({ length: 4 }, () => 'passed')).testResults;
      const assertionResults = file!.assertionResults.map((one, i) => (i < count ? { ...one, failureMessages: ['Error: too late\n    at x'] } : one));
      return { testResults: [{ ...file!, assertionResults }] };
    };
    expect(summarize(tried(1), 0, [], '/house').lines).toEqual(['again     test 0: Error: too late', '0 skipped', '4 passed, 0 failed']);
    expect(last(tried(2), 0)).toBe('4 passed, 0 failed');
    expect(last(tried(3), 0)).toBe('4 passed, 1 failed');
  });

  test('counts a file that could not be loaded', () => {
    const unloaded = { testResults: [...ran('passed').testResults, { name: '/house/b.test.ts', status: 'failed', assertionResults: [] }] };
    expect(summarize(unloaded, 1, [], '/house').lines).toContain('failed    b.test.ts did not run to its end');
    expect(last(unloaded, 1)).toBe('1 passed, 1 failed');
  });

  test('counts an error outside every test', () => {
    expect(last(ran('passed'), 1)).toBe('1 passed, 1 failed');
    expect(last(ran('passed'), 1, ['types'])).toBe('1 passed, 2 failed');
  });

  test('counts types, and what was demanded and is missing', () => {
    expect(last(ran('passed'), 0, ['types', 'missing: sox'])).toBe('1 passed, 2 failed');
  });

  test('does not call an empty run or a crash a success', () => {
    expect(last({ testResults: [] }, 0)).toBe('0 passed, 1 failed');
    expect(last(undefined, 137)).toBe('0 passed, 1 failed');
    expect(last(ran('pending'), 0)).toBe('0 passed, 1 failed');
  });
});

describe('what the machine lacks', () => {
  const without =
    (...gone: string[]) =>
    (command: string) =>
      !gone.includes(command);

  test('is said, and fails only when it was demanded', () => {
    expect(absences(without('sox'), [])).toEqual([{ name: 'sox', demanded: false, line: 'left out  tones and levels of real sound: sox is not installed' }]);
    expect(absences(without('sox'), ['sox'])).toMatchObject([{ demanded: true, line: expect.stringMatching(/^MISSING/) }]);
    expect(absences(without(), ['sox'])).toEqual([]);
  });

  test('a demand for something unknown is not passed over', () => {
    expect(unknownDemands(['sox', 'soxx'])).toEqual(['soxx']);
  });
});
