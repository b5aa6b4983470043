// Words to people: in Chinese, short enough for every channel, and a drill says so before anything else.
import { expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { MESSAGE_PURPOSES } from './message.ts';
import { messageWords, type AlertWords } from './message-words.ts';

const order = (mode: AlertWords['mode'], text: string): AlertWords => ({
  mode,
  kind: 'order',
  level: null,
  order: 'move-now',
  texts: [
    { language: 'lis', title: '', text: 'not this one' },
    { language: 'zh-CN', title: '立即转移', text },
  ],
});

it('every purpose has words, with and without an alert, and none is longer than a message may be', () => {
  for (const purpose of MESSAGE_PURPOSES) {
    for (const alert of [undefined, order('live', '泥石流就要来了。'.repeat(60)), order('drill', '走。')]) {
      const { title, text } = messageWords(purpose, {}, alert);
      expect([...text].length, purpose).toBeLessThanOrEqual(LIMITS.messageTextChars);
      expect(`${title}${text}`, purpose).toMatch(/\p{Script=Han}/u);
      expect(`${title}${text}`, purpose).not.toMatch(/undefined|not this one|[{}]/);
    }
  }
});

it("a call carries the alert's own words, cut before what to answer, which arrives whole", () => {
  expect(messageWords('call', {}, order('live', '泥石流，往学校走。')).text).toBe('立即转移：泥石流，往学校走。回复1收到来 2出发 3到位 4来不了。');
  const long = messageWords('call', {}, order('live', '泥石流就要来了'.repeat(60))).text;
  expect(long).toContain('…');
  expect(long.endsWith('回复1收到来 2出发 3到位 4来不了。')).toBe(true);
});

it('a drill says so before anything else, live never does', () => {
  for (const purpose of MESSAGE_PURPOSES) {
    const drill = messageWords(purpose, {}, order('drill', '演练，演练。走。'));
    expect(drill.text.match(/演练/g), purpose).toHaveLength(1);
    expect([drill.title.startsWith('【演练】'), drill.text.startsWith('【演练】')], purpose).toEqual([true, true]);
    const live = messageWords(purpose, {}, order('live', '走。'));
    expect(`${live.title}${live.text}`, purpose).not.toContain('演练');
  }
});
