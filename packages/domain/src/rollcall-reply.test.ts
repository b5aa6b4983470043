// Chapter 5, roll-call: short messages as people write them at night, with thumbs; what is not understood marks nobody.
import { describe, expect, test } from 'vitest';
import { isDoor, readRollcallReply, ROLLCALL_FORM } from './rollcall-reply.ts';

const doors = (text: string) => readRollcallReply(text)?.doors.map(({ door, status }) => `${door}:${status}`);

describe('what a helper writes', () => {
  test.each([
    ['户 01 齐', ['01:moved']],
    ['户０１齐。', ['01:moved']],
    ['65 moved', ['65:moved']],
    ['65 MOVED 👍', ['65:moved']],
    ['【短信】 01号 已转移，谢谢', ['01:moved']],
    ['01 02 齐，05 求助', ['01:moved', '02:moved', '05:needs-help']],
    ['01齐了02外出03不肯走', ['01:moved', '02:away', '03:refused']],
    ['door 12 all out; door 13 not home', ['12:moved', '13:away']],
    ['打所01 受伤', ['打所01:injured']],
    ['7 回去了', ['7:returned']],
  ])('%s', (text, meant) => {
    expect(doors(text)).toEqual(meant);
  });

  test.each(['', '😀😀', '齐 01', '01', '张三 已转移', '01 moved 02', '01 齐 01 求助', '01 不知道', 'x'.repeat(141), '01 movedx', '65 not moved', '没有转移'])(
    'is not taken for a door: %s',
    (text) => {
      expect(doors(text) ?? []).toEqual([]);
    },
  );

  test('more doors than one night has are talk', () => {
    expect(readRollcallReply(`${Array.from({ length: 21 }, (_, i) => i).join(' ')} 齐`)).toBeUndefined();
  });
});

describe('what a household writes of itself', () => {
  test.each([
    ['安全', 'safe', false],
    ['１。', 'safe', true],
    ['2', 'moved', true],
    ['已转移了', 'moved', false],
    ['我们安全', undefined, false],
    ['求助！！', 'needs-help', false],
    ['OK 👌', 'safe', false],
    ['不安全', undefined, false],
    ['4', undefined, false],
  ])('%s', (text, own, isKey) => {
    const read = readRollcallReply(text);
    expect(read?.own).toBe(own);
    if (own !== undefined) expect(read?.isKey).toBe(isKey);
  });
});

describe('what a place writes', () => {
  test.each([
    ['12人', 12],
    ['今晚 12 人', 12],
    ['人数１２', 12],
    ['37 people', 37],
    ['count 5', 5],
    ['12人 3人', undefined],
    ['1.5人', undefined],
    ['-3', undefined],
  ])('%s', (text, count) => {
    expect(readRollcallReply(text)?.count).toBe(count);
  });
});

test('the forms that people are told are understood', () => {
  const quoted = (words: string) => [...words.matchAll(/[“"]([^”"]+)[”"]/g)].map((match) => match[1]!);
  for (const words of Object.values(ROLLCALL_FORM.helper)) expect(quoted(words).map((text) => doors(text)?.length)).toEqual([1, 1, 1]);
  for (const words of Object.values(ROLLCALL_FORM.place)) expect(quoted(words).map((text) => readRollcallReply(text)?.count)).toEqual([12]);
  for (const key of ['1', '2', '3']) expect(ROLLCALL_FORM.household.zh).toContain(key);
});

test('a door is named by its plate or by the number at its end', () => {
  for (const named of ['打所01', '01', '1']) expect(isDoor(named, '打所01')).toBe(true);
  expect(isDoor('12', '青山路１２号')).toBe(true);
  for (const named of ['11', '打所1x', '0']) expect(isDoor(named, '打所01')).toBe(false);
});
