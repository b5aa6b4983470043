// What a responsible person types back: 收到, or 2 and how many; what is not plain claims nothing.
import { expect, it } from 'vitest';
import { readLadderReply } from './ladder-reply.ts';

it.each(['1', '1。', '１', '收到', '收到！', '好的', '1 1', '1收到', ' 1 '])('%j: got it', (text) => {
  expect(readLadderReply(text)).toEqual({ kind: 'got-it' });
});

it.each([
  ['2 35', 35],
  ['2,35', 35],
  ['２　３５人', 35],
  ['2，35。', 35],
  ['2-35', 35],
  ['37人', 37],
  ['3人', 3],
  ['1人', 1],
  ['已转移37人', 37],
  ['37', 37],
  ['收到，37人', 37],
  ['2 2', 2],
])('%j: moving, %i people', (text, persons) => {
  expect(readLadderReply(text)).toEqual({ kind: 'moving', persons });
});

it.each([
  '',
  ' ',
  '。',
  '👍',
  '2',
  '3',
  '4',
  '22',
  '235',
  '2 3 5',
  '2 1000000',
  '2 0',
  '0人',
  '没收到',
  '收到没有',
  '出发',
  '到了',
  '来不了',
  '你是谁',
  '2 abc',
  'TD',
])('of %j nothing is claimed', (text) => {
  expect(readLadderReply(text)).toBeUndefined();
});
