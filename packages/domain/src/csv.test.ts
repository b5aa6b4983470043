// Chapter 6, look back: a table for a spreadsheet, and what somebody typed in it.
import { expect, it } from 'vitest';
import { csvOf } from './csv.ts';

it('makes a text that a spreadsheet would compute harmless, and leaves figures as they are', () => {
  const nasty = ['=1+1', '+1', '-2', '@SUM(A1)', '\t=1', '\r=1', '＝1', 'a=1'];
  const cells = csvOf([nasty]).slice(1, -2).split(',');
  expect(cells).toEqual(["'=1+1", "'+1", "'-2", "'@SUM(A1)", "'\t=1", '"\'\r=1"', "'＝1", 'a=1']);
  expect(csvOf([[-3, 0, null]])).toBe('\uFEFF-3,0,\r\n');
});

it('keeps commas, quotes and line ends inside their cell', () => {
  expect(csvOf([['a,b', 'say "x"', '两\n行']])).toBe('\uFEFF"a,b","say ""x""","两\n行"\r\n');
});
