// The form of the policy: every value of the schema has its words, and two administrators' changes come together.
import { expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@laba/domain/policy';
import { carriedOver, changesOf, FORM, namesIn, withValue, wrongIn, type Value } from './fields.ts';
import { FIELD_WORDS } from './field-names.ts';

const start = DEFAULT_POLICY as unknown as Value;

it('has words and a meaning in both languages for every value, and none for what is gone', () => {
  const names = [...new Set(namesIn(FORM))];
  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name) => FIELD_WORDS[name] === undefined)).toEqual([]);
  expect(Object.keys(FIELD_WORDS).filter((name) => !names.includes(name))).toEqual([]);
  for (const words of Object.values(FIELD_WORDS)) for (const told of [words.zh, words.en]) expect(told.every((one) => one.trim() !== '')).toBe(true);
});

it('says what is outside its limits, where, and which limit', () => {
  expect(wrongIn(start).size).toBe(0);
  expect(wrongIn(withValue(start, ['recountMinutes'], 5)).get('recountMinutes')).toEqual({ code: 'small', n: 10 });
  expect(wrongIn(withValue(start, ['recountMinutes'], 5_000)).get('recountMinutes')).toEqual({ code: 'big', n: 1_440 });
  expect(wrongIn(withValue(start, ['recountMinutes'], null)).get('recountMinutes')).toEqual({ code: 'empty', n: undefined });
  expect(wrongIn(withValue(start, ['quietHours', 'from'], '25:00')).get('quietHours.from')).toEqual({ code: 'time', n: undefined });
  expect(wrongIn(withValue(start, ['rounds', 'patrol', 'by'], ['8'])).get('rounds.patrol.by.0')?.code).toBe('time');
  expect(wrongIn(withValue(start, ['ladders', 0, 'degree'], [])).get('ladders.0.degree')).toEqual({ code: 'small', n: 1 });
});

it('tells each change by itself, and carries mine over what another one wrote meanwhile', () => {
  const mine = withValue(withValue(start, ['recountMinutes'], 60), ['rows', 1, 'officers'], 2);
  expect(changesOf(start, mine)).toEqual([
    { path: ['rows', 1, 'officers'], was: 1, becomes: 2 },
    { path: ['recountMinutes'], was: 120, becomes: 60 },
  ]);
  const theirs = withValue(start, ['tasks', 'remindMinutes'], 45);
  const both = carriedOver(start, mine, theirs);
  expect(changesOf(theirs, both)).toEqual(changesOf(start, mine));
  const shorter = withValue(theirs, ['rows'], DEFAULT_POLICY.rows.slice(0, 2) as unknown as Value);
  expect(changesOf(mine, carriedOver(start, mine, shorter))).toEqual([{ path: ['tasks', 'remindMinutes'], was: 30, becomes: 45 }]);
});
