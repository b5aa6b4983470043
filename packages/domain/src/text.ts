// Words that are signed, shown and spoken must be the same words: one way to clean them.

// Bidi controls, zero-width and other format characters, private use and surrogates: invisible to the reader, not to the voice.
const INVISIBLE = /[\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu;
const CONTROL = /[\p{Cc}]/gu;
// Letters and signs by their class, empty on every screen: Hangul fillers, the grapheme joiner, the blank braille pattern.
const EMPTY_SIGNS = /[\u034f\u115f\u1160\u2800\u3164\uffa0]/gu;

/**
 * The words as they will be signed, shown and spoken: NFC, no bidi, format or control characters,
 * line breaks and runs of space become one space. Cleaned again, clean words stay as they are.
 */
export function cleanText(text: string): string {
  return (
    text
      .replace(/[\r\n\t\u2028\u2029]+/gu, ' ')
      .replace(CONTROL, '')
      .replace(INVISIBLE, '')
      .replace(EMPTY_SIGNS, '')
      // After what stood between a letter and its accent is gone: before, the two would stay apart.
      .normalize('NFC')
      .replace(/[\s\u00a0\u3000]+/gu, ' ')
      .trim()
  );
}

/** True when something can be heard of it: at least one letter or digit is left. */
export function isSpeakable(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
