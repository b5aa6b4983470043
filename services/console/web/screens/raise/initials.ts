// The first letters of how Chinese characters are read, out of the browser's own order of them: no list of readings is kept. One reading for each character.

/** The first character, in the order by sound, of those that begin with each letter. */
const FIRST = [...'阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥扨它穵夕丫帀'];
const LETTERS = [...'abcdefghjklmnopqrstwxyz'];
const HAN = /\p{Script=Han}/u;
const bySound = new Intl.Collator('zh-u-co-pinyin');

function letterOf(character: string): string {
  if (!HAN.test(character)) return character;
  const at = FIRST.findLastIndex((first) => bySound.compare(first, character) <= 0);
  return LETTERS[at] ?? character;
}

/** `打所小组` is `dsxz`. */
export function initialsOf(words: string): string {
  return [...words].map(letterOf).join('').toLowerCase();
}
