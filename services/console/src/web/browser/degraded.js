// What the house says of its own troubles, in the reader's language. What has no words here is shown as it was told, never as something else.
import { DOMAIN } from './domain.js';
import { lang } from './words.js';

const { told: TOLD, why: WHY } = DOMAIN.degraded;

export function degradedWords(told) {
  const [pattern, zh, en] = TOLD.find(([candidate]) => new RegExp(candidate).test(told)) ?? [];
  if (pattern === undefined) return told;
  const isZh = lang() === 'zh';
  const parts = (new RegExp(pattern).exec(told) ?? []).map((part) => (Object.hasOwn(WHY, part) ? WHY[part][isZh ? 0 : 1] : part));
  return parts.reduce((words, part, i) => words.replaceAll(`$${i}`, part), isZh ? zh : en);
}
