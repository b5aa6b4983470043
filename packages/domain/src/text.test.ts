// One way to clean words: what is signed, shown and spoken cannot differ.
import { expect, test } from 'vitest';
import { cleanText, isSpeakable } from './text.ts';

test('what nobody sees is not kept, and runs of space are one', () => {
  expect(cleanText(' \u202e泥石\u200b流\0\u0007来了\r\n\t快\u3000\u00a0走\ufeff\ud83d ')).toBe('泥石流来了 快 走');
});

test('cleaned again, clean words stay as they are', () => {
  const parts = ['e', '\u0301', '\u200b', '\u034f', '\u3164', ' ', '\u2000', '\u2126', '\0', '\ud83d', '\u1100', '\u1161', '\u202e', '水', '\n', '\u0344'];
  for (let seed = 0; seed < 20_000; seed++) {
    const words = Array.from({ length: 6 }, (_, i) => parts[Math.floor((seed / parts.length ** i) * 7 + i * seed) % parts.length]).join('');
    const once = cleanText(words);
    expect(cleanText(once)).toBe(once);
    expect(once.normalize('NFC')).toBe(once);
  }
});

test('letters that show nothing are nothing to be heard', () => {
  for (const empty of ['\u3164', '\u115f\u1160', '\uffa0', '\u2800', '\u034f']) expect(isSpeakable(cleanText(empty))).toBe(false);
  expect(isSpeakable(cleanText('ꓡꓲ-ꓢꓴ'))).toBe(true);
});
