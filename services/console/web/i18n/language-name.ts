// What languages are called on the screen; the browser knows most, not the county's own.
import type { Language } from './language.ts';

const NAMES: Readonly<Record<string, Record<Language, string>>> = {
  'zh-cn': { zh: '普通话', en: 'Mandarin' },
  lis: { zh: '傈僳语', en: 'Lisu' },
  duu: { zh: '独龙语', en: 'Drung' },
  bo: { zh: '藏语', en: 'Tibetan' },
  nun: { zh: '怒语', en: 'Anong' },
};

export function languageName(tag: string, language: Language): string {
  return NAMES[tag.toLowerCase()]?.[language] ?? new Intl.DisplayNames([language === 'zh' ? 'zh-CN' : 'en'], { type: 'language' }).of(tag) ?? tag;
}
