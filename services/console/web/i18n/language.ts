// Chinese first, English complete. Each screen brings its own words; keys are known to the compiler, and a test holds both languages together.
import i18next from 'i18next';
import { useCallback } from 'react';
import { initReactI18next, useTranslation } from 'react-i18next';

export type Language = 'zh' | 'en';
type Values = Record<string, string | number>;

/** The same place where the plain page keeps it. */
const KEPT_AS = 'laba.lang';

function keptLanguage(): Language {
  try {
    return localStorage.getItem(KEPT_AS) === 'en' ? 'en' : 'zh';
  } catch {
    return 'zh';
  }
}

void i18next.use(initReactI18next).init({
  lng: typeof document === 'undefined' ? 'zh' : keptLanguage(),
  resources: {},
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false, prefix: '{', suffix: '}' },
});
sayLanguage();

function sayLanguage(): void {
  if (typeof document !== 'undefined') document.documentElement.lang = i18next.language === 'en' ? 'en' : 'zh-CN';
}

export function setLanguage(language: Language): void {
  try {
    localStorage.setItem(KEPT_AS, language);
  } catch {
    // A browser that keeps nothing begins in Chinese each time.
  }
  void i18next.changeLanguage(language);
  sayLanguage();
}

export function useLanguage(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'zh';
}

/** The words of one screen: `zh` names the keys, `en` must have each. */
export interface ScreenWords<K extends string = string> {
  name: string;
  zh: Record<K, string>;
  en: Record<K, string>;
}

export function screenWords<K extends string>(name: string, zh: Record<K, string>, en: Record<NoInfer<K>, string>): ScreenWords<K> {
  i18next.addResourceBundle('zh', name, zh);
  i18next.addResourceBundle('en', name, en);
  return { name, zh, en };
}

export type Say<K extends string> = (key: K, values?: Values) => string;

/** `t('key', {n: 3})` in the reader's language. */
export function useWords<K extends string>({ name }: ScreenWords<K>): Say<K> {
  // The library's own types read keys out of its settings; here they come with the words.
  const t = useTranslation(name).t as unknown as (key: string, values: Values) => string;
  return useCallback((key, values) => t(key, values ?? {}), [t]);
}
