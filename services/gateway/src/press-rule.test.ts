// When a button is meant: held, or pressed twice; never because it bounces, sticks or was brushed against.
import { describe, expect, it } from 'vitest';
import { PressRule, type Contact, type PressSetting } from './press-rule.ts';

/** Plays contacts at their times and asks whenever the rule wants to be asked; the times at which a press counted. */
function counted(setting: PressSetting, moves: [number, Contact][], untilMs = 60_000): number[] {
  const rule = new PressRule(setting);
  const counted: number[] = [];
  const waiting = [...moves];
  for (let atMs = 0; atMs <= untilMs; atMs++) {
    while (waiting[0]?.[0] === atMs) if (rule.take(waiting.shift()![1], atMs)) counted.push(atMs);
    if (rule.lookAtMs !== undefined && rule.lookAtMs <= atMs && rule.isHeld(atMs)) counted.push(atMs);
  }
  return counted;
}

const hold: PressSetting = { by: 'hold', holdMs: 1_000 };
const twice: PressSetting = { by: 'twice' };

describe('held', () => {
  it.each<[string, [number, Contact][], number[]]>([
    [
      'long enough',
      [
        [100, 'down'],
        [2_000, 'up'],
      ],
      [1_100],
    ],
    [
      'too short',
      [
        [100, 'down'],
        [1_099, 'up'],
      ],
      [],
    ],
    [
      'with a contact that bounces when it closes',
      [
        [100, 'down'],
        [105, 'up'],
        [110, 'down'],
        [120, 'up'],
        [125, 'down'],
        [2_000, 'up'],
      ],
      [1_100],
    ],
    [
      'with a contact that bounces at the very moment',
      [
        [100, 'down'],
        [1_090, 'up'],
        [1_110, 'down'],
        [2_000, 'up'],
      ],
      [1_110],
    ],
    [
      'in pieces that are each too short',
      [
        [100, 'down'],
        [700, 'up'],
        [800, 'down'],
        [1_500, 'up'],
      ],
      [],
    ],
    ['and stuck: once', [[100, 'down']], [1_100]],
    [
      'and stuck, chattering: once',
      [
        [100, 'down'],
        [3_000, 'up'],
        [3_500, 'down'],
        [6_000, 'up'],
        [6_900, 'down'],
        [9_000, 'up'],
      ],
      [1_100],
    ],
    [
      'again after it was let go',
      [
        [100, 'down'],
        [2_000, 'up'],
        [3_000, 'down'],
        [5_000, 'up'],
      ],
      [1_100, 4_000],
    ],
    [
      'before anybody looked, and never let down',
      [
        [100, 'up'],
        [200, 'up'],
      ],
      [],
    ],
    [
      'told down twice, as a keyboard does',
      [
        [100, 'down'],
        [600, 'down'],
        [2_000, 'up'],
      ],
      [1_100],
    ],
  ])('%s', (_, moves, at) => {
    expect(counted(hold, moves)).toEqual(at);
  });
});

describe('pressed twice', () => {
  it.each<[string, [number, Contact][], number[]]>([
    [
      'within two seconds',
      [
        [100, 'down'],
        [200, 'up'],
        [900, 'down'],
        [1_000, 'up'],
      ],
      [900],
    ],
    [
      'once',
      [
        [100, 'down'],
        [200, 'up'],
      ],
      [],
    ],
    [
      'too slowly',
      [
        [100, 'down'],
        [200, 'up'],
        [2_101, 'down'],
        [2_200, 'up'],
      ],
      [],
    ],
    [
      'too slowly, and then a third time',
      [
        [100, 'down'],
        [200, 'up'],
        [2_201, 'down'],
        [2_300, 'up'],
        [3_000, 'down'],
        [3_100, 'up'],
      ],
      [3_000],
    ],
    [
      'only by bouncing',
      [
        [100, 'down'],
        [110, 'up'],
        [120, 'down'],
        [130, 'up'],
        [140, 'down'],
        [300, 'up'],
      ],
      [],
    ],
    [
      'in a panic: once',
      [
        [100, 'down'],
        [200, 'up'],
        [300, 'down'],
        [400, 'up'],
        [500, 'down'],
        [600, 'up'],
        [700, 'down'],
        [800, 'up'],
      ],
      [300],
    ],
  ])('%s', (_, moves, at) => {
    expect(counted(twice, moves)).toEqual(at);
  });
});

it('a program that reports and reports is heard once, until it has been quiet', () => {
  const storm = Array.from({ length: 40 }, (_, i): [number, Contact] => [i * 1_000, 'whole']);
  expect(counted(hold, storm)).toEqual([0]);
  expect(
    counted(twice, [
      [0, 'whole'],
      [10_000, 'whole'],
      [10_500, 'whole'],
    ]),
  ).toEqual([0, 10_000]);
});
