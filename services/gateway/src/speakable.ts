// Words for the Chinese voice: it reads Latin letters, digits and signs as English, so none of them reaches it.
import { cleanText } from '@laba/domain/text';

const DIGITS = '零一二三四五六七八九';
const SMALL = ['', '十', '百', '千'];
const LARGE = ['', '万', '亿'];
/** Longer runs of digits are numbers to dial, not amounts. */
const LONGEST_AMOUNT = 6;
const LONGEST_SPELLED = 6;

const LETTERS: Record<string, string> = {
  a: '诶',
  b: '毕',
  c: '西',
  d: '迪',
  e: '伊',
  f: '艾夫',
  g: '吉',
  h: '艾尺',
  i: '艾',
  j: '杰',
  k: '开',
  l: '艾勒',
  m: '艾姆',
  n: '恩',
  o: '欧',
  p: '批',
  q: '丘',
  r: '阿尔',
  s: '艾斯',
  t: '提',
  u: '优',
  v: '维',
  w: '达不溜',
  x: '艾克斯',
  y: '歪',
  z: '贼',
};
/** Only what figures and letters are made of: a Chinese comma must not become one that joins thousands. */
const FULL_WIDTH = /[０-９Ａ-Ｚａ-ｚ％：．／＋＝＆＠]/gu;
const UNITS: [RegExp, string][] = [
  [/km\/h/giu, '公里每小时'],
  [/m\/s/giu, '米每秒'],
  [/m[³3]/giu, '立方米'],
  [/km[²2]/giu, '平方公里'],
  [/(?<=[\d.\s])km(?![a-z])/giu, '公里'],
  [/(?<=[\d.\s])mm(?![a-z])/giu, '毫米'],
  [/(?<=[\d.\s])cm(?![a-z])/giu, '厘米'],
  [/(?<=[\d.\s])kg(?![a-z])/giu, '公斤'],
  [/(?<=[\d.\s])m(?![a-z])/giu, '米'],
  [/(?:°C|℃)/giu, '摄氏度'],
];
const SIGNS: Record<string, string> = {
  '+': '加',
  '=': '等于',
  '&': '和',
  '@': '在',
  '¥': '元',
  '￥': '元',
  '~': '到',
  '～': '到',
  '/': '，',
  '\\': '，',
  '|': '，',
  '×': '乘',
};

/** Only Han characters and Chinese punctuation are left. */
export function speakable(text: string): string {
  let words = cleanText(text).replace(FULL_WIDTH, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  for (const [unit, chinese] of UNITS) words = words.replace(unit, chinese);
  words = words
    .replace(
      /(\d{1,2}):(\d{2})(?!\d)/gu,
      (_, h: string, m: string) => `${amount(h)}点${Number(m) === 0 ? '整' : `${Number(m) < 10 ? '零' : ''}${amount(m)}分`}`,
    )
    .replace(/(\d{4})(?=\s*年)/gu, (year) => digitByDigit(year))
    .replace(/((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*%/gu, (_, n: string) => `百分之${numberWords(n)}`)
    .replace(/(?<=拨打?|电话|热线)\s*([\d-]+)/gu, (_, dialled: string) => digitByDigit(dialled.replaceAll('-', '')))
    .replace(/(?<!\d)([1-9]\d{0,3}|0)\s*[-–—]\s*(?=(?:[1-9]\d{0,3}|0)(?!\d))/gu, '$1到')
    .replace(/(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?/gu, (n) => numberWords(n))
    .replace(/[a-z]+/giu, (word) => (word.length > LONGEST_SPELLED ? '' : [...word.toLowerCase()].map((letter) => LETTERS[letter] ?? '').join('')))
    .replace(/[+=&@¥￥~～/\\|×]/gu, (sign) => SIGNS[sign] ?? '');
  return words
    .replace(/[;:…—–]+/gu, '，')
    .replace(/,/gu, '，')
    .replace(/\./gu, '。')
    .replace(/!/gu, '！')
    .replace(/\?/gu, '？')
    .replace(/[^\p{Script=Han}，。！？、；：]/gu, '')
    .replace(/([，。！？、；：])[，。！？、；：]+/gu, '$1')
    .replace(/^[，。！？、；：]+/u, '');
}

function numberWords(written: string): string {
  const [whole = '', fraction] = written.replace(/,/gu, '').split('.');
  const isDialled = whole.length > LONGEST_AMOUNT || (whole.length > 1 && whole.startsWith('0'));
  const words = isDialled ? digitByDigit(whole) : amount(whole);
  return fraction === undefined ? words : `${words}点${digitByDigit(fraction)}`;
}

function digitByDigit(digits: string): string {
  return [...digits].map((digit) => DIGITS[Number(digit)]).join('');
}

function amount(digits: string): string {
  const value = Number(digits);
  if (value === 0) return '零';
  let words = '';
  for (let group = LARGE.length - 1; group >= 0; group--) {
    const part = Math.floor(value / 10_000 ** group) % 10_000;
    if (part === 0) continue;
    if (words !== '' && part < 1_000) words += '零';
    words += belowTenThousand(part) + LARGE[group];
  }
  return words.replace(/^一十/u, '十');
}

function belowTenThousand(value: number): string {
  let words = '';
  let gap = false;
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(value / 10 ** place) % 10;
    if (digit === 0) gap = words !== '';
    else {
      words += `${gap ? '零' : ''}${DIGITS[digit]}${SMALL[place]}`;
      gap = false;
    }
  }
  return words;
}
