// What the computer's voice is given to read, so that people hear what the text says. Shown and signed words stay as they are.

// espeak-ng 1.51 (`cmn-latn-pinyin`) reads 地 always as the particle "de" and some words by their commoner sound; each is given a homophone.
const PARTICLE = /(慢慢|不停|不断|尽快|迅速|快速|有序|及时|渐渐|好好|紧紧)地/gu;
const KEPT = '\u0000';

const HOMOPHONES: readonly (readonly [RegExp, string])[] = [
  [/地/gu, '第'],
  [/(?<=[组村乡镇县区州队校生])长(?!江|度|期)/gu, '掌'],
  [/重(?=[新复返])/gu, '虫'],
  [/着(?=火)/gu, 'zhao2'],
  [/(?<=返)还/gu, '环'],
  [/(?<=银)行/gu, '航'],
  [/(?<=堰)塞/gu, '色'],
  [/藏(?=族)/gu, '葬'],
];

/** The same sounds in characters that the voice reads right. Only for the voice: never show, sign or store the result. */
export function forVoice(text: string): string {
  const kept = text.replace(PARTICLE, `$1${KEPT}`);
  return HOMOPHONES.reduce((words, [misread, homophone]) => words.replace(misread, homophone), kept).replaceAll(KEPT, '地');
}
