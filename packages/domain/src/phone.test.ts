// However a number was typed, it is one number; what is none is said to be none.
import { expect, it } from 'vitest';
import { normalisePhone } from './phone.ts';

it('a number in twelve spellings is one number', () => {
  const spellings = [
    ...['13800000001', '138 0000 0001', '138-0000-0001', '(138)0000-0001', '１３８００００００01', '138.0000.0001'],
    ...['+8613800000001', '+86 138 0000 0001', '008613800000001', '0086-138-0000-0001', '＋86 138　0000　0001', '+86（138）0000–0001'],
  ];
  expect(spellings).toHaveLength(12);
  expect(new Set(spellings.map(normalisePhone))).toEqual(new Set(['13800000001']));
});

it('a number of another country keeps its country, and another number stays another', () => {
  expect(normalisePhone('+95 9 123 4567')).toBe('+9591234567');
  expect(normalisePhone('0095 9 123 4567')).toBe('+9591234567');
  expect(normalisePhone('13800000002')).not.toBe(normalisePhone('13800000001'));
});

it.each(['', '1234', '12345678901234567', 'call me', '138O0000001', '+', '++8613800000001', '138,0000'])('%j is no number', (typed) => {
  expect(normalisePhone(typed)).toBeUndefined();
});
