// Which topic a filter reaches, by MQTT 3.1.1, 4.7; and the rules that hold for every principal.
import { expect, test } from 'vitest';
import { matches, mayLeaveWill, mayPublish, maySubscribe } from './topic-rules.ts';

test.each([
  ['a/b', 'a/b', true],
  ['a/b', 'a/c', false],
  ['a/b', 'a/b/c', false],
  ['a/b/c', 'a/b', false],
  ['a', 'A', false],
  ['a/+', 'a/b', true],
  ['a/+', 'a/', true],
  ['a/+', 'a', false],
  ['a/+', 'a/b/c', false],
  ['+/b', 'a/b', true],
  ['+', '/a', false],
  ['+/+', '/a', true],
  ['a/+/c', 'a/b/c', true],
  ['#', 'a', true],
  ['#', 'a/b/c', true],
  ['a/#', 'a', true],
  ['a/#', 'a/b/c', true],
  ['a/#', 'ab', false],
  ['a/+/#', 'a', false],
  ['a/+/#', 'a/b', true],
  ['#', '$SYS/x', false],
  ['+/x', '$SYS/x', false],
  ['$SYS/#', '$SYS/x', true],
  ['$SYS/+', '$SYS/x', true],
])('%s and %s: %s', (filter, topic, expected) => {
  expect(matches(filter, topic)).toBe(expected);
});

test('the strictest rule wins over a principal who says yes to everything', () => {
  const generous = { clientId: 'x', mayPublish: () => true, maySubscribe: () => true };
  expect(mayPublish(generous, { topic: 'a/b' })).toBe(true);
  for (const packet of [{ topic: '' }, { topic: '$SYS/x' }, { topic: 'a/+' }, { topic: 'a/#' }, { topic: 'a\0' }, { topic: 'a', qos: 2 }]) {
    expect(mayPublish(generous, packet)).toBe(false);
    expect(mayLeaveWill(generous, packet)).toBe(false);
  }
  expect(maySubscribe(generous, 'a/#', 1)).toBe(true);
  for (const [filter, qos] of [
    ['', 0],
    ['$SYS/#', 0],
    ['$share/g/a', 1],
    ['a\0', 0],
    ['a', 2],
  ] as const)
    expect(maySubscribe(generous, filter, qos)).toBe(false);
});

test('a principal is asked with the topic, and whether the message is to be kept', () => {
  const asked: unknown[] = [];
  const principal = { clientId: 'x', mayPublish: (...given: unknown[]) => asked.push(given) > 0, maySubscribe: () => false };
  mayPublish(principal, { topic: 'a', qos: 1, retain: true });
  mayPublish(principal, { topic: 'a', qos: 1 });
  expect(asked).toEqual([
    ['a', true],
    ['a', false],
  ]);
  expect(maySubscribe(principal, 'a', 0)).toBe(false);
});
