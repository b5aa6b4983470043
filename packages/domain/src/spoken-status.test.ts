// Six lines from a bad line at three in the morning: what is read of them, what is refused, what is only asked back.
import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { cleanLines, differences, impossible, isGrave, moreThanListed, readLines, type Said } from './spoken-status.ts';

/** 03:20 in the county. */
const NOW_MS = Date.UTC(2026, 5, 30, 19, 20);
const MINUTE_MS = 60_000;
const read = (...lines: string[]) => readLines(cleanLines(lines), { nowMs: NOW_MS, utcOffsetMinutes: 480 });
const countsOf = ({ households, persons, moved, missing, injured }: Said) => [households, persons, moved, missing, injured];
const ago = (minutes: number) => NOW_MS - minutes * MINUTE_MS;

describe('the first line', () => {
  it.each([
    ['阿依 卫星 0312', 'satellite', ago(8)],
    ['阿依', 'telephone', NOW_MS],
    ['03:12 对讲机 和阿香', 'radio', ago(8)],
    ['Ayi satellite 0312', 'satellite', ago(8)],
    ['来人 余三 23：40', 'runner', ago(220)],
    // The clock there goes a little before: it was just now, not a day ago.
    ['阿依 0323', 'telephone', NOW_MS],
    ['阿依 0330', 'telephone', ago(-10 + 24 * 60)],
  ])('%s', (line, means, saidAtMs) => {
    const { said, problems } = read(line);
    expect(problems).toEqual([]);
    expect(said).toMatchObject({ means, saidAtMs });
  });

  it.each(['', '卫星', '0312', '13800000000', '阿依 2561'])('is asked for again: “%s”', (line) => {
    expect(read(line).problems.map((one) => one.line)).toEqual([1]);
  });
});

describe('the order given there', () => {
  it.each([
    ['转移 0302 响了', 'move-now', ago(18), true],
    ['立即转移，0302，没响', 'move-now', ago(18), false],
    ['准备', 'prepare', null, null],
    ['无', 'none', null, null],
    ['喊了两遍', null, null, null],
    ['move 0302 sounded', 'move-now', ago(18), true],
    ['', null, null, null],
  ])('%s', (line, order, orderAtMs, sounded) => {
    const { said, problems } = read('阿依', line);
    expect(problems).toEqual([]);
    expect(said).toMatchObject({ order, orderAtMs, sounded });
  });

  it('none was given and yet it sounded: asked for again', () => {
    expect(read('阿依', '无 响了').problems).toHaveLength(1);
  });
});

describe('the people', () => {
  it.each([
    ['60 188 188 0 0', [60, 188, 188, 0, 0]],
    ['60/188/188', [60, 188, 188, null, null]],
    ['６０，１８８', [60, 188, null, null, null]],
    ['60户188人转移188失联0受伤1', [60, 188, 188, 0, 1]],
    ['188人 失联 2人', [null, 188, null, 2, null]],
    ['转移188人，失联0人', [null, null, 188, 0, null]],
    ['60 households 188 people moved 180 missing 0', [60, 188, 180, 0, null]],
    ['60 households 188 people 180 moved 0 missing', [60, 188, 180, 0, null]],
    ['', [null, null, null, null, null]],
  ])('%s', (line, counts) => {
    const { said, problems } = read('阿依', '', line);
    expect(problems).toEqual([]);
    expect(countsOf(said)).toEqual(counts);
  });

  it.each(['1 2 3 4 5 6', '很多人', '60户 60户', '60户 188', '188人 转移', '1000000', '-5户 人'])('cannot be read: “%s”', (line) => {
    expect(read('阿依', '', line).problems.map((one) => one.line)).toContain(3);
  });
});

describe('the next contact', () => {
  it.each([
    ['0430 13800000000', 70],
    ['13800000000 0430', 70],
    ['0300', 24 * 60 - 20],
    ['30分钟 频率 145.5', 30],
    ['30 min', 30],
    ['4点30分', 70],
  ])('%s', (line, minutes) => {
    const { said, problems } = read('阿依', '', '', '', '', line);
    expect(problems).toEqual([]);
    expect(said.nextContactAtMs).toBe(NOW_MS + minutes * MINUTE_MS);
  });

  it.each(['13800000000', '2561', '明早', '0分钟'])('says no time: “%s”', (line) => {
    expect(read('阿依', '', '', '', '', line).problems.map((one) => one.line)).toEqual([6]);
  });
});

it('a line that is too long is refused, invisible signs are taken out', () => {
  expect(read('阿依', '', '', 'x'.repeat(LIMITS.statusLineChars + 1)).problems.map((one) => one.line)).toEqual([4]);
  expect(cleanLines(['阿\u202e依\u0000'])).toEqual(['阿依', '', '', '', '', '']);
});

describe('the numbers', () => {
  const counts = { households: 60, persons: 188, moved: 188, missing: 0, injured: 0 };
  const listed = { households: 65, persons: 199 };

  it('that cannot be are refused', () => {
    expect(impossible(counts)).toEqual([]);
    expect(impossible({ ...counts, moved: 189 })).toHaveLength(1);
    expect(impossible({ ...counts, injured: 189 })).toHaveLength(1);
    expect(impossible({ ...counts, persons: null, moved: 189 })).toEqual([]);
  });

  it('beyond the list are asked back', () => {
    expect(moreThanListed(counts, listed)).toEqual([]);
    expect(moreThanListed({ ...counts, missing: 11 }, listed)).toEqual([]);
    expect(moreThanListed({ ...counts, missing: 12 }, listed)).toHaveLength(1);
    expect(moreThanListed({ ...counts, households: 66, persons: 200 }, listed)).toHaveLength(2);
  });

  it('are put beside what was marked since; what was not said is not compared', () => {
    const marked = { households: 65, persons: 199, moved: 199, missing: 0, injured: 0 };
    expect(differences(counts, marked).map(({ what, said, marked: n }) => [what, said, n])).toEqual([
      ['households', 60, 65],
      ['persons', 188, 199],
      ['moved', 188, 199],
    ]);
    expect(differences({ ...counts, households: null, persons: 199, moved: null }, marked)).toEqual([]);
  });

  it('are grave as soon as one is missing or hurt', () => {
    expect([counts, { missing: 1, injured: null }, { missing: null, injured: 1 }, { missing: null, injured: null }].map(isGrave)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});
