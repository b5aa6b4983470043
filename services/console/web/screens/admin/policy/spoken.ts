// Values of the policy as people say them: their names, units and choices in words.
import { LEVEL_WORDS, MODE_WORDS, ORDER_WORDS } from '@laba/domain/alert';
import { CHANNELS } from '@laba/domain/message';
import { ROLE_WORDS } from '@laba/domain/officer';
import { SECTIONS } from '@laba/domain/section';
import type { Language } from '../../../i18n/language.ts';
import { FIELD_WORDS } from './field-names.ts';
import { nameOf, type Path, type Value } from './fields.ts';
import type { policyWords } from './words.ts';

type Words = Readonly<Record<string, { zh: string; en: string }>>;

const CHOICES: Words = {
  ...MODE_WORDS,
  ...LEVEL_WORDS,
  ...ORDER_WORDS,
  ...ROLE_WORDS,
  ...CHANNELS,
  county: { zh: '县', en: 'county' },
  township: { zh: '乡镇', en: 'township' },
  village: { zh: '村', en: 'village' },
  group: { zh: '小组', en: 'group' },
  order: { zh: '指令', en: 'order' },
};
const KINDS: Words = { warning: { zh: '预警', en: 'warning' } };

export function choiceWords(value: string | number, path: Path, language: Language): string {
  const words: Words = path.at(-1) === 'section' ? SECTIONS : { ...CHOICES, ...KINDS };
  return words[value]?.[language] ?? String(value);
}

export function labelOf(path: Path, language: Language): string {
  return FIELD_WORDS[nameOf(path)]?.[language][0] ?? nameOf(path);
}

export const meaningOf = (path: Path, language: Language): string => FIELD_WORDS[nameOf(path)]?.[language][1] ?? '';

type Key = keyof (typeof policyWords)['zh'];
type Say = (key: Key, values?: Record<string, string | number>) => string;

/** Of the last name on the way that says one: every number's name ends in its unit. */
export function unitOf(path: Path, say: Say): string {
  if (path[0] === 'bulletins' && path[1] === 'mostSpeakers') return say('speakers');
  const name = path.findLast((part) => typeof part === 'string' && /(Minutes|Seconds|Days|perDay|perMinute|everyMonths)$/.test(part));
  if (typeof name !== 'string') return '';
  if (name === 'perDay' || name === 'perMinute') return say(name);
  if (name.endsWith('Months')) return say('months');
  return name.endsWith('Minutes') ? say('minutes') : name.endsWith('Seconds') ? say('seconds') : say('days');
}

export function valueWords(value: Value, path: Path, language: Language, say: Say): string {
  if (value === null || value === undefined) return say('off');
  if (value === '') return say('none');
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  if (typeof value === 'number') return `${value} ${unitOf(path, say)}`.trim();
  if (typeof value === 'string') return choiceWords(value, path, language);
  if (!Array.isArray(value))
    return Object.entries(value)
      .map(([name, one]) => `${labelOf([...path, name], language)}: ${valueWords(one, [...path, name], language, say)}`)
      .join('; ');
  if (value.length === 0) return say('none');
  const isRows = typeof value[0] === 'object';
  return value.map((one, index) => valueWords(one, isRows ? [...path, index] : path, language, say)).join(isRows ? ' | ' : language === 'zh' ? '、' : ', ');
}

/** The way to a value, in words: its part of the policy, the row, the value. */
export function wayOf(path: Path, language: Language, say: Say): string {
  const names = path.flatMap((part, index) => {
    if (typeof part === 'number') return [];
    const label = labelOf(path.slice(0, index + 1), language);
    const next = path[index + 1];
    return [typeof next === 'number' ? say('row', { name: label, n: next + 1 }) : label];
  });
  return names.join(' › ');
}
