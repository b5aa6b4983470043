// Peacetime: rounds in words.
import { ROUND_KINDS, ROUND_MEANS, ROUND_RESULTS } from '@laba/domain/round';
import type { Words } from '@laba/domain/reason-words';

type Say = (names: { subject: string; place: string }, data: Record<string, unknown>) => Words;

const NOTHING: Words = { zh: '', en: '' };
const wordsOf = (words: Readonly<Record<string, Words>>, name: unknown): Words => (Object.hasOwn(words, String(name)) ? words[String(name)]! : NOTHING);

const done: Say = ({ subject }, data) => {
  const [result, means] = [wordsOf(ROUND_RESULTS, data['result']), wordsOf(ROUND_MEANS, data['means'])];
  return { zh: `${subject}：${result.zh}（${means.zh}）`, en: `${subject}: ${result.en} (told by: ${means.en})` };
};

const missed: Say = ({ subject, place }, data) => {
  const kind = wordsOf(ROUND_KINDS, data['kind']);
  return { zh: `${place} ${subject}：${kind.zh}到期没有人去`, en: `${place} ${subject}: ${kind.en} was missed` };
};

const checked: Say = ({ subject }, data) => {
  const lacking = Array.isArray(data['lacking']) ? data['lacking'].length : 0;
  const who: Words = data['stage'] === 'township' ? { zh: '乡镇核查', en: 'checked by the township' } : { zh: '自查', en: 'checked by the village' };
  return lacking === 0
    ? { zh: `${subject} ${who.zh}：齐全`, en: `${subject}, ${who.en}: all there` }
    : { zh: `${subject} ${who.zh}：缺 ${lacking} 项`, en: `${subject}, ${who.en}: items missing: ${lacking}` };
};

export const ROUND_WORDS: Readonly<Record<string, Say>> = {
  'rounds.watched': () => ({ zh: '开始盯巡查和走访', en: 'Patrols, visits and checks are watched from now on' }),
  'round.done': done,
  'round.missed': missed,
  'room.checked': checked,
};
