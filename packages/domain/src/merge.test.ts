// Two houses that changed the same row make the same one of it, in whatever order and however often they hear of each other.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FROM_ABOVE, mergeRows, ONLY_ADDED, written, type MergeRule, type Row } from './merge.ts';

const CALL: MergeRule = [
  { columns: ['answer', 'answeredAtMs'], by: ['answeredAtMs'] },
  { columns: ['state'], by: [{ column: 'state', rising: ['queued', 'sent', 'answered', 'closed'] }] },
  { by: ['step', 'version'] },
];
const CHANGED = { fromAbove: false, changedHere: true };
const both = (rule: MergeRule, one: Row, other: Row) => mergeRows(rule, one, other, CHANGED);

const call = fc.record({
  id: fc.constant('c1'),
  answer: fc.option(fc.constantFrom('coming', 'cannot')),
  answeredAtMs: fc.option(fc.nat(3)),
  state: fc.constantFrom('queued', 'sent', 'answered', 'closed'),
  step: fc.nat(3),
  version: fc.nat(3),
  tried: fc.constantFrom('sms', 'voice'),
});

describe('a row that both houses changed', () => {
  test('becomes the same at both', () => {
    fc.assert(
      fc.property(call, call, (one, other) => {
        expect(both(CALL, one, other)).toEqual(both(CALL, other, one));
      }),
    );
  });

  test('becomes the same in whatever order three versions meet', () => {
    fc.assert(
      fc.property(call, call, call, (a, b, c) => {
        expect(both(CALL, both(CALL, a, b), c)).toEqual(both(CALL, a, both(CALL, b, c)));
      }),
    );
  });

  test('stays as it is when the same is heard again', () => {
    fc.assert(
      fc.property(call, call, (one, other) => {
        const merged = both(CALL, one, other);
        expect(both(CALL, merged, other)).toEqual(merged);
      }),
    );
  });

  test('keeps the answer of the one and the asking of the other', () => {
    const village = { id: 'c1', answer: 'coming', answeredAtMs: 5, state: 'answered', step: 1, version: 2, tried: 'sms' };
    const county = { id: 'c1', answer: null, answeredAtMs: null, state: 'sent', step: 4, version: 6, tried: 'voice' };
    expect(both(CALL, village, county)).toEqual({ id: 'c1', answer: 'coming', answeredAtMs: 5, state: 'answered', step: 4, version: 6, tried: 'voice' });
  });
});

describe('a row that only one house changed', () => {
  const [old, fresh]: [Row, Row] = [
    { id: 't', closedAtMs: 9, words: 'done' },
    { id: 't', closedAtMs: null, words: 'opened again' },
  ];

  test('is the changed one, also where that stands lower in the order', () => {
    expect(mergeRows([{ by: ['closedAtMs'] }], old, fresh, { fromAbove: false, changedHere: false })).toEqual(fresh);
    expect(mergeRows([{ by: ['closedAtMs'] }], old, fresh, CHANGED)).toEqual(old);
  });
});

describe('a row of which one house knows better', () => {
  test('is that house’s, whoever changed it last', () => {
    const [mine, theirs] = [
      { id: 'm', name: 'mine' },
      { id: 'm', name: 'theirs' },
    ];
    expect(mergeRows(FROM_ABOVE, mine, theirs, { fromAbove: true, changedHere: true })).toEqual(theirs);
    expect(mergeRows(FROM_ABOVE, mine, theirs, { fromAbove: false, changedHere: false })).toEqual(mine);
  });
});

describe('rows that were made independently', () => {
  test('at the same moment: both houses choose the same one', () => {
    const [one, other] = [
      { id: 'x', words: 'a' },
      { id: 'x', words: 'b' },
    ];
    expect(both(ONLY_ADDED, one, other)).toEqual(both(ONLY_ADDED, other, one));
  });

  test('are written the same, whatever order their names came in', () => {
    expect(written({ b: { y: 1, x: [2, { n: 1, m: undefined }] }, a: null })).toBe(written({ a: null, b: { x: [2, { n: 1 }], y: 1 } }));
    expect(written({ a: 1 })).not.toBe(written({ a: '1' }));
  });
});
