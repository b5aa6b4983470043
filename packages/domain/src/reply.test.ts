// What people type back in the rain: each spelling is read as one answer, and what is not plain is read as none.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANSWERS, type Answer } from './member.ts';
import { ANSWER_KEYS, readReply } from './reply.ts';

const SAID: Record<Answer, string[]> = {
  coming: [
    '1',
    '1。',
    '１',
    ' 1 ',
    '1.',
    '（1）',
    '"1"',
    '①',
    '1️⃣',
    '1#',
    '一',
    '收到',
    '收到！',
    '收到👍',
    '【张三】收到',
    '好的，收到，谢谢',
    'OK',
    'Ok.',
    'ｏｋ',
    '1收到',
    '1 1',
  ],
  'on-the-way': ['2', '２。', '出发', '已出发！！', '收到，已出发', '在路上', '马上到', 'on my way', 'OMW', '2 出发'],
  arrived: ['3', '到了', '我到了。', '到位', '收到。到了', 'Arrived', "I'm here", 'I’m here'],
  cannot: ['4', '４', '来不了', '我来不了，在外地', '没空', '去不了！', 'no', "can't come", 'Can’t', '不行'],
};

describe('a reply', () => {
  it.each(ANSWERS.flatMap((answer) => SAID[answer].map((text) => [text, answer] as const)))('%j is read as %s', (text, answer) => {
    expect(readReply(text)?.answer).toBe(answer);
  });

  it.each([
    ['37', 37],
    ['37人', 37],
    ['３７人。', 37],
    ['已转移37人', 37],
    ['转移了 37 人', 37],
    ['共37人，谢谢', 37],
    ['37 people', 37],
    ['收到，37人', 37],
    ['0', 0],
    ['1', 1],
  ])('%j carries the number %i', (text, count) => {
    expect(readReply(text)?.count).toBe(count);
  });

  it.each([
    ['', ' ', '\n', '。', '👍', '👌🙏', '​'],
    ['还没到', '没收到', '没有到', '到不了了吗', '不知道', '收到没有', '来不来'],
    ['来不了，我来', '1，2', '1-2', '1.5', '5人6人', '1000000', '12345678901', '1/4', '¼x'],
    ['TD', '退订', '你是谁', '<script>1</script>', "1'; drop table call", '3 号桥断了', `收到${'啊'.repeat(200)}`],
  ])('of %j and the like nothing is claimed', (...texts) => {
    expect(texts.filter((text) => readReply(text)?.answer !== undefined || readReply(text)?.count !== undefined)).toEqual([]);
  });

  it('whatever comes, it is an answer, a number, or not understood', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (text) => {
        const reply = readReply(text);
        if (reply === undefined) return;
        expect(reply.answer !== undefined || reply.count !== undefined).toBe(true);
        if (reply.answer !== undefined) expect(ANSWERS).toContain(reply.answer);
        if (reply.count !== undefined) expect(Number.isInteger(reply.count) && reply.count >= 0 && reply.count < 100_000).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  const answers = fc.constantFrom(...ANSWERS);
  const known = answers.chain((answer) => fc.constantFrom(...SAID[answer]).map((text) => ({ text, answer })));
  const marks = fc.array(fc.constantFrom('。', '！', '.', ' ', '\n', '，', '~', '🙏', '!'), { maxLength: 6 }).map((all) => all.join(''));

  it('marks, spaces, emoji and line ends around an answer change nothing', () => {
    fc.assert(fc.property(known, marks, marks, ({ text, answer }, before, after) => readReply(`${before}${text}${after}`)?.answer === answer));
  });

  it('the wide form of a key means the key', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(ANSWER_KEYS)), (key) => {
        expect(readReply(String.fromCodePoint(key.codePointAt(0)! + 0xfee0))).toEqual(readReply(key));
      }),
    );
  });

  it('a word with a "not" before it never becomes a yes', () => {
    fc.assert(
      fc.property(fc.constantFrom('没', '没有', '还没', '未', '别'), known, (not, { text, answer }) => {
        const read = readReply(`${not}${text}`)?.answer;
        // A mark between the two makes them two words.
        if (/^[\p{L}]/u.test(text) && answer !== 'cannot') expect(read === undefined || read === 'cannot').toBe(true);
      }),
    );
  });
});
