// A level or an order, in words.
import { LEVEL_WORDS, ORDER_WORDS, type Level, type Order } from '@laba/domain/alert';
import type { Language } from '../../i18n/language.ts';

export function degreeWords(degree: string, language: Language): string {
  return { ...LEVEL_WORDS, ...ORDER_WORDS }[degree as Level | Order]?.[language] ?? degree;
}
